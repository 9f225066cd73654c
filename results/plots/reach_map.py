"""Which item reaches which decision? Every critical item at every decision, as usual."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from results.facts import in_few
from results.findings import share
from results.measures import OWN, SCORED
from results.plots.house import CHANCE, LINE, QUIET, SIMULATED, headed, house_style, rows_of

BLUES = LinearSegmentedColormap.from_list("reach", ["#f3f6fa", "#9db8d2", CHANCE])
"""Pale where little gets through, dark where much does: one hue, told apart by lightness."""

WORDS = 72
"""Letters of an item's words that stand beside its row."""


def reach_map(cells: pd.DataFrame, items: pd.DataFrame, decisions: pd.DataFrame, case_title: str) -> Figure:
    """The share of runs in which each critical item was read in time by each decision's lead.

    `cells` are `measures.by_item` of practice as usual, `items` and `decisions` from `results.facts`.
    """
    shown = cells[(cells["critical"] == "yes") & cells["line"].isin([SCORED, OWN])]
    rows = items[items["item"].isin(shown["item"])].sort_values(["since", "item"])
    columns = decisions[decisions["decision"].isin(shown["decision"])]
    grid = _grid(shown[shown["line"] == SCORED], rows, columns)
    own = _grid(shown[shown["line"] == OWN], rows, columns)
    with house_style():
        longest = max(len(label) for label in _named(rows))
        width = 2.4 + 0.08 * longest + 0.62 * len(columns)
        figure, axes = plt.subplots(figsize=(width, 3.0 + 0.27 * max(len(rows), 8)))
        axes.pcolormesh(np.ma.masked_invalid(grid), cmap=BLUES, vmin=0, vmax=100, edgecolors="white", linewidth=1.5)
        _numbers(axes, grid)
        _own(axes, own)
        _margins(axes, grid)
        _labels(axes, rows, columns)
        runs = int(shown["runs"].max())
        headed(
            figure,
            f"{case_title}: which item reaches which decision, as usual?",
            f"Of 100 runs, those in which the decision's lead had read the item in time. {_said(grid, rows)}",
            f"{runs} runs of practice as usual; chance: the 95 % interval of a cell is at most ±{_at_most(runs):.0f}. "
            "own: the lead herself was first to hold it, so nothing had to reach her; not scored.\n"
            "Empty: it does not bear on the decision, or nobody could have seen it by then. "
            f"Items in order of when they could first be known. {SIMULATED}",
        )
    return figure


def _grid(cells: pd.DataFrame, rows: pd.DataFrame, columns: pd.DataFrame) -> np.ndarray:
    """Items down, decisions across; NaN where there is nothing."""
    table = cells.assign(item=cells["item"].astype(str), decision=cells["decision"].astype(str))
    wide = table.pivot(index="item", columns="decision", values="read")
    return wide.reindex(index=rows["item"], columns=columns["decision"]).to_numpy(float)


def _numbers(axes: Axes, grid: np.ndarray) -> None:
    for (row, column), reached in np.ndenumerate(grid):
        if np.isfinite(reached):
            ink = "white" if reached > 78 else "#1a1a1a"
            axes.text(column + 0.5, row + 0.5, share(reached), ha="center", va="center", fontsize=9, color=ink)


def _own(axes: Axes, own: np.ndarray) -> None:
    """What the lead saw herself: hatched, and not a number."""
    for row, column in np.argwhere(np.isfinite(own)):
        box = (column + 0.06, row + 0.08)
        axes.add_patch(Rectangle(box, 0.88, 0.84, facecolor="white", edgecolor=LINE, hatch="////", linewidth=0.8))
        plate = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
        axes.text(
            column + 0.5,
            row + 0.5,
            "own",
            ha="center",
            va="center",
            fontsize=9,
            style="italic",
            color=QUIET,
            bbox=plate,
        )


def _margins(axes: Axes, grid: np.ndarray) -> None:
    """The mean of each row and column of scored cells, outside the map."""
    height, width = grid.shape
    values = np.ma.masked_invalid(grid)
    for row, mean in enumerate(values.mean(axis=1).filled(np.nan)):
        axes.text(width + 0.55, row + 0.5, _or_none(mean), ha="center", va="center", fontsize=9, fontweight="bold")
    for column, mean in enumerate(values.mean(axis=0).filled(np.nan)):
        axes.text(column + 0.5, height + 0.7, _or_none(mean), ha="center", va="center", fontsize=9, fontweight="bold")
    axes.text(width + 0.55, height + 0.7, share(values.mean()), ha="center", va="center", fontsize=9, fontweight="bold")
    axes.text(-0.12, height + 0.7, "all scored items", ha="right", va="center", fontweight="bold")
    axes.set_xlim(0, width + 1)
    axes.set_ylim(height + 1.1, 0)


def _or_none(mean: float) -> str:
    return share(mean) if np.isfinite(mean) else ""


def _labels(axes: Axes, rows: pd.DataFrame, columns: pd.DataFrame) -> None:
    """Items on the left, dated decisions slanting above."""
    axes.set_yticks(np.arange(len(rows)) + 0.5, _named(rows))
    for column, choice in enumerate(rows_of(columns)):
        words = f"{choice.on}  {in_few(choice.words, 34)}"
        axes.text(
            column + 0.45, -0.15, words, rotation=38, rotation_mode="anchor", ha="left", va="bottom", fontsize=9.5
        )
    axes.text(
        len(columns) + 0.5,
        -0.15,
        "all decisions",
        rotation=38,
        rotation_mode="anchor",
        ha="left",
        va="bottom",
        fontweight="bold",
        fontsize=9.5,
    )
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    axes.spines[["left", "bottom"]].set_visible(False)


def _named(rows: pd.DataFrame) -> list[str]:
    """Each item in few words, with its id."""
    return [f"{in_few(row.words, WORDS)}  {row.item}" for row in rows_of(rows)]


def _said(grid: np.ndarray, rows: pd.DataFrame) -> str:
    """The item that gets through least."""
    means = np.ma.masked_invalid(grid).mean(axis=1).filled(np.inf)
    least = int(np.argmin(means))
    words = in_few(rows["words"].iloc[least], WORDS)
    least_of_all = f"Least of all: that {words} ({rows['item'].iloc[least]}): {share(means[least])}."
    return f"All scored cells: {np.nanmean(grid):.0f}.\n{least_of_all}"


def _at_most(runs: int) -> float:
    """Half the 95 % interval of a share at one half, per 100."""
    return 100 * 1.96 * 0.5 / float(np.sqrt(runs))
