"""How every figure looks: style, colours, headings, footnotes, and how it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results import colours

STYLE = Path(__file__).parent.parent / "house.mplstyle"
CHANCE, LOST = colours.BLUE.light, colours.LOST.light
NOT_KNOWING = "#9db8d2"
QUIET, LINE, FAINT, INK = (colour.light for colour in (colours.QUIET, colours.LINE, colours.FAINT, colours.INK))
"""What is said in passing, what guides the eye, what hardly does, what is written."""

WIDE = 10.6
"""Inches: the text of a page of A4 on its side, and of a slide of 16 to 9. A text of 9 points there is one of 9."""

SIMULATED = "Simulated; services' own figures will differ."


@contextmanager
def house_style() -> Iterator[None]:
    """Everything drawn or saved inside looks alike."""
    with plt.style.context(STYLE):
        yield


@dataclass(frozen=True)
class Drawn:
    """A figure, and what must be said with it: a page says it in its own words, a file above and below the axes."""

    figure: Figure
    question: str
    said: str
    foot: str

    def svg(self) -> str:
        """The figure alone, for a page."""
        written = StringIO()
        with house_style():
            self.figure.savefig(written, format="svg", metadata=SVG_METADATA)
        return written.getvalue()

    def whole(self) -> Figure:
        """The figure with all that must be said, for a file that may travel alone."""
        letters = int(self.figure.get_figwidth() * LETTERS)
        said, foot = fill(self.said, int(letters * 0.82)), fill(self.foot, letters)
        lines = said.count("\n") + foot.count("\n")
        self.figure.set_figheight(self.figure.get_figheight() + 1.0 + 0.17 * lines)
        with house_style():
            headed(self.figure, self.question, said, foot)
        return self.figure


LETTERS = 14.5
"""How many letters of small print stand on an inch, about."""

SVG_METADATA: dict[str, Any] = {"Date": None, "Creator": None}


def save(figure: Figure, folder: Path, name: str, cut: bool = True, png: bool = True) -> list[Path]:
    """SVG and `png`, the same bytes for the same numbers; `cut` to what is drawn, or of the size the figure has."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.svg", *([folder / f"{name}.png"] if png else [])]
    how: dict[str, Any] = {"bbox_inches": "tight", "pad_inches": 0.15} if cut else {}
    with house_style():
        figure.savefig(paths[0], metadata=SVG_METADATA, **how)
        if png:
            figure.set_layout_engine("none")  # everything stays where the first file has it, and is not laid out again
            figure.savefig(paths[1], metadata={"Software": None}, **how)
    plt.close(figure)
    return paths


def headed(figure: Figure, question: str, said: str, foot: str) -> None:
    """The question, what was found, and in small print what the reader must know to trust it."""
    room = "\n" * max(2, said.count("\n") + 2)
    figure.suptitle(f"{question}{room}", x=0.01, ha="left", fontweight="bold")
    figure.text(0.01, 1 - 0.32 / figure.get_figheight(), said, ha="left", va="top", fontsize=11)
    figure.supxlabel(foot, fontsize=9, x=0.01, ha="left")


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows, each with its columns by name."""
    return frame.itertuples(index=False)


def apart(places: Sequence[float], gap: float, within: tuple[float, float] | None = None) -> list[float]:
    """The same places in the same order, moved as little as keeps each a `gap` from the next, and `within` two ends
    where there is room for all."""
    order = sorted(range(len(places)), key=places.__getitem__)
    groups: list[tuple[float, list[int]]] = []
    for index in order:
        groups.append((places[index], [index]))
        while len(groups) > 1 and _crowd(groups[-2], groups[-1], gap):
            (_, before), (_, after) = groups[-2:]
            both = [*before, *after]
            groups[-2:] = [(sum(places[one] for one in both) / len(both), both)]
    moved = [0.0] * len(places)
    for middle, members in groups:
        for rank, index in enumerate(members):
            moved[index] = middle + (rank - (len(members) - 1) / 2) * gap
    if within:
        least, most = within
        for index in reversed(order):
            moved[index] = min(moved[index], most)
            most = moved[index] - gap
        for index in order:
            moved[index] = max(moved[index], least)
            least = moved[index] + gap
    return moved


def _crowd(before: tuple[float, list[int]], after: tuple[float, list[int]], gap: float) -> bool:
    """Whether two groups, each spread about its middle, stand too near."""
    return after[0] - before[0] < gap * (len(before[1]) + len(after[1])) / 2


def panels(size: tuple[float, float], rows: int = 1, columns: int = 1, **how: Any) -> tuple[Figure, Any]:
    """A figure of so many inches and its axes, row by row; it goes when nobody holds it."""
    figure = Figure(figsize=size)
    return figure, figure.subplots(rows, columns, squeeze=False, **how)


ACROSS = 3
"""How many panels stand side by side."""


def shaped(count: int, tall: float) -> tuple[Figure, list[Axes]]:
    """A figure of so many panels, one over the whole width or several in rows, each so many inches tall."""
    if count == 1:
        figure, ((axes,),) = panels((WIDE, 1.25 * tall))
        return figure, [axes]
    across = min(count, ACROSS)
    rows = -(-count // across)
    figure, grid = panels((WIDE, tall * rows), rows, across)
    every = [axes for row in grid for axes in row]
    for axes in every[count:]:
        axes.set_axis_off()
    return figure, every[:count]
