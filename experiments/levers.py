"""`list levers`: what each review asks for, the policy that carries it, and what a finished comparison measured."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.showing import hours
from results.store import Store
from scenarios.faults import BadInput, Fault
from scenarios.load import HERE, load_policies, load_practice
from scenarios.policy import Policy
from scenarios.recommendations import recommendations

PUBLISHED = HERE.parent / "results" / "published"
"""Where the results stand that we vouch for."""
LEVERS = "levers"
"""The table that is published of what each review's own levers do there."""


def levers(stored: Path | None = None) -> list[dict[str, Any]]:
    """A row for each policy of each recommendation; what was measured is None where no comparison holds it.

    `stored` is the directory of a comparison, or of several; without it those that are published are read. Raises
    BadInput where it holds none.
    """
    policies = load_policies(load_practice())
    measured = dict(_measured(stored or PUBLISHED))
    if stored and not measured:
        raise BadInput(
            [Fault("request", str(stored), "holds no finished comparison", "Name the --out of a `compare`.")]
        )
    return [
        {
            "case": one.case,
            "recommendation": one.id,
            "kind": one.kind,
            "asks": one.words,
            "cite": one.cite,
            "policy": name,
            "title": policies[name].title,
            "rests_on": stands(policies[name]),
            "route": not policies[name].no_route,
            "standing": hours(policies[name]) if policies[name].standing_hours else "",
            "measured": measured.get((one.case, policies[name].covered_by or name)),
        }
        for one in recommendations(policies)
        for name in one.policies
    ]


def stands(policy: Policy) -> str:
    """What an effect rests on, or why there is none of its own."""
    if policy.no_route:
        return "no route"
    return f"as {policy.covered_by}" if policy.covered_by else policy.effect


def _measured(root: Path) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """What comparisons found, by case and policy: one directory, or each directory in it, or one of all cases."""
    for folder in (root, *sorted(path for path in root.glob("*") if path.is_dir())):
        for table in (folder / "tables" / f"{name}.parquet" for name in ("across", LEVERS)):
            if table.exists():
                for row in pd.read_parquet(table).to_dict("records"):
                    yield (str(row["case"]), str(row["arm"])), _cell(row, folder)
        table = folder / "tables" / "comparison.parquet"
        if table.exists() and Store(folder).manifest_path.exists():
            for row in pd.read_parquet(table).to_dict("records"):
                yield (_case(folder), str(row["arm"])), _cell(row, folder)


def _case(folder: Path) -> str:
    """Of which case a comparison is."""
    import json

    return str(json.loads(Store(folder).manifest_path.read_text())["experiment"]["case"]["case"]["id"])


def _cell(row: dict[Any, Any], folder: Path) -> dict[str, Any]:
    """One policy's effect on a review's items, per 100 pairs, and its hours a case."""
    names = ("difference", "chance_low", "chance_high", "not_knowing_low", "not_knowing_high", "hours_difference")
    counts = {"runs": int(row["paired_runs"]), "draws": int(row["draws"])}
    return {name: float(row[name]) for name in names} | counts | {"finding": row["finding"], "from": str(folder)}


def said(row: dict[str, Any]) -> str:
    """What was measured, in a few words; with no comparison, that there is none."""
    cell = row["measured"]
    if cell is None or not row["route"]:
        return "not measured" if row["route"] else "nothing to measure"
    words = f"{cell['difference']:+.1f} per 100 (chance {cell['chance_low']:+.1f} to {cell['chance_high']:+.1f}"
    if cell["draws"]:
        words += f", not knowing {cell['not_knowing_low']:+.1f} to {cell['not_knowing_high']:+.1f}"
    return f"{words}; {cell['finding']}), {cell['hours_difference']:+.1f} h a case, {cell['runs']} runs"


def as_text(rows: list[dict[str, Any]]) -> Iterator[str]:
    """The list for a terminal: review, recommendation, then its policies."""
    review = recommendation = None
    for row in rows:
        if row["case"] != review:
            review = row["case"]
            yield f"\n{review}"
        if (row["case"], row["recommendation"]) != recommendation:
            recommendation = row["case"], row["recommendation"]
            name = f"{row['kind']} {row['recommendation']}" if row["kind"] != row["recommendation"] else row["kind"]
            yield f"  {name}: {row['asks']} ({row['cite']})"
        standing = f"; {row['standing']}" if row["standing"] else ""
        yield f"    {row['policy']:<33} {row['title']} ({row['rests_on']}{standing}): {said(row)}"
    yield from _how(rows)


def _how(rows: list[dict[str, Any]]) -> Iterator[str]:
    """How to measure what no comparison holds."""
    if any(row["route"] and row["measured"] is None for row in rows):
        yield "\nWhat is not measured can be: `safeguarding compare --all --levers --out DIR`; then"
        yield "`safeguarding list levers --from DIR`."
