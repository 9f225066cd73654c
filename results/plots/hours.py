"""At what cost? Reach against hours with the frontier joined, and beside it the two costs of sharing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from results.choices import frontier
from results.colours import Look
from results.findings import AS_USUAL, bands_in_words, bought
from results.plots.house import ACROSS, QUIET, SIMULATED, WIDE, Drawn, house_style, panels, shaped
from results.plots.labels import Bar, beside
from results.plots.strips import Strip, bands, draw_strip, shortly
from results.statistics import Change, Interval
from results.tables import Contrast, changes_of
from scenarios.policy import USUAL

QUESTION = "at what cost?"
LESS = "Less is better in both panels on the right."


class Beside(NamedTuple):
    """A measure as usual, and what every choice does to it."""

    usual: float
    rows: Mapping[str, Change]


@dataclass(frozen=True)
class Price:
    """What one case's policies cost: levels as usual, each policy's difference, and what there is to read."""

    title: str
    reach: Change
    hours: Change
    found: list[Contrast]
    load: Beside
    wider: Beside
    dominated: Mapping[str, str]

    @property
    def points(self) -> dict[str, tuple[float, float]]:
        """Reach per 100 and hours a case, of practice as usual and of every policy."""
        usual = self.reach.centre, self.hours.centre
        return {USUAL: usual} | {o.arm: (usual[0] + o.reach.centre, usual[1] + o.hours.centre) for o in self.found}

    @property
    def front(self) -> list[str]:
        """The choices on the frontier."""
        return frontier(self.points)

    @property
    def said(self) -> str:
        """What was found."""
        return bought(self.found, self.front, self.dominated, {arm: arm for arm in self.points} | {USUAL: AS_USUAL})


def price_of(title: str, found: list[Contrast], every: pd.DataFrame, dominated: Mapping[str, str]) -> Price:
    """A case's prices, from its contrasts, its table of differences, and `choices.dominated_by` of its runs."""
    usual = {name: changes_of(every, name, "level")[USUAL] for name in ("reach", "hours", "load", "wider")}
    load, wider = (Beside(usual[name].centre, changes_of(every, name)) for name in ("load", "wider"))
    return Price(title, usual["reach"], usual["hours"], found, load, wider, dominated)


def reach_hours(price: Price, runs: int, draws: int, look: Mapping[str, Look]) -> Drawn:
    """One case: the plane, and for each policy what there is to read and who else comes to know."""
    order = list(price.points)
    names = shortly(order, ROW_LETTERS)
    with house_style():
        height = max(4.6, 1.5 + 0.27 * len(order))
        figure, ((plane, load, wider),) = panels((WIDE, height), 1, 3, width_ratios=[5.6, 2.4, 2.4])
        _plane(plane, price, look)
        beside_it = {"reading load": (load, price.load, "items laid before somebody\nfor each critical item")}
        beside_it |= {"wider than needed": (wider, price.wider, "items a case that came to\npeople with no part in it")}
        for heading, (axes, measure, axis) in beside_it.items():
            about = {arm: _at(change, measure.usual + change.centre) for arm, change in measure.rows.items()}
            draw_strip(axes, Strip(heading, axis, about, measure.usual), order, look)
            axes.set_ylim(len(order) - 0.4, -0.8)
            axes.set_yticks(range(len(order)), list(names.values()) if axes is load else [""] * len(order))
        few = len(order) <= NAMED
        _label(figure, plane, price, order if few else {USUAL, *price.front})
    foot = (
        f"{bands_in_words(runs, draws)} On the left, practice as usual has the bands of its own level. "
        f"Dashed: the frontier. {LESS} "
        "Wider than needed counts each item in each such head once; who is brought into the room takes part. "
        f"{SIMULATED}"
    )
    return Drawn(figure, f"{price.title}: {QUESTION}", price.said, foot)


def planes(prices: Sequence[Price], said: str, foot: str, look: Mapping[str, Look]) -> Drawn:
    """Several cases: a plane for each."""
    with house_style():
        figure, every = keyed(list(dict.fromkeys(arm for price in prices for arm in price.points)), len(prices), look)
        for axes, price in zip(every, prices, strict=True):
            _plane(axes, price, look)
            axes.set_title(price.title, loc="left", fontsize=10.5)
            axes.set_xlabel("hours a case")
            axes.set_ylabel("read in time, of 100")
            axes.margins(x=0.3, y=0.2)
        for axes, price in zip(every, prices, strict=True):
            _label(figure, axes, price, {USUAL, price.front[-1]})
    return Drawn(figure, QUESTION.capitalize(), said, foot)


def keyed(arms: Sequence[str], count: int, look: Mapping[str, Look]) -> tuple[Figure, list[Axes]]:
    """So many panels, and what each mark is, since they have no room for names: in the place of one more panel where
    a row has one, else over the whole width below."""
    if count % ACROSS:
        figure, (*every, key) = shaped(count + 1, TALL)
        _key(key, arms, look, 1)
        return figure, every
    rows, lines = count // ACROSS, -(-len(arms) // KEYED)
    below = LINE_OF_KEY * (lines + 1)
    figure = Figure(figsize=(WIDE, TALL * rows + below))
    grid = figure.add_gridspec(rows + 1, ACROSS, height_ratios=[*[TALL] * rows, below])
    _key(figure.add_subplot(grid[rows, :]), arms, look, KEYED)
    return figure, [figure.add_subplot(grid[place // ACROSS, place % ACROSS]) for place in range(count)]


def _key(axes: Axes, arms: Sequence[str], look: Mapping[str, Look], columns: int) -> None:
    """What each mark is, down one column after another."""
    lines, names = -(-len(arms) // columns), shortly(arms, KEY_LETTERS)
    axes.set_axis_off()
    axes.set_xlim(0, columns)
    axes.set_ylim(lines - 0.4, -0.6)
    for place, arm in enumerate(arms):
        x, y = divmod(place, lines)
        axes.plot(x + 0.03, y, look[arm].marker, color=look[arm].colour, markersize=7)
        axes.text(x + 0.1, y, names[arm], va="center", fontsize=9)


def _plane(axes: Axes, price: Price, look: Mapping[str, Look]) -> None:
    """One point per choice with both bands of reach, and of hours; those that nothing dominates joined."""
    points = price.points
    front = [points[arm][::-1] for arm in price.front]
    axes.plot(*zip(*front, strict=True), color=QUIET, linewidth=1, linestyle=(0, (4, 3)), zorder=0.5)
    changes = {one.arm: (one.reach, one.hours, one.finding) for one in price.found}
    for arm, (reach, hours) in reversed(points.items()):  # practice as usual last, over those that change nothing
        up, along, finding = changes.get(arm, (price.reach, price.hours, "more"))
        bands(axes, hours, _at(up, reach), look[arm], finding == "no clear difference", upright=True)
        across = _at(along, hours).chance
        axes.plot([across.low, across.high], [reach] * 2, color=look[arm].colour, linewidth=1.2, zorder=2)
    axes.margins(x=0.14, y=0.12)
    axes.set_xlabel("working hours a case, all practitioners together")
    axes.set_ylabel("pairs read by the decision-maker in time, of 100 scored")


def _at(change: Change, centre: float) -> Change:
    """The same bands about a level."""
    return Change(_moved(change.chance, centre - change.centre), _moved(change.not_knowing, centre - change.centre))


def _moved(band: Interval, by: float) -> Interval:
    return Interval(band.centre + by, band.low + by, band.high + by, band.n)


def _label(figure: Figure, axes: Axes, price: Price, named: Collection[str]) -> None:
    """Name these points by their ids, those at one place together: the rows beside, or the key of the page, say what
    the others are."""
    names: dict[tuple[float, float], list[str]] = {}
    for arm, (reach, hours) in price.points.items():
        names.setdefault((round(hours, 6), round(reach, 6)), []).append(arm)
    short = shortly(price.points, LETTERS)
    kept = {point: [short[arm] for arm in arms] for point, arms in names.items() if set(arms) & {*named}}
    changes = {one.arm: (one.reach, one.hours) for one in price.found} | {USUAL: (price.reach, price.hours)}
    bars: list[Bar] = []
    for arm, (reach, hours) in price.points.items():
        up, along = _at(changes[arm][0], reach).wider, _at(changes[arm][1], hours).chance
        bars += [((hours, up.low), (hours, up.high)), ((along.low, reach), (along.high, reach))]
    bars += pairwise(price.points[arm][::-1] for arm in price.front)
    beside(figure, axes, list(kept), [_together(several) for several in kept.values()], bars)


def _together(names: list[str]) -> str:
    """Several names at one place."""
    return ", ".join(names) if len(names) <= TOGETHER else f"{names[0]} and {len(names) - 1} alike"


NAMED = 14
"""Choices that are all named in the plane; of more, those of the frontier; in small panels, the furthest of these."""

TALL, KEYED, LINE_OF_KEY = 3.1, 4, 0.19
"""Inches that a small panel is tall, columns of a key of its own, inches from one of its lines to the next."""

LETTERS, ROW_LETTERS, KEY_LETTERS = 20, 24, 32
"""Of an id beside a mark, of one in a row, of one in a key."""

TOGETHER = 2
"""Names at one place that are written out."""
