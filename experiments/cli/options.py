"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

MOST_WORKERS = 256


def _workers(said: str) -> str:
    if said != "auto" and "://" not in said and not (said.isdecimal() and int(said) <= MOST_WORKERS):
        raise typer.BadParameter(f"{said}: give a number up to {MOST_WORKERS}, auto, or tcp://HOST:PORT")
    return said


CaseName = Annotated[
    str,
    typer.Argument(
        metavar="CASE", help="A case by name (see `list`) or path; CASE@READING is another reading of its source."
    ),
]
Out = Annotated[Path | None, typer.Option(help="Where results go. The same command there again resumes.")]
Replications = Annotated[int, typer.Option(min=2, max=100_000, help="Paired replications for the chance band.")]
Runs = Annotated[
    int | None, typer.Option("--replications", min=2, max=100_000, help="Paired replications for the chance band.")
]
Until = Annotated[
    str | None,
    typer.Option(
        metavar='"MEASURE ± X"',
        help='Run on until every difference is known so well: "reach ± 0.01" is one in a hundred. At least 400 pairs.',
    ),
]
MaxReplications = Annotated[
    int | None, typer.Option(min=400, max=1_000_000, help="With --until: at most so many. [10000]")
]
Draws = Annotated[int, typer.Option(min=0, max=500, help="Draws of the prior leaves for the not-knowing band.")]
PerDraw = Annotated[int, typer.Option(min=2, max=10_000, help="Replications to each draw.")]
Seed = Annotated[int, typer.Option(min=0, help="Whose luck.")]
Workers = Annotated[
    str,
    typer.Option(
        metavar="N|auto|tcp://HOST:PORT",
        callback=_workers,
        help="Processes, one for each core (auto), or the scheduler of a Dask cluster.",
    ),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Start anew where this command's results stand.")]
RetryFailed = Annotated[bool, typer.Option("--retry-failed", help="Run again what failed before.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what it would take and what it could find; write nothing.")
]
TableTo = Annotated[
    Path | None,
    typer.Option("--table", metavar="FILE|-", allow_dash=True, help="The tidy table as CSV, to a file or (-) stdout."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Policies = Annotated[
    list[str] | None, typer.Option("--policy", help="A policy by name; A+B is both at once. Repeat for more.")
]
Adherence = Annotated[
    float | None, typer.Option(min=0, max=1, help="How far policies are followed, instead of their own figure.")
]
