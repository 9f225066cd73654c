"""For whom? Which agencies held which item, and about whose life a policy gets more through."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from results.colours import Look
from results.facts import in_few
from results.findings import share, signed
from results.plots.heat import heat, slanting
from results.plots.house import INK, WIDE, house_style, panels
from results.plots.strips import Strip, Words, strips
from results.statistics import Change

QUESTION = "for whom?"

SMALL = 5
"""A cell with fewer of 100 runs stays blank: so few runs say nothing of a pair."""

ITEMS = 14
"""Items that a map has room for."""

WORDS = 58
"""Letters of what an item is."""


def held_map(held: pd.DataFrame, deciding: list[str]) -> Figure:
    """Items down, agencies across: in how many of 100 runs somebody there held it. The deciding agency stands last.

    `held` has agency, item, words and per_100; items in its order.
    """
    items = list(dict.fromkeys(held["item"]))[:ITEMS]
    mine = held[held["item"].isin(items)]
    wide = mine.pivot(index="item", columns="agency", values="per_100").reindex(index=items)
    wide = wide.loc[:, wide.max() >= SMALL]
    order = sorted(map(str, wide), key=lambda agency: agency in deciding)
    grid = wide[order].to_numpy(float)
    grid = np.where(grid >= SMALL, grid, np.nan)
    cells = [["" if np.isnan(value) else share(value) for value in row] for row in grid]
    said = dict(zip(mine["item"], mine["words"], strict=True))
    with house_style():
        figure, ((axes,),) = panels((WIDE, 1.9 + 0.27 * len(items)))
        heat(axes, grid, cells, 100.0)
        axes.set_xlim(0, len(order))
        axes.set_yticks(np.arange(len(items)) + 0.5, [f"{in_few(said[item], WORDS)}  ({item})" for item in items])
        axes.tick_params(axis="y", labelsize=9)
        slanting(axes, [spoken(agency) for agency in order], [agency in deciding for agency in order])
        if deciding and len(order) > len(deciding):
            axes.axvline(sum(agency not in deciding for agency in order), color=INK, linewidth=1.2)
    return figure


def spoken(agency: str) -> str:
    """An agency in words."""
    words = " ".join(SPELT.get(word, word) for word in agency.split("-"))
    return words[:1].upper() + words[1:]


SPELT = {
    "gp": "GP",
    "nhs": "NHS",
    "ccg": "CCG",
    "marac": "MARAC",
    "childrens": "children’s",
    "kent": "Kent",
    "yorkshire": "Yorkshire",
}
"""Parts of agencies' names that are not spelt as they are in an id."""


def subjects(gains: Mapping[str, Mapping[str, Change]], labels: Mapping[str, str], looks: Mapping[str, Look]) -> Figure:
    """Policies down, whose life the item is about across: what each adds, and where it adds least."""
    columns: list[Strip | Words] = []
    for subject in next(iter(gains.values())):
        rows = {arm: of[subject] for arm, of in gains.items()}
        unclear = frozenset(arm for arm, change in rows.items() if change.finding == "no clear difference")
        columns.append(Strip(f"about {subject}", "more per 100", rows, hollow=unclear))
    least = {arm: min(of, key=lambda name: of[name].centre) for arm, of in gains.items()}
    words = {arm: f"{signed(gains[arm][name].centre)} {name}" for arm, name in least.items()}
    return strips(labels, looks, [*columns, Words("least gain", words, side="left")])
