"""Names beside points, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import dist

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from results.plots.house import QUIET, apart

NEAR, FAR = 10, 26
"""How far from its mark a name stands, and how far the first column of names that found no room there; in points."""

LIFTS = (0.0, *(sign * step for step in (15.0, 22.5, 30.0, 37.5, 45.0, 60.0, 75.0) for sign in (1, -1)))
"""How far a name may stand above or below its mark, best first; in points."""

STEP = 6
"""Pixels to the side in which a slanting line is taken to be level or upright."""

CLOSE = 60
"""Pixels within which two marks belong to one crowd."""

Place = tuple[float, float]
Bar = tuple[Place, Place]


def beside(figure: Figure, axes: Axes, points: Sequence[Place], names: Sequence[str], bars: Sequence[Bar]) -> None:
    """Name each point beside it where it stands alone, of a crowd in a column near it with thin lines.

    `bars` are lines from one place to another, which no name may cover. A name stays within the axes.
    """
    figure.draw_without_rendering()
    marks = [(float(x), float(y)) for x, y in axes.transData.transform(points)]
    sizes = [_size(axes, name) for name in names]
    taken = [*(Bbox.from_bounds(x - 9, y - 9, 18, 18) for x, y in marks), *_along(axes, bars)]
    for group in sorted(_groups(marks), key=len, reverse=True):
        index = group[0]
        spots = [(side, lift) for lift in LIFTS for side in (1, -1)]
        boxes = {spot: _box(axes, marks[index], sizes[index], *spot) for spot in spots}
        free = [spot for spot, box in boxes.items() if _free(axes, box, taken)]
        if len(group) == 1 and free:
            side, lift = free[0]
            taken.append(boxes[side, lift])
            _name(axes, points[index], names[index], (NEAR * side, lift), side, line=lift != 0)
        else:
            _column(axes, group, points, names, marks, sizes, taken)


def _column(
    axes: Axes,
    group: list[int],
    points: Sequence[Place],
    names: Sequence[str],
    marks: Sequence[Place],
    sizes: Sequence[Place],
    taken: list[Bbox],
) -> None:
    """Names of points that stand close together, in one column at the free place nearest to their right, or where
    it covers least."""
    pixels, frame = axes.figure.dpi / 72, axes.get_window_extent()
    order = sorted(group, key=lambda index: (marks[index][1], -marks[index][0]))
    tall, wide = 1.15 * max(sizes[index][1] for index in group), max(sizes[index][0] for index in group)
    middles = apart([marks[index][1] for index in order], tall)
    lift = max(0.0, frame.y0 + tall - middles[0]) - max(0.0, middles[-1] + tall - frame.y1)
    middles = [middle + lift for middle in middles]
    nearest = max(marks[index][0] for index in group) + FAR * pixels

    def covered(spot: Place) -> int:
        """How many names of the column would cover something, standing here."""
        names = zip(order, middles, strict=True)
        boxes = [Bbox.from_bounds(spot[0], y + spot[1] - tall / 2, sizes[index][0], tall) for index, y in names]
        return sum(not _clear(box, taken) for box in boxes)

    lifts = [step * tall for step in range(-4, 5) if frame.y0 + tall <= middles[0] + step * tall]
    lifts = [lift for lift in lifts if middles[-1] + lift + tall <= frame.y1] or [0.0]
    spots = [(left, lift) for left in _lefts(nearest, wide, frame) for lift in lifts]
    spots.sort(key=lambda spot: abs(spot[0] - nearest) + abs(spot[1]))
    left, lift = next((spot for spot in spots if not covered(spot)), None) or min(spots, key=covered)
    for index, middle in zip(order, (middle + lift for middle in middles), strict=True):
        x, y = marks[index]
        taken.append(Bbox.from_bounds(left, middle - tall / 2, sizes[index][0], tall))
        side = 1 if left > x else -1
        near = left if side > 0 else left + sizes[index][0]
        _name(axes, points[index], names[index], ((near - x) / pixels, (middle - y) / pixels), side, line=True)


def _lefts(nearest: float, wide: float, frame: Bbox) -> list[float]:
    """Where a column so wide may begin within the frame."""
    last = max(frame.x0, frame.x1 - wide)
    places = [nearest, *(frame.x0 + step for step in range(0, int(last - frame.x0) + 1, 4)), last]
    return [place for place in places if frame.x0 <= place <= last]


def _name(axes: Axes, point: Place, name: str, shift: Place, side: int, line: bool) -> None:
    """Write a name to the right (1) or left (-1) of a place so far from its mark, on a thread or without."""
    thread = {
        "arrowstyle": "-",
        "color": QUIET,
        "linewidth": 0.6,
        "shrinkA": 0,
        "shrinkB": 3,
        "relpos": (0 if side > 0 else 1, 0.5),
        "zorder": 4,
    }
    axes.annotate(
        name,
        point,
        shift,
        textcoords="offset points",
        ha="left" if side > 0 else "right",
        va="center_baseline",
        arrowprops=thread if line else None,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.85},
        zorder=5,
    ).set_in_layout(False)


def _groups(marks: Sequence[Place]) -> list[list[int]]:
    """The points, those in reach of each other together."""
    groups: list[list[int]] = []
    for index, mark in enumerate(marks):
        near = [group for group in groups if any(dist(mark, marks[other]) < CLOSE for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append(sorted([index, *(other for group in near for other in group)]))
    return groups


def _box(axes: Axes, mark: Place, size: Place, side: int, lift: float) -> Bbox:
    """The room a name would take to the right (1) or left (-1) of its mark, raised by `lift` points."""
    pixels = axes.figure.dpi / 72
    gap = NEAR * pixels
    left = mark[0] + gap if side > 0 else mark[0] - gap - size[0]
    return Bbox.from_bounds(left, mark[1] + lift * pixels - size[1] / 2, *size)


def _size(axes: Axes, name: str) -> Place:
    """How much room a name takes, in pixels."""
    text = axes.text(0, 0, name)
    box = text.get_window_extent()
    text.remove()
    return box.width, box.height


def _along(axes: Axes, bars: Sequence[Bar]) -> list[Bbox]:
    """The lines, in pixels, with some room about them; one that slants as a row of small boxes. One without an end,
    as of a single run, is left out."""
    boxes = []
    for ends in bars:
        if not np.isfinite(ends).all():
            continue
        (x, y), (right, top) = axes.transData.transform(ends)
        steps = max(1, int(min(abs(right - x), abs(top - y)) / STEP))
        places = [(x + (right - x) * part / steps, y + (top - y) * part / steps) for part in range(steps + 1)]
        boxes += [Bbox([one, other]).padded(5, 3) for one, other in pairwise(places)]
    return boxes


def _free(axes: Axes, box: Bbox, taken: Sequence[Bbox]) -> bool:
    frame = axes.get_window_extent()
    inside = box.x0 >= frame.x0 and box.x1 <= frame.x1 and box.y0 >= frame.y0 and box.y1 <= frame.y1
    return bool(inside) and _clear(box, taken)


def _clear(box: Bbox, taken: Sequence[Bbox]) -> bool:
    wider = box.padded(4, 0)
    return not any(wider.overlaps(other) for other in taken)
