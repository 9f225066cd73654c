"""`check`: files validated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.answers import answered


def check(
    files: Annotated[list[str], typer.Argument(help="Case, record or policy files, or a case's name for its own.")],
) -> None:
    """Validate files: every fault at once, each with its row and what to do."""
    with answered():
        from scenarios.faults import BadInput, Fault

        faults: list[Fault] = []
        for path in [path for file in files for path in _paths(file)]:
            try:
                typer.echo(_found(path))
            except BadInput as bad:
                faults += bad.faults
        if faults:
            raise BadInput(faults)


def _paths(file: str) -> list[Path]:
    """A file by its path; of a case that comes with us, by its name, the case and its record."""
    from scenarios.load import case_names, case_path
    from scenarios.record import record_path

    if file not in case_names() or Path(file).exists():
        return [Path(file)]
    return [path for path in (case_path(file), record_path(file)) if path.exists()]


def _found(path: Path) -> str:
    from scenarios.load import check_file
    from scenarios.toml import read_toml

    if "record" not in read_toml(path):
        return f"{path}: {check_file(path)}"
    from experiments.pilot import checked

    return "\n".join([f"{path}:", *checked(path)])
