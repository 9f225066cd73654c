"""`check`: files validated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.answers import answered


def check(files: Annotated[list[Path], typer.Argument(help="Case or policy files.")]) -> None:
    """Validate files: every fault at once, each with its row and what to do."""
    with answered():
        from scenarios.faults import BadInput, Fault
        from scenarios.load import check_file

        faults: list[Fault] = []
        for path in files:
            try:
                typer.echo(f"{path}: {check_file(path)}")
            except BadInput as bad:
                faults += bad.faults
        if faults:
            raise BadInput(faults)
