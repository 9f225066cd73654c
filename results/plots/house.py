"""How every figure looks: style, colours, headings, footnotes, and how it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

STYLE = Path(__file__).parent.parent / "house.mplstyle"
CHANCE, NOT_KNOWING = "#0b4f8a", "#9db8d2"
LOST, QUIET, LINE = "#c8762b", "#555555", "#c9c9c9"
"""What was lost, what is said in passing, what only guides the eye. Told apart by lightness as well as by hue."""

SIMULATED = "Simulated; services' own figures will differ."


@contextmanager
def house_style() -> Iterator[None]:
    """Everything drawn or saved inside looks alike."""
    with plt.style.context(STYLE):
        yield


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """SVG and PNG, the same bytes for the same numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.svg", folder / f"{name}.png"]
    with house_style():
        figure.savefig(paths[0], metadata={"Date": None, "Creator": None}, bbox_inches="tight", pad_inches=0.15)
        figure.savefig(paths[1], metadata={"Software": None}, bbox_inches="tight", pad_inches=0.15)
    plt.close(figure)
    return paths


def headed(figure: Figure, question: str, said: str, foot: str) -> None:
    """The question, what was found, and in small print what the reader must know to trust it."""
    figure.suptitle(f"{question}\n\n", x=0.01, ha="left", fontweight="bold")
    figure.text(0.01, 1 - 0.32 / figure.get_figheight(), said, ha="left", va="top", fontsize=11)
    figure.supxlabel(foot, fontsize=9, x=0.01, ha="left")


def bands_in_words(runs: int, draws: int) -> str:
    """What the two bands cover."""
    return f"Dark: chance, simultaneous 95 % interval over {runs} paired runs. {_pale(draws)}"


def _pale(draws: int) -> str:
    if not draws:
        return "Not knowing (the range over draws of practice's unmeasured habits) was not run."
    return f"Pale: not knowing, the range over {draws} draws of practice's unmeasured habits."


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows, each with its columns by name."""
    return frame.itertuples(index=False)


def signed(number: float, digits: int = 1) -> str:
    """A sign, and none for nothing."""
    shown = f"{number:+.{digits}f}".replace("-", "−")
    return shown if float(f"{number:.{digits}f}") else f"{0:.{digits}f}"


def share(per_100: float) -> str:
    """A share per 100 as a whole number; what is not quite all or nothing does not look so. Of nothing, a dash."""
    if per_100 != per_100:
        return "–"
    if 0 < per_100 < 1:
        return "<1"
    return ">99" if 99 < per_100 < 100 else f"{per_100:.0f}"


def apart(places: Sequence[float], gap: float) -> list[float]:
    """The same places in the same order, moved as little as keeps each a `gap` from the next."""
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
    return moved


def _crowd(before: tuple[float, list[int]], after: tuple[float, list[int]], gap: float) -> bool:
    """Whether two groups, each spread about its middle, stand too near."""
    return after[0] - before[0] < gap * (len(before[1]) + len(after[1])) / 2
