"""A map of numbers: rows and columns, each cell its number in a text that stands out on its colour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.text import Text

from results.colours import ink_on

BLUES = LinearSegmentedColormap.from_list("share", ["#f3f6fa", "#9db8d2", "#0b4e89"])
"""Pale to dark, one hue, told apart by lightness; its dark end is no colour of a policy, so no theme changes it."""


def heat(axes: Axes, grid: np.ndarray, words: Sequence[Sequence[str]], most: float) -> None:
    """Draw the cells, each with its words; a cell that is NaN stays empty. Colours go from 0 to `most`."""
    axes.pcolormesh(np.ma.masked_invalid(grid), cmap=BLUES, vmin=0, vmax=most, edgecolors="white", linewidth=1.5)
    for (row, column), value in np.ndenumerate(grid):
        if np.isfinite(value) and words[row][column]:
            ink = ink_on(to_hex(BLUES(min(1.0, value / most if most else 0.0))))
            cell(axes, row, column, words[row][column], ink)
    axes.set_ylim(len(grid), 0)
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    axes.spines[["left", "bottom"]].set_visible(False)


def cell(axes: Axes, row: int, column: int, words: str, ink: str, bold: bool = False) -> Text:
    """One number in its place."""
    weight = "bold" if bold else "normal"
    return axes.text(column + 0.5, row + 0.5, words, ha="center", va="center", fontsize=9, color=ink, fontweight=weight)


def slanting(axes: Axes, headings: Sequence[str], bold: Sequence[bool]) -> None:
    """Column headings that slant above the map."""
    for column, (words, heavy) in enumerate(zip(headings, bold, strict=True)):
        axes.text(
            column + 0.45,
            -0.12,
            words,
            rotation=38,
            rotation_mode="anchor",
            ha="left",
            va="bottom",
            fontsize=9,
            fontweight="bold" if heavy else "normal",
        )
