"""Regret, and which policy holds up: on worlds whose truth is written down."""

import numpy as np
import pandas as pd
import pytest

from results.robust import blame, regrets, standings

FIRM = {
    "usual": np.array([[10.0] * 6, [10.0] * 6, [10.0] * 6, [10.0] * 6]),
    "bold": np.array([[30.0] * 6, [30.0] * 6, [30.0] * 6, [2.0] * 6]),
    "safe": np.array([[20.0] * 6, [20.0] * 6, [20.0] * 6, [18.0] * 6]),
}
"""Four worlds of six runs each, without luck."""


def by_option(values, usual="usual"):
    return {one.option: one for one in standings(values, usual)}


def test_regret_is_how_far_behind_the_best_of_the_same_world():
    table = regrets(FIRM)
    assert table["bold"].tolist() == [0, 0, 0, 16]
    assert table["safe"].tolist() == [10, 10, 10, 0]
    assert table["usual"].tolist() == [20, 20, 20, 8]
    assert table.index.tolist() == [1, 2, 3, 4]


def test_who_is_best_most_often_need_not_be_who_holds_up():
    found = by_option(FIRM)
    assert [one.option for one in standings(FIRM, "usual")] == ["safe", "bold", "usual"]
    assert (found["bold"].best, found["safe"].best, found["usual"].best) == (0.75, 0.25, 0)
    assert (found["bold"].worst.centre, found["bold"].world) == (16, 4)
    assert (found["safe"].worst.centre, found["safe"].regret) == (10, 7.5)
    assert (found["bold"].gain, found["bold"].least, found["bold"].most) == (13, -8, 20)
    assert found["bold"].confirmed == 16


def test_a_policy_that_does_nothing_shares_its_worlds_with_practice_as_usual():
    values = {"usual": FIRM["usual"], "null": FIRM["usual"].copy()}
    found = by_option(values)
    assert found["usual"].best == found["null"].best == 0.5
    assert found["null"].maybe_best == 1 and found["null"].worst.centre == 0


def noisy(seed, worlds=60, runs=10, ahead=0.0):
    luck = np.random.default_rng(seed)
    return {"usual": luck.normal(0, 1, (worlds, runs)), "other": luck.normal(ahead, 1, (worlds, runs))}


def test_luck_alone_makes_regret_and_does_not_confirm_it():
    """Two options that are the same: the largest of sixty noisy regrets is large, and on other runs it is none."""
    found = [by_option(noisy(seed))["other"] for seed in range(600)]
    assert np.mean([one.worst.centre for one in found]) > 0.7
    assert abs(np.mean([one.confirmed for one in found])) < 0.1


def test_what_luck_could_have_made_may_still_be_best():
    same = [by_option(noisy(seed))["other"] for seed in range(20)]
    assert np.mean([one.maybe_best for one in same]) > 0.95
    behind = by_option(noisy(1, ahead=-5.0))["other"]
    assert behind.maybe_best == behind.best == 0
    assert behind.worst.low > 0


def test_a_run_that_did_not_end_is_left_out():
    values = {name: runs.copy() for name, runs in FIRM.items()}
    values["bold"][3, 2] = np.nan
    assert by_option(values)["bold"].worst.centre == 16


def test_only_leaves_that_go_with_regret_are_named():
    luck = np.random.default_rng(2)
    leaves = pd.DataFrame(luck.random((200, 8)), columns=list("abcdefgh"), index=range(1, 201))
    regret = 10 * leaves["c"] - 5 * leaves["f"] + luck.normal(0, 0.5, 200)
    world = int(regret.idxmax())
    assert blame(leaves, regret, world) == ["c", "f"]
    easy = int(regret.idxmin())
    assert blame(leaves, regret, easy) == []
    assert blame(leaves, pd.Series(luck.random(200), index=leaves.index), world) == []


@pytest.mark.parametrize("runs", [4, 5, 20])
def test_every_number_of_runs_from_four_on_is_confirmed(runs):
    values = {"usual": np.zeros((3, runs)), "other": np.ones((3, runs))}
    assert by_option(values)["usual"].confirmed == 1
