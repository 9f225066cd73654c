"""What a page shows of a table: which columns, under what headings, with how many digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from results.findings import plain, share, signed
from results.plots.house import Drawn


@dataclass(frozen=True)
class Column:
    """One column: the name it has in the file, its heading, how a value is written."""

    key: str
    heading: str
    say: Callable[[Any], str] = str

    @property
    def number(self) -> bool:
        """Whether it holds numbers."""
        return self.say is not str


def _or_none(say: Callable[[float], str]) -> Callable[[Any], str]:
    return lambda value: "–" if isinstance(value, float) and math.isnan(value) else say(float(value))


LEVEL, WHOLE, MOVED = _or_none(partial(plain, digits=1)), _or_none(plain), _or_none(signed)
SHARE = _or_none(share)


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
    words = column.say(value)
    if not column.number or words == "–":
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


def wide(table: pd.DataFrame, rows: list[str], across: str, value: str, names: Mapping[Any, str]) -> pd.DataFrame:
    """A long table with one of its columns spread out, in the order of `names`."""
    order = table[rows].drop_duplicates()
    spread = table.pivot(index=rows, columns=across, values=value).reset_index()
    return order.merge(spread, on=rows)[[*rows, *(name for name in names if name in spread)]]
