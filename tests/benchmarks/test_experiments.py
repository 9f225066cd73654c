"""What experiments cost and what survives, as ratios measured within one run, in one table. Printed, never asserted.

Run with `pytest -m benchmark -s tests/benchmarks/test_experiments.py`: about five minutes on two idle cores. What the
runner adds to a plain loop, and two workers against one, stand in `test_speed.py`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from rich.console import Console
from rich.table import Table

from experiments.compare import arms
from experiments.design import Experiment
from experiments.work import bench_for, run_chunk
from results.store import Store
from tests.benchmarks.test_speed import LARGE, SMALL, reached, variances

pytestmark = pytest.mark.benchmark
ROOT = Path(__file__).parents[2]
HUNDRED_THOUSAND = 100_000
RUNS = 400
"""Of each tool; one of them raises where a fault is asked for."""


@pytest.fixture(scope="module")
def row():
    """Add a row to the one table: what, measured, at least, aim."""
    table = Table("what", "measured", "at least", "aim", title="Experiments, as ratios within this run")
    yield lambda what, measured, least="", aim="": table.add_row(what, measured, least, aim)
    table.caption = f"{os.cpu_count()} cores; load {os.getloadavg()[1]:.1f} over the last five minutes"
    Console(width=118).print("\n", table)


# --- many replications summarised ----------------------------------------------------------------

MANY = Experiment("compare", SMALL, arms(["pull"]), replications=HUNDRED_THOUSAND, draws=0)
SUMMARISE = """
import sys, time, resource
from pathlib import Path
from dataclasses import replace
import experiments.compare as compare
from experiments.design import Experiment
experiment = Experiment("compare", {case!r}, compare.arms(["pull"]), replications={runs}, draws=0)
began, spent = time.perf_counter(), time.process_time()
compare.write_tables(compare.Comparison(experiment, Path(sys.argv[1])))
print(time.perf_counter() - began, time.process_time() - spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def filled(root: Path) -> Path:
    """A hundred thousand replications of two arms, as the runner would store them: four chunks that were run, again and
    again under other numbers."""
    store, chunks = Store(root), [*MANY.chunks()]
    real = [run_chunk(MANY.part(chunk), chunk) for chunk in chunks[:4]]
    tables = [{name: pq.read_table(pa.BufferReader(content)) for name, content in files.items()} for files in real]
    for number, chunk in enumerate(chunks):
        shift = pa.scalar(chunk.first - chunks[number % 4].first, pa.int32())
        folder = store.parts / chunk.name
        folder.mkdir(parents=True)
        for name, table in tables[number % 4].items():
            at = table.schema.get_field_index("replication")
            moved = table.set_column(at, table.schema.field(at), pc.add(table["replication"], shift))
            pq.write_table(moved, folder / f"{name}.parquet", compression="zstd")
    return root


def test_many_replications_are_summarised(row, tmp_path: Path):
    root = filled(tmp_path / "run")
    code = SUMMARISE.format(case=SMALL, runs=HUNDRED_THOUSAND)
    found = [
        tuple(map(float, subprocess.check_output([sys.executable, "-c", code, str(root)], cwd=ROOT).split()))
        for _ in range(2)
    ]
    wall, spent, kib = min(found)
    row(f"all tables of {HUNDRED_THOUSAND:,} replications of two practices, wall", f"{wall:.1f} s", "5 s")
    row("  processor time", f"{spent:.1f} s")
    row("  most memory, everything imported", f"{kib / 1024:.0f} MiB", "1024 MiB")


# --- the same Mesa model by three tools ----------------------------------------------------------

NAMES = {"mesa": "Mesa batch_run", "ema": "EMA Workbench 2.5", "ours": "ours"}


def by(tool: str, processes: int, fault: str, out: Path, limit: float = 300) -> tuple[float, float, int | None]:
    """Wall and processor seconds of one tool in a process of its own, and how many runs it gave, None if it hung."""
    before, began = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    process = begin(tool, processes, fault, out)
    try:
        said, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return float("nan"), float("nan"), None
    after, wall = getrusage(RUSAGE_CHILDREN), time.perf_counter() - began
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, spent, int(said.split()[-1]) if process.returncode == 0 else 0


def begin(tool: str, processes: int, fault: str, out: Path, **environment: str) -> subprocess.Popen[str]:
    words = [sys.executable, "tests/benchmarks/others.py", tool, str(RUNS), str(processes), fault, str(out)]
    return subprocess.Popen(
        words,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def killed_at(share: float, tool: str, out: Path) -> None:
    """Kill a tool and its workers once this share of the runs has ended."""
    marks = out.with_suffix(".marks")
    marks.touch()
    process = begin(tool, 2, "", out, MARKS=str(marks))
    while marks.stat().st_size < share * RUNS and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def kept(tool: str, out: Path) -> int:
    """How many runs are on the disk."""
    if tool == "ours":
        return len(Store(out).read("runs")) if (out / "parts").exists() else 0
    return len(pq.read_table(out / f"{tool}.parquet")) if (out / f"{tool}.parquet").exists() else 0


def test_the_same_model_by_three_tools(row, tmp_path: Path):
    pytest.importorskip("ema_workbench")
    walls: dict[tuple[str, int], float] = {}
    for processes in (1, 2):
        for tool, name in NAMES.items():
            wall, spent, runs = by(tool, processes, "", tmp_path / f"{tool}-{processes}")
            assert runs == RUNS
            walls[tool, processes] = wall
            what = f"{RUNS} runs of the same Mesa model on {processes}: {name}, wall and processor"
            row(what, f"{wall:.1f} s, {spent:.1f} s")
    for tool, name in NAMES.items():
        row(f"  {name}, wall over ours on 2", f"{walls[tool, 2] / walls['ours', 2]:.2f}×")
    for tool, name in NAMES.items():
        _, _, runs = by(tool, 2, "raise", tmp_path / f"{tool}-raise", limit=6 * max(walls.values()))
        row(f"what survives one run of {RUNS} that raises: {name}", "none: it hung" if runs is None else f"{runs} runs")
    for tool, name in NAMES.items():
        out = tmp_path / f"{tool}-kill"
        killed_at(0.7, tool, out)
        row(f"what survives a kill after 70 % of its {RUNS} runs: {name}", f"{kept(tool, out)} runs")


# --- pairing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("case", "runs"), [(SMALL, 300), (LARGE, 40)])
def test_what_pairing_saves_contrast_by_contrast(row, case: str, runs: int):
    """Each yes or no of a contrast (whether an item was read for a decision), its variances added up."""
    as_usual, *others = arms([], case=case)
    base = reached(case, as_usual, runs)
    assert bench_for(case)
    for arm in others:
        apart, same, least = variances(reached(case, arm, runs), base)
        if not same:
            row(f"pairing, {case}, {arm.name}", "no run differs")
            continue
        removed = (apart - same) / (apart - least)
        factor = f"{apart / same:.2f}× of at most {apart / least:.2f}× ({least / same:.0%})"
        row(f"variance paired, {case}, {arm.name}", f"{factor}; {removed:.0%} of what can go", "80 %", "95 %")
    assert np.isfinite(base).all()
