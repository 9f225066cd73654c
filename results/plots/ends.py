"""How far an answer moves as one thing alone goes from one end to the other: what a sweep or `depends` varied."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.colours import USUAL_LOOK
from results.findings import signed
from results.plots.house import FAINT, QUIET, WIDE, house_style, panels
from results.plots.strips import bands
from results.statistics import Change, Interval

MOST = 16
"""Assumptions shown, those that move the answer furthest; the table has all."""


def ends(rows: pd.DataFrame) -> Figure:
    """An answer down the middle, an assumption a row, its two ends with both bands and what they are.

    `rows` has about, end, moved with its bands (moved_low, moved_high, not_knowing_low, not_knowing_high), runs, draws.
    """
    span = rows.groupby("about", sort=False)["moved"].agg(lambda moved: moved.max() - moved.min())
    order = list(span.sort_values(ascending=False, kind="stable").index[:MOST])
    with house_style():
        figure, ((axes,),) = panels((WIDE, 1.0 + 0.36 * len(order)))
        axes.axvline(0, color=QUIET, linewidth=1)
        for place, about in enumerate(order):
            axes.axhline(place, color=FAINT, linewidth=0.8, zorder=0)
            both = rows[rows["about"] == about].sort_values("moved", kind="stable").to_dict("records")
            for row in both:
                bands(axes, place, _change(row), USUAL_LOOK, hollow=not row["clear"])
            _named(axes, place, both)
        axes.set_yticks(range(len(order)), order)
        axes.set_ylim(len(order) - 0.4, -0.7)
        axes.margins(x=0.28)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("how far the answer moves, per 100")
    return figure


def _change(row: Mapping[Hashable, Any]) -> Change:
    """How far one end moves the answer."""
    chance = Interval(row["moved"], row["moved_low"], row["moved_high"], int(row["runs"]))
    unknown = Interval(row["moved"], row["not_knowing_low"], row["not_knowing_high"], int(row["draws"]))
    return Change(chance, unknown)


def _named(axes: Axes, place: int, ends: list[dict[Hashable, Any]]) -> None:
    """What was set at each end, outside all bands of the row: the end that moves it lower on the left."""
    known = [band for row in ends for band in (_change(row).chance, _change(row).not_knowing) if band.n]
    outside = {"right": max(band.high for band in known), "left": min(band.low for band in known)}
    for side, row in zip(("right", "left"), reversed(ends), strict=False):
        axes.annotate(
            f"{row['end']}: {signed(row['moved'])}",
            (outside[side], place),
            (7 if side == "right" else -7, 0),
            textcoords="offset points",
            ha="left" if side == "right" else "right",
            va="center",
            fontsize=9,
        )
