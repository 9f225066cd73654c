"""`depends`: what the answers hang on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

from experiments.cli.answers import answered, end, progress
from experiments.cli.options import (
    AsJson,
    CaseName,
    DryRun,
    Fresh,
    Out,
    Policies,
    Replications,
    RetryFailed,
    Seed,
    Workers,
)
from experiments.cli.plan import show_plan

if TYPE_CHECKING:
    from experiments.conduct import How


def depends(
    case: CaseName,
    policy: Policies = None,
    out: Out = None,
    replications: Replications = 100,
    seed: Seed = 1,
    workers: Workers = "auto",
    fresh: Fresh = False,
    retry_failed: RetryFailed = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """How far each answer depends on membership of meetings, the habit of asking, finding in a record.

    \b
    safeguarding depends child-s
    safeguarding depends child-s --policy push --policy pull --replications 400
    """
    with answered():
        from rich.console import Console

        from experiments.dependence import depends as ask
        from experiments.dependence import design
        from results.tables import dependence

        if dry_run:
            show_plan(design(case, policy or [], replications, seed), workers, as_json)
            return
        with progress() as report:
            how: How = {"workers": workers, "retry_failed": retry_failed, "progress": report}
            found = ask(case, policy, out, replications, seed, fresh, **how)
        if as_json:
            data = {"sentence": found.sentence, "answers": json.loads(found.table.to_json(orient="records"))}
            typer.echo(json.dumps(data | {"directory": str(found.root)}, indent=2))
        else:
            console = Console()
            console.print(found.sentence, highlight=False)
            console.print()
            console.print(dependence(found.table))
            console.print(f"Table and manifest: {found.root}", highlight=False)
        end(found.failures, found.root)
