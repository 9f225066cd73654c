"""What one process does for a case as recorded: weigh runs, and follow those that were kept into their twins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.design import Arm
from experiments.direction import load_counterfactuals
from experiments.documented import Documented, Lived, documented
from experiments.replication import live
from results.measures import measured
from results.parting import Luck, Parting, counted, luck_behind, parting
from results.spread import happened
from results.targets import came_about
from scenarios.practice import FAMILIES
from simulation.chance import Address
from simulation.clock import DAY
from simulation.evidence import Evidence, Plan
from simulation.journey import journeys
from simulation.recorded import Twin
from simulation.routes import Routes
from simulation.trace import Trace
from simulation.world import World

Bits = NDArray[np.bool_]
SAME, FRESH = "same", "fresh"
"""Which luck a twin has where the policy moves the chance of a documented act: what it had, or luck dealt anew."""
ANSWERS = ("read", "voiced", "weighed")


class Asked(NamedTuple):
    """All that a process needs to know; its `name` tells it from any other. The pilot gives `plan` and `leaning`."""

    name: str
    case: str
    keep: tuple[str, ...] | None
    plan: Plan
    leaning: Mapping[Address, float]
    arms: tuple[Arm, ...]
    seed: int


class Weighed(NamedTuple):
    """What a run weighs and why: by entry its weight before and its factor, by day what was met; all as logarithms.
    `on` are the days on which entries bent something or ruled the run out: (day, entry), each once."""

    log: float
    ruled_out: tuple[str, float, str] | None
    before: NDArray[np.float64]
    met: NDArray[np.float64]
    days: NDArray[np.float64]
    on: NDArray[np.int16]


class Answered(NamedTuple):
    """What a history answers: a row for each of ANSWERS, a column for each pair of item and decision."""

    bits: Bits
    minutes: float


class Twinned(NamedTuple):
    """A twin: its answers, where it parts from the recorded run, whose luck was behind each decision, and how many
    documented acts hang on another chance under the policy."""

    answered: Answered
    parted: tuple[int, str] | None
    luck: tuple[Luck, ...]
    moved: int


class Followed(NamedTuple):
    """A recorded run and its twins, by arm and by whose luck."""

    recorded: Answered
    targets: dict[str, bool]
    twins: dict[tuple[str, str], Twinned]


def shown_items(world: World) -> frozenset[str]:
    """The items whose journeys are followed: those that are measured, and those the case's counterfactuals name."""
    return measured(world) | {item for row in load_counterfactuals(world.case.case.id) for item in row.items}


def weighed(lived: Lived, entries: Mapping[str, int], last: int) -> Weighed:
    """What a run weighs, by the entries' places and over so many days."""
    before, factors, days = np.full(len(entries), -inf), np.zeros(len(entries)), np.zeros(last)
    days[0] = lived.chance.leant  # as a whole, since on the mean it neither gives nor takes
    bent: dict[tuple[int, int], None] = {}
    so_far = 0.0
    for minute, entry, log in lived.chance.factors:
        number, day = entries[entry], min(minute // DAY, last - 1)
        if before[number] == -inf:
            before[number] = so_far
        bent[day, number] = None
        factors[number] += log
        days[day] += log
        so_far += log
    untouched = before == -inf
    if lived.ruled_out:
        name, minute, _ = lived.ruled_out.args
        number, day = entries[name], min(int(minute) // DAY, last - 1) if minute < inf else last - 1
        before[number] = so_far if untouched[number] else before[number]
        bent[day, number] = None
        factors[number] = -inf
        days[day:] = -inf
    else:
        before[untouched] = so_far
    log, ruled_out = (-inf, lived.ruled_out.args) if lived.ruled_out else (lived.chance.log_weight, None)
    on = np.array([*bent], np.int16).reshape(-1, 2)
    return Weighed(log, ruled_out, before + lived.chance.leant, factors, days, on)


class Bench:
    """A case with its record, and the worlds its twins live in."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        found = documented(asked.case, asked.keep)
        evidence = replace(found.evidence, plan=asked.plan, leaning=asked.leaning)
        self.known: Documented = replace(found, evidence=evidence)
        self.usual = self.known.world
        self.entries = {entry.id: number for number, entry in enumerate(self.known.record.entry)}
        self.measured = shown_items(self.usual)
        self.routes = Routes(self.usual)
        self.places = {
            arm.name: Place(self.usual, self.usual.under(arm.apply(self.usual.practice))) for arm in asked.arms
        }

    def weigh(self, replication: int) -> Weighed:
        """One run, for its weight alone."""
        lived = self.known.live(self.asked.seed, replication)
        return weighed(lived, self.entries, self.usual.end // DAY + 1)

    def follow(self, replication: int) -> Followed:
        """One run and all its twins. Raises ValueError where the run does not fit the record."""
        lived = self.known.live(self.asked.seed, replication)
        if lived.ruled_out:
            raise ValueError(f"run {replication} does not fit the record: {lived.ruled_out.entry}")
        ways = list(journeys(lived.trace, self.usual, self.routes, self.measured))
        targets = came_about(happened(lived.trace), self.usual, ways)
        twins: dict[tuple[str, str], Twinned] = {}
        for arm in self.asked.arms:
            place = self.places[arm.name]
            fresh = place.moved(lived)
            twins[arm.name, SAME] = self._twin(lived, place, lived.chance.twin(), len(fresh))
            twins[arm.name, FRESH] = (
                self._twin(lived, place, lived.chance.twin(fresh), len(fresh)) if fresh else twins[arm.name, SAME]
            )
        return Followed(self._answers(lived.trace, self.usual, self.routes), targets, twins)

    def _twin(self, lived: Lived, place: Place, luck: Twin, moved: int) -> Twinned:
        trace = live(place.world, luck)
        parted = parting(lived.trace, trace)
        return Twinned(
            self._answers(trace, place.world, place.routes),
            (parted.minute, place.told(parted)) if parted else None,
            tuple(self.luck(lived, trace)),
            moved,
        )

    def luck(self, lived: Lived, twin: Trace) -> Iterable[Luck]:
        """Whose luck was behind each decision of a twin, in order of the decisions."""
        evidence: Evidence = self.known.evidence
        kinds = list(luck_behind(lived.trace, twin, lambda address: bool(evidence.of(address))))
        decided = {event.occasion: event.row for event in twin.events if event.act == "decide"}
        for choice in self.usual.choices:
            yield counted(kind for row, kind in kinds if row < decided[choice])

    def _answers(self, trace: Trace, world: World, routes: Routes) -> Answered:
        ways = journeys(trace, world, routes, self.measured)
        bits = np.array([[way.read, way.voiced, way.weighed] for way in ways], bool).T
        return Answered(bits, sum(event.minutes for event in trace.events))


class Place:
    """The world under one arm, beside the usual one."""

    def __init__(self, usual: World, world: World) -> None:
        self.usual, self.world, self.routes = usual, world, Routes(world)
        practice, other = usual.practice, world.practice
        self.changed = [leaf for leaf in practice.leaves if practice.value_of(leaf) != other.value_of(leaf)]
        self.delays = any(leaf.partition(".")[0] in ("delay", "spread") for leaf in self.changed)
        self.shifted = {leaf.split(".")[1] for leaf in self.changed if leaf.startswith("odds.")} & {*FAMILIES}

    def moved(self, lived: Lived) -> list[Address]:
        """The documented draws of this run whose chance, or whose delay, the arm moves."""
        evidence = lived.chance.evidence
        bent = [address for address in lived.chance.luck if address[0].endswith("-wait") or evidence.of(address)]
        return [address for address in bent if self._moves(address)]

    def _moves(self, address: Address) -> bool:
        if address[0].endswith("-wait"):
            return self.delays
        return address[0] in self.shifted or self.usual.moves(self.world, address)

    def told(self, parted: Parting) -> str:
        """Where two histories part, as acts and roles: the first thing that one has and the other has not."""
        events = parted.only_twin or parted.only_recorded
        event = events[0]
        return " ".join(part for part in (event.act, event.who, event.whom, event.item, event.occasion) if part)


_kept: dict[str, Bench] = {}
"""The bench this process has open: one at a time."""


def _bench(asked: Asked) -> Bench:
    if asked.name not in _kept:
        _kept.clear()
        _kept[asked.name] = Bench(asked)
    return _kept[asked.name]


def weigh(asked: Asked, first: int, last: int) -> list[Weighed]:
    """Some runs, for their weights."""
    return [_bench(asked).weigh(replication) for replication in range(first, last)]


def follow(asked: Asked, replications: list[int]) -> list[Followed]:
    """Some runs with their twins."""
    return [_bench(asked).follow(replication) for replication in replications]
