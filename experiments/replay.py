"""Which histories the trainer's page shows: the opening one, the other days, and each under every policy."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import cache, partial
from statistics import median
from typing import NamedTuple

from experiments.compare import arms
from experiments.design import Arm
from experiments.pool import Pool, pool_of
from experiments.replication import replicate
from results.replay.data import Luck, Policy, Replay, Twin
from results.replay.day import day, told
from results.replay.gates import core, facts, gates
from results.replay.parting import parting
from scenarios.faults import BadInput, Fault
from scenarios.load import case_called, case_names, load_policies, load_practice
from scenarios.policy import weakest
from simulation.routes import Routes
from simulation.world import World

Progress = Callable[[int, int], None]
"""Called with (days done, days in all) as they finish."""

NULL = "P46"
"""A policy that can do nothing: it shows that the same luck is the same luck."""


def invented() -> str:
    """The first invented family that comes with the package: what is replayed when nobody names a case."""
    practice = load_practice()
    return next(name for name in case_names() if case_called(name, practice).case.invented)


def usual_policies(case: str) -> list[str]:
    """One policy that tells, one that asks, and all that the case's own review asks for, else one that does nothing."""
    known = load_policies(load_practice()).items()
    own = {name: policy for name, policy in known if policy.review == case and policy.leaves}
    return ["push", "pull", max(own, key=lambda name: len(own[name].leaves), default=NULL)]


def days(case: str, seed: int, count: int) -> Luck:
    """Whose luck the days are: as usual, one replication a day, in order."""
    if case_called(case, load_practice()).case.invented:
        return Luck(seed, tuple(range(count)), "The days differ by luck alone.")
    words = "These are days as usual: not conditioned on the record of what the review says people did."
    return Luck(seed, tuple(range(count)), words)


def replayed(
    case: str,
    policies: list[str] | None,
    decisions: list[str] | None,
    count: int,
    seed: int,
    workers: int | str = 0,
    progress: Progress | None = None,
) -> Replay:
    """Run every day under every policy, and choose the day that the page opens on.

    Raises BadInput where a case, a policy or a decision does not exist, or nothing is scored.
    """
    names = tuple(policies or usual_policies(case))
    chosen = arms(list(names))
    world = casts(case, names)[0].world
    shown = tuple(choice.id for choice in gates(world, decisions))
    if not shown:
        raise BadInput([Fault("request", f"case {case}", "nothing is scored at any decision", "See `bears_on`.")])
    luck = days(case, seed, count)
    report = progress or (lambda _done, _total: None)
    run = partial(live, case, names, shown, core(world), seed)
    twins: list[tuple[Twin, ...]] = []
    for done in _each(run, luck.numbers, pool_of(workers)):
        twins.append(done)
        report(len(twins), count)
    opening = nearest_median([under[0].day.had for under in twins])
    every = live(case, names, shown, facts(world), seed, luck.numbers[opening])
    return Replay(world, shown, tuple(map(_policy, chosen)), luck, twins, opening, every)


def nearest_median(numbers: list[int]) -> int:
    """The place of the number nearest the median; of several, the first."""
    middle = median(numbers)
    return min(range(len(numbers)), key=lambda place: (abs(numbers[place] - middle), place))


def live(
    case: str, names: tuple[str, ...], shown: tuple[str, ...], items: frozenset[str], seed: int, number: int
) -> tuple[Twin, ...]:
    """One day's luck under every policy, practice as usual first."""
    found: list[Twin] = []
    first = None
    for world, routes in casts(case, names):
        telling = told(replicate(world, seed, number), world, routes)
        first = first or telling
        found.append(Twin(day(telling, shown, items), None if telling is first else parting(first, telling)))
    return tuple(found)


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


def _each(run: Callable[[int], tuple[Twin, ...]], numbers: tuple[int, ...], pool: Pool) -> Iterator[tuple[Twin, ...]]:
    """Every day in order, whoever runs it."""
    underway: deque[Future[tuple[Twin, ...]]] = deque()
    finished = False
    try:
        for number in numbers:
            underway.append(pool.submit(run, number))
            if len(underway) >= pool.width:
                yield underway.popleft().result()
        while underway:
            yield underway.popleft().result()
        finished = True
    finally:
        pool.close(at_once=not finished)


def _policy(arm: Arm) -> Policy:
    """An arm as the page speaks of it."""
    if not arm.policies:
        return Policy(arm.name, "As usual", "What people do now, as far as it is known.", "", 0.0)
    return Policy(
        arm.name,
        " + ".join(one.title for one in arm.policies),
        " ".join(one.meaning for one in arm.policies),
        weakest(one.effect for one in arm.policies),
        sum(one.standing_hours for one in arm.policies),
    )
