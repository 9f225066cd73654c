"""Names beside points, none over another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, radians, sin

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from results.plots.house import QUIET

NEAR = 12
TURNS = (0, 180, 35, -35, 145, -145, 65, -65, 115, -115)
REACHES = (NEAR, 20, 30, 42, 56, 72, 90, 110, 135, 160)
"""Where a name may stand, best first: degrees around its point, and points of distance."""

Place = tuple[float, float]
Bar = tuple[float, float, float]


def beside(figure: Figure, axes: Axes, points: Sequence[Place], names: Sequence[str], bars: Sequence[Bar]) -> None:
    """Name each point at the nearest free place; `bars` are (x, low, high) that no name may cover.

    A name that had to move away has a thin line to its point. The crowded ones choose first.
    """
    figure.draw_without_rendering()  # type: ignore[no-untyped-call]
    taken = [*_round(axes, points), *_along(axes, bars)]
    for index in sorted(range(len(points)), key=lambda one: -_crowd(axes, points, one)):
        size = _size(figure, axes, names[index])
        spots = list(_spots(axes, points[index], size))
        inside = [spot for spot in spots if _within(axes, spot[2])]
        free = (spot for spot in inside if not any(spot[2].overlaps(other) for other in taken))
        shift, side, box = next(free, (inside or spots)[-1])
        taken.append(box)
        line = {"arrowstyle": "-", "color": QUIET, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 4}
        far = max(abs(shift[0]), abs(shift[1])) > NEAR + 4
        axes.annotate(
            names[index],
            points[index],
            shift,
            textcoords="offset points",
            ha=side,
            va="center",
            arrowprops=line if far else None,
            zorder=5,
        ).set_in_layout(False)


def _spots(axes: Axes, point: Place, size: Place) -> Iterator[tuple[Place, str, Bbox]]:
    """Where a name of this size may stand: its shift in points, its side, and the box it would fill in pixels."""
    scale = axes.figure.dpi / 72
    x, y = axes.transData.transform(point)
    for reach in REACHES:
        for turn in TURNS:
            shift = reach * cos(radians(turn)), reach * sin(radians(turn))
            side = "left" if abs(turn) < 90 else "right"
            left = x + shift[0] * scale - (size[0] if side == "right" else 0)
            middle = y + shift[1] * scale
            yield shift, side, Bbox.from_bounds(left, middle - size[1] / 2, *size)


def _size(figure: Figure, axes: Axes, name: str) -> Place:
    """How much room a name takes, in pixels."""
    text = axes.text(0, 0, name)
    box = text.get_window_extent()
    text.remove()
    return box.width, box.height


def _round(axes: Axes, points: Sequence[Place]) -> list[Bbox]:
    """The marks themselves."""
    return [Bbox.from_bounds(x - 6, y - 6, 12, 12) for x, y in axes.transData.transform(points)]


def _along(axes: Axes, bars: Sequence[Bar]) -> list[Bbox]:
    """The bands."""
    ends = [axes.transData.transform([(x, low), (x, high)]) for x, low, high in bars]
    return [Bbox([[a[0] - 5, a[1]], [b[0] + 5, b[1]]]) for a, b in ends]


def _within(axes: Axes, box: Bbox) -> bool:
    frame = axes.get_window_extent()
    return bool(box.x0 >= frame.x0 and box.x1 <= frame.x1 and box.y0 >= frame.y0 and box.y1 <= frame.y1)


def _crowd(axes: Axes, points: Sequence[Place], index: int) -> float:
    """How crowded a point stands: the nearer its neighbours, the higher."""
    pixels = axes.transData.transform(points)
    return sum(1 / (1 + float(abs(pixels[index] - other).sum())) for other in pixels)
