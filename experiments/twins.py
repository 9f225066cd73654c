"""Twins: one history that fits a record, and the same luck under a policy, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import log

from experiments.design import Arm
from experiments.documented import Documented, Lived, documented
from experiments.following import Place
from experiments.pilot import piloted
from experiments.replication import live
from results.chronology import Entry, chronology
from results.measures import pairs_of
from results.parting import Luck, Parting, counted, luck_behind, parting, rows_behind
from scenarios.faults import BadInput, Fault
from simulation.chance import address_key, luck_key, mix64, uniform
from simulation.journey import Journey, journeys
from simulation.trace import Trace

TRIED = 60
"""Runs that are tried for one that fits; of those that do, one is drawn by its weight."""
PILOTS = 20
MOST_TRIED = 2_000


@dataclass(frozen=True)
class Followup:
    """What became of one item for one decision, in both histories, and in a third on fresh luck where that differs."""

    item: str
    decision: str
    recorded: Journey
    twin: Journey
    fresh: Journey | None
    luck: Luck


@dataclass(frozen=True)
class Twins:
    """A recorded run and its twin. `moved` is how many documented acts the policy makes likelier, or less likely."""

    known: Documented
    replication: int
    recorded: Trace
    twin: Trace
    parted: Parting | None
    followed: list[Followup]
    luck: Luck
    moved: int
    only_recorded: list[Entry]
    only_twin: list[Entry]


def fitting(case: str, seed: int, replication: int | None = None) -> tuple[Documented, int, Lived]:
    """A run that fits the record: the one asked for, or of those that do, one drawn as its weight bids.

    Raises BadInput where the one asked for does not fit, or none does; what ruled runs out is named.
    """
    known, _ = piloted(documented(case), seed, 2, PILOTS)
    if replication is not None:
        lived = known.live(seed, replication)
        if lived.ruled_out:
            found = f"run {replication} does not fit the record: {lived.ruled_out.entry}, {lived.ruled_out.why}"
            raise BadInput([Fault("request", f"replication {replication}", found, "Leave it out, or name another.")])
        return known, replication, lived
    return known, *_drawn(known, seed)


def _drawn(known: Documented, seed: int) -> tuple[int, Lived]:
    """Of the runs that fit, the one whose weight divided by an exponential of its own is the largest: a draw in
    proportion to weight, whatever the order."""
    best: tuple[float, int, Lived] | None = None
    deaths: Counter[str] = Counter()
    for replication in range(MOST_TRIED):
        lived = known.live(seed, replication)
        if lived.ruled_out:
            deaths[f"{lived.ruled_out.entry}, {lived.ruled_out.why}"] += 1
        else:
            u = uniform(mix64(address_key(("draw", "", "", "", "")) ^ luck_key(seed, replication)))
            score = lived.chance.log_weight - log(-log(u))
            if best is None or score > best[0]:
                best = score, replication, lived
        if replication >= TRIED - 1 and best:
            return best[1], best[2]
    file = f"{known.record.record.case}.toml"
    found = f"of {MOST_TRIED:,} runs none fits the record; this ruled out"
    raise BadInput(
        [Fault(file, f"entry {why}", f"{found} {times}", "Check it.") for why, times in deaths.most_common()]
    )


def twins(case: str, arm: Arm, seed: int = 1, replication: int | None = None, items: list[str] | None = None) -> Twins:
    """A history that fits the whole record, and its twin under an arm; with `items`, what followed for these alone."""
    known, number, lived = fitting(case, seed, replication)
    usual = Place(known.world, known.world)
    place = Place(known.world, known.world.under(arm.apply(known.world.practice)))
    moved = place.moved(lived)
    twin = live(place.world, lived.chance.twin())
    fresh = live(place.world, lived.chance.twin(moved)) if moved else None
    item = items[0] if items and len(items) == 1 else None
    one, other = (
        chronology(trace, where.world, where.routes, item) for trace, where in ((lived.trace, usual), (twin, place))
    )
    parted = parting(lived.trace, twin)
    since = known.world.calendar.moment(parted.minute if parted else 0)
    return Twins(
        known,
        number,
        lived.trace,
        twin,
        parted,
        [*_followed(known, lived.trace, twin, fresh, usual, place, {*(items or ())})],
        counted(kind for _, kind in luck_behind(lived.trace, twin, known.is_documented)),
        len(moved),
        _only(one, other, since),
        _only(other, one, since),
    )


def _followed(
    known: Documented, recorded: Trace, twin: Trace, fresh: Trace | None, usual: Place, place: Place, items: set[str]
) -> Iterator[Followup]:
    """What became of each critical item for each decision, where it was not the same."""
    scored = pairs_of(known.world).scored
    shown = frozenset(item for item, _ in scored if not items or item in items)
    before, after = _ways(recorded, usual, shown), _ways(twin, place, shown)
    anew = _ways(fresh, place, shown) if fresh else {}
    decided = {event.occasion: event.row for event in twin.events if event.act == "decide"}
    for pair in sorted(before, key=lambda pair: (known.world.choices[pair[1]].at, pair)):
        if pair in scored and _fate(before[pair]) != _fate(after[pair]):
            rows = rows_behind(twin, pair[0], decided[pair[1]])
            kinds = luck_behind(recorded, twin, known.is_documented, rows)
            yield Followup(*pair, before[pair], after[pair], anew.get(pair), counted(kind for _, kind in kinds))


def _ways(trace: Trace, place: Place, items: frozenset[str]) -> dict[tuple[str, str], Journey]:
    return {(way.item, way.decision): way for way in journeys(trace, place.world, place.routes, items)}


def _fate(way: Journey) -> tuple[bool, bool, str]:
    return way.read, way.weighed, way.reason


def _only(one: list[Entry], other: list[Entry], since: datetime) -> list[Entry]:
    """What stands in one chronology and not, in the same words at the same time, in the other, from where they part: a
    decision's words look ahead."""
    left = Counter((entry.when, entry.words) for entry in other)
    found = []
    for entry in one:
        key = entry.when, entry.words
        if left[key]:
            left[key] -= 1
        elif entry.when >= since:
            found.append(entry)
    return found
