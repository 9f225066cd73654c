"""`compare --all`: how the table across cases is asked for and printed."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from experiments.cli.answers import end, progress


def across(
    policies: list[str],
    levers: bool,
    adherence: float | None,
    out: Path | None,
    sizes: dict[str, int],
    seed: int,
    workers: str,
    fresh: bool,
    retry_failed: bool,
    as_json: bool,
) -> None:
    """Run the same policies in every case, or in each its own `levers`, and print one table."""
    from rich.console import Console

    from experiments.across import compare_all, design, design_levers
    from experiments.conduct import default_out
    from results.across import sentence, terminal

    if levers:
        experiments = design_levers(None, adherence, seed=seed, **sizes)
    else:
        experiments = design(policies, adherence, None, seed=seed, **sizes)
    with progress() as report:
        root = out or default_out("compare", "all-levers" if levers else "all")
        found = compare_all(experiments, root, workers, report, fresh, retry_failed)
    first = experiments[0]
    words = sentence(found.where, len(experiments), first.draws)
    if as_json:
        data = {
            "sentence": words,
            "runs": {one.case: one.runs for one in experiments},
            "cells": json.loads(found.table.to_json(orient="records")),
            "where": json.loads(found.where.to_json(orient="records")),
            "directory": str(found.root),
        }
        typer.echo(json.dumps(data, indent=2))
    else:
        console = Console()
        console.print(words, highlight=False)
        console.print()
        console.print(terminal(found.table))
        per_case = f"{first.replications} paired runs a policy and case, and {first.draws} draws of {first.per_draw}"
        console.print(f"{per_case}. Tables and manifests: {found.root}", highlight=False)
    end(found.failures, found.root)
