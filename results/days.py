"""How a moment is said: by its date, or by days from an event such as the birth where the source gives no dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scenarios.schema import About

EVERY = 30
"""Days between the marks of an axis that counts days."""

MANY = 12
"""The most months, or marks of days, that an axis names each; of a longer window it names every third."""


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

    def marks(self, first: datetime, last: datetime) -> dict[int, str]:
        """What an axis from `first` to `last` says, and at which of its days: months, or every thirtieth day."""
        every = {number: (first + timedelta(days=number)).date() for number in range((last - first).days)}
        if self.zero is None:
            firsts = {number: day for number, day in every.items() if day.day == 1}
            if len(firsts) <= MANY:
                return {number: f"1 {day:%B}" for number, day in firsts.items()}
            return {number: f"{day:%b %Y}" for number, day in firsts.items() if day.month % 3 == 1}
        step = EVERY if len(every) <= MANY * EVERY else 3 * EVERY
        counted = {number: (day - self.zero).days for number, day in every.items()}
        return {number: _signed(day) for number, day in counted.items() if day % step == 0}

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
