"""Does it hold if we are wrong? What each choice forgoes in each world, and in its worst."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from results.colours import Look
from results.findings import plain
from results.plots.heat import heat
from results.plots.house import INK, QUIET, WIDE, house_style, panels
from results.plots.strips import TWO_LINES, Strip, Words, headings, strips
from results.statistics import Change, Interval

QUESTION = "does it hold if we are wrong?"

MOST_WORLDS = 20
"""With more, those are shown in which any choice forgoes most; the table has all."""


def regret_map(
    found: pd.DataFrame, worst: pd.DataFrame, marked: list[str], labels: Mapping[str, str], looks: Mapping[str, Look]
) -> Figure:
    """Choices down, worlds across, what is forgone in each; beside it the worst, `marked` where it is the least, or
    chance cannot tell it from the least.

    `found` is `choices.regret`, `worst` is `choices.worst_cases`; rows in the order of `labels`.
    """
    arms = [arm for arm in labels if arm in set(worst["arm"])]
    wide = found.pivot(index="arm", columns="world", values="regret").loc[arms]
    kept = wide.max().sort_values(ascending=False, kind="stable").index[:MOST_WORLDS]
    wide = wide[[world for world in wide if world in kept]]
    grid = wide.to_numpy(float)
    words = [[plain(value) for value in row] for row in grid]
    by_arm = worst.set_index("arm")
    with house_style():
        figure, ((axes,),) = panels((WIDE, 1.3 + 0.3 * len(arms)))
        heat(axes, grid, words, max(float(np.nanmax(grid)), 1.0))
        across = grid.shape[1]
        for row, arm in enumerate(arms):
            axes.plot(-0.45, row + 0.5, looks[arm].marker, color=looks[arm].colour, markersize=8, clip_on=False)
            half = (by_arm["chance_high"][arm] - by_arm["chance_low"][arm]) / 2
            said = f"{plain(by_arm['worst_regret'][arm], 1)} ±{plain(half, 1)}"
            axes.text(across + 2.9, row + 0.5, said, ha="right", va="center", fontsize=9.5)
            if arm in marked:
                mark = "least" if marked[0] == arm else "alike"
                axes.text(across + 3.2, row + 0.5, mark, ha="left", va="center", fontsize=9.5, color=INK)
        axes.set_xlim(-0.9, across + 4.6)
        axes.set_yticks(np.arange(len(arms)) + 0.5, [labels[arm] for arm in arms])
        axes.text(across + 2.9, -0.15, "worst,\n± chance", ha="right", va="bottom", fontsize=9, color=QUIET)
        for column, world in enumerate(wide):
            axes.text(column + 0.5, -0.15, str(world), ha="center", va="bottom", fontsize=9, color=QUIET)
        axes.set_xlabel("world: a draw of the habits nobody has measured; in each cell, of 100 pairs, those forgone")
        axes.xaxis.set_label_coords(0.0, -0.03)
        axes.xaxis.label.set_horizontalalignment("left")
    return figure


def worst_strips(reviews: Mapping[str, pd.DataFrame], labels: Mapping[str, str], looks: Mapping[str, Look]) -> Figure:
    """Several cases: what each choice forgoes in its worst world there."""
    columns: list[Strip | Words] = []
    heading = headings(reviews)
    for review, worst in reviews.items():
        rows = {str(row["arm"]): change_of(row) for row in worst.to_dict("records")}
        printed = {arm: plain(change.centre, 1) for arm, change in rows.items()}
        columns.append(Strip(heading[review], "worst regret", rows, printed=printed))
    return strips(labels, looks, columns, tall=TWO_LINES)


def change_of(row: Mapping[Hashable, Any]) -> Change:
    """What a choice forgoes in its worst world, with chance; the worlds are the not knowing. None forgoes less than
    nothing."""
    worst = float(row["worst_regret"])
    chance = Interval(worst, max(0.0, float(row["chance_low"])), float(row["chance_high"]), int(row["runs"]))
    return Change(chance, Interval(worst, np.nan, np.nan, 0))
