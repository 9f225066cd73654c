"""`publish`: the report over all reviews that lies in the repository."""

from __future__ import annotations

import typer

from experiments.cli.answers import answered, progress
from experiments.cli.options import Draws, Out, PerDraw, Policies, Replications, Seed, Workers


def publish(
    policy: Policies = None,
    out: Out = None,
    replications: Replications = 400,
    draws: Draws = 20,
    per_draw: PerDraw = 20,
    seed: Seed = 1,
    workers: Workers = "auto",
) -> None:
    """Make results/published anew: every review under the same policies, the ladder of trust, one report.

    \b
    safeguarding publish
    """
    with answered():
        from experiments.publish import publish as made

        with progress() as told:
            page = made(out, None, policy, None, replications, draws, per_draw, seed, workers=workers, progress=told)
        typer.echo(page)
