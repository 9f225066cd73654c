"""`publish`: the report over all reviews that lies in the repository."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.answers import answered, progress
from experiments.cli.options import Draws, Fresh, Out, PerDraw, Policies, Replications, Seed, Workers


def publish(
    policy: Policies = None,
    out: Out = None,
    replications: Replications = 200,
    draws: Draws = 20,
    per_draw: PerDraw = 8,
    seed: Seed = 1,
    workers: Workers = "auto",
    no_ladder: Annotated[bool, typer.Option("--no-ladder", help="Leave the ladder of trust out.")] = False,
    no_levers: Annotated[bool, typer.Option("--no-levers", help="Leave each review's own levers out.")] = False,
    fresh: Fresh = False,
) -> None:
    """Make results/published anew: every review under the same policies, the ladder of trust, one report.

    \b
    safeguarding publish
    safeguarding publish --replications 20 --draws 3 --per-draw 4 --no-ladder --no-levers --out results/out/a-look

    \b
    The runs stay in results/out: the same again resumes. What was published
    before is replaced.
    """
    with answered():
        from experiments.publish import publish as made

        with progress() as told:
            page = made(
                out,
                None,
                policy,
                None,
                replications,
                draws,
                per_draw,
                seed,
                ladder=not no_ladder,
                levers=not no_levers,
                fresh=fresh,
                workers=workers,
                progress=told,
            )
        typer.echo(page)
