"""`compare`, and how the answer of any comparison is printed."""

from __future__ import annotations

import json
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Unpack

import typer

from experiments.cli.across import across
from experiments.cli.answers import answered, end, progress, say
from experiments.cli.options import (
    Adherence,
    AsJson,
    CaseName,
    Fresh,
    Out,
    Policies,
    RetryFailed,
    Seed,
    Workers,
)

if TYPE_CHECKING:
    from experiments.compare import Comparison
    from experiments.conduct import How
    from experiments.design import Experiment


def compare(
    case: CaseName = "",
    every: Annotated[bool, typer.Option("--all", help="The same policies in every case, in one table.")] = False,
    policy: Policies = None,
    adherence: Adherence = None,
    out: Out = None,
    replications: Annotated[
        int | None, typer.Option(min=2, max=100_000, help="Paired replications for the chance band. [400; --all 60]")
    ] = None,
    draws: Annotated[
        int | None, typer.Option(min=0, max=500, help="Draws for the not-knowing band. [20; --all 6]")
    ] = None,
    per_draw: Annotated[
        int | None, typer.Option(min=2, max=10_000, help="Replications to each. [20; --all 10]")
    ] = None,
    seed: Seed = 1,
    workers: Workers = "auto",
    fresh: Fresh = False,
    retry_failed: RetryFailed = False,
    as_json: AsJson = False,
) -> None:
    """Policies against practice as usual, on the same luck: table, figure, tidy files.

    \b
    safeguarding compare child-s
    safeguarding compare child-s --policy P30 --policy push+pull --replications 1000
    safeguarding compare --all
    """
    sizes = {"replications": replications, "draws": draws, "per_draw": per_draw}
    given: dict[str, Any] = {name: size for name, size in sizes.items() if size is not None}
    with answered():
        from experiments.compare import arms
        from experiments.conduct import default_out
        from experiments.design import Experiment
        from scenarios.faults import BadInput, Fault

        if every == bool(case):
            found = "names a case and --all" if case else "names no case"
            raise BadInput([Fault("request", "compare", found, "Name one case, or give --all and none.")])
        if every:
            across(policy or [], adherence, out, given, seed, workers, fresh, as_json)
            return
        experiment = Experiment("compare", case, arms(policy or [], adherence, case), seed, **given)
        root = out or default_out("compare", case)
        perform(experiment, root, as_json, workers=workers, fresh=fresh, retry_failed=retry_failed)


def perform(experiment: Experiment, root: Path, as_json: bool, fresh: bool, **how: Unpack[How]) -> None:
    """Run a comparison and print it."""
    from experiments.compare import contested, perform

    for arm, leaves in contested(experiment).items():
        say(f"{arm}: its policies set {', '.join(leaves)} differently; the larger change holds.")
    with progress() as report:
        how["progress"] = report
        comparison = perform(experiment, root, fresh, **how)
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
