"""`sweep`: leaves varied, each point against practice as usual."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.answers import answered
from experiments.cli.compare import answer
from experiments.cli.options import (
    AsJson,
    CaseName,
    Draws,
    DryRun,
    Fresh,
    MaxReplications,
    Out,
    PerDraw,
    RetryFailed,
    Runs,
    Seed,
    TableTo,
    Until,
    Workers,
)
from experiments.cli.plan import show_plan


def sweep(
    case: CaseName,
    settings: Annotated[
        list[str],
        typer.Argument(
            metavar="LEAF=VALUES",
            help="For a grid leaf=a,b,c or leaf=low:high:step; for lhs and sobol leaf=low:high, or leaf alone.",
        ),
    ],
    design: Annotated[str, typer.Option(metavar="grid|lhs|sobol", help="How points are laid.")] = "grid",
    points: Annotated[int, typer.Option(min=2, help="Points of an lhs or sobol design.")] = 64,
    out: Out = None,
    replications: Runs = None,
    until: Until = None,
    max_replications: MaxReplications = None,
    draws: Draws = 0,
    per_draw: PerDraw = 20,
    seed: Seed = 1,
    workers: Workers = "auto",
    fresh: Fresh = False,
    retry_failed: RetryFailed = False,
    dry_run: DryRun = False,
    table: TableTo = None,
    as_json: AsJson = False,
) -> None:
    """Leaves of practice varied, each point against practice as usual.

    \b
    safeguarding sweep child-s raise=0.08,0.18,0.35
    safeguarding sweep child-s invite=0.6:0.95:0.05 present=0.6,0.95
    safeguarding sweep child-s raise present=0.5:0.95 --design sobol --points 64
    """
    with answered():
        from experiments.conduct import default_out
        from experiments.design import Experiment
        from experiments.sweep import design as arms
        from experiments.sweep import method_called
        from experiments.sweep import perform as ask
        from results.stopping import length

        runs, asked = length(replications, until, max_replications, 100)
        several = arms(settings, method_called(design), points, seed)
        experiment = Experiment("sweep", case, several, seed, runs, draws, per_draw, until=asked)
        if dry_run:
            show_plan(experiment, workers, as_json)
            return
        root = out or default_out("sweep", case)
        answer(ask, experiment, root, as_json, table, fresh, workers=workers, retry_failed=retry_failed)
