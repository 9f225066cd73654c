"""What every page is made with: templates, styles and scripts inlined, data embedded, figures made part of the page.

A page is one file. It asks nothing of a network, and what it is given (a case file's words, a policy's title) is shown
as text, never taken for markup.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

import numpy as np
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup
from matplotlib.markers import MarkerStyle

from results.colours import THEME

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
HREF = f"{{{XLINK}}}href"
ElementTree.register_namespace("", SVG)

POINTS_TO_PIXELS = 96 / 72


def environment(package: str) -> Environment:
    """Templates from a package's data; what they print is escaped, and a name that is not there is an error."""
    return Environment(
        loader=FunctionLoader(lambda name: asset(package, name)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def asset(package: str, name: str) -> str:
    """A text file that a package carries."""
    return (files(package) / name).read_text(encoding="utf-8")


def embedded(data: Any) -> Markup:
    """Data for `<script type="application/json">`: nothing in it can end the element or begin another."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


# --- colours ---------------------------------------------------------------------------------------------------------


def theme() -> Markup:
    """The colours of a page as custom properties: of white paper, of the dark, and by the reader's choice of either."""
    light, dark = (";".join(f"--{name}:{value}" for name, value in one) for one in _themes())
    return Markup(
        f":root{{color-scheme:light;{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}\n"
        f"@media print{{:root,:root[data-theme=dark],:root:not([data-theme=light]){{color-scheme:light;{light}}}}}"
    )


def _themes() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    return [(one.name, one.light) for one in THEME], [(one.name, one.dark) for one in THEME]


THEMED = re.compile("|".join(one.light for one in THEME), re.IGNORECASE)
NAMES = {one.light: one.name for one in THEME}


def _themed(style: str) -> str:
    """The same style in the page's own colours; a colour that is no colour of the house stays."""
    return THEMED.sub(lambda found: f"var(--{NAMES[found.group().lower()]})", style)


# --- figures ---------------------------------------------------------------------------------------------------------


def inlined(svg: str, prefix: str, title: str, description: str) -> Markup:
    """A figure of matplotlib's as part of a page: ids of its own, colours of the theme, a text for who cannot see it.

    `prefix` must be unique in the page.
    """
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag in LEFT_OUT]:
            parent.remove(child)
    _lighten(root)
    values = [value for element in root.iter() for value in element.attrib.values()]
    used = {found for value in values for found in REFERENCES.findall(value)}
    for element in root.iter():
        _own(element, prefix, used)
    _described(root, prefix, title, description)
    return Markup(ElementTree.tostring(root, encoding="unicode").replace(f' xmlns="{SVG}"', "", 1))


LEFT_OUT = frozenset(f"{{{SVG}}}{name}" for name in ("metadata", "style", "title"))
REFERENCES = re.compile(r"^(?:url\()?#([^)]+)\)?$")


def _own(element: ElementTree.Element, prefix: str, used: set[str]) -> None:
    """Make an element's ids, references, colours and numbers fit for a page."""
    for name, value in list(element.attrib.items()):
        if name == "id":
            del element.attrib[name]
            if value in used:
                element.set(name, f"{prefix}-{value}")
        elif name == HREF:
            del element.attrib[name]
            element.set("href", f"#{prefix}-{value[1:]}")
        elif "url(#" in value:
            element.set(name, value.replace("url(#", f"url(#{prefix}-"))
        elif name in ("style", "fill", "stroke"):
            element.set(name, _themed(value))
        elif name in ("d", "x", "y", "transform", "points"):
            element.set(name, DECIMALS.sub(r"\1", " ".join(value.split())))


DECIMALS = re.compile(r"(\d+\.\d)\d+")
"""One decimal of a point is a thirtieth of a millimetre: enough for any screen."""

UPRIGHT = re.compile(r"^rotate\(-?0 ")


def _lighten(root: ElementTree.Element) -> None:
    """Take out what says nothing: white space between elements, groups of one or none, turns by nothing."""
    for element in root.iter():
        element.tail = None
        if element.tag != f"{{{SVG}}}text":
            element.text = None
        if UPRIGHT.match(element.get("transform", "")):
            del element.attrib["transform"]
    for parent in list(root.iter()):
        for place, child in reversed(list(enumerate(parent))):
            if child.tag == f"{{{SVG}}}g" and not (set(child.attrib) - {"id"}):
                parent[place : place + 1] = list(child)


def _described(root: ElementTree.Element, prefix: str, title: str, description: str) -> None:
    """Give the figure its size, role, title and description."""
    width, height = (float(str(root.get(name)).removesuffix("pt")) * POINTS_TO_PIXELS for name in ("width", "height"))
    root.attrib.pop("version", None)
    root.set("width", f"{width:.0f}")
    root.set("height", f"{height:.0f}")
    root.set("class", "figure")
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}-title {prefix}-desc")
    said = ElementTree.Element(f"{{{SVG}}}title", {"id": f"{prefix}-title"})
    said.text = title
    described = ElementTree.Element(f"{{{SVG}}}desc", {"id": f"{prefix}-desc"})
    described.text = description
    root.insert(0, described)
    root.insert(0, said)


def marker_path(marker: str) -> str:
    """A policy's mark as the path of an SVG that reaches from -1 to 1."""
    style = MarkerStyle(marker)
    path = style.get_path().transformed(style.get_transform())
    most = float(np.abs(np.asarray(path.vertices)).max())
    letters = {1: "M", 2: "L", 3: "Q", 4: "C"}
    said = []
    for points, code in path.iter_segments(simplify=False):
        place = " ".join(f"{x / most:.2f} {-y / most:.2f}" for x, y in points.reshape(-1, 2))
        said.append("Z" if int(code) == 79 else f"{letters[int(code)]}{place}")
    return "".join(said)
