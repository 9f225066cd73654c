"""What falls short of what a review documents, or of what ought to move, and by which rule of the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rich.table import Table

from results.tables import plain_table
from results.targets import Target

UNTOLD = "not yet told"


class Shortfall(NamedTuple):
    """One row that falls short. `asked` and `found` in words, as usual and as recorded; `why` is "" where nobody has
    said by which rule."""

    case: str
    row: str
    words: str
    asked: str
    as_usual: str
    as_recorded: str
    why: str


def of_targets(
    case: str, targets: Iterable[Target], usual: Mapping[str, float], recorded: Mapping[str, float]
) -> list[Shortfall]:
    """The targets of information whose share of runs is not what the review bids expect, as usual or as recorded.

    `usual` and `recorded` give shares (0 to 1) by target; a target that `recorded` has not was not asked.
    """
    short = []
    for target in targets:
        given = [shares[target.id] for shares in (usual, recorded) if target.id in shares]
        if target.kind == "information" and not all(map(target.met_by, given)):
            asked = f"{target.expected} {target.share:.0%}"
            beside = [f"{shares[target.id]:.0%}" if target.id in shares else "" for shares in (usual, recorded)]
            short.append(Shortfall(case, target.id, target.words, asked, beside[0], beside[1], target.why))
    return short


def as_table(rows: Sequence[Shortfall]) -> Table:
    """Every row that falls short, and under it the rule by which it does."""
    table = plain_table("What falls short, and by which rule")
    table.add_column("", no_wrap=True)
    table.add_column("what", ratio=1)
    given = ["asked", "as_usual", *(["as_recorded"] if any(row.as_recorded for row in rows) else [])]
    for heading in (name.replace("_", " ") for name in given):
        table.add_column(heading, justify="right", max_width=13)
    for row in rows:
        what = f"{row.words}\n[dim]{row.why or UNTOLD}[/dim]"
        table.add_row(row.row, what, *(getattr(row, name) for name in given), end_section=True)
    told = sum(bool(row.why) for row in rows)
    table.caption = (
        f"Rows: {len(rows)}, the rule told of {told}. Families of reviews were chosen because something was lost; "
        "ordinary practice should come out less gloomy. No leaf was moved for any of these."
    )
    return table
