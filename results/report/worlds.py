"""How choices stand over worlds: the draws of a comparison, or where it was run the many worlds of `robustness`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from results.report.reading import COMPARED, Reading
from results.robust import Standing, regrets, standings
from results.tables import PER
from scenarios.policy import USUAL

NAMES = ["arm", "worst_regret", "chance_low", "chance_high", "confirmed", "world", "best_in_per_100", "worlds", "runs"]
ROBUSTNESS = "robustness"
"""The verb, and the table it leaves."""


class Worlds(NamedTuple):
    """A row for each choice and world, and a row for each choice."""

    regret: pd.DataFrame
    worst: pd.DataFrame


def of(reading: Reading, beside: list[Reading]) -> Worlds | None:
    """How the choices of a comparison stand, None where it has no worlds."""
    return next(filter(None, (_of_robustness(reading, one) for one in beside)), None) or _of_draws(reading)


def _of_robustness(reading: Reading, other: Reading) -> Worlds | None:
    """From a run of `robustness` on the same case, if it asked about reach and of all the same choices."""
    table, wide, compared = other.table(ROBUSTNESS), other.table("regrets"), reading.table(COMPARED)
    if table is None or wide is None or compared is None or other.about["id"] != reading.about["id"]:
        return None
    arms = [USUAL, *compared["arm"]]
    if not (set(arms) <= set(table["option"]) and other.asks_about("reach")):
        return None
    mine = table[table["option"].isin(arms)]
    names = {"option": "arm", "worst_low": "chance_low", "worst_high": "chance_high"}
    worst = mine.rename(columns=names).assign(best_in_per_100=PER * mine["best"], worlds=len(wide), runs=other.per_draw)
    return Worlds(_long(wide.set_index("world")[arms]), worst[NAMES].reset_index(drop=True))


def _of_draws(reading: Reading) -> Worlds | None:
    """From the draws of the comparison itself."""
    runs = reading.table("runs")
    if runs is None or not (runs["draw"] > 0).any():
        return None
    values = _values(runs[runs["draw"] > 0])
    count, each = next(iter(values.values())).shape
    rows = [(*_row(one), count, each) for one in standings(values, USUAL)]
    return Worlds(_long(regrets(values)), pd.DataFrame(rows, columns=NAMES))


def _values(runs: pd.DataFrame) -> dict[str, npt.NDArray[np.float64]]:
    """Reach per 100 of each choice: a row for each world, a column for each of its runs, all on the same luck."""
    wide = PER * runs.pivot(index=["draw", "replication"], columns="arm", values="reach")
    place = wide.groupby(level="draw").cumcount().to_numpy()
    by_place = wide.assign(place=place).reset_index().pivot(index="draw", columns="place")
    return {str(arm): by_place[arm].to_numpy(float) for arm in dict.fromkeys(runs["arm"])}


def _row(one: Standing) -> tuple[object, ...]:
    worst = one.worst
    return (one.option, worst.centre, worst.low, worst.high, one.confirmed, one.world, PER * one.best)


def _long(wide: pd.DataFrame) -> pd.DataFrame:
    """A row for each choice and world."""
    return wide.reset_index().melt("world", var_name="arm", value_name="regret")[["arm", "world", "regret"]]
