"""The trace: the ordered record of what happened. The model tells; it does not count."""

from __future__ import annotations

from typing import NamedTuple

NOTHING = 0
"""The number of no row: what has no cause, and what an act that did not happen returns."""


class Event(NamedTuple):
    """One row. `row` numbers from 1 and is causal order; `cause` is a row above, or 0.

    `time` is in whole minutes from the window's first midnight. An act has a `chance` and either
    `happened` or carries the `reason` it did not; what merely follows (it is held, it arrived) is
    a note: it happened and has no chance. `how` says how something was learned or sent.
    `minutes` of `who`'s working time were spent.
    """

    row: int
    time: int
    act: str
    who: str
    whom: str
    item: str
    occasion: str
    happened: bool
    chance: float | None
    reason: str
    how: str
    minutes: float
    cause: int


_event = tuple.__new__
"""Makes an Event of its fields, unasked whether they are all there: a row is written thousands of times a run."""


class Trace:
    """Append-only rows of one replication."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def write(
        self,
        time: int,
        address: tuple[str, str, str, str, str],
        happened: bool,
        chance: float | None,
        reason: str,
        how: str,
        minutes: float,
        cause: int,
    ) -> int:
        """Add a row, and say its number."""
        events = self.events
        row = len(events) + 1
        act, who, whom, item, occasion = address
        fields = (row, time, act, who, whom, item, occasion, happened, chance, reason, how, minutes, cause)
        events.append(_event(Event, fields))
        return row

    def __len__(self) -> int:
        return len(self.events)

    def __getitem__(self, row: int) -> Event:
        """The event of this row number."""
        return self.events[row - 1]
