"""How long a report takes to build from 20,000 replications: printed, never asserted."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.compare import arms, perform
from experiments.design import Experiment
from results.report.build import build

REPLICATIONS = 20_000


@pytest.mark.benchmark
def test_a_report_from_twenty_thousand_replications(tmp_path: Path) -> None:
    few = Experiment("compare", "rowan-family", arms(["push", "pull", "P46"]), replications=20, draws=4, per_draw=5)
    root = perform(few, tmp_path / "few", workers=1).root
    many = tmp_path / "many"
    shutil.copytree(root, many)
    table = many / "tables" / "runs.parquet"
    runs = pd.read_parquet(table)
    point = runs[runs["draw"] == 0]
    copies = [point.assign(replication=point["replication"] + 20 * copy) for copy in range(REPLICATIONS // 20)]
    pd.concat([*copies, runs[runs["draw"] > 0]], ignore_index=True).to_parquet(table)
    for name, source in (("few", root), ("20,000", many)):
        wall, cpu = time.perf_counter(), time.process_time()
        page = build([source], tmp_path / f"report-{name}")
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        size = np.ceil(page.stat().st_size / 1000)
        print(f"report from {name} replications: {wall:.1f} s wall, {cpu:.1f} s CPU, {size:.0f} kB")
