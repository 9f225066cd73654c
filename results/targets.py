"""What a review documents that information did, beside what the model gives as usual.

Targets are compared, never read by the model and never tuned to: the families of reviews were
chosen because something was lost, so ordinary practice should come out less gloomy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from results.spread import VOICING, Rows
from scenarios.load import HERE
from scenarios.toml import read_toml
from simulation.calendar import WORKING_DAY
from simulation.journey import Journey
from simulation.setting import Choice
from simulation.trace import Event
from simulation.world import World

Word = Literal[
    "read",
    "weighed",
    "voiced",
    "on-paper",
    "held",
    "half-held",
    "attended",
    "reported",
    "minutes-came",
    "minutes-opened",
]
Bound = Literal["at least", "at most"]
Kind = Literal["information", "given-by-structure", "outside-the-model", "judgement"]
"""What a target is about. The first alone is scored; how many there are of each is printed."""
AT_A_DECISION = ("read", "weighed", "voiced", "on-paper")
BY_A_ROLE = ("attended", "reported", "minutes-came", "minutes-opened")
NEEDS: dict[str, tuple[str, ...]] = {"held": ("items", "roles"), "half-held": ("items", "by")}
NEEDS |= dict.fromkeys(AT_A_DECISION, ("items", "decision")) | dict.fromkeys(BY_A_ROLE, ("roles", "decision"))
"""What a row of each measure must name."""


class Target(BaseModel):
    """One documented fact: each of `items` (or of `roles`, where no item travels) came about, and for none of
    `without` did the same. Where the review documents that something did not arrive, `share` is the most expected:
    so it is read under a half, unless `bound` says otherwise. `why` says by which rule the model gives otherwise,
    where it does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    words: str
    kind: Kind = "information"
    measure: Word = "read"
    items: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    decision: str | None = None
    roles: tuple[str, ...] = ()
    any_role: bool = False
    working_days: int = 0
    by: datetime | None = None
    share: float
    bound: Bound | None = None
    why: str = ""
    cite: str

    def met_by(self, given: float) -> bool:
        """Whether this share of runs lies on the side that is expected."""
        return given >= self.share if self.expected == "at least" else given <= self.share

    @property
    def expected(self) -> Bound:
        """Whether at least or at most this share of runs is expected."""
        return self.bound or ("at most" if self.share < 0.5 else "at least")

    @model_validator(mode="after")
    def _says_enough(self) -> Target:
        missing = [name for name in NEEDS[self.measure] if not getattr(self, name)]
        if missing:
            raise ValueError(f"{self.measure} needs {' and '.join(missing)}")
        return self


class Unsaid(BaseModel):
    """A documented fact, or a part of one, that no run of this model could show, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    words: str
    kind: Kind = "outside-the-model"
    why: str
    cite: str


@cache
def load_targets(case: str) -> tuple[Target, ...]:
    """The targets of a case, none where it has no file of them."""
    return tuple(Target.model_validate(row) for row in _rows(case, "target"))


@cache
def load_unsaid(case: str) -> tuple[Unsaid, ...]:
    """What the targets of a case cannot say."""
    return tuple(Unsaid.model_validate(row) for row in _rows(case, "not-expressible"))


def _rows(case: str, table: str) -> list[dict[str, object]]:
    path = HERE / "targets" / f"{case}.toml"
    return read_toml(path).get(table, []) if path.exists() else []


def met(rows: Rows, world: World, ways: Iterable[Journey]) -> Iterator[tuple[str, str, bool]]:
    """For one run, each target part by part, an item or a role: (target, part, whether it came about)."""
    run = Run(rows, world, {(way.item, way.decision): way for way in ways})
    for target in load_targets(world.case.case.id):
        came = MEASURES[target.measure]
        if target.measure == "half-held":
            yield target.id, "one person", came(run, target, "")
            continue
        for part in target.items or target.roles:
            yield target.id, part, came(run, target, part)
        for part in target.without:
            yield target.id, f"not {part}", not came(run, target, part)


def came_about(rows: Rows, world: World, ways: Iterable[Journey]) -> dict[str, bool]:
    """Whether each target, all its parts, came about in one run."""
    found: dict[str, bool] = {}
    for target, _, came in met(rows, world, ways):
        found[target] = found.get(target, True) and came
    return found


@dataclass(frozen=True)
class Run:
    """One run, arranged for what targets ask of it."""

    rows: Rows
    world: World
    ways: dict[tuple[str, str], Journey]

    @cached_property
    def held(self) -> dict[tuple[str, str], int]:
        """From which minute each holds each item."""
        return {(event.who, event.item): event.time for event in self.rows["hold"]}

    @cached_property
    def at(self) -> dict[tuple[str, str], list[Event]]:
        """What happened at each occasion, by act."""
        found = defaultdict(list)
        for act in ("attend", "deliver", "include", "arrive", "open", *VOICING):
            for event in self.rows[act]:
                found[act, event.occasion].append(event)
        return found

    def choice(self, target: Target) -> Choice:
        """The decision a target is about, or the meeting where nothing scored is decided."""
        assert target.decision
        return self.world.choices.get(target.decision) or self.world.gatherings[target.decision]

    def room(self, target: Target) -> str:
        """The meeting at which that decision is taken."""
        choice = self.choice(target)
        return choice.meeting or choice.id


def _read(run: Run, target: Target, item: str) -> bool:
    """The decision's lead had read it in time."""
    way = run.ways.get((item, str(target.decision)))
    return way is not None and way.read


def _weighed(run: Run, target: Target, item: str) -> bool:
    """It was read and counted in the decision."""
    way = run.ways.get((item, str(target.decision)))
    return way is not None and way.weighed


def _voiced(run: Run, target: Target, item: str) -> bool:
    """It was said in the room, by one of these roles where any are named."""
    said = [event.who for act in VOICING for event in run.at[act, run.room(target)] if event.item == item]
    return any(not target.roles or who in target.roles for who in said)


def _on_paper(run: Run, target: Target, item: str) -> bool:
    """It came in a report in time, and was not said in the room."""
    name = run.choice(target).id
    papers = {event.cause for event in run.at["deliver", name] if event.how == "report"}
    written = any(event.item == item and event.cause in papers for event in run.at["include", name])
    return written and not _voiced(run, target, item)


def _held(run: Run, target: Target, item: str) -> bool:
    """All of these roles, or any of them, hold it by a date, or so many working days after it could first be seen."""
    if target.by:
        due = run.world.calendar.minute(target.by)
    elif item in run.world.first_sighting:
        seen = run.world.office.opens(run.world.first_sighting[item][0])
        due = run.world.office.after(seen, target.working_days * WORKING_DAY)
    else:
        return False
    enough = any if target.any_role else all
    return enough(run.held.get((role, item), run.world.end) <= due for role in target.roles)


def _half_held(run: Run, target: Target, _part: str) -> bool:
    """Some one person holds more than half of the items by a date."""
    assert target.by
    due = run.world.calendar.minute(target.by)
    count: dict[str, int] = defaultdict(int)
    for (who, item), since in run.held.items():
        count[who] += item in target.items and since <= due
    return max(count.values()) > len(target.items) / 2


def _attended(run: Run, target: Target, role: str) -> bool:
    """She came to the meeting."""
    return any(event.who == role for event in run.at["attend", run.room(target)])


def _reported(run: Run, target: Target, role: str) -> bool:
    """Her report came in time, and not before the last so many working days."""
    choice = run.choice(target)
    since = run.world.office.before(choice.start, target.working_days * WORKING_DAY)
    papers = [event for event in run.at["deliver", choice.id] if event.whom == role and event.how == "report"]
    return any(since <= event.time <= choice.start for event in papers)


def _minutes_came(run: Run, target: Target, role: str) -> bool:
    """The minutes came to her within so many working days."""
    due = run.world.office.after(run.choice(target).at, target.working_days * WORKING_DAY)
    arrived = [event for event in run.at["arrive", run.room(target)] if event.how == "minutes"]
    return any(event.who == role and event.time <= due for event in arrived)


def _minutes_opened(run: Run, target: Target, role: str) -> bool:
    """She opened the minutes."""
    return any(event.who == role and event.whom == "minutes" for event in run.at["open", run.room(target)])


MEASURES: dict[Word, Callable[[Run, Target, str], bool]] = {
    "read": _read,
    "weighed": _weighed,
    "voiced": _voiced,
    "on-paper": _on_paper,
    "held": _held,
    "half-held": _half_held,
    "attended": _attended,
    "reported": _reported,
    "minutes-came": _minutes_came,
    "minutes-opened": _minutes_opened,
}
"""What a target may ask of a run."""
