"""What a record costs: a conditioned replication and its twin over plain ones, as ratios of processor time in one run.

Run with `pytest -m benchmark -s tests/benchmarks/test_recorded.py`. Printed, never asserted.
"""

import time

import pytest
from rich.console import Console
from rich.table import Table

from experiments.documented import documented
from experiments.pilot import piloted
from experiments.replication import live, replicate

pytestmark = pytest.mark.benchmark
SEED, RUNS, GOES = 1, 10, 5


def least(*works):
    """Milliseconds of processor time of each work over all runs, the least of a few goes, run by run in turn."""
    total = [0.0] * len(works)
    for replication in range(RUNS):
        goes = [[_spent(work, replication) for work in works] for _ in range(GOES)]
        total = [so_far + min(times) for so_far, times in zip(total, zip(*goes, strict=True), strict=True)]
    return total


def _spent(work, replication):
    start = time.process_time_ns()
    work(replication)
    return (time.process_time_ns() - start) / 1e6


def test_what_a_record_costs():
    table = Table("what", "measured", "at most", title="As recorded, over plain replications")
    for case in ("child-s", "rowan-family"):
        known = piloted(documented(case), SEED, 1, 20)[0]
        world, lives = known.world, [known.live(SEED, run, patient=True) for run in range(RUNS)]
        plain, conditioned, twin = least(
            lambda run, world=world: replicate(world, SEED, run),
            lambda run, known=known: known.live(SEED, run, patient=True),
            lambda run, world=world, lives=lives: live(world, lives[run].chance.twin()),
        )
        entries = len(known.record.entry)
        table.add_row(f"a conditioned replication, {case}, {entries} entries", f"{conditioned / plain:.2f}×", "1.2×")
        table.add_row(f"it and its twin over two plain, {case}", f"{(conditioned + twin) / plain / 2:.2f}×", "1.1×")
    Console(width=100).print("\n", table)
