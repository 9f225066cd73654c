"""What is found over several cases, in few sentences: the figures and the tables have each case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from results.findings import AS_USUAL, ends, plain, quoted, series, share, span
from results.plots.hours import Price
from results.statistics import Change
from results.tables import Contrast
from scenarios.policy import USUAL


def levels(usual: Mapping[str, Change]) -> str:
    """Practice as usual, case by case, each with its wider band."""
    said = series(f"{plain(level.centre)} in {case} ({span(level.wider)})" for case, level in usual.items())
    return f"Practice as usual, of every 100: {said}."


def gains(contrasts: Mapping[str, Sequence[Contrast]]) -> str:
    """In how many cases each policy clearly gets more through, or fewer."""
    every = [one for found in contrasts.values() for one in found]
    tried = Counter(one.arm for one in every)
    more, fewer = (Counter(one.arm for one in every if one.finding == word) for word in ("more", "fewer"))
    said = [
        ("Clearly more in every case", [arm for arm in tried if more[arm] == tried[arm]]),
        ("in some", [f"{arm} ({more[arm]} of {tried[arm]})" for arm in tried if 0 < more[arm] < tried[arm]]),
        ("in none", [arm for arm in tried if not more[arm]]),
    ]
    words = "; ".join(f"{where}: {series(arms)}" for where, arms in said if arms)
    lost = f" Clearly fewer somewhere: {series(fewer)}." if fewer else ""
    return f"{words[:1].upper()}{words[1:]}.{lost}"


def prices(found: Sequence[Price], best: str, titles: Mapping[str, str]) -> list[str]:
    """Which choices stand on the frontier, which never do, and what the foremost policy costs."""
    on = Counter(arm for price in found for arm in price.front)
    beaten = Counter(arm for price in found for arm in price.dominated)
    every = list(dict.fromkeys(arm for price in found for arm in price.points))
    cases = len(found)
    said = [
        f"On the frontier, on point values, in every case: {_named(arm for arm in every if on[arm] == cases)}.",
        f"In none: {_named(arm for arm in every if not on[arm])}.",
        f"In every case another choice clearly dominates: {_named(arm for arm in every if beaten[arm] == cases)}.",
    ]
    mine = [one for price in found for one in price.found if one.arm == best]
    if mine:
        hours, spread = (ends([change.centre for change in of]) for of in _costs(mine))
        said.append(
            f"With {quoted(titles[best])}: {hours} working hours a case, {spread} items known more widely than needed."
        )
    return [" ".join(said)]


def worsts(marked: Mapping[str, Sequence[str]], titles: Mapping[str, str]) -> str:
    """Which choice forgoes least in its worst world, in how many cases. `marked` has it first, then its likes."""
    first = Counter(arms[0] for arms in marked.values())
    near = sum(len(arms) > 1 for arms in marked.values())
    said = series(f"{quoted(titles[arm])} in {count} of {len(marked)} cases" for arm, count in first.most_common())
    where = "each" if near == len(marked) else f"{near}"
    alike = f" In {where} of them chance cannot tell it from another choice: the table has each." if near else ""
    return f"Forgoes least in the worst world for it: {said}.{alike}"


class Came(NamedTuple):
    """What had come in one case under each arm, of 100: by its last decision, never, and when that decision is."""

    at_last: Mapping[str, float]
    never: Mapping[str, float]
    last: str


def came(said: Mapping[str, Came], titles: Mapping[str, str]) -> list[str]:
    """How much had come to a lead who needed it by each case's last decision, and how much never does."""
    at_last = {case: {arm: share(level) for arm, level in one.at_last.items()} for case, one in said.items()}
    never = {case: {arm: share(level) for arm, level in one.never.items()} for case, one in said.items()}
    return [
        f"Of 100 critical items, by the week of each case’s last decision: {_by_arm(at_last, titles)}.",
        f"Not within the window: {_by_arm(never, titles)}.",
    ]


def stops(lost: Mapping[str, Mapping[str, Mapping[str, float]]], titles: Mapping[str, str]) -> list[str]:
    """At which stage the largest part stops, for each arm that is given of each case."""
    largest = {
        case: {arm: max(by_stage, key=lambda stage: by_stage[stage]) for arm, by_stage in of.items()}
        for case, of in lost.items()
    }
    every = [stage for of in largest.values() for stage in of.values()]
    said = []
    for stage in sorted(set(every), key=lambda stage: -every.count(stage)):
        mine = {
            case: {arm: f"{lost[case][arm][stage]:.0f}" for arm, name in of.items() if name == stage}
            for case, of in largest.items()
        }
        said.append(f"At “{stage}” the largest part stops, of 100: {_by_arm(mine, titles)}.")
    return said


class Left(NamedTuple):
    """What a case's runs leave open on one policy: its title, the runs, and half of each band (None: not run)."""

    title: str
    runs: int
    chance: float
    unknown: float | None

    @staticmethod
    def of(best: Contrast, precision: pd.DataFrame) -> Left:
        """From the table of half widths."""
        last = precision[precision["arm"] == best.arm].iloc[-1]
        level = float(last["not_knowing_half"])
        return Left(best.title, int(last["runs"]), float(last["half_width"]), level if np.isfinite(level) else None)


def enough(left: Mapping[str, Left]) -> list[str]:
    """Whether further runs would narrow what is said of each case's foremost policy."""
    titles = {one.title: one.title for one in left.values()}
    counts = dict.fromkeys(pick(one.runs for one in left.values()) for pick in (min, max))
    runs = " to ".join(map(str, counts))
    chance = {case: {one.title: f"±{one.chance:.1f}"} for case, one in left.items()}
    unknown = {case: {one.title: f"±{one.unknown:.1f}"} for case, one in left.items() if one.unknown is not None}
    said = [f"At {runs} paired runs, chance leaves, per 100: {_by_arm(chance, titles)}."]
    if unknown:
        wider = [case for case, one in left.items() if one.unknown is not None and one.unknown > one.chance]
        where = f" Further runs would not narrow that; it is the wider of the two in {series(wider)}." if wider else ""
        said.append(f"Not knowing leaves: {_by_arm(unknown, titles)}.{where}")
    if rest := [case for case in left if case not in unknown]:
        said.append(f"Not knowing was not run in {series(rest)}.")
    return said


def _by_arm(said: Mapping[str, Mapping[str, str]], titles: Mapping[str, str]) -> str:
    """What is said of each arm in each case, arm by arm."""
    arms = [arm for arm in titles if any(arm in of for of in said.values())]
    return "; ".join(
        f"with {quoted(titles[arm])} {series(f'{of[arm]} in {case}' for case, of in said.items() if arm in of)}"
        for arm in arms
    )


def _named(arms: Iterable[str]) -> str:
    return series(AS_USUAL if arm == USUAL else arm for arm in arms) or "none"


def _costs(mine: Sequence[Contrast]) -> tuple[list[Change], list[Change]]:
    return [one.hours for one in mine], [one.spread for one in mine]
