"""The way one copy of an item took: from who first had it to who had it last."""

from __future__ import annotations

from typing import NamedTuple

from simulation.index import Index
from simulation.journey import PASSED_ON, Journey
from simulation.trace import Event


class Stop(NamedTuple):
    """Somebody had it, from this minute on."""

    time: int
    who: str


def path_to(index: Index, item: str, who: str) -> tuple[Stop, ...]:
    """How an item came to somebody who holds it, first holder first."""
    held = index.held[item]
    event: Event | None = held[who]
    way: list[Stop] = []
    while event:
        way.append(Stop(event.time, event.who))
        source = _source(index, item, event)
        event = held[source] if source else None
    return tuple(reversed(way))


def _source(index: Index, item: str, hold: Event) -> str:
    """From whom it came, "" where she had it first hand. What a search or a paper brought is laid to whoever, of those
    who had it before, wrote in that file, and else had it first."""
    if hold.how not in PASSED_ON:
        return ""
    before = {who: event for who, event in index.held[item].items() if event.row < hold.row}
    row = hold.cause
    while row:
        event = index.trace[row]
        if event.act == "find":
            writers = [who for who in before if index.world.writes_in.get(who) == event.whom]
            return min(writers or before, key=lambda who: before[who].row, default="")
        for who in (event.who, event.whom):
            if who in before:
                return who
        row = event.cause
    return min(before, key=lambda who: before[who].row, default="")


def furthest(index: Index, way: Journey) -> tuple[Stop, ...]:
    """How far an item had come by its decision: to the lead, or to whoever held it where it stopped; nothing where
    nobody had noticed it. A pattern that nobody joined stands where its first part did."""
    choice = index.world.choices[way.decision]
    decided = index.decided[way.decision].row
    item = way.item
    if not any(event.row < decided for event in index.held[item].values()):
        parts = index.world.items[item].parts
        seen = [(event.row, part) for part in parts for event in index.held[part].values() if event.row < decided]
        if not seen:
            return ()
        item = min(seen)[1]
    before = {who: event for who, event in index.held[item].items() if event.row < decided}
    if way.read:
        return path_to(index, item, choice.lead)
    at = index.trace[way.row] if way.row else None
    for who in (at.who, at.whom) if at else ():
        if who in before:
            return path_to(index, item, who)
    return path_to(index, item, min(before, key=lambda who: before[who].row))
