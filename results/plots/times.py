"""When does it come to those who need it? First reading on the calendar, against the decisions."""

from __future__ import annotations

from datetime import datetime, timedelta

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.facts import in_few
from results.plots.house import CHANCE, LINE, LOST, QUIET, SIMULATED, apart, headed, house_style, share

TALL = 0.78
"""How high a row's curve stands when every run has read the item."""

WORDS = 56


def reading_times(
    first: pd.DataFrame,
    scored: pd.DataFrame,
    items: pd.DataFrame,
    decisions: pd.DataFrame,
    start: datetime,
    end: datetime,
    case_title: str,
) -> Figure:
    """For each critical item, the share of runs in which a lead who needed it had it by each day, as usual.

    `first` is the table first_read, `scored` the scored pairs of `measures.lines`, `items` and `decisions` from
    `results.facts`; `start` and `end` bound the window.
    """
    first = first.assign(item=first["item"].astype(str))
    rows = items[items["item"].isin(first["item"])].sort_values(["since", "item"])
    columns = decisions[decisions["decision"].isin(scored["decision"])]
    with house_style():
        figure, axes = plt.subplots(figsize=(15.5, 3.6 + 0.36 * len(rows)))
        axes.set_xlim(mdates.date2num(start), mdates.date2num(end))
        axes.set_ylim(len(rows) - 0.1, -0.5)
        _decisions(figure, axes, columns, len(rows))
        never = [
            _row(axes, place, row, first, scored, columns, start, end) for place, row in enumerate(rows.itertuples())
        ]
        _dates(axes, rows)
        runs = int(first["replication"].nunique())
        headed(
            figure,
            f"{case_title}: when does it come to those who have to decide, as usual?",
            _said(rows, never),
            f"Blue: share of {runs} runs of practice as usual in which a lead of a decision at which the item is scored "
            "held it by that day; a full row is every run. Leads who saw it first are left out.\n"
            "Dark strokes: the decisions it bears on. Orange: median day on which anybody first held it (none: held "
            "before the window). Never: no such lead held it within the window. "
            f"{SIMULATED}",
        )
    return figure


def _decisions(figure: Figure, axes: Axes, columns: pd.DataFrame, rows: int) -> None:
    """A line down for each decision, its name slanting above, moved aside where dates are close."""
    places = [float(mdates.date2num(moment)) for moment in columns["at"]]
    low, high = axes.get_xlim()
    gap = 0.22 * (high - low) / 9.0
    names = apart(places, gap)
    for choice, place, name in zip(columns.itertuples(), places, names, strict=True):
        axes.plot([place, place], [-0.5, rows - 0.1], color=LINE, linewidth=0.9, zorder=0)
        axes.plot([place, name], [-0.5, -1.0], color=LINE, linewidth=0.9, clip_on=False)
        words = f"{choice.at.day} {choice.at:%b}  {in_few(choice.words, 34)}"
        axes.text(name, -1.05, words, rotation=38, rotation_mode="anchor", ha="left", va="bottom", fontsize=9.5)


def _row(
    axes: Axes,
    place: int,
    row: tuple[str, ...],
    first: pd.DataFrame,
    scored: pd.DataFrame,
    columns: pd.DataFrame,
    start: datetime,
    end: datetime,
) -> float:
    """One item's curve; returns the share of runs in which it was never read, per 100."""
    item: str = row.item  # type: ignore[attr-defined]
    mine = first[first["item"] == item]
    read = np.sort(mine["read"].dropna().to_numpy(float))
    days = [mdates.date2num(start), *(mdates.date2num(start + timedelta(minutes=minute)) for minute in read)]
    shares = np.arange(len(read) + 1) / len(mine)
    axes.fill_between(
        [*days, mdates.date2num(end)],
        place + 0.4,
        place + 0.4 - TALL * np.append(shares, shares[-1]),
        step="post",
        color=CHANCE,
        alpha=0.8,
        linewidth=0,
        zorder=1,
    )
    axes.plot(axes.get_xlim(), [place + 0.4] * 2, color="#e4e4e4", linewidth=0.8, zorder=0)
    bears = columns[columns["decision"].isin(scored.loc[scored["item"] == item, "decision"])]
    for moment in bears["at"]:
        axes.plot([mdates.date2num(moment)] * 2, [place + 0.4, place - 0.38], color="#1a1a1a", linewidth=1.1, zorder=3)
    noticed = mine["noticed"].dropna()
    if len(noticed) and noticed.median() > 0:
        when = mdates.date2num(start + timedelta(minutes=float(noticed.median())))
        axes.plot(when, place + 0.4, "^", markersize=7, color=LOST, markeredgecolor="white", zorder=4, clip_on=False)
    never = 100 * (1 - len(read) / len(mine))
    across = axes.get_yaxis_transform()
    axes.text(1.045, place, share(never), transform=across, ha="right", va="center")
    return never


def _dates(axes: Axes, rows: pd.DataFrame) -> None:
    """Months below, items on the left, a heading over the numbers."""
    axes.set_yticks(range(len(rows)), [f"{in_few(row.words, WORDS)}  {row.item}" for row in rows.itertuples()])
    axes.tick_params(axis="y", length=0)
    axes.spines[["left"]].set_visible(False)
    axes.xaxis.set_major_locator(mdates.MonthLocator())
    axes.xaxis.set_major_formatter(mdates.DateFormatter("1 %B"))
    axes.xaxis.set_minor_locator(mdates.WeekdayLocator(mdates.MO))
    axes.set_xlabel("day (small strokes: Mondays)")
    axes.text(
        1.045,
        -0.55,
        "never,\nof 100",
        transform=axes.get_yaxis_transform(),
        ha="right",
        va="bottom",
        fontsize=9,
        color=QUIET,
    )


def _said(rows: pd.DataFrame, never: list[float]) -> str:
    worst = int(np.argmax(never))
    return (
        f"On average {np.mean(never):.0f} of 100 runs end without any such lead having held the item; "
        f"most often {rows['item'].iloc[worst]}: {share(never[worst])}."
    )
