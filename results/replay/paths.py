"""The way one copy of an item took: from who first had it to who had it last."""

from __future__ import annotations

from typing import NamedTuple

from simulation.index import Index
from simulation.journey import PASSED_ON, Journey
from simulation.trace import Event


class Stop(NamedTuple):
    """Somebody had it, or it stood in a file, from this minute on."""

    time: int
    who: str


def path_to(index: Index, item: str, who: str) -> tuple[Stop, ...]:
    """How an item came to somebody who holds it, first holder first."""
    held = index.held[item]
    way: list[Stop] = []
    source = who
    while source in held:
        event = held[source]
        way.append(Stop(event.time, source))
        source = _source(index, item, event)
    if source:
        way.append(_on_file(index, item, source))
    return tuple(reversed(way))


def _source(index: Index, item: str, hold: Event) -> str:
    """From whom, or which file, it came, "" where she had it first hand. What a search found is laid to whoever, of
    those who had it before, wrote in that file, or else to the file; what stood in a paper, to who had it first."""
    if hold.how not in PASSED_ON:
        return ""
    before = {who: event for who, event in index.held[item].items() if event.row < hold.row}
    row = hold.cause
    while row:
        event = index.trace[row]
        if event.act == "find":
            writers = [who for who in before if index.world.writes_in.get(who) == event.whom]
            return min(writers, key=lambda who: before[who].row, default=_known(index, event.whom))
        for who in (event.who, event.whom):
            if who in before:
                return who
        row = event.cause
    return min(before, key=lambda who: before[who].row, default="")


def _known(index: Index, file: str) -> str:
    """A file of the case; a log that a rule keeps has no place in the picture."""
    return file if file in index.world.openers else ""


def _on_file(index: Index, item: str, file: str) -> Stop:
    row = index.filed[item].get(file)
    return Stop(index.trace[row].time if row else 0, file)


def furthest(index: Index, way: Journey) -> tuple[Stop, ...]:
    """How far an item had come by its decision: to the lead, or to whoever held it where it stopped; nothing where
    nobody had noticed it. What a file alone has is there; a pattern that nobody joined, where its first part was."""
    choice = index.world.choices[way.decision]
    decided = index.decided[way.decision].row
    item = way.item
    if not any(event.row < decided for event in index.held[item].values()):
        parts = index.world.items[item].parts
        seen = [(event.row, part) for part in parts for event in index.held[part].values() if event.row < decided]
        if not seen:
            filed = [(row, file) for file, row in index.filed[item].items() if row < decided and _known(index, file)]
            return (_on_file(index, item, min(filed)[1]),) if filed else ()
        item = min(seen)[1]
    before = {who: event for who, event in index.held[item].items() if event.row < decided}
    if way.read:
        return path_to(index, item, choice.lead)
    at = index.trace[way.row] if way.row else None
    for who in (at.who, at.whom) if at else ():
        if who in before:
            return path_to(index, item, who)
    return path_to(index, item, min(before, key=lambda who: before[who].row))
