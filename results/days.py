"""How a moment is said: by its date, or by days from an event such as the birth where the source gives no dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from scenarios.schema import About

EVERY = 30
"""Days between the marks of an axis that counts days."""


@dataclass(frozen=True)
class Days:
    """How the days of one case are said. Without `zero` by the calendar; with it as days from or before `event`.

    Whatever a person reads takes its days from here. A date that was inferred to have weekends and bank holidays is
    never shown; its weekday is, since offices close by it.
    """

    zero: date | None = None
    event: str = ""

    @classmethod
    def of(cls, about: About) -> Days:
        """The days of a case."""
        return cls(about.day_zero, about.day_zero_words or "")

    def heading(self, when: datetime) -> str:
        """A day above what happened on it: "Saturday 18 July 2009", or "Day 12 (Saturday)"."""
        if self.zero is None:
            return f"{when:%A} {when.day} {when:%B %Y}"
        words = self._counted(when, self.zero)
        return f"{words[:1].upper()}{words[1:]} ({when:%A})"

    def spoken(self, when: datetime, now: datetime | None = None) -> str:
        """A day within a sentence, with its preposition; the year only where it is not that of `now`."""
        if self.zero is None:
            return f"on {when.day} {when:%B}" + (f" {when.year}" if now and when.year != now.year else "")
        words = self._counted(when, self.zero)
        return words if when.date() < self.zero else f"on {words}"

    def label(self, when: datetime) -> str:
        """A day in a figure: "18 Jul", or "day 12"."""
        return f"{when.day} {when:%b}" if self.zero is None else f"day {_signed((when.date() - self.zero).days)}"

    def mark(self, when: datetime) -> str:
        """What an axis says at this day: each month's first, or each thirtieth day; mostly nothing."""
        if self.zero is None:
            return f"1 {when:%B}" if when.day == 1 else ""
        number = (when.date() - self.zero).days
        return "" if number % EVERY else _signed(number)

    @property
    def unit(self) -> str:
        """What an axis of days is called."""
        return f"day, counted from {self.event}" if self.zero else "day"

    @property
    def inferred(self) -> str:
        """What must be added where weekdays are spoken of."""
        return ", inferred" if self.zero else ""

    @property
    def note(self) -> str:
        """What a reader is told once, before an account; nothing where dates are the source's own."""
        if self.zero is None:
            return ""
        return f"The source gives no dates. Days are counted from {self.event} (day 0); the weekdays are inferred."

    def _counted(self, when: datetime, zero: date) -> str:
        number = (when.date() - zero).days
        if number == 0:
            return f"the day of {self.event}"
        return f"day {number}" if number > 0 else f"{-number} day{'s' * (number < -1)} before {self.event}"


def _signed(number: int) -> str:
    return str(number).replace("-", "−")
