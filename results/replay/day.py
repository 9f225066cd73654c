"""One history, read for the page: how each item stood at each decision, and which way it had come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from results.replay.paths import Stop, furthest
from results.telling import Telling
from simulation.journey import MOVING, READ, UNSEEN, WEIGHED, Journey
from simulation.routes import Routes
from simulation.trace import Trace
from simulation.world import World

HAD = (WEIGHED, READ)


class Standing(NamedTuple):
    """How one item stood at one decision.

    `until` is the minute at which what stopped it happened, or the decision's own; `next` the next step of what still
    moves; `asked` those the lead knew to be involved who had it.
    """

    item: str
    decision: str
    state: str
    stage: str
    reason: str
    next: str
    path: tuple[Stop, ...]
    until: int
    asked: tuple[str, ...]

    @property
    def had(self) -> bool:
        """Whether the decision-maker had read it."""
        return self.state in HAD

    @property
    def held(self) -> bool:
        """Whether anybody had noticed it."""
        return self.state != UNSEEN


class Day(NamedTuple):
    """One history: every item at every decision shown, and the working minutes spent."""

    standings: tuple[Standing, ...]
    minutes: float

    def at(self, decision: str) -> list[Standing]:
        """How things stood at one decision."""
        return [one for one in self.standings if one.decision == decision]

    @property
    def had(self) -> int:
        """Items the decision-makers had, all decisions added together."""
        return sum(one.had for one in self.standings)


def told(trace: Trace, world: World, routes: Routes) -> Telling:
    """A trace ready to be told; items go by their words alone, without their ids."""
    telling = Telling(trace, world, routes, None)
    telling.named.update(world.items)
    return telling


def day(telling: Telling, decisions: Iterable[str], items: frozenset[str]) -> Day:
    """One history, for these decisions and items."""
    found = [
        _standing(telling, one)
        for decision in decisions
        for one in telling.journeys.get(decision, [])
        if one.item in items
    ]
    return Day(tuple(found), sum(event.minutes for event in telling.index.trace.events))


def _standing(telling: Telling, one: Journey) -> Standing:
    index, world = telling.index, telling.world
    choice = world.choices[one.decision]
    decided = index.decided[one.decision]
    holds = {who for who, event in index.held[one.item].items() if event.row < decided.row}
    known = [who for who in world.known_to(choice.lead, choice.start) if who != choice.lead]
    until = telling.index.trace[one.row].time if one.row and not one.read else choice.at
    return Standing(
        one.item,
        one.decision,
        one.state,
        one.stage,
        one.reason,
        telling.next(one, decided) if one.state == MOVING else "",
        furthest(index, one),
        min(until, choice.at),
        tuple(who for who in known if who in holds),
    )
