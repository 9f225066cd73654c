"""How every verb ends: refusals as messages, exit codes, the bar on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

DONE, OURS, USAGE, SOME_FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 3, 4, 130


@contextmanager
def answered() -> Iterator[None]:
    """Turn refusals into messages and exit codes."""
    from results.store import ForeignDirectory
    from scenarios.faults import BadInput

    try:
        yield
    except BadInput as bad:
        for fault in bad.faults:
            say(str(fault))
        raise typer.Exit(USAGE) from None
    except ForeignDirectory as foreign:
        say(str(foreign))
        raise typer.Exit(REFUSED) from None
    except KeyboardInterrupt:
        say(f"Interrupted. What was finished is kept; to go on: safeguarding {' '.join(sys.argv[1:])}")
        raise typer.Exit(INTERRUPTED) from None


def say(words: str) -> None:
    """To stderr: what is not the answer."""
    typer.echo(words, err=True)


def end(failures: pd.DataFrame, root: Path) -> None:
    """Say how many runs failed, if any did, and end with the code that says so."""
    if len(failures):
        say(f"{len(failures)} runs failed; each with its command in {root}/tables/failures.csv.")
        raise typer.Exit(SOME_FAILED)


@contextmanager
def progress() -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left, on stderr, silent where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("runs", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
