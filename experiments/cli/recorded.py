"""`compare --as-recorded`: what happened, and what if; how it is asked and how it is printed."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from experiments.cli.answers import progress, say

if TYPE_CHECKING:
    from experiments.as_recorded import AsRecorded
    from experiments.design import Arm
    from experiments.direction import Moved


def compare_as_recorded(
    case: str,
    arms: tuple[Arm, ...],
    items: list[str],
    full_record: bool,
    most: int | None,
    seed: int,
    workers: int | str,
    as_json: bool,
    ought: bool = False,
) -> None:
    """Weigh the record, follow the twins, and print both; with `ought`, what ought to move and what ought not."""
    from experiments.as_recorded import as_recorded
    from experiments.what_if import askable, counterfactuals, whole
    from scenarios.faults import BadInput, Fault

    rows = askable(case.partition("@")[0]) if ought else []
    if ought and not rows:
        raise BadInput([Fault("request", "--counterfactuals", f"{case} has none that can be asked", "Leave it out.")])
    if rows:
        arms = tuple(row.arms[1] for row in rows)
    with progress() as report:
        found = as_recorded(case, arms, items, full_record, most, seed, workers, report, say)
    if rows:
        _print_moved(found, counterfactuals(found, rows))
        return
    told = whole(found, items)
    if as_json:
        typer.echo(json.dumps(as_data(found, told), indent=2))
    else:
        _print(found, told)


def _print_moved(found: AsRecorded, moved: list[Moved]) -> None:
    from rich.console import Console

    from experiments.direction import as_table
    from experiments.what_if import opening

    console = Console()
    for line in opening(found):
        console.print(line, highlight=False)
    if not found.too_few:
        console.print(as_table(moved, "as recorded"))


def _print(found: AsRecorded, told: Any) -> None:
    from rich.console import Console

    from results.whatif import a_forecast, changes, in_sequence, likelihood, of_targets, policies, targets

    console = Console()
    about = found.world.case.case
    for line in (f"{about.title}, as recorded. {about.care_note}", "", *told.opening):
        console.print(line, highlight=False)
    console.print()
    console.print(likelihood(told.costs))
    console.print(in_sequence(told.sequence))
    if told.rows:
        console.print(policies(told.rows, told.level))
        for row in told.rows:
            if row.is_a_forecast:
                console.print(a_forecast(row), highlight=False)
        console.print(changes(told.changed, told.words, told.decisions))
        for line in told.sentences:
            console.print(line, highlight=False)
    if told.targets:
        console.print(targets(told.targets, stated=True))
        console.print(targets(told.targets, stated=False))
        console.print(of_targets(told.targets), highlight=False)


def as_data(found: AsRecorded, told: Any) -> dict[str, Any]:
    """The same, as data."""
    bits, error = found.all.bits
    return {
        "case": found.asked.case,
        "entries": len(found.known.record.entry),
        "of_entries": found.whole,
        "runs": len(found.weighed),
        "fit": found.all.alive,
        "effective": found.all.effective,
        "largest": found.all.largest,
        "too_few": found.too_few,
        "surprise_bits": bits,
        "surprise_error": error,
        "surprise_by_date": told.dates,
        "least_likely": [{"entry": name, "words": words, "bits": cost} for name, words, cost in told.costs],
        "ruled_out_by": [{"entry": entry, "why": why, "runs": n} for (entry, why), n in found.deaths.most_common()],
        "policies": [asdict(row) for row in told.rows],
        "pairs": [asdict(row) for row in told.changed],
        "targets": [
            row.target.model_dump(include={"id", "words", "share", "why"})
            | {"expected": row.target.expected, "given": row.share, "stated": row.stated, "met": row.met}
            for row in told.targets
        ],
    }
