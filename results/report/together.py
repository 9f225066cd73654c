"""What is found over several cases, in few sentences: the figures and the tables have each case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from results.findings import AS_USUAL, plain, quoted, series, signed, span
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
        hours, spread = (_ends([change.centre for change in of]) for of in _costs(mine))
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


def _named(arms: Iterable[str]) -> str:
    return series(AS_USUAL if arm == USUAL else arm for arm in arms) or "none"


def _costs(mine: Sequence[Contrast]) -> tuple[list[Change], list[Change]]:
    return [one.hours for one in mine], [one.spread for one in mine]


def _ends(numbers: Sequence[float]) -> str:
    """From the least to the greatest, as changes."""
    return " to ".join(dict.fromkeys(signed(pick(numbers)) for pick in (min, max)))
