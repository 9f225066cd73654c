"""The lanes of the picture: every profession stands in one. How things are shown, never what they mean."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from simulation.world import World

MOST = 7
"""Lanes besides the decision-maker's."""


class Lane(NamedTuple):
    """One lane: its name, and whose roles stand in it."""

    words: str
    professions: frozenset[str]


@cache
def lanes() -> tuple[Lane, ...]:
    """Every lane, from the top."""
    rows = tomllib.loads((files(__package__) / "lanes.toml").read_text(encoding="utf-8"))["lane"]
    return tuple(Lane(row["words"], frozenset(row["professions"])) for row in rows)


def lane_of(profession: str) -> Lane:
    """The lane a profession stands in. Raises KeyError for one that nobody has placed."""
    for lane in lanes():
        if profession in lane.professions:
            return lane
    raise KeyError(f"{profession} stands in no lane: name it in lanes.toml")


def lanes_in(world: World) -> list[Lane]:
    """The lanes that somebody in this case stands in, from the top."""
    used = {lane_of(world.profession(role)) for role in world.roles}
    return [lane for lane in lanes() if lane in used]
