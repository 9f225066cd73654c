"""Which assumption matters? How far an answer moves as one assumption goes from one end to the other."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from results.colours import USUAL_LOOK
from results.findings import signed
from results.plots.house import FAINT, QUIET, WIDE, house_style
from results.plots.strips import bands
from results.statistics import Change, Interval

QUESTION = "which assumption matters?"

MOST = 16
"""Assumptions shown, those that move the answer furthest; the table has all."""


def tornado(rows: pd.DataFrame) -> Figure:
    """An answer down the middle, an assumption a row, its two ends with both bands and what they are.

    `rows` has about, end, moved with its bands (moved_low, moved_high, not_knowing_low, not_knowing_high), runs, draws.
    """
    span = rows.groupby("about", sort=False)["moved"].agg(lambda moved: moved.max() - moved.min())
    order = list(span.sort_values(ascending=False, kind="stable").index[:MOST])
    with house_style():
        figure, axes = plt.subplots(figsize=(WIDE, 1.0 + 0.36 * len(order)))
        axes.axvline(0, color=QUIET, linewidth=1)
        for place, about in enumerate(order):
            axes.axhline(place, color=FAINT, linewidth=0.8, zorder=0)
            for row in rows[rows["about"] == about].to_dict("records"):
                chance = Interval(row["moved"], row["moved_low"], row["moved_high"], int(row["runs"]))
                unknown = Interval(row["moved"], row["not_knowing_low"], row["not_knowing_high"], int(row["draws"]))
                bands(axes, place, Change(chance, unknown), USUAL_LOOK, hollow=not row["clear"])
                words = f"{row['end']}: {signed(row['moved'])}"
                ahead = row["moved"] >= 0
                reach = max(row["moved_high"], unknown.high if unknown.n else row["moved_high"])
                floor = min(row["moved_low"], unknown.low if unknown.n else row["moved_low"])
                axes.annotate(
                    words,
                    (reach if ahead else floor, place),
                    (7 if ahead else -7, 0),
                    textcoords="offset points",
                    ha="left" if ahead else "right",
                    va="center",
                    fontsize=9,
                )
        axes.set_yticks(range(len(order)), order)
        axes.set_ylim(len(order) - 0.4, -0.7)
        axes.margins(x=0.28)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("how far the answer moves, per 100")
    return figure
