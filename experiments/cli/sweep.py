"""`sweep`: leaves varied, each point against practice as usual."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.answers import answered
from experiments.cli.compare import perform
from experiments.cli.options import (
    AsJson,
    CaseName,
    Draws,
    Fresh,
    Out,
    PerDraw,
    Replications,
    RetryFailed,
    Seed,
    Workers,
)


def sweep(
    case: CaseName,
    settings: Annotated[list[str], typer.Argument(metavar="LEAF=VALUES", help="leaf=a,b,c or leaf=low:high:step")],
    out: Out = None,
    replications: Replications = 100,
    draws: Draws = 0,
    per_draw: PerDraw = 20,
    seed: Seed = 1,
    workers: Workers = "auto",
    fresh: Fresh = False,
    retry_failed: RetryFailed = False,
    as_json: AsJson = False,
) -> None:
    """A grid over leaves of practice, each point against practice as usual.

    \b
    safeguarding sweep child-s raise=0.08,0.18,0.35
    safeguarding sweep child-s invite=0.6:0.95:0.05 present=0.6,0.95
    """
    with answered():
        from experiments.conduct import default_out
        from experiments.design import Experiment
        from experiments.sweep import grid

        experiment = Experiment("sweep", case, grid(settings), seed, replications, draws, per_draw)
        perform(
            experiment,
            out or default_out("sweep", case),
            as_json,
            workers=workers,
            fresh=fresh,
            retry_failed=retry_failed,
        )
