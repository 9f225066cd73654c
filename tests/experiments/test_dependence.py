"""How far answers hang on membership, asking and finding: seven practices, one luck, one directory."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from experiments.cli.app import app
from experiments.dependence import ABOUT, AS_IT_STANDS, Dependence, changes, depends
from results.store import Store
from results.tables import dependence
from scenarios.load import case_path, load_case, load_practice
from scenarios.refusals import ForeignDirectory

POLICIES = ["push", "P46"]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Dependence:
    return depends("rowan-family", POLICIES, tmp_path_factory.mktemp("depends") / "run", replications=6, workers=1)


def test_each_of_the_three_is_changed_both_ways():
    practice = load_practice()
    several = changes(practice, load_case(case_path("rowan-family"), practice))
    assert [change.about for change in several] == ["practice", *(about for about in ABOUT for _ in range(2))]
    by_name = {change.name: practice.changed(dict(change.leaves)) for change in several}
    opened, narrowed = by_name["membership opened"], by_name["membership narrowed"]
    assert opened.value("member", "legal-planning", "gp") == 1
    assert narrowed.value("member", "initial-conference", "health-visitor") == 0
    assert narrowed.value("member", "initial-conference", "allocated-social-worker") == 1
    assert by_name["asking universal"].value("asks", "core-group", "gp") == 1
    assert by_name["asking absent"].value("asks", "assessment", "gp") == 0
    finds = [by_name[f"finding {end}"].value("find", "gp") for end in ("low", "high")]
    assert finds == list(practice.leaves["find"].range or ())


def test_a_row_for_each_answer_and_change(found: Dependence):
    table = found.table
    assert len(table) == 3 * 7
    assert list(dict.fromkeys(table["answer"])) == ["usual", *POLICIES]
    stands = table[table["about"] == AS_IT_STANDS.about]
    assert (stands["moved"] == 0).all() and not stands["clear"].any()
    assert (table["low"] <= table["value"]).all() and (table["value"] <= table["high"]).all()


def test_what_has_no_route_adds_nothing_under_any_change(found: Dependence):
    null = found.table[found.table["answer"] == "P46"]
    assert (null["value"] == 0).all() and not null["clear"].any()


def test_a_policy_is_compared_with_usual_under_the_same_change(found: Dependence):
    narrowed = next(change for change in found.changes if change.name == "membership narrowed")
    pushed = found.reach["push, membership narrowed"] - found.reach["usual, membership narrowed"]
    assert np.allclose(found.answer("push", narrowed), pushed)


def test_narrower_membership_takes_reach_away(found: Dependence):
    row = found.table.set_index(["answer", "about", "way"]).loc["usual", "membership", "narrowed"]
    assert row["moved"] < 0


def test_the_sentence_names_every_answer_once(found: Dependence):
    said = found.sentence
    assert said.lower().count("reach as usual") == said.count("push") == 1
    assert "P46" in said.partition("none of the three clearly moves")[2]


def test_the_table_fits_a_hundred_columns(found: Dependence):
    console = Console(width=100)
    with console.capture() as captured:
        console.print(dependence(found.table))
    assert "…" not in captured.get()


def test_it_resumes_to_the_same_bytes_and_is_nobody_elses(found: Dependence):
    table = found.root / "tables" / "dependence.csv"
    before = table.read_bytes()
    part = next((found.root / "parts").iterdir())
    shutil.rmtree(part)
    depends("rowan-family", POLICIES, found.root, replications=6, workers=1)
    assert table.read_bytes() == before
    assert Store(found.root).has(part.name)
    with pytest.raises(ForeignDirectory, match="replications"):
        depends("rowan-family", POLICIES, found.root, replications=7, workers=1)


def test_the_command_prints_a_sentence_and_a_table_or_json(found: Dependence):
    words = ["depends", "rowan-family", "--policy", "push", "--policy", "P46", "--replications", "6"]
    words += ["--workers", "1", "--out", str(found.root)]
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 0, shown.output
    assert "hang" in shown.stdout or "None of the three" in shown.stdout
    data = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert len(data["answers"]) == 21 and data["directory"] == str(found.root)
    assert json.loads((Path(data["directory"]) / "manifest.json").read_text())["experiment"]["question"] == "depends"
