"""The rung that asks of each review as recorded: can the model live it, what surprised it, which targets it meets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from experiments.as_recorded import AsRecorded, as_recorded
from experiments.beside import beside
from results.surprise import by_act
from results.validity import Mark, Rung
from results.weights import ENOUGH
from results.whatif import Beside
from scenarios.record import record_path

LADDER = "as recorded"
MOST_OF_ONE = 0.05
"""The share of the weight that one run may carry."""
NAMED = 3
"""How many acts are named by their surprise."""


class Recorded(NamedTuple):
    """What a review as recorded says of the model, and its targets of information; none where runs were too few."""

    rungs: list[Rung]
    targets: list[Beside]


def of_recorded(case: str, seed: int, workers: int | str = 0, most: int | None = None) -> Recorded:
    """A review's rungs as recorded; one that says so where no record of it was written."""
    if not record_path(case).exists():
        none = Rung(LADDER, f"{case} as recorded", "a record of it", "none was written", "not scored")
        return Recorded([none], [])
    began = time.monotonic()
    found = as_recorded(case, most=most, seed=seed, workers=workers)
    sample = _sample(found, time.monotonic() - began)
    targets = [] if found.too_few else beside(found)
    return Recorded([sample, _surprise(found), *_targets(found, targets)], targets)


def _sample(found: AsRecorded, seconds: float) -> Rung:
    """How many effective runs were reached, of how many entries, and how long it took."""
    runs, entries = found.all, len(found.known.record.entry)
    bits, error = runs.bits
    said = (
        f"{runs.effective:,.0f} effective of {len(found.weighed):,} runs, the heaviest {runs.largest:.1%} of the "
        f"weight, on {entries} of {found.whole} entries, in {seconds:.0f} s; surprise {bits:.1f} ± {error:.1f} bits"
    )
    asked = f"{ENOUGH:.0f} effective runs, none over 5 % of the weight"
    question = f"Do runs enough fit what {found.asked.case} documents?"
    return Rung(LADDER, question, asked, said, "miss" if found.too_few or runs.largest > MOST_OF_ONE else "pass")


def _surprise(found: AsRecorded) -> Rung:
    """Which acts cost more than a model that is right expects. Reviews tell what went wrong, so it is only printed."""
    acts = {entry.id: entry.act for entry in found.known.record.entry}
    dearest = by_act((acts[entry], bits) for entry, bits in found.entry_costs.items())[:NAMED]
    said = "; ".join(f"{one.act} {one.bits:.1f} bits ({one.expected:.1f} expected, {one.entries})" for one in dearest)
    question = f"Which acts of {found.asked.case} surprise most (bits, entries)?"
    return Rung(LADDER, question, "printed only", said, "not scored")


def _targets(found: AsRecorded, rows: list[Beside]) -> Iterator[Rung]:
    """Targets of information: those the record states must be met, the others are told."""
    case = found.asked.case
    for stated, asked in ((True, "all met"), (False, "printed only")):
        mine = [row for row in rows if row.stated == stated]
        missed = [row.target.id for row in mine if not row.met]
        said = f"{len(mine) - len(missed)} of {len(mine)} met" + (f"; not {', '.join(missed)}" if missed else "")
        kind = "states" if stated else "leaves open"
        mark: Mark = "not scored" if not (stated and mine) else "miss" if missed else "pass"
        question = f"Targets of information that the record of {case} {kind}"
        yield Rung(LADDER, question, asked, said if mine else found.too_few or "none", mark)
