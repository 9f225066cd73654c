"""`compare --all`: one comparison a case, one table of them all, and the discipline of a run directory."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments import work
from experiments.across import compare_all, design
from experiments.cli.app import app
from results.store import ForeignDirectory
from scenarios.faults import BadInput
from scenarios.load import case_names, policies_across

SMALL = {"replications": 6, "draws": 1, "per_draw": 2, "cases": ["rowan-family"]}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    root = tmp_path_factory.mktemp("across") / "all"
    return compare_all(design(["push", "P46"], **SMALL), root, workers=1)


def test_every_case_has_a_directory_of_its_own_and_one_table_reads_them(done):
    assert {path.name for path in done.root.iterdir()} == {"rowan-family", "manifest.json", "tables"}
    own = json.loads((done.root / "rowan-family" / "manifest.json").read_text())
    whole = json.loads((done.root / "manifest.json").read_text())
    assert whole["experiment"]["cases"]["rowan-family"] == own["experiment"]
    table = pd.read_csv(done.root / "tables" / "across.csv")
    assert list(zip(table["arm"], table["case"], strict=True)) == [("push", "rowan-family"), ("P46", "rowan-family")]
    assert table["same"].tolist() == [False, True]


def test_the_same_again_runs_nothing_and_says_the_same(done):
    seen = []
    again = compare_all(done.experiments, done.root, workers=1, progress=lambda done, total: seen.append((done, total)))
    pd.testing.assert_frame_equal(again.table, done.table)
    assert seen == [(24, 24)], "all of it was there: three arms, six runs and two of a draw"


def test_another_question_is_refused_there(done):
    with pytest.raises(ForeignDirectory):
        compare_all(design(["push"], **SMALL), done.root, workers=1)


def test_fresh_takes_away_runs_of_ours_and_nothing_else(tmp_path):
    few = design(["push"], **SMALL | {"replications": 2, "draws": 0})
    compare_all(few, tmp_path, workers=1)
    (tmp_path / "notes.txt").write_text("mine")
    other = design(["P46"], **SMALL | {"replications": 2, "draws": 0})
    assert [*compare_all(other, tmp_path, workers=1, fresh=True).table["arm"]] == ["P46"]
    assert (tmp_path / "notes.txt").read_text() == "mine"
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(ForeignDirectory, match="no manifest of ours"):
        compare_all(few, tmp_path, workers=1, fresh=True)
    assert (tmp_path / "notes.txt").exists() and (tmp_path / "rowan-family" / "parts").exists()


def test_what_failed_is_run_again_where_that_is_asked(tmp_path, monkeypatch):
    few = design(["push"], **SMALL | {"replications": 2, "draws": 0})
    with monkeypatch.context() as patch:
        patch.setattr(work, "run_once", lambda *_: 1 / 0)
        assert len(compare_all(few, tmp_path, workers=1).failures) == 4
    assert len(compare_all(few, tmp_path, workers=1).failures) == 4
    assert compare_all(few, tmp_path, workers=1, retry_failed=True).failures.empty


def test_the_same_policies_go_to_every_case_and_the_reviews_come_first():
    experiments = design([])
    assert sorted(one.case for one in experiments) == case_names()
    assert all(one.arms == experiments[0].arms for one in experiments)
    assert [arm.name for arm in experiments[0].arms] == ["usual", *policies_across()]
    assert experiments[-1].case == "rowan-family", "what is invented stands last"


def test_what_does_not_exist_is_refused_before_anything_runs(tmp_path):
    with pytest.raises(BadInput):
        design(["pusch"], **SMALL)


@pytest.mark.parametrize("asked", [["compare"], ["compare", "child-s", "--all"]])
def test_one_case_or_all(asked):
    answer = CliRunner().invoke(app, asked)
    assert answer.exit_code == 2 and "Name one case, or give --all" in answer.output
