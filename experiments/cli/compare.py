"""`compare`, and how the answer of any comparison is printed."""

from __future__ import annotations

import json
import sys
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, Unpack

import typer

from experiments.cli.across import across
from experiments.cli.answers import answered, end, no_part_in, progress, say
from experiments.cli.options import (
    Adherence,
    AsJson,
    CaseName,
    DryRun,
    Fresh,
    MaxReplications,
    Out,
    Policies,
    RetryFailed,
    Runs,
    Seed,
    TableTo,
    Until,
    Workers,
)
from experiments.cli.plan import show_plan

if TYPE_CHECKING:
    from experiments.compare import Comparison
    from experiments.conduct import How
    from experiments.design import Experiment


def compare(
    case: CaseName = "",
    every: Annotated[bool, typer.Option("--all", help="The same policies in every case, in one table.")] = False,
    levers: Annotated[bool, typer.Option("--levers", help="With --all: in each review what it asks for.")] = False,
    policy: Policies = None,
    adherence: Adherence = None,
    out: Out = None,
    replications: Runs = None,
    until: Until = None,
    max_replications: MaxReplications = None,
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
    as_recorded: Annotated[
        bool, typer.Option("--as-recorded", help="Given what the review documents that people did.")
    ] = False,
    full_record: Annotated[
        bool, typer.Option("--full-record", help="As recorded, with every entry, however many runs it takes.")
    ] = False,
    ought: Annotated[
        bool, typer.Option("--counterfactuals", help="As recorded, what ought to move and what ought not.")
    ] = False,
    item: Annotated[list[str] | None, typer.Option(help="As recorded, show this item alone. Repeat for more.")] = None,
    dry_run: DryRun = False,
    table: TableTo = None,
    as_json: AsJson = False,
) -> None:
    """Policies against practice as usual, on the same luck: table, figure, tidy files.

    \b
    safeguarding compare child-s
    safeguarding compare child-s --policy P30 --policy push+pull --replications 1000
    safeguarding compare child-s --policy P30 --until "reach ± 0.01"
    safeguarding compare --all
    safeguarding compare --all --levers
    safeguarding compare child-s --as-recorded --policy P41
    """
    sizes = {"draws": draws, "per_draw": per_draw}
    given: dict[str, Any] = {name: size for name, size in sizes.items() if size is not None}
    with answered():
        from experiments.compare import arms
        from experiments.compare import perform as ask
        from experiments.conduct import default_out
        from experiments.design import Experiment
        from results.stopping import length
        from scenarios.faults import BadInput, Fault

        if every == bool(case):
            found = "names a case and --all" if case else "names no case"
            raise BadInput([Fault("request", "compare", found, "Name one case, or give --all and none.")])
        if levers and (policy or not every):
            found = "levers of every review, and a case or a policy"
            raise BadInput([Fault("request", "compare", found, "Give --all --levers and neither.")])
        of_one: dict[str, object] = {
            "--until": until,
            "--max-replications": max_replications,
            "--dry-run": dry_run,
            "--table": table,
        }
        of_runs: dict[str, object] = {"--out": out, "--fresh": fresh, "--retry-failed": retry_failed} | of_one
        recorded: dict[str, object] = {
            "--as-recorded": as_recorded,
            "--full-record": full_record,
            "--counterfactuals": ought,
        }
        if every:
            no_part_in("--all", recorded | of_one | {"--item": item})
            given |= {} if replications is None else {"replications": replications}
            across(policy or [], levers, adherence, out, given, seed, workers, fresh, retry_failed, as_json)
            return
        if any(recorded.values()):
            no_part_in("--as-recorded", of_runs | {"--draws": draws, "--per-draw": per_draw})
            from experiments.cli.recorded import compare_as_recorded

            named = arms(policy or [], adherence, case)[1:]
            compare_as_recorded(case, named, item or [], full_record, replications, seed, workers, as_json, ought)
            return
        no_part_in("compare without --as-recorded", {"--item": item})
        runs, asked = length(replications, until, max_replications, 400)
        several = arms(policy or [], adherence, case)
        experiment = Experiment("compare", case, several, seed, runs, until=asked, **given)
        if dry_run:
            no_part_in("--dry-run", {"--table": table})
            show_plan(experiment, workers, as_json)
            return
        root = out or default_out("compare", case)
        answer(ask, experiment, root, as_json, table, fresh, workers=workers, retry_failed=retry_failed)


class Ask(Protocol):
    """How a comparison is carried out: `experiments.compare.perform`, or a sweep's."""

    def __call__(self, experiment: Experiment, root: Path, fresh: bool = False, **how: Unpack[How]) -> Comparison:
        """Run what is missing, write what was found, and return it."""


def answer(
    ask: Ask, experiment: Experiment, root: Path, as_json: bool, table: Path | None, fresh: bool, **how: Unpack[How]
) -> None:
    """Run a comparison and print it. Raises BadInput before it, where the table has no place to go."""
    from experiments.compare import contested
    from results.tables import tidy
    from scenarios.faults import BadInput, Fault

    if as_json:
        no_part_in("--json", {"--table": table})
    if table and str(table) != "-" and (table.is_dir() or not table.parent.is_dir()):
        advice = "Name a file in a folder that is there, or - for stdout."
        raise BadInput([Fault("request", f"table {table}", "no file can be written there", advice)])

    for arm, leaves in contested(experiment).items():
        say(f"{arm}: its policies set {', '.join(leaves)} differently; the larger change holds.")
    with progress() as report:
        how["progress"] = report
        comparison = ask(experiment, root, fresh, **how)
    if comparison.never_ended:
        say(f"No run ended of {', '.join(comparison.never_ended)}: there is nothing to compare.")
    elif as_json:
        typer.echo(json.dumps(_as_data(comparison), indent=2))
    elif table:
        tidy(comparison.contrasts).to_csv(sys.stdout if str(table) == "-" else table, index=False, lineterminator="\n")
    else:
        _print(comparison)
    end(comparison.failures, root)


def _print(comparison: Comparison) -> None:
    from rich.console import Console

    from results.design_tables import swept
    from results.tables import against_review, not_expressible, terminal
    from results.targets import load_unsaid

    experiment = comparison.experiment
    console = Console()
    console.print(comparison.sentence, highlight=False)
    if comparison.known:
        console.print(comparison.known, highlight=False)
    console.print()
    levels = {measure: comparison.level(measure) for measure in ("reach", "weighed", "hours")}
    sizes = (comparison.replications, experiment.draws)
    if experiment.question == "sweep":
        points = {arm.name: dict(arm.changes) for arm in experiment.arms}
        console.print(swept(comparison.contrasts, points, levels, *sizes))
    else:
        console.print(terminal(comparison.contrasts, levels, *sizes))
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
        "known": comparison.known,
        "replications": comparison.replications,
        "usual": {name: None if isnan(level := comparison.level(name)) else level for name in USUALLY},
        "arms": json.loads(tidy(comparison.contrasts).to_json(orient="records")),
        "figures": comparison.figures,
        "directory": str(comparison.root),
    }
