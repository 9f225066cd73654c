"""What an experiment would take and could find: is the reckoning right?"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.cli.app import app
from experiments.compare import arms
from experiments.design import Experiment
from experiments.plan import plan
from experiments.runner import run
from experiments.sweep import grid
from results.statistics import holm_intervals
from results.stopping import Until, length
from results.store import Store

SMALL = Experiment("compare", "rowan-family", arms(["pull", "P46"]), seed=3, replications=200, draws=4, per_draw=10)


def test_runs_and_disk_are_what_comes(tmp_path: Path):
    few = replace(SMALL, replications=60, draws=2)
    planned = plan(few, 2)
    assert planned.runs == 3 * (60 + 20) and planned.practices == 2 and planned.workers == 2
    run(few, tmp_path / "run", workers=2)
    store = Store(tmp_path / "run")
    assert len(store.read("runs")) == planned.runs
    disk = sum(path.stat().st_size for path in store.parts.rglob("*.parquet"))
    assert 0.5 < planned.bytes / disk < 2


def test_the_smallest_difference_is_found_four_times_in_five():
    """Differences with the pilot's spread and that mean, tested as a comparison tests them."""
    planned = plan(SMALL)
    row = planned.differences.set_index("arm").loc["pull"]
    luck, found = np.random.default_rng(1), 0
    for _ in range(400):
        values = luck.normal(row["smallest"], row["spread"], SMALL.replications)
        null = luck.normal(0, 1, SMALL.replications)
        found += holm_intervals({"pull": values, "P46": null})["pull"].excludes_zero
    assert found / 400 == pytest.approx(0.8, abs=0.08)


def test_what_never_differs_is_known_to_three_in_n():
    row = plan(SMALL).differences.set_index("arm").loc["P46"]
    assert row["spread"] == 0 and row["smallest"] == pytest.approx(100 * 3 / 200)


def test_until_is_reckoned_from_the_spread():
    def needed(half: float) -> int:
        return plan(replace(SMALL, replications=10_000, until=Until("reach", half))).replications

    assert needed(0.5) == 400
    assert 400 < needed(0.003) < needed(0.002) <= 10_000
    assert needed(0.0001) == 10_000


def test_a_large_design_is_planned_from_a_few_of_its_points():
    planned = plan(Experiment("sweep", "rowan-family", grid(["raise=0.1:0.49:0.01"]), replications=100, draws=0))
    assert planned.pilot == 8 * 20 and planned.runs == 41 * 100


def test_a_scheduler_is_not_asked_how_many_it_has():
    planned = plan(replace(SMALL, replications=20, draws=0), "tcp://127.0.0.1:9")
    assert planned.workers is None and planned.minutes == planned.seconds / 60


@pytest.mark.parametrize("words", [["plan", "compare", "rowan-family"], ["compare", "rowan-family", "--dry-run"]])
def test_both_ways_of_asking_print_the_same_kind_of_thing(words: list[str], tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(app, [*words, "--policy", "pull", "--replications", "50", "--draws", "0"])
    assert shown.exit_code == 0, shown.output
    assert "100 runs" in shown.stdout and "would be found four times in five" in shown.stdout
    assert [*tmp_path.iterdir()] == []


def test_depends_is_planned_too():
    words = ["plan", "depends", "rowan-family", "--policy", "pull", "--replications", "10", "--json"]
    assert json.loads(CliRunner().invoke(app, words).stdout)["runs"] == 7 * 2 * 10


@pytest.mark.parametrize(
    ("words", "says"),
    [(["trace", "rowan-family"], "cannot be planned"), (["compare", "rowen-family"], "Did you mean rowan-family?")],
)
def test_what_cannot_be_planned_is_refused_with_2(words: list[str], says: str):
    refused = CliRunner().invoke(app, ["plan", *words])
    assert refused.exit_code == 2 and says in refused.stderr


def test_how_many_runs_is_asked_for_in_one_way():
    assert length(None, None, None, 400) == (400, None)
    assert length(7, None, None, 400) == (7, None)
    assert length(None, "reach ± 0.01", None, 400) == (10_000, Until("reach", 0.01))
    assert length(None, "reach ± 0.01", 800, 400) == (800, Until("reach", 0.01))
