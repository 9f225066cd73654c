"""Which habits move the answer: the design moves one factor at a time, and what is found is what the model does."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.cli.app import app
from experiments.factors import factors, problem, shares, worlds
from experiments.sensitivity import Sensitivity, design_of, perform, sensitivity
from results.store import Store
from scenarios.faults import BadInput
from scenarios.load import load_practice

pytest.importorskip("SALib")

FACTORS = ["present", "raise", "minutes", "invite"]
"""One that moves reach, one that hardly does, what acts cost, and several leaves that vary together."""


@pytest.fixture(scope="module")
def morris(tmp_path_factory: pytest.TempPathFactory) -> Sensitivity:
    root = tmp_path_factory.mktemp("morris") / "run"
    return perform(design_of("rowan-family", FACTORS, size=6, per_point=24, root=root), workers=2)


@pytest.fixture(scope="module")
def sobol(tmp_path_factory: pytest.TempPathFactory) -> Sensitivity:
    root = tmp_path_factory.mktemp("sobol") / "run"
    found = design_of("rowan-family", FACTORS, "sobol", 8, 12, policy="pull", measure="hours", root=root)
    return perform(found, workers=2)


def test_between_two_points_of_a_trajectory_one_factor_moves():
    several = factors(load_practice(), FACTORS)
    design = shares(several, "morris", 6, seed=1)
    owner = np.repeat(list(several), [len(group) for group in several.values()])
    for start in range(0, len(design), len(several) + 1):
        block = design[start : start + len(several) + 1]
        moved = [{*owner[before != after]} for before, after in pairwise(block)]
        assert sorted(name for one in moved for name in one) == sorted(several)
        assert all(len(one) == 1 for one in moved)


def test_points_stand_within_the_ranges_of_their_leaves():
    practice = load_practice()
    several = factors(practice, [])
    assert {"tell", "delay", "present"} <= {*several} and len(problem(several)["names"]) > 100
    for world in worlds(practice, several, shares(several, "morris", 2, seed=1)):
        for leaf, value in world:
            low, high = practice.leaves[leaf].range
            assert low - 1e-9 <= value <= high + 1e-9


def test_what_moves_reach_is_told_from_what_cannot(morris: Sensitivity):
    table = morris.table.set_index("factor")
    assert set(morris.table["factor"][:2]) == {"present", "invite"}
    assert table.loc["present", "clear"] and table.loc["present", "effect"] > 5
    assert not table.loc["minutes", "clear"] or table.loc["minutes", "effect"] < table.loc["present", "effect"]
    assert table.loc["invite", "leaves"] > 1
    assert 0 < morris.noise < 1
    assert (table["mu_star_low"] <= table["mu_star"]).all()


def test_morris_says_what_its_own_runs_say(morris: Sensitivity):
    """μ* is the mean size of the moves of a factor's own, over two thirds of its range each."""
    for number, factor in enumerate(morris.factors):
        moves = morris._moves(number)
        assert moves.shape == (6, 24)
        expected = np.abs(moves.mean(axis=1)).mean()
        assert morris.table.set_index("factor").loc[factor, "mu_star"] == pytest.approx(expected)


def test_only_what_moved_no_run_is_said_to_have_moved_none(morris: Sensitivity):
    """One run that moved is not told from luck either, and is no nothing (its p is 1 as well)."""
    from results.plots.influences import influences

    still = {"mu_star": 0.0, "mu_star_low": 0.0, "mu_star_high": 0.0, "luck": 0.0}
    other = {"factor": ["still", "once"], "leaves": 1, "effect": 0.0, "p": 1.0, "clear": False}
    rows = pd.DataFrame(other).assign(**still)
    rows.loc[1, ["mu_star", "mu_star_high", "luck"]] = 0.2, 0.5, 0.2
    figure = influences(rows, "A family", "reach", "per 100", "It moves.", 0.1)
    said = {text.get_text() for text in figure.axes[0].texts}
    assert {"moved no run here", "not told from zero"} <= said
    assert (morris.table["mu_star_low"] >= 0).all()


@pytest.mark.slow
def test_sobol_shares_out_the_variance_of_what_a_policy_adds(sobol: Sensitivity):
    table = sobol.table.set_index("factor")
    assert sobol.about == "what pull adds to hours" and sobol.unit == "hours"
    assert {"S1", "S1_low", "S1_high", "ST", "ST_low", "ST_high", "clear"} <= {*table}
    assert table.loc["minutes", "clear"] and table.loc["minutes", "ST"] > 0.3
    assert sobol._moves(0).shape == (8, 12)


def test_every_point_is_run_on_the_same_luck(morris: Sensitivity):
    runs = Store(morris.root).read("runs")
    assert set(runs["draw"]) == {*range(1, 31)}
    assert all(set(part["replication"]) == {*range(24)} for _, part in runs.groupby("draw"))
    assert {path.name for path in Store(morris.root).parts.rglob("*.parquet")} == {"runs.parquet"}


def test_it_resumes_and_is_verified(morris: Sensitivity):
    from experiments.verify import verify

    before = morris.root.joinpath("tables", "sensitivity.csv").read_bytes()
    store = Store(morris.root)
    store.drop("00007-0000000")
    again = perform(design_of("rowan-family", FACTORS, size=6, per_point=24, root=morris.root), workers=1)
    assert again.root.joinpath("tables", "sensitivity.csv").read_bytes() == before
    assert verify(morris.root, share=0.02, seed=1).holds


def test_from_a_notebook_it_is_a_frame(morris: Sensitivity):
    found = sensitivity("rowan-family", FACTORS, size=6, per_point=24, out=morris.root, workers=1)
    assert isinstance(found, pd.DataFrame) and found.attrs["sentence"] == morris.sentence
    assert (morris.root / "figures" / "sensitivity.svg").exists()


def test_a_run_that_fails_at_one_point_is_left_out_at_all(morris: Sensitivity, tmp_path: Path, monkeypatch):
    from experiments import work

    whole = work.run_once

    def breaks(built, seed: int, replication: int, as_usual: bool):
        if replication == 3 and built.world.practice.value_of("raise") > 0.2:
            raise RuntimeError("a run that breaks")
        yield from whole(built, seed, replication, as_usual)

    monkeypatch.setattr(work, "run_once", breaks)
    broken = perform(design_of("rowan-family", FACTORS, size=2, per_point=10, root=tmp_path / "run"), workers=1)
    assert 0 < len(broken.failures) < 10
    assert broken.answers.shape == (10, 9)
    assert "--given raise=0." in broken.failures["reproduce"][0]


@pytest.mark.parametrize(
    ("wanted", "design", "size", "says"),
    [
        (["presnt", "raise"], "morris", 4, "Did you mean present?"),
        (["raise"], "morris", 4, "Name two"),
        (["tell", "tell.gp"], "morris", 4, "shares leaves with tell"),
        (["member", "raise"], "morris", 4, "no range"),
        (["raise", "present"], "sobol", 6, "Ask for 4 or 8"),
        ([], "sobol", 2048, "points"),
    ],
)
def test_what_cannot_be_varied_is_refused(wanted: list[str], design, size: int, says: str, tmp_path: Path):
    with pytest.raises(BadInput, match=says):
        design_of("rowan-family", wanted, design, size, root=tmp_path / "run")


def test_without_salib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "SALib.sample.morris", None)
    with pytest.raises(BadInput, match=r"safeguarding-sim\[sensitivity\]"):
        design_of("rowan-family", ["raise", "present"])


def test_the_command_prints_a_sentence_and_a_table_or_json(morris: Sensitivity):
    words = ["sensitivity", "rowan-family", *FACTORS, "--size", "6", "--per-point", "24", "--out", str(morris.root)]
    shown = CliRunner().invoke(app, [*words, "--workers", "1"])
    assert shown.exit_code == 0, shown.output
    assert "not told from 0" in shown.stdout and "Luck is" in shown.stdout
    data = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert [row["factor"] for row in data["factors"]] == [*morris.table["factor"]]
    for wrong, says in ((["--measure", "reech"], "Did you mean reach?"), (["--design", "sobl"], "Did you mean sobol?")):
        refused = CliRunner().invoke(app, [*words, *wrong])
        assert refused.exit_code == 2 and says in refused.stderr
