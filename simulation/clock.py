"""The only clock: SimPy's, in whole minutes from the window's first midnight."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any

import simpy
from simpy.events import Event

DAY = 24 * 60
HOUR = 60


class Turn(IntEnum):
    """What comes first within one minute: SimPy orders equal times by this priority."""

    CONTACT = 2
    ARRIVAL = 3
    HEARING = 4
    READING = 5
    MEETING = 6
    DECISION = 7
    AFTERWARDS = 8


class Clock(simpy.Environment):
    """A SimPy environment that also calls a function at a moment.

    What would fall at or after the window's end is never put on the clock: nothing measured
    happens there.
    """

    def __init__(self, end: int) -> None:
        super().__init__()
        self.end = end

    @property
    def minute(self) -> int:
        """Now, in whole minutes."""
        return self._now  # type: ignore[return-value]

    def at(self, moment: int, turn: Turn, call: Callable[..., Any], *args: Any) -> None:
        """Call `call(*args)` at `moment`, in this turn of its minute. Raises ValueError for the past."""
        if moment < self.minute:
            raise ValueError(f"minute {moment} is past: it is {self.minute}")
        if moment < self.end:
            event = Event(self)
            event._ok, event._value = True, None
            assert event.callbacks is not None
            event.callbacks.append(lambda _: call(*args))
            self.schedule(event, priority=turn, delay=moment - self.minute)  # type: ignore[arg-type]

    def clear(self) -> None:
        """Drop whatever is still on the clock."""
        self._queue.clear()
