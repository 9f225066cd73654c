"""How every verb ends: refusals as messages, exit codes, the bar on stderr."""

from __future__ import annotations

import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

DONE, OURS, USAGE, SOME_FAILED, REFUSED, MISMATCH, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


@contextmanager
def answered() -> Iterator[None]:
    """Turn refusals and interruptions into messages and exit codes."""
    from scenarios.faults import BadInput
    from scenarios.refusals import AnotherModel, ForeignDirectory, Interrupted

    signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    except BadInput as bad:
        for fault in bad.faults:
            say(str(fault))
        raise typer.Exit(USAGE) from None
    except AnotherModel as other:
        say(str(other))
        raise typer.Exit(USAGE) from None
    except ForeignDirectory as foreign:
        say(str(foreign))
        raise typer.Exit(REFUSED) from None
    except (KeyboardInterrupt, Interrupted) as stopped:
        say(f"{str(stopped) or 'Interrupted.'} What was finished is kept; to go on: {resume()}")
        raise typer.Exit(INTERRUPTED) from None


def _stop(_number: int, _frame: object) -> None:
    """A request to end, as a batch system sends it, is an interruption."""
    raise KeyboardInterrupt


def resume() -> str:
    """The command that goes on with this one: the same, and never anew."""
    return shlex.join(["safeguarding", *(word for word in sys.argv[1:] if word != "--fresh")])


def no_part_in(what: str, options: Mapping[str, object]) -> None:
    """Refuse options that would be taken no notice of. Raises BadInput with those that were given."""
    from scenarios.faults import BadInput, Fault

    if given := [name for name, value in options.items() if value is not None and value is not False and value != []]:
        raise BadInput([Fault("request", name, f"it has no part in {what}", "Leave it out.") for name in given])


WIDEST = 88
"""Columns that sentences are printed in, where the terminal has as many."""


def width() -> int:
    """As wide as the terminal, and no wider than one reads with ease."""
    return min(get_terminal_size((WIDEST, 24)).columns, WIDEST)


def hung(first: str, words: str) -> None:
    """Print words under one another behind what comes first, as wide as the terminal."""
    lines = wrap(words, width(), initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False)
    typer.echo("\n".join(lines) or first)


def say(words: str) -> None:
    """To stderr: what is not the answer."""
    typer.echo(words, err=True)


def end(failures: pd.DataFrame, root: Path) -> None:
    """Say how many runs failed, if any did, and end with the code that says so."""
    if len(failures):
        runs = "1 run" if len(failures) == 1 else f"{len(failures)} runs"
        say(f"{runs} failed; each with its command in {root}/tables/failures.csv. Again: {resume()} --retry-failed")
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
