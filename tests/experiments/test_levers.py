"""`list levers`: every recommendation with its policy, and what a comparison measured of it."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.across import compare_all, design, design_levers
from experiments.cli.app import app
from experiments.compare import arms
from experiments.design import Experiment
from experiments.levers import as_text, levers
from results.store import Store
from scenarios.faults import BadInput
from tests.experiments.test_runner import perform


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A comparison of all cases, and one of a case, both small."""
    root = tmp_path_factory.mktemp("stored")
    compare_all(
        design(["all-child-j", "P46"], cases=["rowan-family"], replications=4, draws=0), root / "all", workers=1
    )
    one = Experiment("compare", "child-s", arms(["P30", "P46"]), replications=4, draws=0)
    perform(one, root / "one", workers=1)
    return root


def cells(rows, case):
    return {row["policy"]: row["measured"] for row in rows if row["case"] == case}


def test_a_comparison_of_a_case_gives_its_levers_their_effect_and_hours(stored):
    found = cells(levers(stored / "one"), "child-s")
    assert found["P30"]["runs"] == 4 and found["P30"]["draws"] == 0 and found["P30"]["hours_difference"] != 0
    assert found["P30"]["chance_low"] <= found["P30"]["difference"] <= found["P30"]["chance_high"]
    assert found["P41"] is None


def test_several_comparisons_in_a_directory_are_read_together(stored):
    assert {name for name, cell in cells(levers(stored), "child-s").items() if cell} == {"P30", "P46"}


def test_what_has_no_route_is_not_called_unmeasured(stored):
    words = "\n".join(as_text(levers(stored / "one")))
    assert "P46" in words and "nothing to measure" in words
    (line,) = (line for line in words.splitlines() if line.strip().startswith("P30 "))
    assert "per 100 (chance" in line and "h a case, 4 runs" in line
    assert "safeguarding compare --all --levers" in words.rpartition("What is not measured")[2]


def test_the_effect_of_another_case_is_not_taken_for_a_review_s_own(stored):
    assert not any(cells(levers(stored / "all"), case) is None for case in ("child-s", "child-j"))
    assert not any(cells(levers(stored / "all"), "child-j").values()), "it was measured on the invented family alone"


def test_in_each_review_its_own_levers_are_compared():
    """What has a route and a name of its own; another name for the same has the same effect."""
    experiments = {one.case: {arm.name for arm in one.arms} for one in design_levers(replications=4, draws=0)}
    assert set(experiments) == {"child-s", "child-j", "child-e", "child-k", "child-h"}
    assert "P30" in experiments["child-s"] and "P30" not in experiments["child-h"]
    assert not experiments["child-s"] & {"P50", "P13"}, "P50 is P01 by another name; P13 has no route"


def test_another_name_for_the_same_policy_has_its_effect(stored, tmp_path):
    table = pd.read_parquet(stored / "all" / "tables" / "across.parquet").assign(case="child-s", arm="P01")
    Store(tmp_path).write_table("levers", table[:1])
    found = cells(levers(tmp_path), "child-s")
    assert found["P50"] == found["P01"] and found["P01"]["runs"] == 4


def test_a_directory_without_a_comparison_is_refused(tmp_path):
    with pytest.raises(BadInput):
        levers(tmp_path)


def test_the_command_lists_every_review():
    answer = CliRunner().invoke(app, ["list", "levers", "--json"])
    rows = json.loads(answer.output)
    assert answer.exit_code == 0 and len({row["case"] for row in rows}) == 5
    assert {"asks", "cite", "policy", "rests_on", "measured"} <= rows[0].keys()
