"""Policies over worlds that practice could be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.cli.app import app
from experiments.design import drawn
from experiments.robustness import Robustness, perform, question, robustness
from experiments.verify import verify
from results.store import Store
from scenarios.faults import BadInput
from scenarios.load import load_practice

POLICIES = ["push", "pull", "P46"]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Robustness:
    root = tmp_path_factory.mktemp("robustness") / "run"
    return perform(question("rowan-family", POLICIES, worlds=12, per_world=6, root=root), workers=2)


def test_regret_is_worked_out_from_the_runs_of_each_world(found: Robustness):
    runs = Store(found.root).read("runs").astype({"arm": str})
    means = 100 * runs.groupby(["draw", "arm"])["reach"].mean().unstack()
    expected = means.rsub(means.max(axis=1), axis=0)
    assert np.allclose(found.regrets[expected.columns], expected)
    table = found.table.set_index("option")
    assert table["best"].sum() == pytest.approx(1)
    assert table.loc["P46", "regret"] == table.loc["usual", "regret"]
    assert table.loc["push", "worst_regret"] <= table.loc["usual", "worst_regret"]
    assert [*found.table["worst_regret"]] == sorted(found.table["worst_regret"])


def test_a_world_is_the_draw_of_that_number(found: Robustness):
    practice = drawn(load_practice(), found.experiment.seed, 5)
    assert found.leaves.loc[5, "present"] == practice.value_of("present")
    worlds = pd.read_parquet(found.root / "tables" / "worlds.parquet").set_index("world")
    assert worlds.loc[5, "present"] == practice.value_of("present")


def test_less_is_better_where_the_measure_says_so(tmp_path: Path):
    hours = perform(question("rowan-family", ["pull"], 4, 4, "hours", root=tmp_path / "run"), workers=1)
    assert [*hours.table["option"]] == ["usual", "pull"]
    spent = Store(hours.root).read("runs").astype({"arm": str}).groupby("arm")["hours"].mean()
    assert hours.table.set_index("option").loc["pull", "gain"] == pytest.approx(spent["usual"] - spent["pull"])


def test_it_leaves_its_files_resumes_and_is_verified(found: Robustness):
    before = (found.root / "tables" / "robustness.csv").read_bytes()
    assert (found.root / "figures" / "robustness.svg").exists()
    Store(found.root).drop("00003-0000012")
    again = robustness("rowan-family", POLICIES, 12, 6, out=found.root, workers=1)
    assert (found.root / "tables" / "robustness.csv").read_bytes() == before
    assert again.attrs["sentence"] == found.sentence
    assert verify(found.root, share=0.02, seed=1).holds


@pytest.mark.parametrize(
    ("policies", "measure", "says"),
    [
        (["pushh"], "reach", "Did you mean push?"),
        (["push"], "reech", "Did you mean reach?"),
        (["push"], "passed_on", "neither more nor less"),
    ],
)
def test_what_cannot_be_asked_is_refused(policies: list[str], measure: str, says: str, tmp_path: Path):
    with pytest.raises(BadInput, match=says):
        question("rowan-family", policies, measure=measure, root=tmp_path / "run")


def test_the_command_prints_a_sentence_and_a_table_or_json(found: Robustness):
    words = ["robustness", "rowan-family", *(f"--policy={name}" for name in POLICIES), "--worlds", "12"]
    words += ["--per-world", "6", "--out", str(found.root), "--workers", "1"]
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 0, shown.output
    assert (
        "Regret: how far behind the best" in shown.stdout
        and "…" not in shown.stdout.split("Regret:")[0].split("policy")[1].splitlines()[0]
    )
    data = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert [row["option"] for row in data["options"]] == [*found.table["option"]]
    planned = json.loads(CliRunner().invoke(app, ["plan", *words, "--json"]).stdout)
    assert planned["runs"] == 4 * 12 * 6 and planned["smallest"] is None
