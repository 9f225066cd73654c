"""What a worker does: a chunk's runs, as rows. The same chunk gives the same rows wherever and whenever it is run."""

from __future__ import annotations

import gc
import shlex
import traceback
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from threading import Lock
from typing import Any, NamedTuple

from experiments.design import Arm, Changes, Chunk, Experiment, drawn
from experiments.manifest import fingerprint
from experiments.replication import replicate
from results.measures import Pairs, measured, of_run, pairs_of, scored_at
from results.spread import Audience, audience_of, first_read, happened, held, spread
from results.store import AS_USUAL_ONLY, Files, as_files
from results.targets import met
from scenarios.load import case_called, load_policies, load_practice
from scenarios.policy import USUAL, Policy
from scenarios.refusals import AnotherModel
from simulation.journey import journeys
from simulation.routes import Routes
from simulation.trace import Trace
from simulation.world import World

RowLists = dict[str, list[tuple[Any, ...]]]


class Built(NamedTuple):
    """An arm's world, its routes, and what is read off its runs: who has a part in its decisions, which items are
    followed, which pairs each measure reads."""

    key: tuple[tuple[str, float], ...]
    world: World
    routes: Routes
    audience: Audience
    measured: frozenset[str]
    pairs: Pairs


MOST_KEPT = 24
"""Worlds that a worker keeps at once: each grows to some twenty megabytes as its caches fill."""


class Bench:
    """What a worker keeps between chunks: the case, and the worlds it used last."""

    def __init__(self, case: str) -> None:
        practice = load_practice()
        self.usual = World(case_called(case, practice), practice)
        self.audience = audience_of(self.usual, scored_at(self.usual))
        self.measured = measured(self.usual)
        self.pairs = pairs_of(self.usual)
        self._kept: dict[tuple[tuple[str, float], ...], Built] = {}

    def world(self, arm: Arm, seed: int, draw: int, given: Changes | None = None) -> Built:
        """The world of an arm under a draw, or under `given` leaves, with what is read off its runs. Arms that come to
        the same practice share one."""
        usual = self.usual.practice
        practice = arm.apply(drawn(usual, seed, draw) if given is None else usual.changed(dict(given)))
        key = tuple(sorted(practice.values.items()))
        built = self._kept.pop(key, None)
        if built is None:
            world = self.usual.under(practice)
            built = Built(key, world, Routes(world), self.audience, self.measured, self.pairs)
        self._kept[key] = built
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return built


@cache
def bench_for(case: str, expected: str = "") -> Bench:
    """This process's bench. What stands by now stays, and finished models free themselves, so the
    garbage collector need look seldom and not far.

    Raises AnotherModel where what this process would run is not what is `expected` (a fingerprint; "" is not checked).
    """
    if expected and fingerprint(case) != expected:
        raise AnotherModel(
            "A worker has another version of the model, its libraries, practice or the case than this process has: "
            "give it the same."
        )
    gc.freeze()
    gc.set_threshold(200_000)
    return Bench(case)


one_at_a_time = Lock()
"""Worlds learn addresses as they are lived, so the threads of one process take turns."""


def run_chunk(experiment: Experiment, chunk: Chunk, expected: str = "") -> Files:
    """One chunk's part, as the bytes of its files. Raises AnotherModel, as `bench_for`."""
    return as_files(chunk_rows(experiment, chunk, expected))


def chunk_rows(experiment: Experiment, chunk: Chunk, expected: str = "") -> RowLists:
    """One chunk's rows, by table. Arm by arm: a world's caches stay warm, and arms that share a world share its runs.
    Raises AnotherModel, as `bench_for`."""
    with one_at_a_time:
        return _rows(bench_for(experiment.case, expected), experiment, chunk)


Told = dict[int, list[tuple[str, tuple[Any, ...]]]]
"""By replication, what is read off its run: rows, each with its table."""


def _rows(bench: Bench, experiment: Experiment, chunk: Chunk) -> RowLists:
    rows: RowLists = {table: [] for table in experiment.tables}
    shared: dict[Any, Told] = {}
    for arm in experiment.arms:
        built: Built | None = None
        done: Told = {}
        as_usual = arm.name == USUAL
        for replication in range(chunk.first, chunk.last):
            key = chunk.draw, replication, arm.name
            try:
                if built is None:
                    built = bench.world(arm, experiment.seed, chunk.draw, chunk.given)
                    done = shared.setdefault(built.key, done)  # once an arm: the key is long, and hashed anew each time
                if replication not in done:
                    done[replication] = list(run_once(built, experiment.seed, replication, as_usual))
            except Exception:
                rows["failures"].append(failure(experiment, chunk, replication, arm, traceback.format_exc()))
                continue
            for table, row in done[replication]:
                if table in rows and (table not in AS_USUAL_ONLY or as_usual):
                    rows[table].append((*key, *row))
    return rows


def run_once(
    built: Built, seed: int, replication: int, as_usual: bool = False
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """One replication's rows: how far each item got, what each role spent, and every measure; `as_usual` also what is
    told of practice as usual alone."""
    trace = replicate(built.world, seed, replication)
    ways = list(journeys(trace, built.world, built.routes, built.measured))
    for way in ways:
        yield "journeys", way
    known = happened(trace)
    for first in first_read(known, built.audience):
        yield "first_read", first
    if as_usual:
        for row in met(known, built.world, ways):
            yield "targets", row
        for pair in held(known, built.audience):
            yield "held", pair
    spent = minutes_spent(trace)
    for role in sorted(spent):
        yield "minutes", (role, spent[role])
    yield "runs", of_run(ways, spread(known, built.audience), spent.values(), built.pairs)


def minutes_spent(trace: Trace) -> dict[str, float]:
    """What each role spent."""
    spent: defaultdict[str, float] = defaultdict(float)
    for event in trace.events:
        if event.minutes:
            spent[event.who] += event.minutes
    return spent


def measures_of(trace: Trace, built: Built) -> tuple[float, ...]:
    """Every measure of one trace, whole or so far, in the order of `MEASURES`."""
    ways = journeys(trace, built.world, built.routes, built.measured)
    return of_run(ways, spread(happened(trace), built.audience), minutes_spent(trace).values(), built.pairs)


def failure(experiment: Experiment, chunk: Chunk, replication: int, arm: Arm, error: str) -> tuple[Any, ...]:
    """The row of a run that did not end."""
    return chunk.draw, replication, arm.name, error, reproduce(experiment, chunk, replication, arm)


def reproduce(experiment: Experiment, chunk: Chunk, replication: int, arm: Arm) -> str:
    """The command that runs one replication again."""
    words = ["safeguarding", "trace", experiment.case, *(f"{leaf}={value!r}" for leaf, value in arm.changes)]
    if arm.policies:
        known = load_policies(load_practice())
        words += ["--policy", "+".join(_called(policy, known) for policy in arm.policies)]
        if any(policy not in known.values() for policy in arm.policies):
            words += ["--adherence", str(arm.policies[0].adherence)]
    words += ["--replication", str(replication), "--seed", str(experiment.seed)]
    if chunk.given is None:
        words += ["--draw", str(chunk.draw)]
    for leaf, value in chunk.given or ():
        words += ["--given", f"{leaf}={value!r}"]
    return shlex.join(words)


def _called(policy: Policy, known: dict[str, Policy]) -> str:
    """The name of a policy, however far it is followed."""
    return next(
        name for name, other in known.items() if other.model_copy(update={"adherence": policy.adherence}) == policy
    )
