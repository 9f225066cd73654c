"""Published rates that a case can speak to, beside what the model's lives give.

Most are what a leaf says, moved by leave, load and lateness: a check that nothing between leaf and life bends them. Of
one the leaves say nothing, and it is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from results.validity import Mark, Rung
from scenarios.vocabulary import MEETINGS
from simulation.trace import Event, Trace
from simulation.world import World

Count = tuple[int, int]
"""How many times it was so, of how many."""


@dataclass(frozen=True)
class Aggregate:
    """A published rate, per 100. `low` and `high` are what the source table gives as its range; `given` where a leaf
    carries the published figure itself."""

    row: str
    words: str
    published: str
    low: float
    high: float
    given: bool
    count: Callable[[Trace, World], Count]


def tried(trace: Trace, world: World, act: str, profession: str, body: str = "") -> list[Event]:
    """Attempts at one act by one profession ("" for any), at meetings of one body where it is named."""
    return [
        event
        for event in trace.events
        if event.act == act
        and (not profession or world.profession(event.who) == profession)
        and (not body or body_of(world, event.occasion) == body)
    ]


def body_of(world: World, occasion: str) -> str:
    """The body that holds this meeting, or decides at it."""
    choice = world.gatherings.get(occasion) or world.choices.get(occasion)
    return MEETINGS.get(choice.kind, "") if choice else ""


def share(events: Iterable[Event]) -> Count:
    """How many happened."""
    several = list(events)
    return sum(event.happened for event in several), len(several)


def told_by_police(trace: Trace, world: World) -> Count:
    """Of police attendances at which somebody judged that a worry matters, those told to social care by police."""
    worries = {item for item, row in world.items.items() if row.polarity == "risk"}
    attendances = {row.id for row in world.contacts if row.kind == "police-attendance"}
    police = {who for who in world.roles if world.profession(who) == "police-response"}
    social_care = {*world.desks, *world.case_holders, world.case.case.desk_agency}
    judged, told = set(), set()
    for event in trace.events:
        if event.who in police and event.happened and event.occasion in attendances and event.item in worries:
            if event.act == "recognise":
                judged.add(event.occasion)
            if event.act in ("tell", "refer", "rule-tell", "rule-refer") and event.whom in social_care:
                told.add(event.occasion)
    return len(judged & told), len(judged)


AGGREGATES: Final = (
    Aggregate(
        "A1",
        "GPs asked to a conference, and at work, who come",
        "7.9",
        3,
        20,
        True,
        lambda trace, world: share(tried(trace, world, "attend", "gp", "conference")),
    ),
    Aggregate(
        "A2",
        "GPs asked to a conference who send a report",
        "61.7 and 70.4",
        30,
        90,
        True,
        lambda trace, world: share(tried(trace, world, "report", "gp", "conference")),
    ),
    Aggregate(
        "R8, R9",
        "occasions to ask, where there is such a habit, on which it is asked",
        "48 to 55",
        35,
        75,
        True,
        lambda trace, world: share(event for event in tried(trace, world, "ask", "")),
    ),
    Aggregate(
        "R7",
        "police attendances judged worrying that police tell social care of",
        "57.5",
        48,
        67,
        False,
        told_by_police,
    ),
)
"""`low` and `high`: the sweep of the source table where it has one, else the middle 95 % of the distribution it gives
(R7: Beta(58, 42))."""


def rungs(found: dict[str, Count]) -> list[Rung]:
    """Each rate beside the published one; judged only where no leaf carries it."""
    made: list[Rung] = []
    for one in AGGREGATES:
        yes, of = found[one.row]
        asked = "printed only: a leaf carries it" if one.given else f"between {one.low:g} and {one.high:g} of 100"
        question = f"{one.row}: {one.words}, of 100 (published: {one.published})"
        if not of:
            made.append(Rung("aggregate", question, asked, "no case has any", "not scored"))
            continue
        rate = 100 * yes / of
        held: Mark = "pass" if one.low <= rate <= one.high else "miss"
        mark: Mark = "not scored" if one.given else held
        made.append(Rung("aggregate", question, asked, f"{rate:.0f} of 100 ({of:,} times)", mark))
    return made


def total(counts: Iterable[dict[str, Count]]) -> dict[str, Count]:
    """All lives together."""
    sums = {one.row: [0, 0] for one in AGGREGATES}
    for life in counts:
        for row, (yes, of) in life.items():
            sums[row][0] += yes
            sums[row][1] += of
    return {row: (yes, of) for row, (yes, of) in sums.items()}


def counted(trace: Trace, world: World) -> dict[str, Count]:
    """One life."""
    return {one.row: one.count(trace, world) for one in AGGREGATES}
