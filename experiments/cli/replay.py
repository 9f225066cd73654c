"""`replay`: one family's story for a training room."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.answers import answered, progress, say
from experiments.cli.options import Policies, Seed, Workers


def replay(
    case: Annotated[
        str, typer.Argument(metavar="[CASE]", help="A case by name or file; the invented family unless named.")
    ] = "",
    policy: Policies = None,
    decisions: Annotated[
        list[str] | None,
        typer.Option("--decisions", help="A decision to pause at. Repeat; six at most."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=200, help="How many days: the same case on so many lucks.")] = 60,
    full_record: Annotated[
        bool, typer.Option("--full-record", help="Days that fit every entry of the record, however many runs it takes.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="The folder the two pages go to.")] = None,
    seed: Seed = 1,
    workers: Workers = "auto",
) -> None:
    """Who knew what, and when: a page to project, pausing at each decision, and the trainer's pack.

    \b
    safeguarding replay
    safeguarding replay child-s --decisions M04 --decisions M13 --policy pull --days 100
    """
    with answered():
        from experiments.conduct import default_out
        from experiments.replay import invented, replayed
        from results.replay.build import MOST_BYTES, write

        name = case or invented()
        with progress() as report:
            found = replayed(name, policy, decisions, days, seed, workers, report, full_record=full_record, say=say)
        for path in write(found, out or default_out("replay", name)):
            size = path.stat().st_size
            typer.echo(path)
            if size > MOST_BYTES:
                say(
                    f"{size / 1e6:.1f} MB, more than {MOST_BYTES / 1e6:g}: fewer --days or --decisions make it smaller."
                )
