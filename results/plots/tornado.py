"""Which assumption matters? For each headline the unknown numbers that move it most, each with its range."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from results.findings import signed
from results.plots.house import CHANCE, INK, QUIET, SIMULATED, WIDE, Drawn, house_style, panels
from scenarios.policy import USUAL

SHOWN = 6

HOW = (
    "Bar: not knowing, over the range printed at its two ends. Line: chance, 95 % interval. Filled: clear over all "
    "numbers at once (Holm)."
)
"""What the marks mean."""


def tornado(table: pd.DataFrame, question: str, said: str, draws: int, runs: int) -> Drawn:
    """`table` has for each answer and leaf how far the leaf moves it (`moved`, `low`, `high`), clearly or not, and the
    ends of its range."""
    answers = list(table["answer"].unique())
    with house_style():
        size = (WIDE, 0.5 + len(answers) * (0.6 + 0.3 * SHOWN))
        figure, several = panels(size, len(answers), sharex=True)
        for axes, answer in zip(several[:, 0], answers, strict=True):
            _one(axes, answer, table[table["answer"] == answer].head(SHOWN))
        several[-1, 0].set_xlabel(
            "per 100 scored pairs: the mean over the highest third of draws less that over the lowest"
        )
    foot = (
        f"{draws} draws of every guessed number at once, {runs} runs each, the same draws for every policy. "
        f"{HOW} Those shown are the largest of {table['leaf'].nunique()}, so chance flatters them. {SIMULATED}"
    )
    return Drawn(figure, question, said, foot)


def _one(axes: Axes, answer: str, rows: pd.DataFrame) -> None:
    places = list(range(len(rows)))[::-1]
    for place, row in zip(places, rows.to_dict("records"), strict=True):
        face = CHANCE if row["clear"] else "white"
        axes.barh(place, row["moved"], height=0.62, color=face, edgecolor=CHANCE, zorder=1)
        axes.plot([row["low"], row["high"]], [place, place], color=INK, linewidth=1.2, zorder=2)
        _ends(axes, place, row)
        axes.text(1.02, place, signed(row["moved"]), transform=axes.get_yaxis_transform(), va="center")
    axes.set_yticks(places, list(rows["leaf"]))
    axes.margins(x=0.14)
    axes.axvline(0, color=QUIET, linewidth=1)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_title(answered(answer), loc="left", fontsize=10.5, fontweight="bold")


def _ends(axes: Axes, place: int, row: Mapping[Hashable, Any]) -> None:
    """The range varied over: its low end where the bar begins, its high end beyond its tip."""
    left, right = min(0.0, row["low"], row["moved"]), max(0.0, row["high"], row["moved"])
    low, high = ("left", "right") if row["moved"] >= 0 else ("right", "left")
    for name, side in (("from", low), ("to", high)):
        x, shift, anchor = (left, -5, "right") if side == "left" else (right, 5, "left")
        words: dict[str, Any] = {"ha": anchor, "va": "center", "fontsize": 9, "color": QUIET}
        axes.annotate(f"{row[name]:g}", (x, place), (shift, 0), textcoords="offset points", **words)


def answered(answer: str) -> str:
    """What an answer is of."""
    return "reach as usual" if answer == USUAL else f"what {answer} adds"
