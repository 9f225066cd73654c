"""What the page is given: every state, count, path and difference, worked out here so that the page only selects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from statistics import fmean
from textwrap import wrap
from typing import Any, NamedTuple

from results.days import Days
from results.facts import in_few, items, undated
from results.replay.day import Day, Standing
from results.replay.gates import core
from results.replay.lanes import Lane, lane_of, lanes_in
from results.replay.parting import Parting
from results.telling import cap
from scenarios.schema import File
from scenarios.vocabulary import TOPICS
from simulation.journey import MOVING, STATES, STOPPED, WEIGHED
from simulation.reasons import REASONS, STAGES
from simulation.setting import Choice
from simulation.world import World

LINES = (96, 66, 46, 28)
"""Letters that an item's words are cut to where there is no room for them all, less and less."""
MOST_TICKS = 6
AFTER = 0.14
"""The share of the picture that lies after the decision."""
DAY = 24 * 60
GRAIN = DAY // 2
"""Minutes. The page tells time in halves of a day: as fine as a token is wide, and many days then share their paths."""
LABEL = 20
"""Letters to a line of a lane's name."""


PLAIN = {
    "parent-mind": "a parent's state of mind",
    "child-wellbeing": "how the children are",
    "engagement": "how the family meets services",
    "network": "family and friends around",
    "tenancy": "tenancy and rent",
    "process": "what services have done",
}
"""Topics whose own word would need telling."""


class Luck(NamedTuple):
    """Whose luck some days are: a replication for each, in order; its name; what that means, in a sentence or two; and
    how the days were found, "" where there is nothing to say."""

    seed: int
    numbers: tuple[int, ...]
    name: str
    words: str
    basis: str


class Policy(NamedTuple):
    """A policy as the page speaks of it. `standing` is in hours per practitioner and year."""

    name: str
    title: str
    meaning: str
    effect: str
    standing: float


class Twin(NamedTuple):
    """One day under one policy, and when it parts from the same day as usual."""

    day: Day
    parting: Parting | None


class Table:
    """Each different value once, by its place."""

    def __init__(self) -> None:
        self.places: dict[Hashable, int] = {}

    def place(self, value: Hashable) -> int:
        """Where a value stands, added if it is new."""
        return self.places.setdefault(value, len(self.places))

    @property
    def values(self) -> list[Any]:
        """Every value in order of place."""
        return list(self.places)


@dataclass(frozen=True)
class Series:
    """Days on one kind of luck, each under each policy (no change first), and which of them the page opens on. `every`
    is that day under each policy with all of its items; the others have the core items alone."""

    luck: Luck
    twins: list[tuple[Twin, ...]]
    opening: int
    every: tuple[Twin, ...]

    @property
    def opening_rule(self) -> str:
        """How the opening day was chosen."""
        had = self.twins[self.opening][0].day.had
        return (
            f"It opens on day {self.opening + 1} of {len(self.twins)}: the day on which the number of core items that "
            f"the decision-makers had, all decisions added together ({had}), is nearest the median of these days; of "
            "equals the first. Nobody chose it."
        )

    def extra_hours(self, policy: int) -> float:
        """Working hours a case that a policy adds, on the mean of these days."""
        return fmean((under[policy].day.minutes - under[0].day.minutes) / 60 for under in self.twins)

    def spread(self, policy: int) -> dict[str, list[int]]:
        """For each number of items had on some day: the days with fewer, with as many, and with more."""
        numbers = [under[policy].day.had for under in self.twins]
        return {
            str(had): [sum(one < had for one in numbers), numbers.count(had), sum(one > had for one in numbers)]
            for had in sorted(set(numbers))
        }


@dataclass(frozen=True)
class Replay:
    """All that was run of one case: days that fit its record, if it has one, and days as usual."""

    world: World
    decisions: tuple[str, ...]
    policies: tuple[Policy, ...]
    series: tuple[Series, ...]

    @property
    def shown(self) -> Series:
        """The days that the page opens on."""
        return self.series[0]

    @cached_property
    def choices(self) -> list[Choice]:
        """The decisions the page pauses at."""
        return [self.world.choices[name] for name in self.decisions]

    @cached_property
    def core(self) -> list[str]:
        """The core items, by when they could first be known; each has a letter by its place."""
        return [item for item in self.order if item in core(self.world)]

    @cached_property
    def order(self) -> list[str]:
        """Every item, by when it could first be known."""
        frame = items(self.world).sort_values(["since", "item"])
        return list(frame["item"])


def letter(place: int) -> str:
    """A, B … Z, then A2, B2 …"""
    return chr(ord("A") + place % 26) + (str(place // 26 + 1) if place >= 26 else "")


def forms(words: str) -> list[str]:
    """Words in full, and cut to each of `LINES` that they are too long for, to be shown as there is room."""
    return list(dict.fromkeys([cap(words), *(cap(in_few(words, length)) for length in LINES)]))


def page_data(replay: Replay) -> dict[str, Any]:
    """The data block of the page."""
    world = replay.world
    lanes = lanes_in(world)
    roles = [*world.roles, *world.openers]
    place_of = {item: place for place, item in enumerate(replay.order)}
    letters = {item: letter(place) for place, item in enumerate(replay.core)}
    book = Book(roles, place_of)
    lucks = [series_data(book, replay, series) for series in replay.series]
    return {
        "lanes": [wrap(lane.words, LABEL) for lane in lanes],
        "roles": [
            *({"words": role.words, "lane": lanes.index(lane_of(role.profession))} for role in world.roles.values()),
            *({"words": file.words, "lane": lanes.index(file_lane(world, file))} for file in world.case.file),
        ],
        "items": [
            {
                "letter": letters.get(item, ""),
                "words": forms(world.items[item].words),
                "topic": TOPICS.index(world.items[item].topic),
            }
            for item in replay.order
        ],
        "topics": [PLAIN.get(topic, topic.replace("-", " ")) for topic in TOPICS],
        "gates": [gate_data(replay, choice, roles, place_of) for choice in replay.choices],
        "states": STATES,
        "stages": STAGES,
        "reasons": [{"short": short, "sense": sense} for _, short, sense in REASONS.values()],
        "policies": [{"title": one.title, "meaning": one.meaning} for one in replay.policies],
        "steps": book.steps.values,
        "paths": book.paths.values,
        "cells": book.cells.values,
        "stands": book.stands.values,
        "words": book.words.values,
        "asked": book.asked.values,
        "lucks": lucks,
    }


def file_lane(world: World, file: File) -> Lane:
    """A file stands in the lane of those who write in it, or, of an old one, of those who can open it."""
    return lane_of(world.profession((*file.written_by, *file.opened_by)[0]))


class Book:
    """What many days have in common, kept once."""

    def __init__(self, roles: list[str], items: dict[str, int]) -> None:
        self.roles = {role: place for place, role in enumerate(roles)}
        self.items = items
        self.reasons = {reason: place for place, reason in enumerate(REASONS)}
        self.paths, self.steps, self.cells = Table(), Table(), Table()
        self.words, self.asked, self.stands = Table(), Table(), Table()

    def cell(self, one: Standing, with_path: bool = True) -> int:
        """The place of: item, state, path, reason, until, who had it to tell, next step; what is not there is -1, and
        left out at the end. A path is minute and role in turn."""
        path = tuple(part for stop in one.path for part in (stop.time // GRAIN, self.roles[stop.who]))
        asked = () if one.had else tuple(self.roles[role] for role in one.asked)
        parts = [
            self.items[one.item],
            STATES.index(one.state),
            self.paths.place(path) if path and with_path else -1,
            self.reasons[one.reason] if one.reason else -1,
            one.until // GRAIN if one.state == STOPPED and with_path else -1,
            self.asked.place(asked) if asked and with_path else -1,
            self.steps.place(one.next) if one.next else -1,
        ]
        while parts[-1] == -1:
            parts.pop()
        return self.cells.place(tuple(parts))


def series_data(book: Book, replay: Replay, series: Series) -> dict[str, Any]:
    """The days on one kind of luck: by policy and day, the opening day whole, and how the days spread."""
    places, numbers = range(len(replay.policies)), series.luck.numbers
    return {
        "name": series.luck.name,
        "opening": series.opening,
        "same": [numbers.index(number) for number in numbers],
        "spread": [series.spread(place) for place in places],
        "runs": [[run_data(book, replay, under, place) for under in series.twins] for place in places],
        "every": [
            [[book.cell(one, with_path=False) for one in twin.day.at(name)] for name in replay.decisions]
            for twin in series.every
        ],
    }


def run_data(book: Book, replay: Replay, under: tuple[Twin, ...], policy: int) -> dict[str, Any]:
    """One day under one policy: at each decision the place of how things stood there (its cells, how many the lead had
    and the services held, the funnel and its losses, what was gained and lost beside no change), and where it parts."""
    twin, usual = under[policy], under[0].day
    stands = []
    for name in replay.decisions:
        rows, before = twin.day.at(name), usual.at(name)
        had, had_before = ({one.item for one in some if one.had} for some in (rows, before))
        stands.append(
            book.stands.place(
                (
                    tuple(book.cell(one) for one in rows),
                    len(had),
                    sum(one.held for one in rows),
                    tuple(survivors(rows)),
                    tuple(losses(book, rows)),
                    tuple(book.items[item] for item in replay.order if item in had - had_before),
                    tuple(book.items[item] for item in replay.order if item in had_before - had),
                )
            )
        )
    data: dict[str, Any] = {"stands": stands, "had": twin.day.had}
    if twin.parting:
        when = replay.world.calendar.moment(twin.parting.time)
        data["parting"] = [
            f"{Days.of(replay.world.case.case).spoken(when)} at {when:%H:%M}",
            *(book.words.place(words) for words in (twin.parting.first, twin.parting.other)),
        ]
    return data


def survivors(rows: list[Standing]) -> list[int]:
    """How many items there were, then how many came past each stage."""
    stopped = Counter(one.stage for one in rows if one.state != WEIGHED)
    left = [len(rows)]
    for stage in STAGES:
        left.append(left[-1] - stopped[stage])
    return left


def losses(book: Book, rows: list[Standing]) -> list[tuple[int, int, int]]:
    """Stage, reason (-1 for what was still moving) and how many, stage by stage."""
    found = Counter(
        (STAGES.index(one.stage), -1 if one.state == MOVING else book.reasons[one.reason])
        for one in rows
        if one.state != WEIGHED
    )
    ranked = sorted(found.items(), key=lambda row: (row[0][0], -row[1], row[0][1]))
    return [(stage, reason, number) for (stage, reason), number in ranked]


def gate_data(replay: Replay, choice: Choice, roles: list[str], places: dict[str, int]) -> dict[str, Any]:
    """One decision: when, who decides, the axis up to it, and whom the lead could ask."""
    world = replay.world
    when, days = world.calendar.moment(choice.at), Days.of(world.case.case)
    end = round(choice.at / (1 - AFTER))
    lead, words = world.roles[choice.lead].words, cap(undated(choice.words))
    return {
        "id": choice.id,
        "words": words,
        "title": words if days.label(when) in words else f"{words}, {days.spoken(when)}",
        "when": days.heading(when),
        "on": days.spoken(when),
        "at": choice.at / GRAIN,
        "end": end / GRAIN,
        "ticks": ticks(world, choice.at),
        "lead": roles.index(choice.lead),
        "who": lead,
        "label": wrap(lead, LABEL),
        "known": [roles.index(who) for who in world.known_to(choice.lead, choice.start) if who != choice.lead],
        "items": len(replay.shown.twins[0][0].day.at(choice.id)),
    }


def ticks(world: World, until: int) -> list[list[Any]]:
    """Mondays up to a decision, evenly thinned: minute and date."""
    first, days = world.calendar.moment(0), Days.of(world.case.case)
    mondays = range((7 - first.weekday()) % 7, until // DAY + 1, 7)
    apart = -(-len(mondays) // MOST_TICKS) or 1
    return [[day * DAY // GRAIN, days.label(first + timedelta(days=day))] for day in mondays[::apart]]
