"""When does it come to those who need it? First reading on the calendar, against the decisions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.days import Days
from results.facts import in_few
from results.findings import share
from results.plots.house import CHANCE, LINE, LOST, QUIET, SIMULATED, apart, headed, house_style, rows_of

HOUR, DAY = 60, 24 * 60
"""Minutes."""

TALL = 0.78
"""How high a row's curve stands when every run has read the item."""

FLOOR = 0.4
"""Where a row's curve stands on, below its middle."""

WORDS = 72
"""Letters of an item's words that stand beside its row."""

ACROSS = 9.5
"""Inches that the calendar takes, about."""


def reading_times(
    first: pd.DataFrame,
    scored: pd.DataFrame,
    items: pd.DataFrame,
    decisions: pd.DataFrame,
    window: tuple[datetime, datetime],
    case_title: str,
    days: Days,
) -> Figure:
    """For each critical item, the share of runs in which a lead who needed it had it by each day, as usual.

    `first` is the table first_read, `scored` the scored pairs of `measures.lines`, `items` and `decisions` from
    `results.facts`; `window` is its first and last midnight, `days` how its moments are said.
    """
    first = first.assign(item=first["item"].astype(str))
    rows = items[items["item"].isin(first["item"])].sort_values(["since", "item"])
    columns = decisions[decisions["decision"].isin(scored["decision"])]
    columns = columns.assign(day=[(at - window[0]) / timedelta(days=1) for at in columns["at"]])
    with house_style():
        tall = (0.36 if len(rows) <= 20 else 0.3) * max(len(rows), 8)
        figure, axes = plt.subplots(figsize=(ACROSS + 7.0, 3.6 + tall))
        axes.set_xlim(0, (window[1] - window[0]).days)
        axes.set_ylim(len(rows) - 0.1, -0.5)
        _decisions(axes, columns, len(rows))
        never = []
        for place, item in enumerate(rows["item"]):
            mine = first[first["item"] == item]
            bears_on = columns[columns["decision"].isin(scored.loc[scored["item"] == item, "decision"])]
            _row(axes, place, mine, bears_on["day"].to_numpy(float))
            never.append(100 * float(mine["read"].isna().mean()))
        _labels(axes, rows, never)
        _calendar(axes, window, days)
        headed(
            figure,
            f"{case_title}: when does it come to those who have to decide, as usual?",
            _said(rows, never),
            f"Blue: share of {first['replication'].nunique()} runs of practice as usual in which a lead who needed it "
            "held it by that day; a full row is every run. "
            "Needed: she leads a decision it bears on and did not see it first.\n"
            "Dark strokes: the decisions it bears on. Orange: median day on which anybody first held it (none: held "
            f"before the window). Never: not within the window. {SIMULATED}",
        )
    return figure


def _decisions(axes: Axes, columns: pd.DataFrame, rows: int) -> None:
    """A line down for each decision, its name slanting above, moved aside where dates are close."""
    days = [float(day) for day in columns["day"]]
    names = apart(days, 0.3 * axes.get_xlim()[1] / ACROSS)
    for choice, day, name in zip(rows_of(columns), days, names, strict=True):
        axes.plot([day, day], [-0.5, rows - 0.1], color=LINE, linewidth=0.9, zorder=0)
        axes.plot([day, name], [-0.5, -1.0], color=LINE, linewidth=0.9, clip_on=False)
        words = f"{choice.on}  {in_few(choice.words, 34)}"
        axes.text(name, -1.05, words, rotation=38, rotation_mode="anchor", ha="left", va="bottom", fontsize=9.5)


def _row(axes: Axes, place: int, mine: pd.DataFrame, bears_on: np.ndarray) -> None:
    """One item: its curve, the decisions it bears on, and when it was first noticed."""
    end, floor = axes.get_xlim()[1], place + FLOOR
    hours, counts = np.unique(mine["read"].dropna().to_numpy(float) // HOUR, return_counts=True)
    shares = np.append(0, np.cumsum(counts)) / len(mine)
    days = [0, *(hours * HOUR / DAY), end]
    height = floor - TALL * np.append(shares, shares[-1])
    axes.fill_between(days, floor, height, step="post", color=CHANCE, alpha=0.8, linewidth=0, zorder=1)
    for edge in (floor, floor - TALL):
        axes.plot([0, end], [edge, edge], color="#e4e4e4", linewidth=0.7, zorder=0)
    for day in bears_on:
        axes.plot([day, day], [floor, floor - TALL], color="#1a1a1a", linewidth=1.1, zorder=3)
    noticed = float(mine["noticed"].median())
    if noticed > 0:
        mark: dict[str, Any] = {"markersize": 7, "color": LOST, "markeredgecolor": "white", "zorder": 4}
        axes.plot(noticed / DAY, floor, "^", clip_on=False, **mark)


def _labels(axes: Axes, rows: pd.DataFrame, never: list[float]) -> None:
    """Items on the left, the share never read on the right."""
    axes.set_yticks(range(len(rows)), [f"{in_few(row.words, WORDS)}  {row.item}" for row in rows_of(rows)])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    across = axes.get_yaxis_transform()
    for place, per_100 in enumerate(never):
        axes.text(1.045, place, share(per_100), transform=across, ha="right", va="center")
    under = len(rows) + 0.1
    axes.text(1.045, under, "never,\nof 100", transform=across, ha="right", va="top", fontsize=9, color=QUIET)


def _calendar(axes: Axes, window: tuple[datetime, datetime], days: Days) -> None:
    """The days below, a small stroke for each Monday."""
    every = [window[0] + timedelta(days=day) for day in range((window[1] - window[0]).days)]
    marks = days.marks(*window)
    axes.set_xticks(list(marks), list(marks.values()))
    axes.set_xticks([number for number, day in enumerate(every) if day.weekday() == 0], minor=True)
    axes.set_xlabel(f"{days.unit} (small strokes: Mondays{days.inferred})")


def _said(rows: pd.DataFrame, never: list[float]) -> str:
    worst = int(np.argmax(never))
    words = in_few(rows["words"].iloc[worst], WORDS)
    return (
        f"On average {np.mean(never):.0f} of 100 runs end without any lead who needed it having held the item;\n"
        f"most often that {words} ({rows['item'].iloc[worst]}): {share(never[worst])}."
    )
