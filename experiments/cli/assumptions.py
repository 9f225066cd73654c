"""`assumptions`: which guess matters, and what to measure next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.answers import answered, end, progress
from experiments.cli.options import AsJson, CaseName, Fresh, Out, PerDraw, Policies, RetryFailed, Seed, Workers

if TYPE_CHECKING:
    from experiments.conduct import How


def assumptions(
    case: CaseName,
    policy: Policies = None,
    out: Out = None,
    draws: Annotated[int, typer.Option(min=20, max=5000, help="Draws of every guessed number at once.")] = 200,
    per_draw: PerDraw = 4,
    seed: Seed = 1,
    workers: Workers = "auto",
    fresh: Fresh = False,
    retry_failed: RetryFailed = False,
    as_json: AsJson = False,
) -> None:
    """Which guess moves the answer, and which would be worth measuring in real services.

    \b
    safeguarding assumptions child-s
    safeguarding assumptions child-s --policy rec-1 --policy push --draws 400
    """
    with answered():
        from rich.console import Console

        from experiments.assumptions import assumptions as ask
        from results.tables import guesses

        with progress() as report:
            how: How = {"workers": workers, "retry_failed": retry_failed, "progress": report}
            found = ask(case, policy, out, draws, per_draw, seed, fresh, **how)
        if as_json:
            top = found.table.groupby("answer", sort=False).head(10)
            data = {"sentence": found.sentence, "answers": json.loads(top.to_json(orient="records"))}
            typer.echo(json.dumps(data | {"directory": str(found.root)}, indent=2))
        else:
            console = Console()
            console.print(found.sentence, highlight=False)
            console.print()
            console.print(guesses(found.table, found.choice))
            console.print(f"Tables, figure and manifest: {found.root}", highlight=False)
        end(found.failures, found.root)
