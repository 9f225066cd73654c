"""What sweeps, sensitivity, robustness and plans come to, as tables for a terminal."""

from __future__ import annotations

import pandas as pd
from rich.table import Table

from results.tables import Contrast, caption, cells, plain_table

MOST_LEAVES = 5
"""Leaves whose values a table of a sweep shows."""
MOST_SHOWN = 40
"""Arms that a terminal shows."""


def most_moved(found: list[Contrast]) -> list[Contrast]:
    """The arms in their order; of too many, those that move most either way."""
    kept = sorted(found, key=lambda contrast: -abs(contrast.chance.centre))[:MOST_SHOWN]
    return [contrast for contrast in found if contrast in kept] if len(found) > MOST_SHOWN else found


def swept(
    found: list[Contrast], points: dict[str, dict[str, float]], usual: dict[str, float], runs: int, draws: int
) -> Table:
    """A sweep as a table: a row is a point, its leaves first; of too many points those that move most."""
    table = plain_table("Critical items the decision-maker read in time, per 100, against usual")
    table.padding = (0, 1)
    leaves = [*points[found[0].arm]][:MOST_LEAVES]
    for heading in (*leaves, "more", "chance", "not knowing", "clear", "counted", "hours"):
        table.add_column(heading, justify="center" if heading == "clear" else "right")
    levels = (f"{usual['reach']:.1f}", "", "", "", f"{usual['weighed']:.1f}", f"{usual['hours']:.1f}")
    table.add_row(*["usual"] * len(leaves), *levels)
    for contrast in most_moved(found):
        table.add_row(*(f"{points[contrast.arm][leaf]:.3g}" for leaf in leaves), *cells(contrast))
    shown = f"The {MOST_SHOWN} points that move most, of {len(found)}; the tables have all. "
    table.caption = (shown if len(found) > MOST_SHOWN else "") + caption(runs, draws)
    return table


def sensitivities(found: pd.DataFrame, about: str, unit: str) -> Table:
    """Each factor with its indices, for a terminal of a hundred columns."""
    morris = "mu_star" in found
    table = plain_table(
        f"What moves {about}" + (f", {unit} over the whole range" if morris else ", shares of its variance")
    )
    table.padding = (0, 1)
    headings = ("μ*", "95 %") if morris else ("own (S1)", "95 %", "with others (ST)", "95 %")
    table.add_column("factor", no_wrap=True)
    for heading in ("leaves", *headings, f"effect, {unit}", "by luck"):
        table.add_column(heading, justify="right")
    for row in found.head(MOST_SHOWN).to_dict("records"):
        cells = [str(row["leaves"])]
        for index in ("mu_star",) if morris else ("S1", "ST"):
            cells += [f"{row[index]:.2f}", f"{row[f'{index}_low']:.2f} {row[f'{index}_high']:.2f}"]
        cells += [f"{row['effect']:.2g}" if row["clear"] else "not told from 0", f"{row['luck']:.2g}"]
        table.add_row(str(row["factor"]), *cells)
    indices = (
        "μ*: the mean size of its steps along the trajectories, as if over the whole range, luck included"
        if morris
        else "Own, with others: its share of the variance between points, alone and with what it does beside others"
    )
    table.caption = (
        f"Leaves: how many habits vary as one. {indices}; with SALib's 95 % interval. Effect: root mean square of what "
        "moving this factor alone does, luck taken off; told from zero over all factors at once (Holm). By luck: what "
        "chance alone would have made."
    )
    return table


def robust(found: pd.DataFrame, measure: str, unit: str, worlds: int, per_world: int) -> Table:
    """Each option over the worlds, for a terminal of eighty columns."""
    table = plain_table(f"Over {worlds} worlds that practice could be: {measure}, {unit}")
    table.padding = (0, 1, 0, 0)
    table.add_column("policy", max_width=27)
    for heading in ("best", "may be", "gain", "regret", "worst", "conf.", "world"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in found.to_dict("records"):
        shares = (f"{row['best']:.0%}", f"{row['maybe_best']:.0%}", f"{row['gain']:+.1f}")
        fears = (f"{row[name]:.1f}" for name in ("regret", "worst_regret", "confirmed"))
        title = row["title"] if row["option"] in ("usual", row["title"]) else f"{row['option']} {row['title']}"
        table.add_row(title, *shares, *fears, str(row["world"]))
    table.caption = (
        f"{per_world} runs of every policy in each world, on the same luck. Best: share of worlds in which none beats "
        "it, ties shared out; may be: in which none does beyond chance. Gain: against practice as usual. Regret: how "
        "far behind the best of the same world, mean and worst; conf.: the worst confirmed, on runs that did not "
        "choose it (below 0: ahead there). World: where the worst is, as `trace --draw` takes it."
    )
    return table


def hard_worlds(found: pd.DataFrame) -> list[str]:
    """For each option, the habits that go with its worst world's being hard, where any is told."""
    return [
        f"{row['option']} in world {row['world']}: {row['there']}" for row in found.to_dict("records") if row["there"]
    ]


def planned(differences: pd.DataFrame, measure: str) -> Table:
    """What pilot runs say of each arm: how its difference spreads, and the smallest that would be found."""
    table = plain_table(f"What could be found in {measure}, from pilot runs")
    for heading in ("practice", "spread from run to run", "smallest found"):
        table.add_column(heading, no_wrap=True, justify="left" if heading == "practice" else "right")
    for row in differences.itertuples():
        table.add_row(str(row.arm), f"{row.spread:.2f}", f"{row.smallest:.2f}")
    table.caption = (
        "Smallest found: the true difference from practice as usual whose simultaneous 95 % interval would leave zero "
        "out four times in five; where no pilot run differed, three in the number of replications."
    )
    return table
