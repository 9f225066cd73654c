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
from typing import Any

from experiments.design import POINT, Arm, Chunk, Experiment, drawn
from experiments.replication import replicate
from results.measures import scored_leads
from results.spread import Audience, audience_of, first_read, happened, spread
from results.store import AS_USUAL_ONLY, SCHEMAS, Store
from results.targets import met
from scenarios.load import case_path, load_case, load_policies, load_practice
from scenarios.policy import USUAL
from simulation.journey import journeys
from simulation.routes import Routes
from simulation.world import World

Progress = Callable[[int, int], None]
"""Called with (runs done, runs in all) as chunks finish."""


Built = tuple[World, Routes, Audience]
"""An arm's world, its routes, and who has a part in its decisions."""


class Bench:
    """What a worker keeps between chunks: the case, and the worlds of the draw it is at."""

    def __init__(self, case: str) -> None:
        practice = load_practice()
        self.usual = World(load_case(case_path(case), practice), practice)
        self.audience = audience_of(self.usual, scored_leads(self.usual))
        self._draw = POINT
        self._kept: dict[str, Built] = {}

    def world(self, arm: Arm, seed: int, draw: int) -> Built:
        """The world of an arm under a draw, with what is read off its runs. Arms that come to the same practice
        share one."""
        if draw != self._draw:
            self._draw, self._kept = draw, {}
        if arm.name not in self._kept:
            practice = arm.apply(drawn(self.usual.practice, seed, draw))
            same = (built for built in self._kept.values() if built[0].practice.values == practice.values)
            world = self.usual.under(practice)
            self._kept[arm.name] = next(same, (world, Routes(world), self.audience))
        return self._kept[arm.name]


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
    done: dict[tuple[int, int], list[tuple[str, tuple[Any, ...]]]] = {}
    for arm in experiment.arms:
        for replication in range(chunk.first, chunk.last):
            key = chunk.draw, replication, arm.name
            try:
                built = bench.world(arm, experiment.seed, chunk.draw)
                run = id(built), replication
                if run not in done:
                    done[run] = list(run_once(built, experiment.seed, replication))
            except Exception:
                rows["failures"].append(
                    (*key, traceback.format_exc(), reproduce(experiment, chunk.draw, replication, arm))
                )
                continue
            for table, row in done[run]:
                if table not in AS_USUAL_ONLY or (chunk.draw, arm.name) == (POINT, USUAL):
                    rows[table].append((*key, *row))
    Store(root).write_part(chunk.name, rows)
    return (chunk.last - chunk.first) * len(experiment.arms)


def run_once(built: Built, seed: int, replication: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """One replication's rows: how far each item got, how far word spread, and what each role spent."""
    world, routes, audience = built
    trace = replicate(world, seed, replication)
    ways = list(journeys(trace, world, routes))
    for way in ways:
        yield "journeys", way
    known = happened(trace)
    for row in met(known, world, ways):
        yield "targets", row
    yield "spread", spread(known, audience)
    for first in first_read(known, audience):
        yield "first_read", first
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
