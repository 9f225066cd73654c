"""What does each policy buy, and what does it cost? Reach against hours, and beside it the two costs of sharing."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.facts import in_few
from results.plots.house import (
    CHANCE,
    LINE,
    NOT_KNOWING,
    QUIET,
    SIMULATED,
    bands_in_words,
    headed,
    house_style,
    rows_of,
    share,
    signed,
)
from results.plots.labels import beside

TITLED = 14
"""With more policies than this, points carry their ids; the rows beside say what they are."""


def reach_hours(found: pd.DataFrame, every: pd.DataFrame, case_title: str, runs: int, draws: int) -> Figure:
    """Reach against hours, one point per policy; and for each, who else comes to know and how much there is to read.

    `found` is `tables.tidy`, `every` is `tables.differences` with wider, load and signal.
    """
    with house_style():
        height = max(7.2, 2.6 + 0.36 * (len(found) + 1))
        figure, (plane, wider, load) = plt.subplots(1, 3, figsize=(16.5, height), width_ratios=[7.4, 3, 3])
        load.sharey(wider)
        _plane(plane, found)
        _rows(wider, found, every[every["measure"] == "wider"], "wider than needed")
        _rows(load, found, every[every["measure"] == "load"], "reading load")
        _signal(load, found, every[every["measure"] == "signal"])
        wider.set_xlabel("items per case that came to people\nwho take part in none of its decisions")
        load.set_xlabel("items laid before somebody\nfor each critical item of the case")
        load.tick_params(axis="y", labelleft=False)
        headed(
            figure,
            f"{case_title}: what does each policy buy, and what does it cost?",
            _said(found, every),
            f"{bands_in_words(runs, draws)} Filled: clear, both bands leave zero on one side.\n"
            "Wider than needed counts each item in each such head once; who is brought into the room takes part, and "
            f"is no longer counted. Less is better in both panels on the right. {SIMULATED}",
        )
        _label(figure, plane, found)
    return figure


def _plane(axes: Axes, found: pd.DataFrame) -> None:
    """One point per policy with both bands, practice as usual at the origin."""
    axes.axhline(0, color=LINE, linewidth=1, zorder=0)
    axes.axvline(0, color=LINE, linewidth=1, zorder=0)
    for row in rows_of(found):
        across, up = row.hours_difference, row.difference
        if row.draws:
            axes.plot(
                [across] * 2, [row.not_knowing_low, row.not_knowing_high], color=NOT_KNOWING, linewidth=7, zorder=1
            )
        axes.plot([across] * 2, [row.chance_low, row.chance_high], color=CHANCE, linewidth=2.5, zorder=2)
        axes.plot([row.hours_low, row.hours_high], [up] * 2, color=CHANCE, linewidth=1, zorder=2)
        face = "white" if row.finding == "no clear difference" else CHANCE
        axes.plot(across, up, "o", markersize=7, markerfacecolor=face, markeredgecolor=CHANCE, zorder=3)
    for line in axes.lines:
        line.set_solid_capstyle("butt")
    axes.plot(0, 0, "s", markersize=8, color="#1a1a1a", zorder=4)
    axes.annotate("as usual", (0, 0), (-6, -6), textcoords="offset points", ha="right", va="top")
    axes.margins(x=0.14, y=0.12)
    axes.set_xlabel("added working hours per case, all practitioners together")
    axes.set_ylabel("more pairs read by the decision-maker in time, of 100 scored")


def _label(figure: Figure, axes: Axes, found: pd.DataFrame) -> None:
    """Every point named where it stands."""
    points = list(zip(found["hours_difference"], found["difference"], strict=True))
    names = found["title"] if len(found) <= TITLED else found["arm"]
    bars = [(0.0, 0.0, 0.0), *((row.hours_difference, *_extent(row)) for row in rows_of(found))]
    beside(figure, axes, points, [in_few(str(name), 38) for name in names], bars)


def _extent(row: Any) -> tuple[float, float]:
    ends = [row.chance_low, row.chance_high]
    if row.draws:
        ends += [row.not_knowing_low, row.not_knowing_high]
    return min(ends), max(ends)


def _rows(axes: Axes, found: pd.DataFrame, every: pd.DataFrame, heading: str) -> None:
    """One measure: usual as a line down the panel, and each policy's level with its bands about it."""
    by_arm = every.set_index("arm")
    usual = float(every["level"].iloc[0])
    axes.axvline(usual, color=QUIET, linewidth=1)
    axes.plot(usual, 0, "s", markersize=7, color="#1a1a1a")
    for place, name in enumerate(found["arm"], 1):
        row = by_arm.loc[name]
        unknown = [usual + row["not_knowing_low"], usual + row["not_knowing_high"]]
        axes.plot(unknown, [place] * 2, color=NOT_KNOWING, linewidth=7, solid_capstyle="butt")
        chance = [usual + row["chance_low"], usual + row["chance_high"]]
        axes.plot(chance, [place] * 2, color=CHANCE, linewidth=2.5, solid_capstyle="butt")
        axes.plot(row["level"], place, "o", markersize=6, color=CHANCE)
    axes.set_yticks(range(len(found) + 1), ["practice as usual", *(_name(row) for row in rows_of(found))])
    axes.set_ylim(len(found) + 0.6, -0.8)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color="#ececec", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    axes.set_title(heading, loc="left", fontsize=11)


def _signal(axes: Axes, found: pd.DataFrame, every: pd.DataFrame) -> None:
    """How much of what there is to read is critical, as numbers at the edge."""
    level = every.set_index("arm")["level"]
    across = axes.get_yaxis_transform()
    axes.text(1.16, -0.8, "of 100,\ncritical", transform=across, ha="right", va="bottom", fontsize=9, color=QUIET)
    for place, name in enumerate([every["arm"].iloc[0], *found["arm"]]):
        axes.text(1.16, place, share(float(level[name])), transform=across, ha="right", va="center")


def _name(row: Any) -> str:
    title, arm = row.title, row.arm
    return title if title == arm else f"{in_few(str(title), 36)}  ({arm})"


def _said(found: pd.DataFrame, every: pd.DataFrame) -> str:
    """The most reach for an hour among what clearly gets more through."""
    clear = found[(found["finding"] == "more") & (found["difference"] > 0)]
    if clear.empty:
        return "No policy here shows a clear difference in what reaches the decision-maker."
    best = clear.iloc[int(clear["difference"].to_numpy(float).argmax())]
    other = every[(every["measure"] == "wider") & (every["arm"] == best["arm"])].iloc[0]
    low, high = _wider(best)
    rivals = [row for _, row in found.iterrows() if row["arm"] != best["arm"] and _wider(row)[1] >= low]
    return (
        f"{'Among the most' if rivals else 'Most'} gets through with “{best['title']}”: {best['difference']:.0f} more "
        f"of 100 pairs (from {low:.0f} to {high:.0f}, the wider of the two bands),\n"
        f"for {signed(best['hours_difference'], 0)} hours a case and {signed(other['difference'], 0)} items known more "
        "widely than needed."
    )


def _wider(row: pd.Series) -> tuple[float, float]:
    """The wider of the two bands."""
    bands = [(row["chance_low"], row["chance_high"])]
    if row["draws"]:
        bands.append((row["not_knowing_low"], row["not_knowing_high"]))
    return max(bands, key=lambda band: band[1] - band[0])
