"""`report`: one page from run directories."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.answers import answered


def report(
    directories: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Run directories, of one case or several.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Where the report goes. An earlier report there is replaced.")
    ] = None,
) -> None:
    """The policy report: one page to open offline, its figures and its tables, from finished runs.

    \b
    safeguarding report results/out/compare-child-s
    safeguarding report results/out/compare-child-s results/out/sweep-child-s
    """
    with answered():
        from experiments.conduct import default_out
        from results.report.build import build

        names = "-".join(path.resolve().name.removeprefix("compare-") for path in directories)
        typer.echo(build(directories, out or default_out("report", names)))
