"""`new-case`: a file to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.answers import answered


def new_case(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the case is called: letters, digits, hyphens.")],
    folder: Annotated[Path, typer.Option("--in", help="The folder to write it in.")] = Path(),
) -> None:
    """A commented case file to fill in. It runs as it stands; nothing that is there is overwritten.

    \b
    safeguarding new-case our-family
    safeguarding check our-family.toml
    """
    with answered():
        from experiments.new_case import new_case as write

        path = write(name, folder)
        typer.echo(f"{path} is written. Fill it in, and ask: safeguarding check {path}")
