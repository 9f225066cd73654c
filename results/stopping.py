"""When runs are enough: where the half-width of every paired difference is met, and never because of its sign.

Looking again and again until zero is left out would call a policy that does nothing effective far too often. A
half-width says how well a difference is known and nothing of where it lies, so looking at it between blocks leaves the
coverage of the last interval almost as it was (Chow and Robbins, Annals of Mathematical Statistics 36:457-462, 1965;
tested in `tests/results/test_stopping.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy.typing as npt

from results.measures import MEASURES
from results.statistics import LEVEL, Interval, mean_interval
from scenarios.faults import BadInput, Fault, nearest

LEAST: Final = 400
"""Paired runs before the first look: a spread seen in fewer is no spread to trust."""
BLOCK: Final = 100
"""Replications from one look to the next."""
MOST: Final = 10_000
"""Replications after which it stops whatever is known, unless told."""
ASKED: Final = re.compile(r"(\w+)\s*(?:±|\+-|\+/-)\s*(\d*\.?\d+)")


@dataclass(frozen=True)
class Until:
    """A measure, and the half-width to which its paired difference is to be known: shares from 0 to 1, all else in the
    measure's own unit."""

    measure: str
    half_width: float

    def __str__(self) -> str:
        return f"{self.measure} ± {self.half_width:g}"


def until(text: str) -> Until:
    """What `reach ± 0.01` (or +-, or +/-) asks for. Raises BadInput."""
    found = ASKED.fullmatch(text.strip())

    def refused(what: str, advice: str) -> BadInput:
        return BadInput([Fault("request", f"until {text}", what, advice)])

    if not found:
        raise refused("no measure with its half-width could be read", 'Write "reach ± 0.01", or "reach +- 0.01".')
    measure, half_width = found[1], float(found[2])
    if measure not in MEASURES:
        raise refused("there is no such measure", nearest(measure, MEASURES))
    if half_width <= 0:
        raise refused("no difference is ever known as well as that", "Give a half-width above 0.")
    if MEASURES[measure].unit == "per 100" and half_width >= 1:
        raise refused(f"{measure} is a share from 0 to 1", "Write ± 0.01 for one more or fewer in a hundred.")
    return Until(measure, half_width)


def length(replications: int | None, text: str | None, most: int | None, usually: int) -> tuple[int, Until | None]:
    """How many replications there are to be, and until what: a number of them, `usually` where nobody says; or until a
    difference is known, with at `most` so many. Raises BadInput where both are asked for."""
    if text is None:
        if most is not None:
            advice = 'Add --until "reach ± 0.01", or give --replications alone.'
            raise BadInput([Fault("request", "max-replications", "it goes with --until only", advice)])
        return replications or usually, None
    if replications is not None:
        advice = "Leave out --replications; --max-replications says how many there may be."
        raise BadInput([Fault("request", f"replications {replications}", "--until decides how many", advice)])
    return most or MOST, until(text)


def widest(differences: Mapping[str, npt.ArrayLike], level: float = LEVEL) -> Interval:
    """The widest interval that any of these differences could be printed with.

    Each is at the level of the first of Holm's steps, 1 - (1 - level) / m: no interval of `holm_intervals` is wider,
    whichever are rejected. So it depends on how the differences spread, and not on their sign.
    """
    each = 1 - (1 - level) / len(differences)
    return max((mean_interval(values, each) for values in differences.values()), key=lambda one: one.high - one.low)


def enough(differences: Mapping[str, npt.ArrayLike], half_width: float, level: float = LEVEL) -> bool:
    """Whether every difference is known to ± `half_width`, over at least `LEAST` pairs each."""
    found = widest(differences, level)
    fewest = min(mean_interval(values, level).n for values in differences.values())
    return fewest >= LEAST and (found.high - found.low) / 2 <= half_width


def told(asked: Until, differences: Mapping[str, npt.ArrayLike]) -> str:
    """How well the differences are known in the end, in a sentence."""
    found = widest(differences)
    per, unit = (100, "per 100") if MEASURES[asked.measure].unit == "per 100" else (1, MEASURES[asked.measure].unit)
    half, wanted = (found.high - found.low) / 2 * per, asked.half_width * per
    known = f"every difference in {asked.measure} is known to ± {half:.2g} {unit}"
    if enough(differences, asked.half_width):
        return f"After {found.n:,} paired runs {known} (asked: ± {wanted:g}); whichever way it lies had no part in it."
    return (
        f"After {found.n:,} paired runs {known} and not yet to the ± {wanted:g} asked for: --max-replications was met."
    )
