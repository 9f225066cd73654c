"""`robustness`: which policy holds up?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.answers import answered, end, progress
from experiments.cli.options import AsJson, CaseName, DryRun, Fresh, Out, Policies, RetryFailed, Seed, Workers
from experiments.cli.plan import show_plan

if TYPE_CHECKING:
    from experiments.conduct import How


def robustness(
    case: CaseName,
    policy: Policies = None,
    worlds: Annotated[int, typer.Option(min=2, max=5_000, help="Draws of all that is not known of practice.")] = 100,
    per_world: Annotated[int, typer.Option(min=4, max=10_000, help="Replications to each world.")] = 20,
    measure: Annotated[str, typer.Option(help="What is asked about: see `list measures`.")] = "reach",
    out: Out = None,
    seed: Seed = 1,
    workers: Workers = "auto",
    fresh: Fresh = False,
    retry_failed: RetryFailed = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Which policy holds up in the worst plausible world: where each is best, and what one would regret.

    \b
    safeguarding robustness child-s
    safeguarding robustness child-s --policy push --policy pull --policy push+pull --worlds 200
    """
    with answered():
        from rich.console import Console

        from experiments.robustness import perform, question
        from results.design_tables import hard_worlds, robust

        found = question(case, policy, worlds, per_world, measure, seed, out)
        if dry_run:
            show_plan(found.experiment, workers, as_json)
            return
        with progress() as report:
            how: How = {"workers": workers, "retry_failed": retry_failed, "progress": report}
            perform(found, fresh, **how)
        if as_json:
            rows = json.loads(found.table.to_json(orient="records"))
            data = {"sentence": found.sentence, "measure": measure, "unit": found.unit, "options": rows}
            typer.echo(json.dumps(data | {"directory": str(found.root)}, indent=2))
        else:
            console = Console()
            console.print(found.sentence, highlight=False)
            console.print()
            console.print(robust(found.table, found.measure, found.unit, worlds, per_world))
            for line in hard_worlds(found.table):
                console.print(line, highlight=False)
            console.print(f"Tables, figure and manifest: {found.root}", highlight=False)
        end(found.failures, found.root)
