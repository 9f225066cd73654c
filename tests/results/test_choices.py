"""Frontier and dominance, on tables whose answer can be counted on one hand."""

import numpy as np
import pandas as pd

from results.choices import dominated_by, frontier

NOISE = np.tile([-0.01, 0.01], 20)


def runs(levels, worlds=(), noise=NOISE):
    """Reach and hours by arm, each with the same small noise in every run; `worlds` shift reach by arm."""
    rows = []
    for draw, shift in enumerate(({}, *worlds)):
        for arm, (reach, hours) in levels.items():
            for replication, luck in enumerate(noise):
                rows.append((draw, replication, arm, reach + shift.get(arm, 0) + luck, hours + 10 * luck))
    return pd.DataFrame(rows, columns=["draw", "replication", "arm", "reach", "hours"])


def test_the_frontier_runs_from_the_least_hours_up():
    points = {"usual": (60.0, 50.0), "A": (80.0, 90.0), "B": (70.0, 60.0), "C": (65.0, 95.0), "D": (60.0, 50.0)}
    assert frontier(points) == ["usual", "B", "A"]


def test_what_is_dominated_is_named_with_what_dominates_it():
    levels = {"usual": (0.60, 50.0), "A": (0.80, 90.0), "B": (0.70, 60.0), "C": (0.65, 95.0)}
    assert dominated_by(runs(levels)) == {"C": "A"}


def test_nothing_is_dominated_by_chance():
    """C lies a hair below B at the same hours, well within what other luck would give."""
    levels = {"usual": (0.60, 50.0), "B": (0.70, 60.0), "C": (0.70, 60.0)}
    found = runs(levels)
    luck = np.random.default_rng(1)
    found["reach"] += np.where(found["arm"] == "C", luck.normal(-0.001, 0.2, len(found)), 0)
    assert dominated_by(found) == {}


def test_dominance_must_hold_in_every_draw():
    levels = {"usual": (0.60, 50.0), "A": (0.80, 60.0), "B": (0.70, 60.0)}
    assert dominated_by(runs(levels, [{}, {}])) == {"B": "A"}
    assert dominated_by(runs(levels, [{}, {"A": -0.2}])) == {}
