"""`plan`, and `--dry-run`: what an experiment would take, and what it could find."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.answers import DONE, answered

if TYPE_CHECKING:
    from experiments.design import Experiment

PLANNED = ("compare", "sweep", "depends", "sensitivity", "robustness")


def plan(
    verb: Annotated[str, typer.Argument(metavar="VERB", help=", ".join(PLANNED))],
    words: Annotated[list[str] | None, typer.Argument(metavar="...", help="As that verb takes them.")] = None,
) -> None:
    """What an experiment would take (runs, minutes, disk) and the smallest difference it could find.

    \b
    safeguarding plan compare child-s --policy P30
    safeguarding plan sweep child-s raise present --design sobol --points 64
    """
    with answered():
        from scenarios.faults import BadInput, Fault, nearest

        if verb not in PLANNED:
            raise BadInput([Fault("request", f"plan {verb}", "this cannot be planned", nearest(verb, PLANNED))])
    from experiments.cli.app import app

    raise typer.Exit(app([verb, *(words or []), "--dry-run"], prog_name="safeguarding", standalone_mode=False) or DONE)


def show_plan(experiment: Experiment, workers: str, as_json: bool) -> None:
    """Run the pilot, and print what it comes to."""
    from rich.console import Console

    from experiments.plan import plan as ask
    from results.design_tables import planned

    found = ask(experiment, workers)
    if as_json:
        data = {"runs": found.runs, "minutes": found.minutes, "workers": found.workers, "bytes": found.bytes}
        data |= {"replications": found.replications, "pilot": found.pilot, "smallest": found.smallest}
        arms = json.loads(found.differences.to_json(orient="records"))
        typer.echo(json.dumps(data | {"measure": found.measure, "arms": arms}, indent=2))
        return
    console = Console()
    for line in found.lines:
        console.print(line, highlight=False)
    if len(found.differences):
        console.print()
        console.print(planned(found.differences, found.measure))
