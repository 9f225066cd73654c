"""Every figure of a comparison: which question each answers, and how it is drawn from the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from matplotlib.figure import Figure

from results.colours import looks
from results.days import Days
from results.findings import POLICY
from results.measures import SCORED
from results.plots.forest import forest
from results.plots.funnel import loss_funnel
from results.plots.hours import price_of, reach_hours
from results.plots.reach_map import reach_map
from results.plots.times import reading_times
from results.statistics import mean_interval
from results.tables import PER, Contrast
from scenarios.policy import USUAL

MOST_ROWS = 40
"""Arms of which a figure has a row each; a design of more has a figure of its own."""


@dataclass(frozen=True)
class Shown:
    """What a comparison has to show: frames, no model. `cells`, `reasons` and `first` are of practice as usual."""

    title: str
    contrasts: list[Contrast]
    reach: pd.Series[float]
    differences: pd.DataFrame
    dominated: dict[str, str]
    cells: pd.DataFrame
    reasons: pd.DataFrame
    first: pd.DataFrame
    lines: pd.DataFrame
    items: pd.DataFrame
    decisions: pd.DataFrame
    window: tuple[datetime, datetime]
    days: Days
    runs: int
    draws: int
    what: str = POLICY


def figures(shown: Shown) -> Iterator[tuple[str, Figure]]:
    """Each figure with the name it is saved under, where there is something to draw."""
    reach = mean_interval(shown.reach.to_numpy(float)).times(PER)
    if 0 < len(shown.contrasts) <= MOST_ROWS:
        look = looks([one.arm for one in shown.contrasts], USUAL)
        forest_of = forest(shown.contrasts, reach, shown.title, shown.runs, shown.draws, look, shown.what)
        yield "forest", forest_of.whole()
        price = price_of(shown.title, shown.contrasts, shown.differences, shown.dominated)
        yield "reach-and-hours", reach_hours(price, shown.runs, shown.draws, look).whole()
    scored = shown.lines[(shown.lines["critical"] == "yes") & (shown.lines["line"] == SCORED)]
    if scored.empty:
        return
    yield "reach-map", reach_map(shown.cells, shown.items, shown.decisions, shown.title)
    yield "loss-funnel", loss_funnel(shown.reasons, reach, shown.title)
    yield (
        "reading-times",
        reading_times(shown.first, scored, shown.items, shown.decisions, shown.window, shown.title, shown.days),
    )
