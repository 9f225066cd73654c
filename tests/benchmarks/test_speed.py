"""What speed is, as ratios measured within one run. Printed, never asserted: machines differ.

Run with `pytest -m benchmark -s`.
"""

from __future__ import annotations

import heapq
import time
from itertools import count

import pytest

from experiments.compare import arms
from experiments.runner import bench_for, run_once
from results.measures import lines, per_replication
from results.statistics import reduction_by_pairing
from scenarios.load import case_path, load_case, load_practice
from simulation.world import World

pytestmark = pytest.mark.benchmark
RUNS = 100


def best(work, times: int = 3) -> float:
    """The least processor time of a few goes, in seconds."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def bare_heap(events: int) -> None:
    """The same number of events with nothing but a heap and a call."""
    number, queue = count(), []
    for n in range(events):
        heapq.heappush(queue, (n * 7919 % 100_003, next(number), int))
    while queue:
        heapq.heappop(queue)[2]()


def test_a_replication_of_child_s():
    from experiments.replication import replicate

    practice = load_practice()
    world = World(load_case(case_path("child-s"), practice), practice)
    rows = sum(len(replicate(world, 1, replication)) for replication in range(RUNS))
    spent = best(lambda: [replicate(world, 1, replication) for replication in range(RUNS)])
    heap = best(lambda: bare_heap(rows))
    print(f"\nreplications a second and core: {RUNS / spent:.0f}; rows a replication: {rows / RUNS:.0f}")
    print(f"cost of a row over a bare heap event: {spent / heap:.1f} times")


def test_what_a_runner_adds_to_a_replication():
    from experiments.replication import replicate

    bench = bench_for("child-s")
    usual = arms(["P46"])[0]
    built = bench.world(usual, 1, 0)
    whole = best(lambda: [list(run_once(built, 1, replication)) for replication in range(RUNS)])
    bare = best(lambda: [replicate(built[0], 1, replication) for replication in range(RUNS)])
    print(f"\na run with its journeys over a bare replication: {whole / bare:.2f} times")


def test_what_pairing_saves():
    import pandas as pd

    from results.store import SCHEMAS

    bench = bench_for("child-s")
    tables = {"journeys": [], "minutes": [], "spread": []}
    for arm in arms(["P30", "pull"]):
        for replication in range(RUNS):
            for table, row in run_once(bench.world(arm, 1, 0), 1, replication):
                if table in tables:
                    tables[table].append((0, replication, arm.name, *row))
    journeys, minutes, spread = (pd.DataFrame(rows, columns=SCHEMAS[table].names) for table, rows in tables.items())
    meetings = {choice.id for choice in bench.usual.choices.values() if choice.meeting}
    runs = per_replication(journeys, minutes, spread, lines(bench.usual), meetings).pivot(
        index="replication", columns="arm", values="reach"
    )
    for arm in ("P30", "pull"):
        saved = reduction_by_pairing(runs[arm].to_numpy(), runs["usual"].to_numpy())
        print(f"\nvariance of {arm} less usual saved by the same luck: {saved:.0%}")
