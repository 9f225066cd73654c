"""Two histories on the same luck: where they part, and how much of the luck behind them was the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from simulation.trace import Event, Trace

Address = tuple[str, str, str, str, str]
Happening = tuple[int, str, str, str, str, str]
"""What happened: when, what, who, to whom, about what, on which occasion. A rule does what a habit does."""


class Parting(NamedTuple):
    """The first minute in which not the same things happened, and what happened in one history only."""

    minute: int
    only_recorded: tuple[Event, ...]
    only_twin: tuple[Event, ...]


def parting(recorded: Trace, twin: Trace) -> Parting | None:
    """Where two histories part; None where the same things happened throughout. What was tried and did not happen is
    no part of a history, nor is the chance it had."""
    one, other = Counter(_happenings(recorded)), Counter(_happenings(twin))
    minutes = {happening[0] for happening in (one - other) + (other - one)}
    if not minutes:
        return None
    first = min(minutes)

    def only(trace: Trace, extra: Counter[Happening]) -> tuple[Event, ...]:
        return tuple(event for event in trace.events if event.happened and event.time == first and _of(event) in extra)

    return Parting(first, only(recorded, one - other), only(twin, other - one))


def _happenings(trace: Trace) -> Iterator[Happening]:
    return (_of(event) for event in trace.events if event.happened)


def _of(event: Event) -> Happening:
    return event.time, event.act.removeprefix("rule-"), event.who, event.whom, event.item, event.occasion


class Luck(NamedTuple):
    """Of a twin's draws, how many had luck that the record bent, luck the recorded run had too, and their own."""

    documented: int
    shared: int
    new: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.documented + self.shared + self.new


def luck_behind(
    recorded: Trace, twin: Trace, is_documented: Callable[[Address], bool], rows: set[int] | None = None
) -> Iterator[tuple[int, str]]:
    """Each draw of a twin (of these `rows` alone, where given), in order: its row, and whose luck it had."""
    drawn = {event[2:7] for event in recorded.events if event.chance is not None}
    for event in twin.events:
        if event.chance is not None and (rows is None or event.row in rows):
            address = event[2:7]
            known = address in drawn
            yield event.row, "documented" if known and is_documented(address) else "shared" if known else "new"


def counted(kinds: Iterator[str]) -> Luck:
    """How many draws of each kind."""
    count = Counter(kinds)
    return Luck(count["documented"], count["shared"], count["new"])


def rows_behind(trace: Trace, item: str, until: int) -> set[int]:
    """The rows about an item up to a row, and all that led to them."""
    rows = {event.row for event in trace.events if event.item == item and event.row <= until}
    for row in sorted(rows):
        cause = trace[row].cause
        while cause and cause not in rows:
            rows.add(cause)
            cause = trace[cause].cause
    return rows
