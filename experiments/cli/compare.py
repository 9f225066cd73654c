"""`compare`, and how the answer of any comparison is printed."""

from __future__ import annotations

import json
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from experiments.cli.answers import answered, end, progress, say
from experiments.cli.options import (
    Adherence,
    AsJson,
    CaseName,
    Draws,
    Fresh,
    Out,
    PerDraw,
    Policies,
    Replications,
    Seed,
    Workers,
)

if TYPE_CHECKING:
    from experiments.compare import Comparison
    from experiments.design import Experiment


def compare(
    case: CaseName,
    policy: Policies = None,
    adherence: Adherence = None,
    out: Out = None,
    replications: Replications = 400,
    draws: Draws = 20,
    per_draw: PerDraw = 20,
    seed: Seed = 1,
    workers: Workers = 0,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Policies against practice as usual, on the same luck: table, figure, tidy files.

    \b
    safeguarding compare child-s
    safeguarding compare child-s --policy P30 --policy push+pull --replications 1000
    """
    with answered():
        from experiments.compare import arms, default_out
        from experiments.design import Experiment

        experiment = Experiment("compare", case, arms(policy or [], adherence), seed, replications, draws, per_draw)
        perform(experiment, out or default_out("compare", case), workers, fresh, as_json)


def perform(experiment: Experiment, root: Path, workers: int, fresh: bool, as_json: bool) -> None:
    """Run a comparison and print it."""
    from experiments.compare import contested, perform

    for arm, leaves in contested(experiment).items():
        say(f"{arm}: its policies set {', '.join(leaves)} differently; the larger change holds.")
    with progress() as report:
        comparison = perform(experiment, root, workers, progress=report, fresh=fresh)
    if comparison.never_ended:
        say(f"No run ended of {', '.join(comparison.never_ended)}: there is nothing to compare.")
    elif as_json:
        typer.echo(json.dumps(_as_data(comparison), indent=2))
    else:
        _print(comparison)
    end(comparison.failures, root)


def _print(comparison: Comparison) -> None:
    from rich.console import Console

    from results.tables import against_review, not_expressible, terminal
    from results.targets import load_unsaid

    experiment = comparison.experiment
    console = Console()
    console.print(comparison.sentence, highlight=False)
    console.print()
    table = terminal(
        comparison.contrasts,
        {measure: comparison.level(measure) for measure in ("reach", "weighed", "hours")},
        experiment.replications,
        experiment.draws,
    )
    console.print(table)
    if len(comparison.targets):
        console.print(against_review(comparison.targets))
        console.print(not_expressible(load_unsaid(comparison.world.case.case.id)))
    console.print()
    for line in comparison.picture:
        console.print(line, highlight=False)
    console.print()
    for name, question in comparison.figures.items():
        console.print(f"  {name:<17} {question}", highlight=False)
    console.print(f"Figures (SVG and PNG), tables and manifest: {comparison.root}", highlight=False)


USUALLY = ("reach", "weighed", "any_decider", "gap", "hours", "wider", "load", "signal", "one", "room", "between")
"""The measures whose level under practice as usual is given as data; null where a case has nothing to ask it of."""


def _as_data(comparison: Comparison) -> dict[str, Any]:
    from results.tables import tidy

    return {
        "sentence": comparison.sentence,
        "usual": {name: None if isnan(level := comparison.level(name)) else level for name in USUALLY},
        "arms": json.loads(tidy(comparison.contrasts).to_json(orient="records")),
        "figures": comparison.figures,
        "directory": str(comparison.root),
    }
