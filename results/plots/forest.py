"""Which policy gets more through? Paired differences with both bands, hours beside them."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.plots.house import CHANCE, NOT_KNOWING, SIMULATED, bands_in_words, headed, house_style, signed
from results.tables import Contrast


def forest(found: list[Contrast], level: float, case_title: str, runs: int, draws: int) -> Figure:
    """Which policy gets more through? Paired differences with both bands, hours beside them."""
    with house_style():
        figure, axes = plt.subplots(figsize=(11.5, 2.2 + 0.44 * len(found)))
        rows = list(range(len(found)))[::-1]
        for row, contrast in zip(rows, found, strict=True):
            _bands(axes, row, contrast)
        axes.axvline(0, color="#555555", linewidth=1)
        axes.set_yticks(rows, [_label(contrast) for contrast in found])
        axes.set_ylim(-0.7, len(found) - 0.3)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("more critical items read by the decision-maker in time, per 100 (practice as usual: 0)")
        _columns(axes, rows, found)
        headed(
            figure,
            f"{case_title}: which policy gets more through?",
            f"Practice as usual: {level:.0f} of every 100. {_said(found)}",
            f"{bands_in_words(runs, draws)}\n“clear” only where both bands leave zero on one side. {SIMULATED}",
        )
    return figure


def _bands(axes: Axes, row: int, contrast: Contrast) -> None:
    if contrast.not_knowing.n:
        low, high = contrast.not_knowing.low, contrast.not_knowing.high
        axes.plot([low, high], [row, row], color=NOT_KNOWING, linewidth=9, solid_capstyle="butt", zorder=1)
    axes.plot(
        [contrast.chance.low, contrast.chance.high],
        [row, row],
        color=CHANCE,
        linewidth=3,
        solid_capstyle="butt",
        zorder=2,
    )
    face = CHANCE if contrast.finding != "no clear difference" else "white"
    axes.plot(contrast.chance.centre, row, "o", markersize=8, markerfacecolor=face, markeredgecolor=CHANCE, zorder=3)


def _label(contrast: Contrast) -> str:
    return contrast.title if contrast.title == contrast.arm else f"{contrast.title}  ({contrast.arm})"


def _columns(axes: Axes, rows: list[int], found: list[Contrast]) -> None:
    """Values printed beside the bands, so that nobody reads them off an axis."""
    across = axes.get_yaxis_transform()
    for x, heading, side in ((1.10, "more", "right"), (1.25, "hours", "right"), (1.29, "finding", "left")):
        axes.text(x, len(found) - 0.45, heading, transform=across, ha=side, fontsize=9, color="#444444")
    for row, contrast in zip(rows, found, strict=True):
        axes.text(1.10, row, signed(contrast.chance.centre), transform=across, ha="right", va="center")
        axes.text(1.25, row, signed(contrast.hours.centre), transform=across, ha="right", va="center")
        word = {"more": "clear: more", "fewer": "clear: fewer"}.get(contrast.finding, "not clear")
        axes.text(1.29, row, word, transform=across, va="center")


def _said(found: list[Contrast]) -> str:
    clear = [contrast for contrast in found if contrast.finding == "more"]
    if not clear:
        return "No policy here shows a clear difference."
    return f"{len(clear)} of {len(found)} policies clearly get more through."
