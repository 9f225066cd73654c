"""Three figures of lines: in time, where it stops, how many runs are enough. A panel for each case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from results.colours import Look
from results.plots.curves import Curve, Level, curves
from results.plots.house import LINE, QUIET, apart, house_style, shaped
from results.tables import BOUNDS
from simulation.reasons import STAGES

IN_TIME = "in time?"
STOPS = "where does it stop?"
ENOUGH = "how many runs are enough?"

TAB = 0.2
"""Inches that a decision's number takes."""


@dataclass(frozen=True)
class Course:
    """One case's panel: the table, which arms are followed in colour, and which of these carry bands."""

    title: str
    table: pd.DataFrame
    followed: Sequence[str]
    banded: Sequence[str]


def in_time(
    courses: Sequence[Course], gates: Mapping[str, pd.DataFrame], looks: Mapping[str, Look], names: Mapping[str, str]
) -> Figure:
    """The share of critical items that a lead who needed it held by each week, with each decision as a gate."""
    with house_style():
        figure, every = shaped(len(courses), 3.3)
        for axes, course in zip(every, courses, strict=True):
            weeks = sorted(int(name) for name in course.table["measure"].unique())
            axes.set_xlim(0, weeks[-1])
            axes.set_ylim(0, 100)
            axes.xaxis.set_major_locator(MaxNLocator(10 if len(courses) == 1 else 4, integer=True))
            _gates(axes, gates[course.title])
            lines = _curves(course, [str(week) for week in weeks])
            curves(axes, weeks, lines, course.followed, looks, names, every=max(1, len(weeks) // 8))
            _said(axes, course, len(courses), "weeks since the account begins", "held by a lead, of 100")
    return figure


def _gates(axes: Axes, gates: pd.DataFrame) -> None:
    """A thick line for each decision, with its number on a tab above where there is room for all."""
    weeks = [float(week) for week in gates["week"]]
    end, wide = axes.get_xlim()[1], axes.get_window_extent().width / axes.figure.dpi
    tabs = apart(weeks, end * TAB / wide)
    if len(tabs) * TAB > wide:
        axes.vlines(weeks, 0, 100, color=LINE, linewidth=2.2, zorder=0)
        return
    for number, week, tab in zip(gates["gate"], weeks, tabs, strict=True):
        axes.plot([week, week], [0, 100], color=LINE, linewidth=2.2, zorder=0)
        axes.plot([week, tab], [100, 103], color=LINE, linewidth=0.8, clip_on=False)
        axes.text(tab, 103.5, str(number), ha="center", va="bottom", fontsize=9, color=QUIET)


def stops(courses: Sequence[Course], looks: Mapping[str, Look], names: Mapping[str, str]) -> Figure:
    """Of 100 scored pairs, how many went on past each stage."""
    with house_style():
        figure, every = shaped(len(courses), 3.3)
        for axes, course in zip(every, courses, strict=True):
            axes.set_xlim(0, len(STAGES))
            axes.set_ylim(0, 102)
            places = list(range(len(STAGES) + 1))
            lines = {arm: _from_all(curve) for arm, curve in _curves(course, list(STAGES)).items()}
            curves(axes, places, lines, course.followed, looks, names)
            axes.set_xticks(places, ["all pairs", *STAGES])
            if len(courses) > 1:
                axes.tick_params(axis="x", labelrotation=38)
                for label in axes.get_xticklabels():
                    label.set(ha="right", rotation_mode="anchor")
            _said(axes, course, len(courses), "past this stage", "pairs, of 100")
    return figure


def _from_all(curve: Curve) -> Curve:
    """The same, from all hundred pairs."""

    def begun(band: tuple[Sequence[float], Sequence[float]] | None) -> tuple[list[float], list[float]] | None:
        return band and ([100.0, *band[0]], [100.0, *band[1]])

    return Curve([100.0, *curve.ys], begun(curve.chance), begun(curve.unknown))


def runs_enough(courses: Sequence[Course], looks: Mapping[str, Look], names: Mapping[str, str]) -> Figure:
    """Half the width of the band of chance against the number of runs; not knowing, which runs do not narrow, level.

    The scale is that of the lines in colour: where the first few runs hold nothing that differs, a band of chance is
    far wider than any that is read.
    """
    with house_style():
        figure, every = shaped(len(courses), 3.0)
        for axes, course in zip(every, courses, strict=True):
            table = course.table
            counts = sorted(table["runs"].unique())
            half = table.pivot(index="runs", columns="arm", values="half_width").loc[counts]
            lines = {arm: Curve(half[arm].tolist()) for arm in dict.fromkeys(table["arm"])}
            places = [log10(count) for count in counts]
            axes.set_xlim(places[0] - 0.03, max(places[-1], places[0] + 0.03))
            axes.set_xticks(*_round(counts))
            levels = [Level(level, "not knowing", looks[arm].colour) for arm, level in _unknown(course)]
            coloured = table["arm"].isin(course.followed)
            seen = table[coloured if coloured.any() else ~coloured]["half_width"]
            axes.set_ylim(0, 1.08 * max([float(np.nanmax(seen)), *(level.y for level in levels)]))
            curves(axes, places, lines, course.followed, looks, names, levels=levels)
            _said(axes, course, len(courses), "paired runs (logarithmic scale)", "± per 100")
    return figure


def _unknown(course: Course) -> list[tuple[str, float]]:
    """Half the band of not knowing of those that carry bands, where it was run."""
    half = course.table.groupby("arm", sort=False)["not_knowing_half"].first()
    return [(arm, float(half[arm])) for arm in course.banded if np.isfinite(half[arm])]


def _round(counts: Sequence[int]) -> tuple[list[float], list[str]]:
    """Round numbers of runs within these, where they stand and how they are written."""
    decades = [10**power for power in range(8)]
    for steps in ((1, 2, 5), (1, 3), (1,)):
        shown = [step * decade for decade in decades for step in steps if counts[0] <= step * decade <= counts[-1]]
        if len(shown) <= MOST_TICKS:
            break
    shown = shown or [counts[0]]
    return [log10(count) for count in shown], [f"{count:,}" for count in shown]


MOST_TICKS = 6


def _curves(course: Course, measures: list[str]) -> dict[str, Curve]:
    """Each arm's levels in the order of these measures, with bands for those that carry them."""
    found = {}
    for arm, mine in course.table.groupby("arm", sort=False):
        by_measure = mine.assign(measure=mine["measure"].astype(str)).set_index("measure").loc[measures]
        low, high, least, most = ([float(value) for value in by_measure[f"level_{name}"]] for name in BOUNDS)
        shown = arm in course.banded
        unknown = (least, most) if shown and np.isfinite(least).all() else None
        found[str(arm)] = Curve(
            [float(value) for value in by_measure["level"]], (low, high) if shown else None, unknown
        )
    return found


def _said(axes: Axes, course: Course, count: int, across: str, up: str) -> None:
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    if count > 1:
        axes.set_title(course.title, loc="left", fontsize=10.5, pad=18)
