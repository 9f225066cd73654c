"""Background load: everybody's other work, and the backlog that this family's acts wait behind.

A practitioner's other work on one day is a gamma draw at an address of its own. What she cannot do that day is the
next day's backlog (Lindley 1952). What the family's acts add runs through the same recursion; nothing else does.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.calendar import WORKING_DAY
from simulation.chance import MASK, address_key, uniforms
from simulation.clock import DAY, HOUR

if TYPE_CHECKING:
    from simulation.world import World

Floats = NDArray[np.float64]
WARM_UP = 60
"""Days worked before the window, so that nobody begins it with an empty desk. From empty, a desk filled to 0.9 has
after 60 days 96 % of the backlog it settles at (coefficient of variation 0.5); one filled to 1 never settles."""
OPEN_MINUTES = {"office": WORKING_DAY, "always": DAY, "out-of-hours": DAY - WORKING_DAY}
"""How long somebody with these hours is there on a working day, as `Rota` counts it."""
CELLS, TAIL = 1 << 12, 1 / 256
"""The cells of a table of quantiles, and how much of each end is left to its tails."""


class Quantiles(NamedTuple):
    """The unit-mean gamma's quantile: a straight line in each of CELLS even cells, in its tails between `at` and
    `value`, which lie dense there. (`np.interp` alone searches, and takes twelve times as long.)"""

    base: Floats
    slope: Floats
    at: Floats
    value: Floats

    def __call__(self, u: Floats) -> Floats:
        """The quantile at each of these uniforms."""
        cell = (u * CELLS).astype(np.intp)
        found = self.base.take(cell) + self.slope.take(cell) * u
        tails = np.nonzero(np.abs(u - 0.5) > 0.5 - TAIL)
        found[tails] = np.interp(u[tails], self.at, self.value)
        return found


@lru_cache(maxsize=64)
def quantiles(variation: float) -> Quantiles:
    """The table for one coefficient of variation, made once a process. Under 0.001 it is 0.001.

    SciPy takes long to import, so it is met here and not where a command begins.
    """
    from scipy.special import gammainccinv, gammaincinv  # type: ignore[import-untyped]

    shape = 1 / max(variation, 1e-3) ** 2
    edge = np.arange(CELLS + 1) / CELLS
    tail = np.geomspace(2.0**-54, 2 * TAIL, 1000)
    at = np.concatenate([tail, 1 - tail[::-1]])
    value = np.concatenate([gammaincinv(shape, tail), gammainccinv(shape, tail[::-1])]) / shape
    height = gammaincinv(shape, edge[:-1]) / shape
    slope = np.append(np.diff(height) * CELLS, 0.0)
    return Quantiles(height - slope * edge[:-1], slope, at, value)


def in_hand(net: Floats) -> tuple[Floats, Floats]:
    """Lindley's recursion B' = max(0, B + net) from an empty desk, along the last axis.

    `net` is work less capacity, step by step. Returns what is in hand before each step and after the last, and the
    capacity that went unused until then. One is the running sum, the other how far that sum ever fell below 0.
    """
    total = np.zeros((*net.shape[:-1], net.shape[-1] + 1))
    np.cumsum(net, axis=-1, out=total[..., 1:])
    lowest = np.minimum.accumulate(total, axis=-1)
    return total - lowest, -lowest


class Week(NamedTuple):
    """What a day asks of a role and what she can do in it, in minutes, and how much the asking varies."""

    office: bool
    variation: float
    demand: float
    capacity: float
    open: int


def week_of(world: World, role: str) -> Week:
    """A role's post by its profession. Offices work five days, desks and wards all seven.

    Raises ValueError where there are cases and no hours to work them in.
    """
    profession = world.profession(role)
    hours = world.professions[profession].hours
    week, cases, each, variation = (
        world.practice.value("load", word, profession) for word in ("hours", "caseload", "hours-a-case", "variation")
    )
    if cases and each and not week:
        raise ValueError(f"load.hours is 0 for {profession}: nobody could ever do anything")
    day = HOUR / (5 if hours == "office" else 7)
    return Week(hours == "office", variation, cases * each * day, week * day, OPEN_MINUTES[hours])


class Team:
    """Roles that work the same days and whose other work varies alike, as one array.

    In the practice that we ship it is everybody with a caseload.
    """

    def __init__(self, world: World, weeks: dict[str, Week]) -> None:
        office, variation, *_ = next(iter(weeks.values()))
        calendar, self.quantiles = world.calendar, quantiles(variation)
        days = [day for day in range(-3 * WARM_UP, calendar.days) if not office or calendar.works(day)]
        days = days[bisect_left(days, 0) - WARM_UP :]
        self.days, self.place = days, [bisect_left(days, day) - WARM_UP for day in range(calendar.days + 1)]
        by_role = [address_key(("other-work", role, "", "", "")) for role in weeks]
        by_day = [address_key(("", "", "", "", f"day {day}")) - address_key(("",) * 5) & MASK for day in days]
        self.keys = np.array(by_role, np.uint64)[:, None] + np.array(by_day, np.uint64)
        self.demand = np.array([[at.demand] for at in weeks.values()])
        self.capacity = np.array([[at.capacity] * len(days) for at in weeks.values()])
        for row in world.case.away:
            if row.role in weeks:
                first, last = ((day - calendar.start).days for day in (row.first, row.last))
                self.capacity[list(weeks).index(row.role), bisect_left(days, first) : bisect_right(days, last)] = 0

    def other_work(self, luck: int) -> Floats:
        """Minutes of other work that come to each role on each of its days."""
        return self.demand * self.quantiles(uniforms(self.keys, luck))


class LoadPlan:
    """All of a world's load that does not depend on luck: `home` says where a role stands in which team."""

    def __init__(self, world: World) -> None:
        weeks = {role: week_of(world, role) for role in world.roles}
        self.weeks = {role: at for role, at in weeks.items() if at.demand}
        alike: dict[tuple[bool, float], dict[str, Week]] = {}
        for role, at in self.weeks.items():
            alike.setdefault((at.office, at.variation), {})[role] = at
        self.teams = [Team(world, members) for members in alike.values()]
        self.home = {
            role: (team, row) for team, members in enumerate(alike.values()) for row, role in enumerate(members)
        }
        self.end = world.calendar.days


class Tray:
    """One practitioner's work in hand through one replication, in minutes.

    What the family adds is carried apart: it uses only the capacity that other work leaves, so what is left of it
    needs no step by step.
    """

    def __init__(self, place: list[int], backlog: list[float], idle: list[float]) -> None:
        self.place, self.backlog, self.idle = place, backlog, idle
        self.day, self.carried, self.added = 0, 0.0, 0.0

    def at_start_of(self, day: int) -> float:
        """What is in hand as this working day begins."""
        return self.backlog[day] + self._carried_to(day)

    def add(self, day: int, minutes: float) -> None:
        """The family asks for this much more on this day."""
        if day != self.day:
            self.day, self.carried, self.added = day, self._carried_to(day), 0.0
        self.added += minutes

    def _carried_to(self, day: int) -> float:
        if day == self.day:
            return self.carried
        if day < self.day:
            raise ValueError(f"working day {day} is past: work was added on day {self.day}")
        return max(0.0, self.carried + self.added - (self.idle[day] - self.idle[self.day]))


class Workload:
    """Who has how much in hand, in one replication. A minute outside the window counts as its first or last day."""

    def __init__(self, plan: LoadPlan, luck: int) -> None:
        self.plan = plan
        self._lines = [in_hand(team.other_work(luck) - team.capacity) for team in plan.teams]
        self._trays: dict[str, Tray] = {}

    def spend(self, role: str, minute: int, minutes: float) -> None:
        """An act for this family takes some minutes of this working day, or of the next.

        Raises ValueError where work was already added on a later day.
        """
        if role in self.plan.weeks:
            tray = self._trays.get(role) or self._tray(role)
            tray.add(self._day(tray, minute), minutes)

    def backlog_days(self, role: str, minute: int) -> float:
        """What is in hand as this working day (or the next) begins, in days of the role's capacity.

        A day of leave is a working day on which nothing is done. 0 for roles without a caseload.
        """
        at = self.plan.weeks.get(role)
        if at is None:
            return 0.0
        tray = self._trays.get(role) or self._tray(role)
        return tray.at_start_of(self._day(tray, minute)) / at.capacity

    def wait(self, role: str, minute: int) -> int:
        """How long an act begun now waits behind the backlog, in whole minutes of being there (`Rota.after`)."""
        at = self.plan.weeks.get(role)
        return int(self.backlog_days(role, minute) * at.open) if at else 0

    def _day(self, tray: Tray, minute: int) -> int:
        return tray.place[min(max(minute // DAY, 0), self.plan.end)]

    def _tray(self, role: str) -> Tray:
        team, row = self.plan.home[role]
        backlog, idle = (line[row, WARM_UP:].tolist() for line in self._lines[team])
        tray = self._trays[role] = Tray(self.plan.teams[team].place, backlog, idle)
        return tray
