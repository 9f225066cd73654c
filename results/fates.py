"""What a review documents became of each item: whether the decider had it in time and, if not, where it stopped.

Compared with the model, never read by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Final, Literal, NamedTuple

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from results.measures import lines
from scenarios.load import HERE
from scenarios.toml import read_toml
from simulation.journey import could_be_seen
from simulation.world import World

Word = Literal[
    "in-time",
    "late",
    "stuck",
    "never-shared",
    "never-sought",
    "not-recorded",
    "discounted",
    "not-applicable",
    "unknown",
]
Stage = Literal["noticed", "recorded", "recognised", "sent", "delivered", "read", "weighed"]
Code = Literal["R", "r", "W", "P", "L", "l", "S", "?", "-", "n"]

ARRIVED: Final[dict[str, bool]] = {
    "in-time": True,
    "discounted": True,
    "late": False,
    "stuck": False,
    "never-shared": False,
    "not-recorded": False,
}
"""Whether the decider had it in time. What nobody sought could not arrive and is not scored, nor what is unknown."""
CODES: Final[dict[str, bool]] = {"R": True, "r": True, "W": True, "P": False, "L": False, "l": False}
"""The same for a decision's own code. On paper and not talked about (P) is a loss."""
STOPS: Final[dict[str, tuple[Stage, ...]]] = {
    "late": ("delivered",),
    "stuck": ("sent", "recognised"),
    "never-shared": ("sent", "recognised"),
    "not-recorded": ("recorded",),
}
"""Where a fate stops, for a file that gives the fate alone: so it reads in those that give both (35 of 40 items
stuck, all 14 never shared, all 3 not recorded, 2 of 5 late)."""


class Also(BaseModel):
    """A further fate of the same item, at decisions of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fate: Word
    decisions: tuple[str, ...] = ()
    stops_at: Stage | None = None


class Fate(Also):
    """What became of one item. `decisions` says of which decisions the fate is told; `arrivals`, where a file has it,
    gives each decision a code of its own and comes before both."""

    also: tuple[Also, ...] = ()
    arrivals: dict[str, Code] = {}
    mechanism: tuple[str, ...] = ()
    note: str = ""
    cite: Annotated[str, Field(min_length=1)]
    status: Literal["documented", "inferred"] = "documented"


class Outcome(NamedTuple):
    """One pair with a known end: whether it was had in time and, if not, the stages that its fate allows. `documented`
    where the source says the fate and it is not our reading; a decision's own code counts as said."""

    item: str
    decision: str
    happened: bool
    stages: tuple[Stage, ...]
    documented: bool


@cache
def load_fates(case: str) -> dict[str, Fate]:
    """The fate of each item of a case, none where it has no file of them."""
    path = HERE / "targets" / f"{case}-fates.toml"
    return {name: Fate.model_validate(row) for name, row in read_toml(path).items()} if path.exists() else {}


def outcomes(world: World) -> pd.DataFrame:
    """The frame that is scored: every critical item at every decision it bears on, if somebody could have seen it
    before and its end is documented; without what the lead saw herself first, and without beliefs.

    Columns: item, decision, happened, stages, documented.
    """
    frame = lines(world)
    wanted = frame[(frame["critical"] == "yes") & (frame["line"] == "scored")]
    pairs = set(zip(wanted["item"], wanted["decision"], strict=True))
    fates = load_fates(world.case.case.id)
    found = [
        outcome
        for item, fate in fates.items()
        for outcome in ends(item, fate)
        if (item, outcome.decision) in pairs and could_be_seen(world, item, world.choices[outcome.decision])
    ]
    return pd.DataFrame(found, columns=list(Outcome._fields))


def ends(item: str, fate: Fate) -> Iterator[Outcome]:
    """What is documented of an item, decision by decision."""
    if fate.arrivals:
        stages = _stages(fate)
        for decision, code in fate.arrivals.items():
            if code in CODES:
                yield Outcome(item, decision, CODES[code], () if CODES[code] else stages, True)
        return
    for one in (fate, *fate.also):
        if one.fate in ARRIVED:
            arrived = ARRIVED[one.fate]
            for decision in one.decisions:
                yield Outcome(item, decision, arrived, () if arrived else _stages(one), fate.status == "documented")


def _stages(one: Also) -> tuple[Stage, ...]:
    return (one.stops_at,) if one.stops_at else STOPS.get(one.fate, ())
