"""Does what arrived get higher chances? Each documented pair at the chance the model gave it, review by review."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.plots.house import CHANCE, LOST, QUIET, headed, house_style
from results.scoring import WARNING

ROWS = {True: ("arrived in time", CHANCE, "o"), False: ("did not", LOST, "s")}


def documented(pairs: pd.DataFrame, titles: dict[str, str], ranking: str) -> Figure:
    """Each documented pair at the chance the model gave it: two rows a review, those that arrived above."""
    cases = sorted(pairs["case"].unique())
    with house_style():
        figure, axes = plt.subplots(figsize=(11.5, 2.4 + 1.1 * len(cases)))
        ticks: list[tuple[float, str]] = []
        for number, case in enumerate(reversed(cases)):
            mine = pairs[pairs["case"] == case]
            for arrived, (words, colour, mark) in ROWS.items():
                row = 2.6 * number + arrived
                _strip(axes, row, 100 * mine[mine["happened"] == arrived]["chance"], colour, mark)
                ticks.append((row, f"{titles[case]}: {words}" if arrived else words))
        axes.set_yticks([row for row, _ in ticks], [words for _, words in ticks])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlim(-3, 103)
        axes.set_ylim(-0.7, 2.6 * len(cases) - 0.9)
        axes.set_xlabel(
            "runs, of every 100, in which the decision-maker had it in time (each mark a pair of item and decision)"
        )
        foot = f"Bar: the middle pair. AUC: the chance that what arrived was given more than what did not.\n{WARNING}"
        headed(figure, "Does what is documented as arriving get higher chances as usual?", f"AUC {ranking}.", foot)
    return figure


def _strip(axes: Axes, row: float, values: pd.Series[float], colour: str, mark: str) -> None:
    """Marks side by side where they would lie on each other, the middle one a bar."""
    if values.empty:
        axes.text(0, row, "none documented", va="center", fontsize=9, color=QUIET)
        return
    ordered = values.sort_values().to_numpy(float)
    lift = [
        _lift(number - list(ordered).index(value), int((ordered == value).sum()))
        for number, value in enumerate(ordered)
    ]
    axes.scatter(
        ordered, [row + up for up in lift], s=26, marker=mark, facecolor=colour, edgecolor="white", linewidth=0.5
    )
    middle = float(values.median())
    axes.plot([middle, middle], [row - 0.42, row + 0.42], color=colour, linewidth=2.5)
    axes.annotate(f"{middle:.0f}", (middle, row + 0.42), (3, -2), textcoords="offset points", fontsize=9, va="top")


def _lift(place: int, among: int) -> float:
    """Where one of several equal marks stands, above or below their row."""
    return 0.13 * (place - (among - 1) / 2) * min(1.0, 5 / among)
