"""Names beside points, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from math import dist

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from results.plots.house import QUIET, apart

NEAR, FAR = 10, 26
"""How far from its mark a name stands, and how far the first column of names that found no room there; in points."""

LIFTS = (0.0, 15.0, -15.0, 30.0, -30.0, 45.0, -45.0)
"""How far a name may stand above or below its mark, best first; in points."""

CLOSE = 60
"""Pixels within which two marks belong to one crowd."""

Place = tuple[float, float]
Bar = tuple[Place, Place]


def beside(figure: Figure, axes: Axes, points: Sequence[Place], names: Sequence[str], bars: Sequence[Bar]) -> None:
    """Name each point beside it where it stands alone, of a crowd in a column to the right with thin lines.

    `bars` are lines from one place to another, upright or level, which no name may cover.
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
            _name(axes, points[index], names[index], (NEAR * side, lift), line=lift != 0)
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
    """Names of points that stand close together, in one column at the first free place to their right."""
    pixels, frame = axes.figure.dpi / 72, axes.get_window_extent()
    order = sorted(group, key=lambda index: (marks[index][1], -marks[index][0]))
    tall, wide = 1.15 * max(sizes[index][1] for index in group), max(sizes[index][0] for index in group)
    middles = apart([marks[index][1] for index in order], tall)
    lift = max(0.0, frame.y0 + tall - middles[0]) - max(0.0, middles[-1] + tall - frame.y1)
    middles = [middle + lift for middle in middles]
    nearest = max(marks[index][0] for index in group) + FAR * pixels

    def covered(left: float) -> int:
        """How many things the column would cover, standing here."""
        names = zip(order, middles, strict=True)
        boxes = [Bbox.from_bounds(left, middle - tall / 2, sizes[index][0], tall) for index, middle in names]
        return sum(not _clear(box, taken) for box in boxes)

    places = [nearest, *(nearest + step for step in range(4, max(4, int(frame.x1 - wide - nearest)), 4))]
    left = min(places, key=covered)
    for index, middle in zip(order, middles, strict=True):
        x, y = marks[index]
        taken.append(Bbox.from_bounds(left, middle - tall / 2, sizes[index][0], tall))
        _name(axes, points[index], names[index], ((left - x) / pixels, (middle - y) / pixels), line=True)


def _name(axes: Axes, point: Place, name: str, shift: Place, line: bool) -> None:
    thread = {
        "arrowstyle": "-",
        "color": QUIET,
        "linewidth": 0.6,
        "shrinkA": 0,
        "shrinkB": 3,
        "relpos": (0, 0.5),
        "zorder": 4,
    }
    side = "left" if shift[0] > 0 else "right"
    axes.annotate(
        name,
        point,
        shift,
        textcoords="offset points",
        ha=side,
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
    """The bands, in pixels, with some room about them."""
    return [Bbox(axes.transData.transform(ends)).padded(5, 3) for ends in bars]


def _free(axes: Axes, box: Bbox, taken: Sequence[Bbox]) -> bool:
    frame = axes.get_window_extent()
    inside = box.x0 >= frame.x0 and box.x1 <= frame.x1 and box.y0 >= frame.y0 and box.y1 <= frame.y1
    return bool(inside) and _clear(box, taken)


def _clear(box: Bbox, taken: Sequence[Bbox]) -> bool:
    return not any(box.padded(4, 0).overlaps(other) for other in taken)
