"""The same runs of the same small Mesa model by three tools: `python others.py TOOL RUNS PROCESSES FAULT OUT`.

The model is the invented family, replications 0 to RUNS - 1; what is wanted of each is its reach. With FAULT `raise`
replication 33 raises. Each tool writes what it gives to OUT when it gives it, and prints how many runs that is. With
MARKS in the environment each run that has ended adds a byte to that file, so that a kill can wait for so many.
"""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

import pandas as pd

from experiments.interop import FamilyModel, reach

CASE = "rowan-family"
BREAKS = 33


def mark() -> None:
    """One more run has ended."""
    if marks := os.environ.get("MARKS"):
        with Path(marks).open("ab", buffering=0) as file:
            file.write(b".")


def at_end(model: FamilyModel) -> float:
    """The reach of a model that has ended, which is marked; nothing of one that still runs."""
    if model.running:
        return math.nan
    mark()
    return reach(model)


class AtEnd(FamilyModel):
    """The family, asked for its reach when it has ended."""

    def __init__(self, replication: int, fault: str = "") -> None:
        if fault == "raise" and replication == BREAKS:
            raise RuntimeError("a run that breaks")
        super().__init__(CASE, replication=replication, reporters={"reach": at_end})


def by_mesa(runs: int, processes: int, fault: str, out: Path) -> int:
    from mesa import batch_run

    asked = {"replication": range(runs), "fault": fault}
    rows = batch_run(AtEnd, asked, number_processes=processes, display_progress=False)
    pd.DataFrame(rows).to_parquet(out / "mesa.parquet")
    return len(rows)


def one(replication: int, fault: str) -> dict[str, float]:
    """As EMA Workbench wants a model: a function."""
    model = AtEnd(int(replication), fault)
    model.run_model()
    return {"reach": model.datacollector.model_vars["reach"][-1]}


def by_ema(runs: int, processes: int, fault: str, out: Path) -> int:
    from ema_workbench import (
        Constant,
        IntegerParameter,
        Model,
        MultiprocessingEvaluator,
        ScalarOutcome,
        Scenario,
        SequentialEvaluator,
    )

    model = Model("family", function=one)
    model.uncertainties = [IntegerParameter("replication", 0, runs)]
    model.constants = [Constant("fault", fault)]
    model.outcomes = [ScalarOutcome("reach")]
    scenarios = [Scenario(str(number), replication=number) for number in range(runs)]
    several = {"n_processes": processes} if processes > 1 else {}
    evaluator = (MultiprocessingEvaluator if processes > 1 else SequentialEvaluator)(model, **several)
    with evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios, policies=0)
    pd.DataFrame({"replication": experiments["replication"], **outcomes}).to_parquet(out / "ema.parquet")
    return len(experiments)


def by_ours(runs: int, processes: int, fault: str, out: Path) -> int:
    from experiments import work
    from experiments.design import Experiment, usual
    from experiments.runner import run
    from results.store import Store

    whole = work.run_once

    def run_once(built, seed, replication, as_usual=False):
        if fault == "raise" and replication == BREAKS:
            raise RuntimeError("a run that breaks")
        yield from whole(built, seed, replication, as_usual)
        mark()

    work.run_once = run_once
    run(Experiment("benchmark", CASE, (usual(),), 1, runs, draws=0), out, processes)
    return len(Store(out).read("runs"))


if __name__ == "__main__":
    tool, runs, processes, fault, out = sys.argv[1:]
    Path(out).mkdir(parents=True, exist_ok=True)
    by = {"mesa": by_mesa, "ema": by_ema, "ours": by_ours}[tool]
    print(by(int(runs), int(processes), fault, Path(out)))
