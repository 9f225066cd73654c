"""The first moment at which two histories of one luck part, told: what took place in one of them alone."""

from __future__ import annotations

from copy import copy
from typing import NamedTuple

from results import parting as traces
from results.chronology import entry, events
from results.facts import in_few
from results.telling import Telling
from simulation.trace import Event

LONGEST = 300


class Parting(NamedTuple):
    """When two histories part, and what happened then in the first and in the other ("" if nothing)."""

    time: int
    first: str
    other: str


def parting(first: Telling, other: Telling) -> Parting | None:
    """The first minute in which not the same took place, told; None where the histories are one."""
    found = traces.parting(first.index.trace, other.index.trace)
    return found and Parting(found.minute, _told(first, found.only_recorded), _told(other, found.only_twin))


def _told(telling: Telling, only: tuple[Event, ...]) -> str:
    """The first of what happened in this history alone."""
    if not only:
        return ""
    one = min(only, key=lambda event: event.row)
    kind, group = next((kind, group) for kind, group in events(telling.index.trace) if one in group)
    words = entry(telling, kind, group).words
    if not words:  # what its listener knew already is told in the story of the item alone
        story = copy(telling)
        story.item = one.item
        words = entry(story, kind, [event for event in group if event.item == one.item]).words
    return in_few(words, LONGEST)
