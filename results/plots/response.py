"""How does the answer go with each leaf that was varied? A panel a leaf, a point of the design a dot."""

from __future__ import annotations

from math import ceil

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.findings import signed
from results.plots.house import CHANCE, LINE, QUIET, SIMULATED, headed, house_style, rows_of

MOST_PANELS = 12
"""Leaves that are drawn; the table has them all."""
SCALE = 20
"""A leaf whose largest value is more than so many times its smallest is drawn on the logarithm's scale."""


def response(points: pd.DataFrame, usual: dict[str, float], case_title: str, runs: int) -> Figure:
    """Difference in reach against each leaf. `points` has a column for each leaf of `usual`, which gives its value as
    usual, and those of `tables.tidy`."""
    leaves = list(usual)[:MOST_PANELS]
    across = min(3, len(leaves))
    down = ceil(len(leaves) / across)
    with house_style():
        size = (max(4.2 * across + 0.8, 9), 3.2 * down + 1.9)
        figure, grid = plt.subplots(down, across, figsize=size, sharey=True, squeeze=False)
        panels = [*grid.flat]
        for axes, leaf in zip(panels, leaves, strict=False):
            _panel(axes, points, leaf, usual[leaf], alone=len(usual) == 1)
        for axes in panels[len(leaves) :]:
            axes.remove()
        for row in grid:
            row[0].set_ylabel("more pairs read in time,\nof 100 scored")
        headed(
            figure,
            f"{case_title}: how does reach go with each habit?",
            _said(points),
            f"A dot is a point of the design, its line the simultaneous 95 % interval of chance over {runs} paired "
            f"runs; filled\nwhere that leaves zero out. Dotted: the habit as usual. {_others(usual)}{SIMULATED}",
        )
    return figure


def _panel(axes: Axes, points: pd.DataFrame, leaf: str, usual: float, alone: bool) -> None:
    axes.axhline(0, color=LINE, linewidth=1, zorder=0)
    axes.axvline(usual, color=QUIET, linewidth=1, linestyle=":", zorder=0)
    crowded = len(points) > 60
    for row in points.assign(here=points[leaf]).pipe(rows_of):
        axes.plot([row.here] * 2, [row.chance_low, row.chance_high], color=CHANCE, linewidth=0.6 if crowded else 1.8)
        face = CHANCE if row.chance_low > 0 or row.chance_high < 0 else "white"
        size = 3.5 if crowded else 6.5
        axes.plot(row.here, row.difference, "o", markersize=size, markerfacecolor=face, markeredgecolor=CHANCE)
    if alone:
        line = points.sort_values(leaf)
        axes.plot(line[leaf], line["difference"], color=CHANCE, linewidth=1, zorder=1)
    if points[leaf].min() > 0 and points[leaf].max() > SCALE * points[leaf].min():
        axes.set_xscale("log")
    axes.set_xlabel(leaf)


def _said(points: pd.DataFrame) -> str:
    clear = points[(points["chance_low"] > 0) | (points["chance_high"] < 0)]
    if clear.empty:
        return f"None of {len(points)} points differs clearly from practice as usual."
    ends = f"from {signed(points['difference'].min())} to {signed(points['difference'].max())} per 100"
    return f"{len(clear)} of {len(points)} points differ from practice as usual beyond chance; differences run {ends}."


def _others(usual: dict[str, float]) -> str:
    """What else moves in a panel."""
    return "The other habits vary too, so neighbouring dots need not agree. " if len(usual) > 1 else ""
