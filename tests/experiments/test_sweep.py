"""Grids, Latin hypercubes and Sobol' designs: what is laid where, what is refused, what comes out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.cli.app import app
from experiments.design import ARMS, Experiment
from experiments.runner import run
from experiments.sweep import design, grid, sampled, sweep
from results.store import Store
from scenarios.faults import BadInput
from scenarios.load import load_practice
from scenarios.policy import USUAL
from tests.experiments.test_runner import digests


def values(arms, leaf: str) -> np.ndarray:
    assert arms[0].name == USUAL
    return np.array([dict(arm.changes)[leaf] for arm in arms[1:]])


def test_a_latin_hypercube_has_one_point_in_each_slice_of_each_leaf():
    arms = sampled(["raise=0.1:0.5", "load.hours=20:40"], "lhs", 20, seed=4)
    chances = (values(arms, "raise") - 0.1) / 0.4
    hours = np.log(values(arms, "load.hours") / 20) / np.log(2)
    for shares in (chances, hours):
        assert sorted(np.floor(shares * 20).astype(int)) == list(range(20))


def test_a_sobol_design_fills_its_range_evenly_and_a_leaf_alone_its_own():
    arms = design(["raise", "present=0.5:0.9"], "sobol", 64, seed=2)
    low, high = load_practice().leaves["raise"].range
    found = values(arms, "raise")
    assert low <= found.min() and found.max() <= high
    for leaf, ends in (("raise", (low, high)), ("present", (0.5, 0.9))):
        eighths = np.floor((values(arms, leaf) - ends[0]) / (ends[1] - ends[0]) * 8).astype(int)
        assert np.bincount(eighths, minlength=8).tolist() == [8] * 8


def test_a_yes_or_no_takes_both_values_and_no_other():
    leaf = next(name for name, leaf in load_practice().leaves.items() if leaf.unit == "yes/no")
    assert set(values(sampled([leaf, "raise"], "sobol", 8), leaf)) == {0.0, 1.0}


def test_the_seed_decides_the_design():
    same = [[arm.name for arm in sampled(["raise"], "lhs", 8, seed)] for seed in (1, 1, 2)]
    assert same[0] == same[1] != same[2]


@pytest.mark.parametrize(
    ("settings", "method", "points", "says"),
    [
        (["rase"], "lhs", 8, "Did you mean raise?"),
        (["raise=0.5:0.1"], "lhs", 8, "no range to fill"),
        (["raise=0.1:1.5"], "sobol", 8, "is no chance"),
        (["raise=0.1,0.2"], "lhs", 8, "no range could be read"),
        (["raise"], "sobol", 12, "Ask for 8 or 16"),
        (["raise"], "lhs", 5_000, "at most 2,000"),
        ([], "lhs", 8, "no leaf was named"),
    ],
)
def test_a_design_that_cannot_be_laid_is_refused(settings, method, points: int, says: str):
    with pytest.raises(BadInput, match=says):
        sampled(settings, method, points)


def test_all_that_is_wrong_comes_at_once():
    with pytest.raises(BadInput) as bad:
        sampled(["rase", "raise=1:0"], "sobol", 9)
    assert len(bad.value.faults) == 3


def test_many_points_are_cut_by_arms_within_a_block_of_replications(tmp_path: Path):
    experiment = Experiment("sweep", "rowan-family", grid(["raise=0.1:0.69:0.01"]), replications=25, draws=0)
    chunks = [*experiment.chunks()]
    assert [(chunk.first, chunk.arm) for chunk in chunks] == [(0, 0), (0, ARMS), (20, 0), (20, ARMS)]
    assert sum(map(experiment.size, chunks)) == 25 * 61
    assert [len(experiment.part(chunk).arms) for chunk in chunks[:2]] == [ARMS, 11]
    few = Experiment("sweep", "rowan-family", experiment.arms, replications=2, draws=0, tables=("runs", "failures"))
    run(few, tmp_path / "one", workers=1)
    run(few, tmp_path / "two", workers=2)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert len(Store(tmp_path / "one").read("runs")) == 2 * 61
    assert {path.name for path in (tmp_path / "one").rglob("*.parquet")} == {"runs.parquet"}


def test_from_a_notebook_a_sweep_is_a_frame(tmp_path: Path):
    found = sweep("rowan-family", ["raise", "present=0.5:0.95"], "sobol", 4, tmp_path / "run", 4, workers=1)
    assert isinstance(found, pd.DataFrame) and len(found) == 4
    assert {"raise", "present", "difference", "chance_low", "finding"} <= {*found}
    assert (tmp_path / "run" / "figures" / "response.svg").exists()
    forest = (tmp_path / "run" / "figures" / "forest.svg").read_text()
    assert "which point gets more through?" in forest and "polic" not in forest
    stored = pd.read_parquet(tmp_path / "run" / "tables" / "points.parquet")
    assert np.allclose(stored["difference"], found["difference"])


def test_the_command_lays_a_design_and_prints_its_leaves(tmp_path: Path):
    words = ["sweep", "rowan-family", "raise", "--design", "lhs", "--points", "3", "--replications", "2"]
    shown = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "run"), "--workers", "1"])
    assert shown.exit_code == 0, shown.output
    assert "raise" in shown.stdout and "response" in shown.stdout and "which point gets more" in shown.stdout
    csv = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "run"), "--workers", "1", "--table", "-"])
    assert csv.stdout.startswith("arm,title,") and len(csv.stdout.splitlines()) == 4
    refused = CliRunner().invoke(app, ["sweep", "rowan-family", "raise", "--design", "sobl"])
    assert refused.exit_code == 2 and "Did you mean sobol?" in refused.stderr


def test_a_plan_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    words = ["plan", "sweep", "rowan-family", "raise=0.1,0.3", "--replications", "40", "--json"]
    planned = CliRunner().invoke(app, [*words, "--out", "run"])
    assert planned.exit_code == 0, planned.output
    data = json.loads(planned.stdout)
    assert data["runs"] == 120 and data["replications"] == 40 and data["smallest"] > 0
    assert [*tmp_path.iterdir()] == []
