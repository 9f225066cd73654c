"""One table across cases: what each policy does in each of them, and in which of them that can be said."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

import numpy as np
import pandas as pd
from rich.table import Table

from results.statistics import Interval, finding, holm_intervals, not_knowing, paired_difference, wider
from results.tables import PER, by_arm, draw_means, plain_table

NAMES = ["arm", "title", "effect_rests_on", "case", "usual", "difference", "chance_low", "chance_high"]
NAMES += ["not_knowing_low", "not_knowing_high", "finding", "hours_difference", "hours_low", "hours_high"]
NAMES += ["paired_runs", "draws", "same"]


def across(runs: Mapping[str, pd.DataFrame], usual: str, titles: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """A row for each policy and case: reach against `usual` with both bands, and hours.

    `runs` holds, for each case, a row per draw, replication and arm; `titles` each arm's title and what its effect
    rests on. Reach is per 100; `same` says that no run differs from usual, in reach or in hours. Chance is simultaneous
    (Holm) over the whole table, every policy in every case, so that whatever is called clear anywhere in it is clear
    together; not knowing is the range over draws of the prior leaves.
    """
    reach = {case: by_arm(rows, "reach") for case, rows in runs.items()}
    hours = {case: by_arm(rows, "hours") for case, rows in runs.items()}
    every = {
        (case, arm): _point(reach[case][arm] - reach[case][usual])
        for case in runs
        for arm in titles
        if arm in reach[case]
    }
    bands = holm_intervals({_key(*cell): values for cell, values in every.items()})
    rows = []
    for arm, (title, effect) in titles.items():
        for case in runs:
            if (case, arm) not in every:
                continue
            chance = bands[_key(case, arm)].times(PER)
            unknown = not_knowing(draw_means(reach[case][arm] - reach[case][usual])).times(PER)
            cost = paired_difference(_point(hours[case][arm]), _point(hours[case][usual]))
            said = finding(chance, unknown if unknown.n else None)
            level = PER * float(_point(reach[case][usual]).mean())
            ends = (chance.centre, chance.low, chance.high, unknown.low, unknown.high, said)
            same = not np.any(every[case, arm]) and not cost.centre
            costs = (cost.centre, cost.low, cost.high)
            rows.append((arm, title, effect, case, level, *ends, *costs, chance.n, unknown.n, same))
    return pd.DataFrame(rows, columns=NAMES)


def _point(values: pd.Series[float]) -> np.ndarray:
    """What was run at the leaves' own values."""
    return values[values.index.get_level_values("draw") == 0].to_numpy(float)


def _key(case: str, arm: str) -> str:
    return f"{arm}, {case}"


EVERYWHERE, SOMEWHERE, ONCE, NOWHERE, BOTH_WAYS = "everywhere", "in some", "in one", "nowhere", "more here, fewer there"


def where_it_helps(table: pd.DataFrame) -> pd.DataFrame:
    """For each policy, in which cases it is clearly more and in which clearly fewer, and in a word."""
    rows = []
    for arm, cells in table.groupby("arm", sort=False):
        more = list(cells["case"][cells["finding"] == "more"])
        fewer = list(cells["case"][cells["finding"] == "fewer"])
        if fewer:
            word = BOTH_WAYS if more else NOWHERE
        elif len(more) == len(cells):
            word = EVERYWHERE
        else:
            word = (NOWHERE, ONCE)[len(more)] if len(more) < 2 else SOMEWHERE
        rows.append((arm, cells["title"].iloc[0], word, ", ".join(more), ", ".join(fewer)))
    return pd.DataFrame(rows, columns=["arm", "title", "helps", "more_in", "fewer_in"])


def sentence(where: pd.DataFrame, cases: int, draws: int) -> str:
    """Which policies clearly get more through in every case, in one, in none; nothing is said without an interval."""
    said = []
    for word, lead in (
        (EVERYWHERE, f"Clearly more in each of {cases} cases"),
        (SOMEWHERE, "in some"),
        (ONCE, "in one"),
        (NOWHERE, "in none"),
        (BOTH_WAYS, "more in one and fewer in another"),
    ):
        rows = where[where["helps"] == word]
        if len(rows):
            names = (f"{row.title} ({row.more_in})" if word == ONCE else str(row.title) for row in rows.itertuples())
            said.append(f"{lead}: {', '.join(names)}")
        elif word == EVERYWHERE:
            said.append(f"{lead}: no policy")
    bands = (
        "both bands leave zero on one side" if draws else "the band of chance leaves zero out; not knowing was not run"
    )
    return f"{'; '.join(said)}. (Clear: {bands}, chance simultaneously over the whole table.)"


def terminal(table: pd.DataFrame) -> Table:
    """Policies in rows, cases in columns: the difference, the wider of both bands, and hours."""
    runs, draws = int(table["paired_runs"].min()), int(table["draws"].min())
    drawn = plain_table("Critical items the decision-maker read in time, per 100, against usual; hours a case")
    drawn.add_column("policy", width=24, overflow="fold")
    cases = list(dict.fromkeys(table["case"]))
    for case in cases:
        drawn.add_column(
            case.replace("-", "-\n") if len(case) > 9 else case, justify="right", no_wrap=True, min_width=8
        )
    usual = table.drop_duplicates("case").set_index("case")["usual"]
    drawn.add_row("practice as usual", *(f"{usual[case]:.0f} " for case in cases))
    for _, cells in table.groupby("arm", sort=False):
        by_case = cells.set_index("case")
        name = f"{cells['title'].iloc[0]} ({cells['arm'].iloc[0]})"
        drawn.add_row(name, *(_cell(by_case.loc[case]) if case in by_case.index else "no runs" for case in cases))
    drawn.caption = (
        f"* clearly more or fewer; same: no run differs. Below the difference the wider of two bands: chance, the "
        f"simultaneous 95 % interval over {runs} paired runs a case (Holm, over the whole table), and "
        + (f"not knowing, the range over {draws} draws of the prior leaves." if draws else "not knowing, not run.")
    )
    return drawn


def _cell(row: pd.Series) -> str:
    if row["same"]:
        return "same "
    chance = Interval(row["difference"], row["chance_low"], row["chance_high"], int(row["paired_runs"]))
    unknown = Interval(row["difference"], row["not_knowing_low"], row["not_knowing_high"], int(row["draws"]))
    band = wider(chance, unknown) if unknown.n else chance
    star = "*" if row["finding"] in ("more", "fewer") else " "
    ends = f"{band.low:+.0f} {band.high:+.0f}" if isfinite(band.high - band.low) else "no band"
    return f"{chance.centre:+.1f}{star}\n{ends} \n{row['hours_difference']:+.0f} h "
