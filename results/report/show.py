"""What a page shows of a table: which columns, under what headings, with how many digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from results.findings import plain, signed
from results.plots.house import Drawn


@dataclass(frozen=True)
class Column:
    """One column: the name it has in the file, its heading, how a value is written."""

    key: str
    heading: str
    say: Callable[[Any], str] = str
    blank: bool = False
    """Whether what is not there is left blank, rather than told by a dash."""

    @property
    def number(self) -> bool:
        """Whether it holds numbers."""
        return self.say is not str


LEVEL = partial(plain, digits=1)
WHOLE, MOVED = plain, signed
"""How a level, a whole number and a difference are written."""


def banded(low: str = "chance_low", high: str = "chance_high") -> list[Column]:
    """The ends of both bands of a difference."""
    return [
        Column(low, "chance from", MOVED),
        Column(high, "to", MOVED),
        Column("not_knowing_low", "not knowing from", MOVED),
        Column("not_knowing_high", "to", MOVED),
    ]


@dataclass(frozen=True)
class Cell:
    """What stands in one place, and the number behind it ("" for none)."""

    words: str
    value: str = ""


@dataclass(frozen=True)
class Listing:
    """A table in the page: `name` is the file it is of; the first `heads` columns name the rows."""

    name: str
    caption: str
    columns: Sequence[Column]
    table: pd.DataFrame
    heads: int = 1

    @property
    def rows(self) -> list[list[Cell]]:
        """Its cells, row by row."""
        return [[_cell(column, row[column.key]) for column in self.columns] for row in self.table.to_dict("records")]


def _cell(column: Column, value: Any) -> Cell:
    if isinstance(value, float) and math.isnan(value):
        return Cell("" if column.blank else "–")
    words = column.say(value)
    if not column.number or not words:
        return Cell(words)
    return Cell(words, f"{float(value):.6g}")


@dataclass(frozen=True)
class Picture:
    """A figure: the name of its files, what it says to who cannot see it, and a heading of its own where it has one."""

    name: str
    drawn: Drawn
    alternative: str
    heading: str = ""


@dataclass(frozen=True)
class Section:
    """One question: what was found, the figures, what their bands cover, the tables; or why there is nothing yet."""

    id: str
    question: str
    findings: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    caption: str = ""
    listings: Sequence[Listing] = ()
    missing: str = ""
    command: str = ""


def wide(table: pd.DataFrame, rows: list[str], across: str, value: str, names: Collection[Any]) -> pd.DataFrame:
    """A long table with one of its columns spread out, in the order of `names`."""
    order = table[rows].drop_duplicates()
    spread = table.pivot(index=rows, columns=across, values=value).reset_index()
    return order.merge(spread, on=rows)[[*rows, *(name for name in names if name in spread)]]
