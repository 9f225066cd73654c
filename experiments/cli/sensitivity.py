"""`sensitivity`: which habits move the answer?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.answers import answered, end, progress
from experiments.cli.options import AsJson, CaseName, DryRun, Fresh, Out, RetryFailed, Seed, Workers
from experiments.cli.plan import show_plan

if TYPE_CHECKING:
    from experiments.conduct import How


def sensitivity(
    case: CaseName,
    factor: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FACTOR]...", help="A leaf, or all below a name; every family of guesses unless told."),
    ] = None,
    design: Annotated[str, typer.Option(metavar="morris|sobol", help="Screening, or shares of variance.")] = "morris",
    size: Annotated[int, typer.Option(min=2, help="Trajectories (morris), or samples, a power of two (sobol).")] = 10,
    per_point: Annotated[int, typer.Option(min=10, max=10_000, help="Replications to each point.")] = 20,
    policy: Annotated[str | None, typer.Option(help="Ask what this policy adds, instead of practice as usual.")] = None,
    measure: Annotated[str, typer.Option(help="What is asked about: see `list measures`.")] = "reach",
    out: Out = None,
    seed: Seed = 1,
    workers: Workers = "auto",
    fresh: Fresh = False,
    retry_failed: RetryFailed = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Which habits move the answer, which cannot be told from doing nothing, and how much is luck (SALib).

    \b
    safeguarding sensitivity child-s
    safeguarding sensitivity child-s raise present tell invite --design sobol --size 64
    safeguarding sensitivity child-s --policy push
    """
    with answered():
        from rich.console import Console

        from experiments.factors import method_called
        from experiments.sensitivity import design_of, perform
        from results.design_tables import sensitivities

        found = design_of(case, factor, method_called(design), size, per_point, policy, measure, seed, out)
        if dry_run:
            show_plan(found.experiment, workers, as_json)
            return
        with progress() as report:
            how: How = {"workers": workers, "retry_failed": retry_failed, "progress": report}
            perform(found, fresh, **how)
        if as_json:
            data = {"sentence": found.sentence, "noise": found.noise, "answer": found.about, "unit": found.unit}
            rows = json.loads(found.table.to_json(orient="records"))
            typer.echo(json.dumps(data | {"factors": rows, "directory": str(found.root)}, indent=2))
        else:
            console = Console()
            console.print(found.sentence, highlight=False)
            console.print()
            console.print(sensitivities(found.table, found.about, found.unit))
            console.print(f"Tables, figure and manifest: {found.root}", highlight=False)
        end(found.failures, found.root)
