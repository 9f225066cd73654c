"""Which policy holds up? A row an option: its regret in every world, the worst of them marked."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from textwrap import fill
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.facts import in_few
from results.findings import share, signed
from results.plots.house import CHANCE, LOST, NOT_KNOWING, QUIET, SIMULATED, headed, house_style, rows_of


def regrets(
    table: pd.DataFrame,
    by_world: pd.DataFrame,
    case_title: str,
    measure: str,
    unit: str,
    sentence: str,
    per_world: int,
) -> Figure:
    """`table` is that of robustness, the smallest worst regret first; `by_world` has the regret of each option (a
    column) in each world (a row)."""
    shown = table[::-1].reset_index(drop=True)
    with house_style():
        figure, axes = plt.subplots(figsize=(12, 3.0 + 0.5 * len(shown)))
        for row in rows_of(shown.reset_index()):
            _row(axes, row, list(by_world[row.option]))
        axes.set_yticks(range(len(shown)), [_label(row) for row in rows_of(shown)])
        axes.set_ylim(-0.7, len(shown) - 0.2)
        axes.set_xlim(left=0)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(f"regret: how far behind the best policy of the same world, {measure} {unit}")
        _columns(axes, shown)
        headed(
            figure,
            f"{case_title}: which policy holds up, whatever practice is like?",
            fill(sentence, 120),
            f"A tick is a world: one draw of all that is not known of practice, {per_world} runs of every policy in it "
            "on the same luck.\nDot: the worst world, by its number, with its 95 % interval of chance; diamond: that "
            f"regret confirmed on runs that did not choose it.\nBar: the mean over {len(by_world)} worlds. Gain: "
            "against practice as usual, from the least to the most over worlds.\nBest: none beats it there, ties "
            f"shared out; may be best: none beyond chance. {SIMULATED}",
        )
    return figure


def _row(axes: Axes, row: Any, worlds: Sequence[float]) -> None:
    """Every world a tick, their mean a bar, the worst a dot with its interval."""
    at, worst = row.index, row.worst_regret
    axes.plot(worlds, [at - 0.22] * len(worlds), "|", color=NOT_KNOWING, markersize=7, markeredgewidth=1, zorder=1)
    axes.plot([0, row.regret], [at, at], color=NOT_KNOWING, linewidth=6, solid_capstyle="butt", zorder=1)
    if worst > 0:
        low, high = max(row.worst_low, 0), row.worst_high
        axes.plot([low, high], [at, at], color=CHANCE, linewidth=1.6, zorder=2)
        axes.annotate(
            str(row.world),
            (worst, at),
            (0, 6),
            textcoords="offset points",
            ha="center",
            fontsize=9,
            color=QUIET,
        )
    axes.plot(worst, at, "o", color=CHANCE, markersize=6.5, zorder=3, clip_on=False)
    if worst > 0 and not isnan(row.confirmed):
        axes.plot(max(row.confirmed, 0), at, "D", color=LOST, markersize=5, zorder=4, clip_on=False)


def _label(row: Any) -> str:
    title, option = row.title, row.option
    return in_few(title, 44) if option in (title, "usual") else f"{in_few(title, 44)}  ({option})"


BEST, MAY_BE, GAIN = 1.09, 1.21, 1.54
"""Where the columns end, in widths of the axes."""


def _columns(axes: Axes, shown: pd.DataFrame) -> None:
    """Values printed beside the rows, so that nobody reads them off an axis."""
    across, top = axes.get_yaxis_transform(), len(shown) - 0.55
    for x, heading in ((BEST, "best\nin"), (MAY_BE, "may be\nbest in"), (GAIN, "gain, and from\nleast to most")):
        axes.text(x, top, heading, transform=across, ha="right", va="bottom", fontsize=9, color=QUIET)
    for row in rows_of(shown.reset_index()):
        axes.text(BEST, row.index, f"{share(100 * row.best)} %", transform=across, ha="right", va="center")
        axes.text(MAY_BE, row.index, f"{share(100 * row.maybe_best)} %", transform=across, ha="right", va="center")
        gain = f"{signed(row.gain)}  ({signed(row.least)} to {signed(row.most)})"
        axes.text(GAIN, row.index, gain, transform=across, ha="right", va="center", fontsize=9)
