"""Policies in rows, one strip of bands for each thing that is asked of them, numbers printed beside."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from results.colours import Look
from results.facts import in_few
from results.plots.house import FAINT, QUIET, WIDE, house_style, panels
from results.statistics import Change
from scenarios.policy import USUAL

ROW = 0.29
"""Inches from one policy to the next."""

TITLE = 40
"""Letters of a policy's title that stand beside its row."""


@dataclass(frozen=True)
class Strip:
    """One panel of bands. `usual` is where practice as usual stands; hollow marks are not clear."""

    heading: str
    axis: str
    rows: Mapping[str, Change]
    usual: float = 0.0
    hollow: frozenset[str] = frozenset()
    printed: Mapping[str, str] = field(default_factory=dict)
    over: str = ""
    """What stands above the column that is printed."""


@dataclass(frozen=True)
class Words:
    """A column of words or numbers."""

    heading: str
    rows: Mapping[str, str]
    side: str = "right"


def cut(name: str, letters: int) -> str:
    """A name in at most so many letters."""
    return name if len(name) <= letters else f"{name[: letters - 1]}…"


def shortly(arms: Iterable[str], letters: int) -> dict[str, str]:
    """How each choice is called in at most so many letters. Where a name is longer, points of a design are called by
    their values alone, in the order of their leaves."""
    names = {arm: "as usual" if arm == USUAL else arm for arm in arms}
    if any(len(name) > letters for name in names.values()):
        names = {arm: _values(arm) or name for arm, name in names.items()}
    return {arm: cut(name, letters) for arm, name in names.items()}


def _values(arm: str) -> str:
    """The values of a point `leaf=value leaf=value`; "" for what is no point."""
    values = SETTING.findall(arm)
    return " / ".join(f"{float(value):.3g}" for value in values) if len(values) == len(arm.split()) else ""


SETTING = re.compile(r"(?<!\S)\S+=(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?!\S)")
"""A leaf and its value, as a point is named."""


def headings(several: Collection[str]) -> dict[str, str]:
    """What stands above each of several panels that share the width, on as many lines as its panel's width asks."""
    letters = int((WIDE - LABELS) / max(len(several), 1) / LETTER * SMALL_PRINT / HEADING)
    return {name: fill(name, letters, max_lines=3, placeholder=" …") for name in several}


LABELS = 2.5
"""Inches that policies in rows take, about, on two lines each."""

TWO_LINES = 0.38
"""Inches from one policy to the next where each takes two lines."""


def named(arm: str, title: str, width: int = TITLE) -> str:
    """A policy in a row: its title in few words, and its id."""
    return title if arm in title else f"{in_few(title, width)}  ({arm})"


def stacked(arm: str, title: str) -> str:
    """The same on two lines, where cases need the width."""
    return title if arm in title else f"{in_few(title, 30)}\n({arm})"


def strips(
    labels: Mapping[str, str],
    looks: Mapping[str, Look],
    columns: Sequence[Strip | Words],
    wide: float = WIDE,
    tall: float = ROW,
    alike: bool = True,
) -> Figure:
    """The rows in the order of `labels`, the columns from left to right; `alike`, strips of the same axis share their
    scale."""
    widths = [_width(column) for column in columns]
    with house_style():
        height = 0.85 + tall * len(labels)
        figure, row = panels((wide, height), 1, len(columns), width_ratios=widths)
        figure.set_layout_engine("constrained", w_pad=0.05, wspace=0.0)
        first = next(place for place, column in enumerate(columns) if isinstance(column, Strip))
        for place, (axes, column) in enumerate(zip(row[0], columns, strict=True)):
            axes.set_ylim(len(labels) - 0.4, -0.9)
            if isinstance(column, Words):
                _words(axes, column, list(labels))
                continue
            draw_strip(axes, column, list(labels), looks)
            shown = list(labels.values()) if place == first else [""] * len(labels)
            size = SMALL_PRINT if tall < ROW or tall >= TWO_LINES else 10
            axes.set_yticks(range(len(labels)), shown, fontsize=size)
            axes.set_xlabel(column.axis, loc="right" if wide < WIDE else "center")
        pairs = zip(row[0], columns, strict=True)
        drawn = [(axes, column) for axes, column in pairs if isinstance(column, Strip)]
        for group in [drawn] if alike else [[one] for one in drawn]:
            _same_scale(figure, group)
    return figure


def _width(column: Strip | Words) -> float:
    if isinstance(column, Strip):
        return 3.2
    longest = max(len(line) for words in (column.heading, *column.rows.values()) for line in words.split("\n"))
    return 0.12 + 0.082 * longest


def _words(axes: Axes, column: Words, order: list[str]) -> None:
    axes.set_axis_off()
    x = 1.0 if column.side == "right" else 0.08
    axes.text(x, -0.75, column.heading, ha=column.side, va="bottom", fontsize=9, color=QUIET)
    for place, arm in enumerate(order):
        axes.text(x, place, column.rows.get(arm, ""), ha=column.side, va="center", fontsize=9.5)
    axes.set_xlim(0, 1)


def draw_strip(axes: Axes, strip: Strip, order: list[str], looks: Mapping[str, Look]) -> None:
    """One strip onto axes whose rows are 0, 1, 2 … downwards."""
    for place, arm in enumerate(order):
        axes.axhline(place, color=FAINT, linewidth=0.8, zorder=0)
        if arm in strip.rows:
            bands(axes, place, strip.rows[arm], looks[arm], hollow=arm in strip.hollow)
    axes.axvline(strip.usual, color=QUIET, linewidth=1, zorder=0.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(strip.axis)
    axes.set_title(strip.heading, loc="left", fontsize=HEADING, pad=22 if strip.over else 6)
    over: dict[str, Any] = {"ha": "right", "va": "bottom", "fontsize": SMALL_PRINT, "color": QUIET}
    axes.annotate(strip.over, (1, 1), (0, 3), xycoords="axes fraction", textcoords="offset points", **over)
    for place, arm in enumerate(order):
        words, across = strip.printed.get(arm, ""), axes.get_yaxis_transform()
        axes.text(1.0, place, words, transform=across, ha="right", va="center", fontsize=SMALL_PRINT)


def bands(axes: Axes, place: float, change: Change, look: Look, hollow: bool = False, upright: bool = False) -> None:
    """Both bands of one number, along a row or (upright) along a column, and its mark."""
    chance, unknown = change.chance, change.not_knowing

    def line(low: float, high: float, width: float, ends: bool) -> None:
        across, along = [low, high], [place, place]
        marks = {"marker": "_" if upright else "|", "markersize": 9, "markeredgewidth": 1.3} if ends else {}
        points = (along, across) if upright else (across, along)
        axes.plot(*points, color=look.colour, linewidth=width, solid_capstyle="butt", zorder=2, clip_on=False, **marks)  # type: ignore[arg-type]

    line(chance.low, chance.high, 4.0, ends=False)
    if unknown.n:
        line(unknown.low, unknown.high, 1.2, ends=True)
    x, y = (place, change.centre) if upright else (change.centre, place)
    face = "white" if hollow else look.colour
    edge = look.colour if hollow else "white"
    size = 11 if look.marker == "*" else 8.5
    axes.plot(x, y, look.marker, markersize=size, markerfacecolor=face, markeredgecolor=edge, zorder=3, clip_on=False)


def _same_scale(figure: Figure, drawn: list[tuple[Axes, Strip]]) -> None:
    """The same scale where the same is counted, with room on the right for what is printed."""
    figure.draw_without_rendering()
    for axis in {strip.axis for _, strip in drawn}:
        mine = [(axes, strip) for axes, strip in drawn if strip.axis == axis]
        low, high = (pick(axes.get_xlim()[end] for axes, _ in mine) for end, pick in ((0, min), (1, max)))
        room = max(_room(axes, strip) for axes, strip in mine)
        wide = min(axes.get_window_extent().width for axes, _ in mine) / figure.dpi / (1 + room)
        few = MaxNLocator(max(2, min(7, int(wide / TICK))), min_n_ticks=1)
        ticks = [tick for tick in few.tick_values(low, high) if low <= tick <= high]
        for axes, _ in mine:
            axes.set_xlim(low, high + room * (high - low))
            axes.set_xticks(ticks)


def _room(axes: Axes, strip: Strip) -> float:
    """How much of the scale as it is what is printed needs beyond it."""
    letters = max((len(line) for words in strip.printed.values() for line in words.split("\n")), default=0)
    wide, taken = axes.get_window_extent().width / axes.figure.dpi, letters * LETTER
    return min(2.0, taken / (wide - taken)) if taken < wide else 2.0


TICK = 0.42
"""Inches that a number on an axis takes."""

SMALL_PRINT, HEADING = 9, 10.5
"""Points."""

LETTER = 0.082
"""Inches that a letter of small print takes, with some room about it."""
