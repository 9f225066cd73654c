"""The opening: the answer in one sentence, three numbers, three small figures in the rows of all the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from results.findings import UNCLEAR, across, ends, plain, sentence, signed, span
from results.plots.house import Drawn
from results.plots.strips import Strip, shortly, strips
from results.report.choosing import worst_of
from results.report.data import Data
from results.report.show import Picture
from results.statistics import Change, Interval
from results.tables import NONE, Contrast
from scenarios.policy import USUAL

SMALL = 3.08
"""Inches: how wide a small figure is."""

ROOMY, TIGHT, ROWS_TALL = 0.23, 0.155, 3.0
"""Inches: from one row of a small figure to the next, at most and at least, and how tall its rows are in between: with
the answer and the three numbers they are to stand on one screen, and on one page of A4."""

ASKED = {
    "more": ("Which gets more through?", "more read in time, per 100"),
    "cost": ("At what cost?", "added working hours a case"),
    "holds": ("Does it hold if we are wrong?", "worst regret, of 100 pairs"),
}
"""The three questions of the opening, by the section that answers each, and what its axis counts."""


@dataclass(frozen=True)
class Tile:
    """One of the three numbers: the number, what it counts, what its bands cover, and what must stand beside it."""

    number: str
    counts: str
    bands: str
    beside: str


def answer(data: Data) -> tuple[str, str]:
    """The answer in one sentence, and the arm that the three numbers are of ("" for none)."""
    if not data.alone:
        said, _ = across({case: (data.level(case, "reach"), data.contrasts[case]) for case in data.cases}, data.what)
        return said, data.foremost_of_all
    (case,) = data.cases
    best = data.foremost(case)
    said = sentence(data.level(case, "reach"), data.contrasts[case], data.level(case, "hours"), data.what)
    return said, best.arm if best else ""


def _of(data: Data, arm: str) -> dict[str, Contrast]:
    """One policy, case by case."""
    return {case: one for case, found in data.contrasts.items() for one in found if one.arm == arm}


def tiles(data: Data, arm: str) -> list[Tile]:
    """The three numbers of one policy."""
    mine = _of(data, arm)
    if not mine:
        return []
    title = data.titles[arm]
    spread = {case: one.spread for case, one in mine.items()}
    worst = {case: found for case in mine if (found := worst_of(data, case, arm))}
    reach = {case: one.reach for case, one in mine.items()}
    hours = {case: one.hours for case, one in mine.items()}
    worlds = f"chance {span(pooled(worst.values()).chance)}" if worst else "not run: it needs draws of the prior leaves"
    return [
        Tile(
            _number(reach),
            f"critical items per 100 that reach the decision, beyond usual, with “{title}”",
            _bands(reach),
            f"Wider than needed: {_number(spread)} items a case ({_bands(spread)})",
        ),
        Tile(_number(hours), f"working hours a case, with “{title}”", _bands(hours), "All practitioners together"),
        Tile(
            _regret(worst),
            "worst regret: pairs of 100 that another choice reads beyond it, in the worst world for it",
            worlds,
            "Worlds: draws of the habits nobody has measured",
        ),
    ]


def _number(changes: Mapping[str, Change]) -> str:
    """A change, or over several cases from its least to its greatest."""
    return ends([one.centre for one in changes.values()])


def _regret(worst: Mapping[str, Change]) -> str:
    found = (
        dict.fromkeys(plain(pick(one.centre for one in worst.values()), 1) for pick in (min, max)) if worst else ["–"]
    )
    return " to ".join(found)


def _bands(changes: Mapping[str, Change]) -> str:
    """Both bands, over several cases from their lowest end to their highest; or that nothing is clear."""
    one = pooled(changes.values())
    unknown = f"; not knowing {span(one.not_knowing)}" if one.not_knowing.n else ""
    unclear = sum(change.finding == UNCLEAR for change in changes.values())
    words = f"chance {span(one.chance)}{unknown}"
    if not unclear:
        return words
    runs = min(change.chance.n for change in changes.values())
    where = "" if len(changes) == 1 else f" in {unclear} of {len(changes)} cases"
    return f"{words}; {UNCLEAR} at {runs} runs{where}"


def pooled(changes: Iterable[Change]) -> Change:
    """One change over several cases: the mean, and bands from the lowest end in any case to the highest."""
    every = list(changes)
    centre = sum(one.centre for one in every) / len(every)
    return Change(_hull([one.chance for one in every], centre), _hull([one.not_knowing for one in every], centre))


def _hull(bands: list[Interval], centre: float) -> Interval:
    known = [band for band in bands if band.n]
    low, high = (pick((end for band in known for end in (band.low, band.high)), default=centre) for pick in (min, max))
    return Interval(centre, low, high, min((band.n for band in known), default=0))


def numbers(data: Data) -> pd.DataFrame:
    """The numbers of the opening, as a table."""
    _, arm = answer(data)
    rows = []
    for case, one in _of(data, arm).items():
        worst = worst_of(data, case, arm)
        measured = {
            "reach per 100": one.reach,
            "hours a case": one.hours,
            "wider than needed, items a case": one.spread,
        }
        for name, change in (measured | ({"worst regret of 100": worst} if worst else {})).items():
            rows.append((case, arm, name, *change.numbers))
    names = ["value", "chance_low", "chance_high", "not_knowing_low", "not_knowing_high"]
    return pd.DataFrame(rows, columns=["case", "arm", "number", *names])


def overview(data: Data) -> list[Picture]:
    """The three small figures."""
    measured = {
        "more": {arm: [one.reach for one in _of(data, arm).values()] for arm in data.titles},
        "cost": {arm: [one.hours for one in _of(data, arm).values()] for arm in data.titles},
        "holds": {arm: [w for case in data.cases if (w := _regret_of(data, case, arm))] for arm in data.titles},
    }
    pictures = []
    for name, of in measured.items():
        rows = {arm: pooled(changes) for arm, changes in of.items() if changes} | (
            {USUAL: NONE} if name != "holds" else {}
        )
        if name == "holds" and not rows:
            continue
        pictures.append(Picture(f"0-{name}", _small(data, name, rows), _alternative(data, name, rows)))
    return pictures


def _regret_of(data: Data, case: str, arm: str) -> Change | None:
    return worst_of(data, case, arm) if arm == USUAL or arm in _of_case(data, case) else None


def _of_case(data: Data, case: str) -> set[str]:
    return {one.arm for one in data.contrasts[case]}


def _small(data: Data, name: str, rows: Mapping[str, Change]) -> Drawn:
    question, axis = ASKED[name]
    unclear = frozenset(arm for arm, one in rows.items() if name != "holds" and arm != USUAL and one.finding == UNCLEAR)
    labels = shortly(data.labels, 18)
    tall = min(ROOMY, max(TIGHT, ROWS_TALL / len(labels)))
    figure = strips(labels, data.looks, [Strip("", axis, rows, hollow=unclear)], SMALL, tall)
    return Drawn(figure, question, "", "")


def _alternative(data: Data, name: str, rows: Mapping[str, Change]) -> str:
    question, axis = ASKED[name]
    said = (f"{data.titles[arm]} {signed(one.centre)}" for arm, one in rows.items() if arm != USUAL)
    return f"{question} {axis}: {'; '.join(said)}."
