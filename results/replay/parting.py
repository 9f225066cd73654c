"""The first moment at which two histories of one luck part: what took place in one of them and not in the other."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from results.chronology import entry, events
from results.facts import in_few
from results.telling import Telling
from simulation.trace import Event, Trace

LONGEST = 300


class Parting(NamedTuple):
    """When two histories part, and what happened then in the first and in the other ("" if nothing)."""

    time: int
    first: str
    other: str


def parting(first: Telling, other: Telling) -> Parting | None:
    """The first minute in which not the same took place, None where the histories are one.

    An act that was tried and did not happen is no event of the family's history, and an act done by rule is the act.
    """
    ours, theirs = _by_minute(first.index.trace), _by_minute(other.index.trace)
    for time in sorted({*ours, *theirs}):
        mine, yours = ours.get(time, {}), theirs.get(time, {})
        if mine.keys() != yours.keys():
            return Parting(time, _told(first, mine, yours), _told(other, yours, mine))
    return None


Deed = tuple[str, str, str, str, str, str]


def _by_minute(trace: Trace) -> dict[int, dict[Deed, Event]]:
    found: dict[int, dict[Deed, Event]] = defaultdict(dict)
    for event in trace.events:
        if event.happened:
            deed = (event.act.removeprefix("rule-"), event.who, event.whom, event.item, event.occasion, event.how)
            found[event.time].setdefault(deed, event)
    return found


def _told(telling: Telling, mine: dict[Deed, Event], yours: dict[Deed, Event]) -> str:
    """The event that the first of the rows belongs to that the other has not."""
    only = [event for deed, event in mine.items() if deed not in yours]
    if not only:
        return ""
    row = min(event.row for event in only)
    kind, group = next(
        (kind, group) for kind, group in events(telling.index.trace) if any(event.row == row for event in group)
    )
    return in_few(entry(telling, kind, group).words, LONGEST)
