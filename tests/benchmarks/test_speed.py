"""What speed is, as ratios measured within one run, in one table. Printed, never asserted: machines differ.

Run with `pytest -m benchmark -s`: about three minutes on two idle cores. Ratios are of processor time, each side the
best of a few goes taken in turn, so that what else the machine does bears on both alike. Only what is about waiting is
wall time (two workers, `--help`): believe it where nothing else runs. The table says how busy the machine was.
"""

from __future__ import annotations

import gc
import heapq
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from math import log2
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median

import mesa
import numpy as np
import pytest
from rich.console import Console
from rich.table import Table

from experiments.compare import arms
from experiments.design import CHUNK, POINT, Arm, Chunk, Experiment, usual
from experiments.replication import replicate
from experiments.runner import run
from experiments.work import bench_for, run_chunk, run_once
from simulation.clock import DAY, Clock, Turn
from simulation.model import SafeguardingModel
from simulation.world import World
from tests.benchmarks.enlarged import ENLARGED, more_of_all
from tests.benchmarks.idiomatic import Story

pytestmark = pytest.mark.benchmark
SEED = 1
LARGE, SMALL = "child-s", "rowan-family"
MANY = 2_000
"""Replications that two workers share, and after which no model may be alive."""


@pytest.fixture(scope="module")
def row():
    """Add a row to the one table: what, measured, at least, aim."""
    table = Table("what", "measured", "at least", "aim", title="Speed, as ratios within this run")
    yield lambda what, measured, least="", aim="": table.add_row(what, measured, least, aim)
    table.caption = f"{os.cpu_count()} cores; load {os.getloadavg()[1]:.1f} over the last five minutes"
    Console(width=118).print("\n", table)


@pytest.fixture(scope="module", autouse=True)
def as_a_worker_is():
    """The garbage collector as a worker has it, for every side of every ratio."""
    before = gc.get_threshold()
    for case in (LARGE, SMALL):
        bench_for(case)
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def side_by_side(*works: Callable[[], object], goes: int = 3, clock=time.process_time) -> list[float]:
    """The least seconds each took, in a few goes taken in turn."""
    spent: list[list[float]] = [[] for _ in works]
    for _ in range(goes):
        for work, times in zip(works, spent, strict=True):
            start = clock()
            work()
            times.append(clock() - start)
    return [min(times) for times in spent]


def lives(world: World, runs: int) -> Callable[[], int]:
    """Some replications of a world; how many rows they wrote."""
    return lambda: sum(len(replicate(world, SEED, replication)) for replication in range(runs))


# --- one replication -----------------------------------------------------------------------------


def bare_heap(events: int) -> None:
    """As many events with nothing but a heap and a call."""
    number, queue = count(), []
    for n in range(events):
        heapq.heappush(queue, (n * 7919 % 100_003, next(number), int))
    while queue:
        heapq.heappop(queue)[2]()


def test_a_replication_of_child_s(row):
    runs = 10
    live = lives(bench_for(LARGE).usual, runs)
    rows = live()
    spent, heap = side_by_side(live, lambda: bare_heap(rows), goes=5)
    row("replications of Child S, with trace, a second and core", f"{runs / spent:.0f}", "100", "400")
    row(f"a row of its trace ({rows / runs:,.0f} a run) over a bare heap event", f"{spent / heap:.1f}×", "5×", "3×")


# --- the clock -----------------------------------------------------------------------------------


def hops(at: Callable[..., None], strands: int = 100, each: int = 200) -> None:
    """Put strands of events on a clock, each of which puts the next one there."""

    def hop(moment: int, gap: int, left: int) -> None:
        if left:
            at(moment + gap, Turn.ARRIVAL, hop, moment + gap, gap, left - 1)

    for strand in range(strands):
        at(strand, Turn.CONTACT, hop, strand, strand * 37 % DAY + 1, each)


def on_our_clock() -> None:
    clock = Clock(end=10**9)
    hops(clock.at)
    clock.run()


def on_a_bare_heap() -> None:
    number, queue = count(), []

    def at(moment: int, turn: Turn, call: Callable[..., None], *args: int) -> None:
        heapq.heappush(queue, (moment, turn, next(number), call, args))

    hops(at)
    while queue:
        *_, call, args = heapq.heappop(queue)
        call(*args)


def test_our_clock(row):
    ours, bare = side_by_side(on_our_clock, on_a_bare_heap, goes=7)
    row("our clock over bare heapq callbacks, same events", f"{ours / bare:.1f}×", "2×", "1.2×")


# --- the textbook's way --------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["the Rowan family", "the Rowan family doubled"])
def test_the_textbooks_way(row, size):
    runs, world = 20, bench_for(SMALL).usual
    if size.endswith("doubled"):
        world = World(more_of_all(world.case), world.practice)
    live = lives(world, runs)

    def tell(collects: bool = True) -> int:
        events = sum(Story(world, replication, collects).run() for replication in range(runs))
        mesa.Agent._ids.clear()  # else each go would be slowed by all the models that Mesa kept from those before
        return events

    ours, theirs = live(), tell()
    spent, textbook, uncollected = side_by_side(live, tell, lambda: tell(collects=False), goes=6)
    each = textbook / theirs * ours / spent
    row(f"the textbook's way over ours, {size}", f"{textbook / spent:.1f}×", "4×", "8×")
    row(f"  an event of its {theirs / runs:,.0f} over one of our {ours / runs:,.0f} rows", f"{each:.1f}×")
    row("  without its DataCollector", f"{uncollected / spent:.1f}×")


# --- the runner ----------------------------------------------------------------------------------


@pytest.fixture
def runner(tmp_path_factory):
    """Run an experiment of practice as usual into a new folder."""

    def work(replications: int, workers: int = 1, case: str = SMALL) -> None:
        experiment = Experiment("speed", case, (usual(),), SEED, replications, draws=0)
        run(experiment, tmp_path_factory.mktemp("run"), workers)

    return work


@pytest.mark.parametrize(("case", "runs"), [(LARGE, CHUNK), (SMALL, 3 * CHUNK), (SMALL, 20 * CHUNK)])
def test_what_the_runner_adds(row, runner, case, runs):
    built = bench_for(case).world(usual(), SEED, 0)

    def measured() -> None:
        for replication in range(runs):
            list(run_once(built, SEED, replication, as_usual=True))

    whole, loop, bare = side_by_side(lambda: runner(runs, case=case), measured, lives(built.world, runs))
    row(f"the runner over a plain loop that measures too, {runs} of {case}", f"{whole / loop:.2f}×", "1.10×", "1.03×")
    row("  over a plain loop that measures nothing", f"{whole / bare:.2f}×")


def test_two_workers(row, runner):
    one, two = side_by_side(lambda: runner(MANY), lambda: runner(MANY, workers=2), goes=2, clock=time.perf_counter)
    row(f"two workers against one, {MANY:,} of {SMALL}, wall", f"{one / two:.2f}×", "1.7×", "1.9×")


def spent_by_all() -> float:
    """Seconds of processor time of this process and of those it waited for."""
    return sum(used.ru_utime + used.ru_stime for used in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def test_two_workers_with_a_core_each(row, runner):
    one, two = side_by_side(lambda: runner(200), lambda: runner(200, workers=2), goes=4, clock=spent_by_all)
    row("  reckoned from processor time, as if each had half", f"{2 * one / two:.2f}×")


def test_models_alive(row, runner):
    runner(MANY)
    alive = sum(type(one) is SafeguardingModel for one in gc.get_objects())
    row(f"models alive after {MANY:,} in one worker, {SMALL}", f"{alive}", "0", "0")


def test_a_whole_comparison(row):
    whole = Experiment("policies", LARGE, arms([], case="child-s"))
    part = replace(whole, arms=whole.arms[:2])
    (point,) = side_by_side(lambda: run_chunk(part, Chunk(POINT, 0, CHUNK)), goes=2)  # warm at the second
    (draw,) = side_by_side(lambda: run_chunk(part, Chunk(1, 0, CHUNK)), goes=1)  # each draw builds worlds
    chunks = whole.replications / CHUNK * point + whole.draws * whole.per_draw / CHUNK * draw
    seconds = chunks * len(whole.arms) / len(part.arms) / 2
    row(f"compare {LARGE}, two cores, reckoned from {2 * CHUNK} runs an arm", f"{seconds:.0f} s", "60 s", "20 s")


# --- the command ---------------------------------------------------------------------------------


def test_help(row):
    root = Path(__file__).parents[2]

    def python(*words: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *words], cwd=root, check=True, capture_output=True)

    help_, bare = side_by_side(
        python("-m", "experiments", "--help"), python("-c", "pass"), goes=5, clock=time.perf_counter
    )
    row("safeguarding --help over bare Python, wall", f"{(help_ - bare) * 1000:.0f} ms", "150 ms", "80 ms")


# --- pairing -------------------------------------------------------------------------------------


def reached(case: str, arm: Arm, runs: int) -> np.ndarray:
    """Whether each item was read for each decision it bears on, run by run."""
    built = bench_for(case).world(arm, SEED, 0)
    rows = [run_once(built, SEED, replication) for replication in range(runs)]
    return np.array([[way.read for table, way in each if table == "journeys"] for each in rows], float)


def variances(policy: np.ndarray, as_usual: np.ndarray) -> tuple[float, float, float]:
    """The variance of the difference under separate luck, p(1−p) + p′(1−p′); under the same luck; and the least
    there could be, d(1−d). Each summed over the yes-or-noes that ever differ. d² is less what few runs add to it."""
    p, q, same = policy.mean(axis=0), as_usual.mean(axis=0), (policy - as_usual).var(axis=0)
    d = np.sqrt(np.maximum((p - q) ** 2 - same / (len(policy) - 1), 0))
    moved = same > 0
    return tuple(float(each[moved].sum()) for each in (p * (1 - p) + q * (1 - q), same, d * (1 - d)))


def told(shares: dict[str, float]) -> str:
    worst = min(shares, key=shares.__getitem__)
    return f"{median(shares.values()):.0%} (worst {worst} {shares[worst]:.0%})"


@pytest.mark.parametrize(("case", "runs", "policies"), [(SMALL, 200, None), (LARGE, 30, 4)])
def test_what_pairing_saves(row, case, runs, policies):
    as_usual, *others = arms([], case="child-s")
    base = reached(case, as_usual, runs)
    found = {arm.name: variances(reached(case, arm, runs), base) for arm in others[:policies]}
    found = {name: each for name, each in found.items() if each[1]}
    removed = {name: (apart - same) / (apart - least) for name, (apart, same, least) in found.items()}
    factor = {name: least / same for name, (_, same, least) in found.items()}
    row(f"variance removed by pairing, of the most, {case}, {len(found)} policies", told(removed), "80 %", "95 %")
    row("  as a factor, of (p(1−p) + p′(1−p′)) / (d(1−d))", told(factor), "80 %", "95 %")


# --- growth --------------------------------------------------------------------------------------


def test_how_the_time_grows(row):
    runs, small = 2, bench_for(LARGE).usual
    works = [lives(World(enlarge(small.case), small.practice), runs) for enlarge in ENLARGED.values()]
    rows, *more_rows = [work() for work in (lives(small, runs), *works)]
    before, *after = side_by_side(lives(small, runs), *works, goes=6)
    for name, seconds, written in zip(ENLARGED, after, more_rows, strict=True):
        grown = seconds / before
        times = f"{grown:.1f}× time, {written / rows:.1f}× rows"
        row(f"growth exponent, twice the {name}", f"{log2(grown):.2f} ({times})")
