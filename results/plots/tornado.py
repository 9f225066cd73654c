"""Which assumption matters? For each headline the unknown numbers that move it most, each with its range."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.plots.house import CHANCE, NOT_KNOWING, SIMULATED, headed, house_style, rows_of, signed
from scenarios.policy import USUAL

SHOWN = 6


def tornado(table: pd.DataFrame, title: str, said: str, draws: int, runs: int) -> Figure:
    """`table` has for each answer and leaf how far the leaf moves it (`moved`, `low`, `high`), clearly or not, and the
    ends of its range."""
    answers = list(table["answer"].unique())
    with house_style():
        size = (11.5, 2.3 + len(answers) * (0.75 + 0.36 * SHOWN))
        figure, several = plt.subplots(len(answers), 1, figsize=size, sharex=True, squeeze=False)
        for axes, answer in zip(several[:, 0], answers, strict=True):
            _one(axes, answer, table[table["answer"] == answer].head(SHOWN))
        several[-1, 0].set_xlabel(
            "per 100 scored pairs: the mean over the highest third of draws less that over the lowest"
        )
        foot = (
            f"{draws} draws of every guessed number at once, {runs} runs each, the same draws for every policy. "
            "Line: 95 % interval.\nDark: clear over all numbers at once (Holm). Those shown are the largest of "
            f"{table['leaf'].nunique()}, so chance flatters them. In brackets: the range varied over. {SIMULATED}"
        )
        headed(figure, f"{title}: which assumption matters?", said, foot)
    return figure


def _one(axes: Axes, answer: str, rows: pd.DataFrame) -> None:
    places = list(range(len(rows)))[::-1]
    for place, row in zip(places, rows_of(rows), strict=True):
        axes.barh(place, row.moved, height=0.62, color=CHANCE if row.clear else NOT_KNOWING, zorder=1)
        axes.plot([row.low, row.high], [place, place], color="#333333", linewidth=1.2, zorder=2)
        axes.text(1.02, place, signed(row.moved), transform=axes.get_yaxis_transform(), va="center")
    ranges = zip(rows["from"], rows["to"], strict=True)
    labels = [f"{leaf}  [{low:g} to {high:g}]" for leaf, (low, high) in zip(rows["leaf"], ranges, strict=True)]
    axes.set_yticks(places, labels)
    axes.axvline(0, color="#555555", linewidth=1)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    words = "reach as usual" if answer == USUAL else f"what {answer} adds"
    axes.set_title(words, loc="left", fontsize=11, fontweight="bold")
