"""The targets of a review beside what its runs as recorded give: those the record states, and those it leaves open."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from experiments.as_recorded import AsRecorded
from experiments.following import shown_items
from experiments.replication import replicate
from results.spread import happened
from results.targets import came_about, load_targets
from results.whatif import Beside
from simulation.journey import journeys
from simulation.routes import Routes

LIVES = 40
"""Runs as usual that say what the model gives whatever the record says."""


def beside(found: AsRecorded) -> list[Beside]:
    """Each target of information. The record states it where it is answered alike in every run as recorded, and not in
    every run as usual."""
    usual, rows = list(as_usual(found)), []
    for target in load_targets(found.world.case.case.id):
        if target.kind == "information":
            came = np.array([run.targets[target.id] for run in found.followed])
            alike = bool(np.all(came == came[0]))
            stated = alike and any(life[target.id] != came[0] for life in usual)
            rows.append(Beside(target, found.weights.mean(came.astype(float))[0], stated))
    return rows


def as_usual(found: AsRecorded) -> Iterator[dict[str, bool]]:
    """Which targets came about in some runs without the record."""
    world = found.world
    routes, items = Routes(world), shown_items(world)
    for replication in range(LIVES):
        trace = replicate(world, found.asked.seed, replication)
        yield came_about(happened(trace), world, journeys(trace, world, routes, items))
