"""Runs a design, in parallel; the same bytes in any order; resumes by what is there."""

from __future__ import annotations

import gc
import multiprocessing
import os
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from experiments.design import Arm, Chunk, Experiment, drawn
from experiments.replication import replicate
from results.measures import measured, scored_at
from results.spread import Audience, audience_of, first_read, happened, held, spread
from results.store import AS_USUAL_ONLY, SCHEMAS, Store
from results.targets import met
from scenarios.load import case_called, load_policies, load_practice
from scenarios.policy import USUAL
from simulation.journey import journeys
from simulation.routes import Routes
from simulation.world import World

Progress = Callable[[int, int], None]
"""Called with (runs done, runs in all) as chunks finish."""


class Built(NamedTuple):
    """An arm's world, its routes, who has a part in its decisions, and the items that are measured."""

    key: tuple[tuple[str, float], ...]
    world: World
    routes: Routes
    audience: Audience
    measured: frozenset[str]


MOST_KEPT = 24
"""Worlds that a worker keeps at once: each grows to some twenty megabytes as its caches fill."""


class Bench:
    """What a worker keeps between chunks: the case, and the worlds it used last."""

    def __init__(self, case: str) -> None:
        practice = load_practice()
        self.usual = World(case_called(case, practice), practice)
        self.audience = audience_of(self.usual, scored_at(self.usual))
        self.measured = measured(self.usual)
        self._kept: dict[tuple[tuple[str, float], ...], Built] = {}

    def world(self, arm: Arm, seed: int, draw: int) -> Built:
        """The world of an arm under a draw, with what is read off its runs. Arms that come to the
        same practice share one."""
        practice = arm.apply(drawn(self.usual.practice, seed, draw))
        key = tuple(sorted(practice.values.items()))
        built = self._kept.pop(key, None)
        if built is None:
            world = self.usual.under(practice)
            built = Built(key, world, Routes(world), self.audience, self.measured)
        self._kept[key] = built
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return built


@cache
def bench_for(case: str) -> Bench:
    """This process's bench. What stands by now stays, and finished models free themselves, so the
    garbage collector need look seldom and not far."""
    gc.freeze()
    gc.set_threshold(200_000)
    return Bench(case)


def run_chunk(experiment: Experiment, chunk: Chunk, root: Path) -> int:
    """Run one chunk, write its part, and say how many runs it was. Arm by arm: a world's caches
    stay warm, and arms that share a world share its runs."""
    bench = bench_for(experiment.case)
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in SCHEMAS}
    done: dict[Any, list[tuple[str, tuple[Any, ...]]]] = {}
    for arm in experiment.arms:
        built: Built | None = None
        as_usual = arm.name == USUAL
        for replication in range(chunk.first, chunk.last):
            key = chunk.draw, replication, arm.name
            try:
                built = built or bench.world(arm, experiment.seed, chunk.draw)
                run = built.key, replication
                if run not in done:
                    done[run] = list(run_once(built, experiment.seed, replication, as_usual))
            except Exception:
                command = reproduce(experiment, chunk.draw, replication, arm)
                rows["failures"].append((*key, traceback.format_exc(), command))
                continue
            for table, row in done[run]:
                if table not in AS_USUAL_ONLY or as_usual:
                    rows[table].append((*key, *row))
    Store(root).write_part(chunk.name, rows)
    return (chunk.last - chunk.first) * len(experiment.arms)


def run_once(
    built: Built, seed: int, replication: int, as_usual: bool = False
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """One replication's rows: how far each item got, how far word spread, and what each role spent;
    `as_usual` also what is told of practice as usual alone."""
    _, world, routes, audience, measured = built
    trace = replicate(world, seed, replication)
    ways = list(journeys(trace, world, routes, measured))
    for way in ways:
        yield "journeys", way
    known = happened(trace)
    yield "spread", spread(known, audience)
    for first in first_read(known, audience):
        yield "first_read", first
    if as_usual:
        for row in met(known, world, ways):
            yield "targets", row
        for pair in held(known, audience):
            yield "held", pair
    spent: defaultdict[str, float] = defaultdict(float)
    for event in trace.events:
        if event.minutes:
            spent[event.who] += event.minutes
    for role in sorted(spent):
        yield "minutes", (role, spent[role])


def reproduce(experiment: Experiment, draw: int, replication: int, arm: Arm) -> str:
    """The command that runs one replication again."""
    words = ["safeguarding trace", experiment.case, *(f"{leaf}={value!r}" for leaf, value in arm.changes)]
    if arm.policies:
        words.append(f"--policy {arm.name}")
        known = load_policies(load_practice()).values()
        if any(policy not in known for policy in arm.policies):
            words.append(f"--adherence {arm.policies[0].adherence}")
    return " ".join([*words, f"--replication {replication} --seed {experiment.seed} --draw {draw}"])


def run(
    experiment: Experiment,
    root: Path,
    workers: int = 0,
    method: str | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> None:
    """Run what is not there yet. `workers` 0 means one for each core; `method` is fork or spawn."""
    store = Store(root)
    chunks = list(experiment.chunks())
    waiting = [chunk for chunk in chunks if not store.has(chunk.name)]
    total = sum((chunk.last - chunk.first) * len(experiment.arms) for chunk in chunks)
    done = total - sum((chunk.last - chunk.first) * len(experiment.arms) for chunk in waiting)
    report = progress or (lambda _done, _total: None)
    report(done, total)
    for runs in _finished(experiment, waiting, root, workers or os.cpu_count() or 1, method, executor):
        done += runs
        report(done, total)


def _finished(
    experiment: Experiment, chunks: list[Chunk], root: Path, workers: int, method: str | None, executor: Executor | None
) -> Iterator[int]:
    """The size of each chunk, as it finishes."""
    if executor is None and (workers == 1 or len(chunks) < 2):
        for chunk in chunks:
            yield run_chunk(experiment, chunk, root)
        return
    pool = executor or ProcessPoolExecutor(workers, multiprocessing.get_context(method or _method()))
    try:
        futures = [pool.submit(run_chunk, experiment, chunk, root) for chunk in chunks]
        for future in as_completed(futures):
            yield future.result()
    finally:
        if executor is None:
            pool.shutdown(wait=True, cancel_futures=True)


def _method() -> str:
    """Fork where it is safe and quick, else spawn."""
    return "fork" if "fork" in multiprocessing.get_all_start_methods() and os.name == "posix" else "spawn"
