"""Lines that run from left to right, a policy each, named at their ends; bands about the few that matter most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from results.colours import Look
from results.plots.house import LINE, QUIET, apart

FOLLOWED = 6
"""Lines in colour; with more policies the others are grey and unnamed, and stand in the table."""

BETWEEN = 0.185
"""Inches from one name at a line's end to the next."""

OUT = 0.14
"""Inches from a line's end outwards, in which a thread leads to its name."""


@dataclass(frozen=True)
class Curve:
    """One line: its points and, where they are shown, both bands as (low, high)."""

    ys: Sequence[float]
    chance: tuple[Sequence[float], Sequence[float]] | None = None
    unknown: tuple[Sequence[float], Sequence[float]] | None = None


@dataclass(frozen=True)
class Level:
    """A dotted line right across, named at its end beside the others."""

    y: float
    words: str
    colour: str


def curves(
    axes: Axes,
    xs: Sequence[float],
    lines: Mapping[str, Curve],
    followed: Sequence[str],
    looks: Mapping[str, Look],
    names: Mapping[str, str],
    every: int = 1,
    levels: Sequence[Level] = (),
) -> None:
    """Draw the lines, a mark at every so many points; those that are not followed thin and grey behind."""
    for arm, curve in lines.items():
        if arm not in followed:
            axes.plot(xs, curve.ys, color=LINE, linewidth=1, zorder=1)
    for arm in [arm for arm in lines if arm in followed]:
        curve, look = lines[arm], looks[arm]
        if curve.unknown:
            axes.fill_between(xs, *curve.unknown, color=look.colour, alpha=0.10, linewidth=0, zorder=1.2)
            for edge in curve.unknown:
                axes.plot(xs, edge, color=look.colour, linewidth=0.8, linestyle=DOTTED, zorder=1.3)
        if curve.chance:
            axes.fill_between(xs, *curve.chance, color=look.colour, alpha=0.30, linewidth=0, zorder=1.4)
        axes.plot(xs, curve.ys, color=look.colour, linewidth=1.8, zorder=2)
        some = slice(None, None, every)
        axes.plot(
            xs[some],
            curve.ys[some],
            look.marker,
            color=look.colour,
            markersize=6,
            markeredgecolor="white",
            markeredgewidth=0.6,
            zorder=3,
        )
    for level in levels:
        axes.axhline(level.y, color=level.colour, linewidth=1.2, linestyle=DOTTED)
    marked = [End(lines[arm].ys[-1], names[arm], looks[arm]) for arm in followed if arm in lines]
    _ends(axes, xs[-1], [*marked, *(End(level.y, level.words, Look(level.colour, "")) for level in levels)])


DOTTED = (0, (1, 2))


class End(NamedTuple):
    """Where a line ends, its name, and its look; a level has no marker."""

    y: float
    name: str
    look: Look


def _ends(axes: Axes, x: float, ends: Sequence[End]) -> None:
    """Each line's name at its end with its mark, none over another, nor over what stands above and below the axes."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    box = axes.get_window_extent()
    ends = [one for one in ends if np.isfinite(one.y)]
    places = apart([one.y for one in ends], (high - low) * BETWEEN * axes.figure.dpi / box.height, (low, high))
    over = (right - left) * OUT * axes.figure.dpi / box.width
    for (end, name, look), place in zip(ends, places, strict=True):
        axes.plot([x, x + over], [end, place], color=QUIET, linewidth=0.6, clip_on=False, zorder=1)
        if look.marker:
            axes.plot(x + 1.6 * over, place, look.marker, color=look.colour, markersize=6, clip_on=False)
        else:
            dots = [x + 1.1 * over, x + 2.1 * over]
            axes.plot(dots, [place, place], color=look.colour, linewidth=1.2, linestyle=DOTTED, clip_on=False)
        axes.text(x + 2.4 * over, place, name, ha="left", va="center_baseline", fontsize=9)
