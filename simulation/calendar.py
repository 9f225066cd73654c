"""Working days, office hours, bank holidays and leave: when somebody is there.

England's bank holidays come from the `holidays` library. Office hours are Monday to Friday,
09:00 to 17:00; an out-of-hours desk is open exactly when the office is not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate

import holidays

from scenarios.vocabulary import Hours
from simulation.clock import DAY, HOUR

OPENS, CLOSES = 9 * HOUR, 17 * HOUR
WORKING_DAY = CLOSES - OPENS
MARGIN_DAYS = 400
"""How far past the window a wait is followed before it is called "not within this story"."""


@lru_cache
def bank_holidays(first: int, last: int) -> frozenset[date]:
    """England's bank holidays of these years."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=range(first, last + 1)))


@dataclass(frozen=True)
class Calendar:
    """Turns dates into minutes and says which days are worked, from `start` to past `end`."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Days in the window, its last one included."""
        return (self.end - self.start).days + 1

    def minute(self, moment: datetime) -> int:
        """Whole minutes from the window's first midnight."""
        return int((moment - datetime.combine(self.start, datetime.min.time())).total_seconds()) // 60

    def midnight(self, day: date) -> int:
        """The minute at which a day begins."""
        return (day - self.start).days * DAY

    def moment(self, minute: int) -> datetime:
        """The date and time of a minute."""
        return datetime.combine(self.start, datetime.min.time()) + timedelta(minutes=minute)

    def works(self, day: int) -> bool:
        """Whether offices work on this day of the window (day 0 is its first)."""
        when = self.start + timedelta(days=day)
        years = self.start.year - 1, self.end.year + 3
        return when.weekday() < 5 and when not in bank_holidays(*years)

    def rota(self, hours: Hours, away: Iterable[tuple[date, date]] = ()) -> Rota:
        """When somebody with these hours and this leave is there."""
        last = self.days + MARGIN_DAYS
        gone = {(first - self.start).days + n for first, final in away for n in range((final - first).days + 1)}
        spans: list[tuple[int, int]] = []
        for day in range(-MARGIN_DAYS if hours == "office" else -30, last):
            base = day * DAY
            if day in gone:
                continue
            if hours == "always":
                spans.append((base, base + DAY))
            elif hours == "office":
                if self.works(day):
                    spans.append((base + OPENS, base + CLOSES))
            elif self.works(day):
                spans += [(base, base + OPENS), (base + CLOSES, base + DAY)]
            else:
                spans.append((base, base + DAY))
        return Rota(tuple(spans), last * DAY)


class Rota:
    """When one person or desk is there: spans of open minutes, in order.

    What lies beyond the calendar's `end` is answered with `end`: not within this story.
    """

    def __init__(self, spans: tuple[tuple[int, int], ...], end: int) -> None:
        self.end = end
        self._opens = [first for first, _ in spans]
        self._closes = [last for _, last in spans]
        self._worked = [0, *accumulate(last - first for first, last in spans)]

    def there(self, minute: int) -> bool:
        """Whether anybody is there at this minute."""
        span = bisect_right(self._opens, minute) - 1
        return span >= 0 and minute < self._closes[span]

    def opens(self, minute: int) -> int:
        """The first minute from `minute` on at which somebody is there."""
        span = bisect_right(self._closes, minute)
        return max(minute, self._opens[span]) if span < len(self._opens) else self.end

    def after(self, minute: int, working: int) -> int:
        """The moment at which `working` minutes of being there have passed since `minute`."""
        done = self._worked_by(minute) + working
        if done >= self._worked[-1]:
            return self.end
        span = bisect_right(self._worked, done) - 1
        return max(minute, self._opens[span] + done - self._worked[span])

    def before(self, minute: int, working: int) -> int:
        """The latest moment with `working` minutes of being there left before `minute`."""
        done = self._worked_by(minute) - working
        if done < 0:
            return self._opens[0]
        span = bisect_right(self._worked, done) - 1
        return min(minute, self._opens[span] + done - self._worked[span]) if span < len(self._opens) else minute

    def _worked_by(self, minute: int) -> int:
        span = bisect_right(self._opens, minute) - 1
        if span < 0:
            return 0
        return self._worked[span] + min(minute, self._closes[span]) - self._opens[span]
