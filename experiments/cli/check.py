"""`check`: files validated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.answers import answered


def check(files: Annotated[list[Path], typer.Argument(help="Case, record or policy files.")]) -> None:
    """Validate files: every fault at once, each with its row and what to do."""
    with answered():
        from scenarios.faults import BadInput, Fault
        from scenarios.load import check_file
        from scenarios.toml import read_toml

        faults: list[Fault] = []
        for path in files:
            try:
                if "record" in read_toml(path):
                    from experiments.pilot import checked

                    typer.echo("\n".join([f"{path}:", *checked(path)]))
                else:
                    typer.echo(f"{path}: {check_file(path)}")
            except BadInput as bad:
                faults += bad.faults
        if faults:
            raise BadInput(faults)
