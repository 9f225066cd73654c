"""Which habits move the answer? A row a factor, its index with its interval, hollow where it is not told from zero."""

from __future__ import annotations

from math import isnan
from textwrap import fill
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.facts import in_few
from results.findings import share
from results.plots.house import CHANCE, LINE, LOST, NOT_KNOWING, QUIET, SIMULATED, headed, house_style, rows_of

MOST_ROWS = 25
"""Factors that are drawn; the table has them all."""


def influences(table: pd.DataFrame, case_title: str, about: str, unit: str, sentence: str, noise: float) -> Figure:
    """`table` is that of a sensitivity analysis, Morris's or Sobol's, the strongest factor first."""
    shown = table.head(MOST_ROWS)[::-1].reset_index(drop=True)
    morris = "mu_star" in table
    with house_style():
        figure, axes = plt.subplots(figsize=(11, 2.9 + 0.34 * len(shown)))
        for row in rows_of(shown.reset_index()):
            _row(axes, row, "mu_star" if morris else "ST")
            if not morris:
                axes.plot(row.S1, row.index, "D", markersize=5, color=LOST, zorder=4)
        axes.axvline(0, color=LINE, linewidth=1, zorder=0)
        names = [f"{row.factor} ({row.leaves} leaves)" if row.leaves > 1 else str(row.factor) for row in rows_of(shown)]
        axes.set_yticks(range(len(shown)), [in_few(name, 44) for name in names])
        axes.set_ylim(-0.7, len(shown) - 0.3)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(
            f"how far one factor moves {about}, {unit}, over its whole range (Morris's μ*)"
            if morris
            else f"share of the variance of {about} (Sobol' index)"
        )
        across = axes.get_yaxis_transform()
        for row in rows_of(shown.reset_index()):
            moved = row.luck or getattr(row, "mu_star" if morris else "ST")
            words = f"{row.effect:.2g}" if row.clear else "not told from zero" if moved else "moved no run here"
            axes.text(
                1.02, row.index, words, transform=axes.get_yaxis_transform(), va="center", fontsize=9, color=QUIET
            )
        axes.text(1.02, len(shown) - 0.35, f"effect, {unit}", transform=across, fontsize=9, color=QUIET)
        question = f"{case_title}: which habits move {about}?"
        headed(figure, question, fill(sentence, 118), _foot(morris, noise, len(table)))
    return figure


def _row(axes: Axes, row: Any, index: str) -> None:
    """An index with its interval, from zero on."""
    value, low, high = (getattr(row, f"{index}{end}") for end in ("", "_low", "_high"))
    at = row.index
    axes.plot([0, value], [at, at], color=NOT_KNOWING, linewidth=7, solid_capstyle="butt", zorder=1)
    axes.plot([max(low, 0), high], [at, at], color=CHANCE, linewidth=2, solid_capstyle="butt", zorder=2)
    face = CHANCE if row.clear else "white"
    axes.plot(value, at, "o", markersize=7, markerfacecolor=face, markeredgecolor=CHANCE, zorder=3)


def _foot(morris: bool, noise: float, many: int) -> str:
    luck = "" if isnan(noise) else f"Luck left over is {share(100 * noise)} % of the variance between points. "
    left = f"The {MOST_ROWS} strongest of {many}; the table has all. " if many > MOST_ROWS else ""
    what = (
        "its 95 % interval over trajectories (μ* is never below zero)" if morris else "its 95 % interval over samples"
    )
    diamond = "" if morris else " Diamond: the factor's own share (S1); dot: with all it shares with others (ST)."
    return (
        f"Line: {what}; filled: told from zero over all factors at once (Holm), luck dealt at random.{diamond}\n"
        f"On the right the effect with luck taken off. {luck}{left}{SIMULATED}"
    )
