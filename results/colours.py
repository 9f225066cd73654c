"""The colours of every figure and page, each with what takes its place in a dark room.

A mark stands out from the paper by at least 3 to 1 and a text by at least 4.5 to 1, in both (tested).
"""

from __future__ import annotations

from typing import NamedTuple


class Colour(NamedTuple):
    """One colour: its name on a page, on white paper, and in the dark."""

    name: str
    light: str
    dark: str


PAPER = Colour("paper", "#ffffff", "#14181d")
INK = Colour("ink", "#1a1a1a", "#e8eaed")
QUIET = Colour("quiet", "#555555", "#b4bac2")
LINE = Colour("line", "#c9c9c9", "#444b54")
FAINT = Colour("faint", "#ececec", "#2a3038")
BLUE = Colour("blue", "#0b4f8a", "#6fb1ee")
LOST = Colour("lost", "#a85a14", "#e39a52")
POLICIES = (
    BLUE,
    Colour("vermilion", "#b8430f", "#f08a5d"),
    Colour("green", "#00705a", "#4cc3a5"),
    Colour("purple", "#8a3f86", "#d48fd0"),
    Colour("ochre", "#7a5c00", "#d9b23d"),
    Colour("teal", "#1f7f9c", "#63c5e0"),
    Colour("rose", "#b03a5b", "#ee8aa6"),
    Colour("slate", "#566270", "#a9b5c2"),
)
MARKERS = ("o", "^", "D", "v", "P", "X", "h", "*")
THEME = (PAPER, INK, QUIET, LINE, FAINT, LOST, *POLICIES)
"""All that a figure in a page may be drawn in, besides the cells of a map, which keep their colours."""


class Look(NamedTuple):
    """How one policy looks in every figure: never by colour alone."""

    colour: str
    marker: str


USUAL_LOOK = Look(INK.light, "s")


def looks(arms: list[str], usual: str) -> dict[str, Look]:
    """A look for each arm, by its place in the order; practice as usual is always a dark square."""
    named = [arm for arm in dict.fromkeys(arms) if arm != usual]
    size = len(POLICIES)
    found = {
        arm: Look(POLICIES[place % size].light, MARKERS[(place + place // size) % size])
        for place, arm in enumerate(named)
    }
    return {usual: USUAL_LOOK} | found


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, from 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


CELL_INKS = ("#000000", "#fffffe")
"""Dark and light text in the cells of a map, which no theme changes."""


def ink_on(cell: str) -> str:
    """The text colour that stands out more on a cell of this colour."""
    return max(CELL_INKS, key=lambda ink: contrast(ink, cell))
