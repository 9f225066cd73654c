"""Where does it stop, and why did that make sense? The seven stages with their reasons, as usual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.plots.house import CHANCE, LOST, QUIET, SIMULATED, headed, house_style
from results.statistics import Interval
from simulation.reasons import REASONS, STAGES

LEAST = 0.05
"""A reason with fewer of 100 pairs than this is not shown on a line of its own."""

GAP = 0.7
"""Lines left free after a stage."""

INK = "#8a4a10"
"""The colour of what was lost, dark enough to write in."""


@dataclass(frozen=True)
class Stage:
    """One stage: of 100 pairs, how many came to it, how many stopped there, and each reason's share."""

    name: str
    came: float
    stopped: float
    reasons: tuple[tuple[str, float], ...]

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        return max(1, len(self.reasons))

    @property
    def through(self) -> float:
        """How many went on."""
        return self.came - self.stopped


def stages(reasons: pd.DataFrame) -> list[Stage]:
    """The seven stages in order, of `measures.reasons` of one arm."""
    came, found = 100.0, []
    for name in STAGES:
        mine = reasons[reasons["stage"] == name].sort_values("per_100", ascending=False)
        stopped = float(mine["per_100"].sum())
        shown = mine[mine["per_100"] >= LEAST]
        pairs = tuple(
            (str(reason), float(share)) for reason, share in zip(shown["reason"], shown["per_100"], strict=True)
        )
        found.append(Stage(name, came, stopped, pairs))
        came -= stopped
    return found


def loss_funnel(reasons: pd.DataFrame, reach: Interval, case_title: str) -> Figure:
    """Of 100 scored pairs of a critical item and a decision: how many stop at each stage, and why.

    `reasons` are `measures.reasons` of practice as usual, `reach` its reach per 100 with its chance interval.
    """
    found = stages(reasons)
    lines = sum(stage.lines + GAP for stage in found)
    with house_style():
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(14.5, 2.0 + 0.29 * lines), sharey=True, width_ratios=[3.4, 9], gridspec_kw={"wspace": 0}
        )
        _bars(left, found)
        _reasons(right, found)
        left.set_ylim(lines - 0.9, -1.3)
        headed(
            figure,
            f"{case_title}: where does it stop, as usual, and why?",
            _said(found),
            f"All scored pairs of a critical item and a decision it bears on, in {reach.n} runs of practice as usual; "
            f"chance: what is read lies between {reach.low:.1f} and {reach.high:.1f} (95 % interval).\n"
            "Each pair stops at one stage, that of the act which, of all that failed, was nearest to the decision; "
            f"so one that was read may never have been written down. {SIMULATED}",
        )
    return figure


def _tops(found: list[Stage]) -> Iterator[tuple[Stage, float]]:
    """Each stage with the line on which it begins."""
    top = 0.0
    for stage in found:
        yield stage, top
        top += stage.lines + GAP


def _bars(axes: Axes, found: list[Stage]) -> None:
    """What went on past each stage, and the piece that stopped there."""
    for stage, top in _tops(found):
        axes.barh(top, stage.through, height=0.86, color=CHANCE)
        axes.barh(top, stage.stopped, left=stage.through, height=0.86, color=LOST)
        onward = [top + 0.43, top + stage.lines + GAP - 0.43]
        axes.fill_betweenx(onward, 0, stage.through, color=CHANCE, alpha=0.1, linewidth=0)
        axes.text(
            2,
            top,
            f"{stage.through:.1f} {'count' if stage is found[-1] else 'go on'}",
            color="white",
            va="center",
            fontsize=10,
        )
        if stage.stopped >= LEAST:
            axes.text(stage.came + 2, top, f"−{stage.stopped:.1f}", color=INK, va="center", fontweight="bold")
    axes.set_yticks([top for _, top in _tops(found)], [stage.name for stage in found], fontsize=11)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, 116)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.set_xlabel("of 100 pairs")
    axes.spines["left"].set_visible(False)


def _reasons(axes: Axes, found: list[Stage]) -> None:
    """Each reason: its share, what it says, why it made sense."""
    axes.set_axis_off()
    axes.set_xlim(0, 100)
    greatest = max((share for stage in found for _, share in stage.reasons), default=1.0)
    axes.text(13, -0.95, "of 100", ha="right", va="center", fontsize=9, color=QUIET)
    axes.text(14.5, -0.95, "why it stopped", va="center", fontsize=9, color=QUIET)
    axes.text(51, -0.95, "why it made sense at the time", va="center", fontsize=9, color=QUIET)
    for stage, top in _tops(found):
        for line, (reason, share) in enumerate(stage.reasons):
            axes.barh(top + line, 7 * share / greatest, left=1, height=0.62, color=LOST)
            axes.text(13, top + line, f"{share:.1f}", ha="right", va="center")
            axes.text(14.5, top + line, REASONS[reason][1], va="center")
            axes.text(51, top + line, REASONS[reason][2], va="center", color=QUIET, style="italic")
        if not stage.reasons:
            axes.text(14.5, top, "nothing stopped here", va="center", color=QUIET)


def _said(found: list[Stage]) -> str:
    worst = max(found, key=lambda stage: stage.stopped)
    read, weighed = found[-2].through, found[-1].through
    return (
        f"Of 100 pairs {read:.0f} are read in time and {weighed:.0f} count in the decision. "
        f"Most stop at {worst.name}: {worst.stopped:.0f}."
    )
