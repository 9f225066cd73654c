"""`twins`: a documented history, and the same luck under a policy, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.answers import answered
from experiments.cli.options import Adherence, CaseName, Seed

if TYPE_CHECKING:
    from datetime import datetime

    from rich.table import Table

    from experiments.twins import Followup, Twins
    from results.chronology import Entry
    from simulation.journey import Journey

MOMENTS = 6
"""How many moments are set side by side when no item is followed."""


def twins(
    case: CaseName,
    policy: Annotated[str, typer.Option(help="What if this policy had been in place; A+B is both at once.")],
    replication: Annotated[
        int | None, typer.Option(min=0, help="Which luck. Left out: a history drawn as the record bids.")
    ] = None,
    item: Annotated[str | None, typer.Option(help="Follow one item only, to the end.")] = None,
    adherence: Adherence = None,
    seed: Seed = 1,
) -> None:
    """What happened, and what if: one history that fits what is documented, and its twin under a policy, on the same
    luck; where they part, and what followed.

    \b
    safeguarding twins child-s --policy P41
    safeguarding twins child-s --policy P41 --item F35
    """
    with answered():
        from rich.console import Console

        from experiments.compare import arms
        from experiments.twins import twins as both

        arm = arms([policy], adherence)[-1]
        found = both(case, arm, seed, replication, [item] if item else None)
        title = " and ".join(policy.title for policy in arm.policies) or arm.name
        console = Console()
        for line in _opening(found, seed, title):
            console.print(line, highlight=False)
        if found.followed:
            console.print(_outcomes(found, title))
        if found.parted:
            console.print(_side_by_side(found, title, 10**6 if item else MOMENTS))


def _opening(found: Twins, seed: int, title: str) -> list[str]:
    from results.days import Days
    from results.whatif import HALF, luck_in_words

    about, entries = found.known.world.case.case, len(found.known.record.entry)
    lines = [
        f"{about.title}, run {found.replication} of seed {seed}: one of many histories that fit the {entries} entries "
        f"of the record. {about.care_note}",
        f"Beside it, on the same luck: {title}. A simulation of this family's services, not of this family.",
        "",
    ]
    if not found.parted:
        return [*lines, "The two never part: in this run the policy changes nothing that happens."]
    when = found.known.world.calendar.moment(found.parted.minute)
    shares = [count / max(found.luck.total, 1) for count in found.luck]
    lines += [
        f"They part on {Days.of(about).label(when)} at {when:%H:%M}. Until then the same things happened.",
        f"Luck behind the second: {luck_in_words((shares[0], shares[1], shares[2]))}.",
    ]
    if shares[2] > HALF:
        lines.append("Over half of it is new: read it as a forecast for a family like this one.")
    if found.moved:
        lines.append(f"{found.moved} documented acts hang on another chance with it; below also on luck dealt afresh.")
    return [*lines, ""]


def _side_by_side(found: Twins, title: str, most: int) -> Table:
    from rich.table import Table

    from results.days import Days

    table = Table("as recorded", title, title="What happened in one and not in the other", title_justify="left")
    said = Days.of(found.known.world.case.case)
    moments = sorted({entry.when for entry in (*found.only_recorded, *found.only_twin)})
    for when in moments[:most]:
        label = f"{said.label(when)}, {when:%H:%M}"
        table.add_row(*(_said(some, when, label) for some in (found.only_recorded, found.only_twin)), end_section=True)
    if len(moments) > most:
        table.caption = f"The first {most} of {len(moments)} moments. --item ID follows one thing to the end."
    return table


def _said(entries: list[Entry], when: datetime, label: str) -> str:
    words = [entry.words for entry in entries if entry.when == when]
    return f"{label}  " + " ".join(words) if words else ""


def _outcomes(found: Twins, title: str) -> Table:
    from rich.table import Table

    world = found.known.world
    table = Table("", "as recorded", title, title="What followed for each item", title_justify="left")
    if found.moved:
        table.add_column("on fresh luck")
    for row in found.followed:
        what = f"{row.item} for {world.choices[row.decision].words}"
        cells = [_outcome(row.recorded), f"{_outcome(row.twin)}{_mostly_new(row)}"]
        table.add_row(what, *cells, *([_outcome(row.fresh)] if found.moved and row.fresh else []))
    return table


def _outcome(way: Journey) -> str:
    from results.telling import short

    if way.read:
        return "read, and weighed" if way.weighed else f"read; {short(way.reason)}"
    return f"{way.state}: {short(way.reason)}"


def _mostly_new(row: Followup) -> str:
    from results.whatif import HALF

    return " (mostly new luck: a forecast)" if row.luck.total and row.luck.new / row.luck.total > HALF else ""
