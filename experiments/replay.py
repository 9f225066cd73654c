"""Which histories the trainer's page shows: the opening one, the other days, and each under every policy."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from functools import cache, partial
from statistics import median
from typing import NamedTuple

from experiments import following, replication
from experiments.as_recorded import RecordWeighed, record_weighed
from experiments.compare import arms
from experiments.design import Arm
from experiments.documented import Documented, documented
from experiments.pool import Pool, pool_of
from results.replay.data import Luck, Policy, Replay, Series, Twin
from results.replay.day import day, told
from results.replay.gates import core, facts, gates
from results.replay.parting import parting
from results.weights import resampled
from scenarios.faults import BadInput, Fault
from scenarios.load import case_called, case_names, load_policies, load_practice
from scenarios.policy import weakest
from scenarios.record import record_path
from simulation.chance import address_key, luck_key, mix64, uniform
from simulation.routes import Routes
from simulation.trace import Trace
from simulation.world import World

Progress = Callable[[int, int], None]
"""Called with (runs done, runs in all) as they finish."""

NULL = "P46"
"""A policy that can do nothing: it shows that the same luck is the same luck."""
RESAMPLE = "resample", "", "", "", ""
"""The address of the one draw that chooses days by weight."""


def invented() -> str:
    """The first invented family that comes with the package: what is replayed when nobody names a case."""
    practice = load_practice()
    return next(name for name in case_names() if case_called(name, practice).case.invented)


def usual_policies(case: str) -> list[str]:
    """One policy that tells, one that asks, and all that the case's own review asks for, else one that does nothing."""
    known = load_policies(load_practice()).items()
    own = {name: policy for name, policy in known if policy.review == case and policy.leaves}
    return ["push", "pull", max(own, key=lambda name: len(own[name].leaves), default=NULL)]


def replayed(
    case: str,
    policies: list[str] | None,
    decisions: list[str] | None,
    count: int,
    seed: int,
    workers: int | str = 0,
    progress: Progress | None = None,
    most: int | None = None,
    full_record: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Replay:
    """Run every day under every policy, and choose the day that the page opens on: days that fit the case's record,
    where it has one, found among `most` runs at most, and days as usual.

    Raises BadInput where a case, a policy or a decision does not exist, nothing is scored, or no run fits the record.
    """
    names = tuple(policies or usual_policies(case))
    chosen = arms(list(names))
    world = casts(case, names)[0].world
    shown = tuple(choice.id for choice in gates(world, decisions))
    if not shown:
        raise BadInput([Fault("request", f"case {case}", "nothing is scored at any decision", "See `bears_on`.")])
    scene = Scene(case, names, shown, core(world), seed)
    pool, at_once = pool_of(workers), True
    try:
        series = []
        if record_path(case).exists():
            weighed = record_weighed(pool, case, (), sorted(scene.items), full_record, most, seed, progress, say)
            fitting = as_recorded(weighed, count, seed, world.case.case.invented)
            series.append(_series(pool, partial(live_recorded, scene, weighed.asked), world, fitting, progress))
        series.append(_series(pool, partial(live, scene), world, as_usual(seed, count, bool(series)), progress))
        at_once = False
    finally:
        pool.close(at_once)
    return Replay(world, shown, tuple(map(_policy, chosen)), tuple(series))


def as_usual(seed: int, count: int, has_record: bool) -> Luck:
    """Days as usual: one replication a day, in order."""
    words = "Luck alone makes the days differ."
    if has_record:
        words = f"These are days as usual: not tied to the record of what people did. {words}"
    return Luck(seed, tuple(range(count)), "as usual", words, "")


def as_recorded(found: RecordWeighed, count: int, seed: int, invented: bool) -> Luck:
    """Days given the record: runs that fit it, drawn by their weight."""
    weights = found.weights
    start = uniform(mix64(address_key(RESAMPLE) ^ luck_key(seed, 0)))
    numbers = tuple(int(number) for number in resampled(weights, count, start))
    entries = len(found.known.record.entry)
    source = "the story" if invented else "the review"
    words = f"What {source} says that people did happens on every day shown; luck decides the rest."
    if entries < found.whole:
        words = (
            f"Of {found.whole} things that {source} says people did, the {entries} that touch the items shown happen "
            "on every day shown (too few runs fit them all); luck decides the rest."
        )
    basis = (
        f"The {count} days that fit the record are drawn, by how well they fit, from {len(found.weighed):,} runs "
        f"(as good as {weights.effective:.0f} that fit alike); "
        f"{'no two are one' if len({*numbers}) == count else f'{len({*numbers})} of them differ'}."
    )
    return Luck(seed, numbers, "fitting the record", words, basis)


def nearest_median(numbers: list[int]) -> int:
    """The place of the number nearest the median; of several, the first."""
    middle = median(numbers)
    return min(range(len(numbers)), key=lambda place: (abs(numbers[place] - middle), place))


class Scene(NamedTuple):
    """What every day is asked: of which case, under which policies, at which decisions, of which items."""

    case: str
    names: tuple[str, ...]
    shown: tuple[str, ...]
    items: frozenset[str]
    seed: int


class Cast(NamedTuple):
    """A policy's world and its routes."""

    world: World
    routes: Routes


@cache
def casts(case: str, names: tuple[str, ...]) -> tuple[Cast, ...]:
    """The worlds of a case under practice as usual and each policy, kept by each process."""
    practice = load_practice()
    usual = World(case_called(case, practice), practice)
    worlds = [usual.under(arm.apply(practice)) if arm.policies else usual for arm in arms(list(names))]
    return tuple(Cast(world, Routes(world)) for world in worlds)


def live(scene: Scene, number: int, whole: bool = False) -> tuple[Twin, ...]:
    """One day's luck as usual under every policy, no change first; with the core items, or the `whole` of them."""
    return _twins(scene, traces_as_usual(scene, number), whole)


def live_recorded(scene: Scene, asked: following.Asked, number: int, whole: bool = False) -> tuple[Twin, ...]:
    """One day that fits the record, and its twin under every policy."""
    return _twins(scene, traces_as_recorded(scene, asked, number), whole)


def traces_as_usual(scene: Scene, number: int) -> Iterator[Trace]:
    """One luck lived under every policy."""
    for world, _ in casts(scene.case, scene.names):
        yield replication.replicate(world, scene.seed, number)


def traces_as_recorded(scene: Scene, asked: following.Asked, number: int) -> Iterator[Trace]:
    """A run that fits the record, and its luck lived again under every policy. Raises ValueError if it does not fit."""
    lived = _record(scene, asked).live(asked.seed, number)
    if lived.ruled_out:
        raise ValueError(f"run {number} does not fit the record: {lived.ruled_out.entry}")
    yield lived.trace
    for world, _ in casts(scene.case, scene.names)[1:]:
        yield replication.live(world, lived.chance.twin())


def _twins(scene: Scene, traces: Iterable[Trace], whole: bool) -> tuple[Twin, ...]:
    found: list[Twin] = []
    first = None
    for (world, routes), trace in zip(casts(scene.case, scene.names), traces, strict=True):
        telling = told(trace, world, routes)
        first = first or telling
        one = day(telling, scene.shown, facts(world) if whole else scene.items)
        found.append(Twin(one, None if telling is first else parting(first, telling)))
    return tuple(found)


_kept: dict[tuple[object, ...], Documented] = {}
"""The record this process has at hand: one at a time."""


def _record(scene: Scene, asked: following.Asked) -> Documented:
    """The record that was weighed, in the world that the days are lived in."""
    key = asked.name, scene.case, scene.names
    if key not in _kept:
        _kept.clear()
        found = documented(asked.case, asked.keep)
        evidence = replace(found.evidence, plan=asked.plan, leaning=asked.leaning)
        _kept[key] = replace(found, world=casts(scene.case, scene.names)[0].world, evidence=evidence)
    return _kept[key]


def _series(
    pool: Pool, run: Callable[..., tuple[Twin, ...]], world: World, luck: Luck, progress: Progress | None
) -> Series:
    """All days on one kind of luck; the opening one with every item."""
    twins: list[tuple[Twin, ...]] = []
    for done in _each(run, luck.numbers, pool):
        twins.append(done)
        if progress:
            progress(len(twins), len(luck.numbers))
    opening = nearest_median([under[0].day.had for under in twins])
    return Series(luck, twins, opening, run(luck.numbers[opening], whole=True))


def _each(run: Callable[..., tuple[Twin, ...]], numbers: tuple[int, ...], pool: Pool) -> Iterator[tuple[Twin, ...]]:
    """Every day in order, whoever runs it."""
    underway: deque[Future[tuple[Twin, ...]]] = deque()
    for number in numbers:
        underway.append(pool.submit(run, number))
        if len(underway) >= pool.width:
            yield underway.popleft().result()
    while underway:
        yield underway.popleft().result()


def _policy(arm: Arm) -> Policy:
    """An arm as the page speaks of it."""
    if not arm.policies:
        return Policy(arm.name, "No change", "What people do now, as far as it is known.", "", 0.0)
    return Policy(
        arm.name,
        " + ".join(one.title for one in arm.policies),
        " ".join(one.meaning for one in arm.policies),
        weakest(one.effect for one in arm.policies),
        sum(one.standing_hours for one in arm.policies),
    )
