"""Is it true? The ladder of `design.md` §11 as one table: tests by name, the reviews as usual, what ought to move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Unpack

import pandas as pd

from experiments.compare import Comparison
from experiments.conduct import How, conduct
from experiments.design import Experiment, usual
from experiments.direction import Counterfactual, Moved, direction, load_counterfactuals
from experiments.recorded_rungs import Recorded, of_recorded
from experiments.replication import replicate
from experiments.tested_rungs import of_tests
from results import aggregates, shortfalls, validity
from results.fates import outcomes
from results.shortfalls import Shortfall
from results.store import Store
from results.targets import load_targets, load_unsaid
from results.validity import Rung
from scenarios.faults import BadInput, Fault
from scenarios.load import case_called, case_names, load_practice

LIVES = 40
"""How many lives of each review are asked for published rates."""
CLEARLY = 0.10
"""A counterfactual that is not only above zero."""


def reviews() -> list[str]:
    """The cases that follow a published review."""
    practice = load_practice()
    return [name for name in case_names() if not case_called(name, practice).case.invented]


@dataclass(frozen=True)
class Review:
    """One review as usual: what its runs give beside what it documents."""

    case: str
    comparison: Comparison

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Each documented pair with its chance."""
        return validity.pairs(self.case, self.comparison.journeys, outcomes(self.comparison.world))

    @property
    def kinds(self) -> dict[str, int]:
        """How many targets there are of each kind."""
        said = [target.kind for target in load_targets(self.case)]
        return Counter([*said, *(unsaid.kind for unsaid in load_unsaid(self.case))])

    @property
    def given(self) -> dict[str, float]:
        """In what share of the runs each target came about."""
        found = self.comparison.targets
        return dict(zip(found["target"], found["share_as_usual"], strict=True)) if len(found) else {}


def as_usual(case: str, root: Path, replications: int, seed: int, fresh: bool, **how: Unpack[How]) -> Review:
    """Run a review as usual, alone."""
    experiment = Experiment("validity", case, (usual(),), seed, replications, draws=0)
    comparison = Comparison(experiment, root)

    def write() -> None:
        Store(root).write_table("runs", comparison.runs)

    conduct(comparison, write, fresh, **how)
    return Review(case, comparison)


def of_counterfactuals(case: str, moved: list[Moved]) -> Iterator[Rung]:
    """What ought to move, and what ought not."""
    more = [one for one in moved if one.row.expect == "more"]
    if more:
        above = sum(all(pair.low > 0 for pair in one.pairs.values()) for one in more)
        well = sum(all(pair.low > CLEARLY for pair in one.pairs.values()) for one in more)
        held = sum(one.holds for one in more)
        said = (
            f"{held} of {len(more)} up together; every pair of its own above zero in {above}, "
            f"above +{CLEARLY:.2f} in {well}"
        )
        question, asked = f"Does what ought to help {case} help?", "all up together"
        yield Rung("direction", question, asked, said, "pass" if held == len(more) else "miss")
    nothing = [one for one in moved if one.row.expect == "none"]
    if nothing:
        held = sum(one.holds for one in nothing)
        names = ", ".join(one.row.id for one in nothing if not one.holds)
        said = f"{held} of {len(nothing)} within their margins" + (f"; not {names}" if names else "")
        question, asked = f"Does what ought to do nothing for {case} do nothing?", "all within their margins"
        yield Rung("direction", question, asked, said, "pass" if held == len(nothing) else "miss")


def of_waiting(case: str, row: Counterfactual) -> Rung:
    """What cannot be asked yet."""
    found = f"waits for a policy of the name {' and '.join(row.waits_for)}"
    return Rung("direction", f"{row.id} of {case}", row.expect, found, "not scored")


@dataclass(frozen=True)
class Validity:
    """The whole ladder."""

    root: Path
    rungs: list[Rung]
    reviews: list[Review]
    moved: dict[str, list[Moved]]
    short: list[Shortfall]

    @property
    def tally(self) -> dict[str, int]:
        """How many rungs hold, do not, and were not scored."""
        return validity.tally(self.rungs)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Every documented pair of every review."""
        return pd.concat([review.pairs for review in self.reviews], ignore_index=True)


def climb(
    cases: list[str],
    root: Path,
    replications: int = 200,
    paired: int = 100,
    seed: int = 1,
    fresh: bool = False,
    tests: bool = True,
    recorded: bool = False,
    **how: Unpack[How],
) -> Validity:
    """All rungs, from scratch or from what is in `root`; all published reviews where `cases` is empty. The rung of the
    reviews as `recorded` is always from scratch.

    Raises BadInput for a case that does not exist or follows no review, before anything runs.
    """
    cases = cases or reviews()
    known = [case_called(case, load_practice()).case for case in cases]
    if invented := [case.id for case in known if case.invented]:
        advice = "Name a case that does, or none for all that do."
        raise BadInput([Fault("request", f"case {case}", "it follows no review", advice) for case in invented])
    rungs = list(of_tests()) if tests else []
    found = [as_usual(case, root / case, replications, seed, fresh, **how) for case in cases]
    moved = {
        case: direction(case, rows, root / f"{case}-direction", paired, seed, fresh, **how)
        for case in cases
        if (rows := tuple(row for row in load_counterfactuals(case) if not row.waits_for))
    }
    for case, answers in moved.items():
        rungs += of_counterfactuals(case, answers)
    rungs += [of_waiting(case, row) for case in cases for row in load_counterfactuals(case) if row.waits_for]
    gaps = {review.case: validity.gap_of(review.comparison.runs) for review in found}
    rungs += validity.of_reviews(pd.concat([review.pairs for review in found], ignore_index=True), gaps)
    rungs += [of_targets(review) for review in found]
    lived = {case: of_recorded(case, seed, how.get("workers", 0)) for case in (cases if recorded else ())}
    rungs += [rung for one in lived.values() for rung in one.rungs]
    rungs += aggregates.rungs(aggregates.total(life for review in found for life in lives(review, seed)))
    short = [row for review in found for row in short_of(review, lived.get(review.case), moved.get(review.case, []))]
    climbed = Validity(root, rungs, found, moved, short)
    write_results(climbed)
    return climbed


def lives(review: Review, seed: int) -> Iterator[dict[str, aggregates.Count]]:
    """What some lives of a review say of published rates."""
    world = review.comparison.world
    for replication in range(LIVES):
        yield aggregates.counted(replicate(world, seed, replication), world)


def write_results(found: Validity) -> None:
    """The ladder, the documented pairs, what ought to move, and the figure."""
    from results.plots.documented import documented
    from results.plots.house import save

    store = Store(found.root)
    store.write_table("validity", pd.DataFrame(found.rungs))
    store.write_table("shortfalls", pd.DataFrame(found.short, columns=list(Shortfall._fields)))
    tidy = found.pairs.assign(
        stages=found.pairs["stages"].map(" ".join), likeliest=found.pairs["likeliest"].map(" ".join)
    )
    store.write_table("pairs", tidy)
    store.write_table(
        "counterfactuals", pd.DataFrame([_line(case, one) for case, rows in found.moved.items() for one in rows])
    )
    if not found.pairs.empty:
        titles = {review.case: review.comparison.world.case.case.title for review in found.reviews}
        said = found.pairs[found.pairs["documented"]]
        save(documented(said, titles, validity.ranking(said).found), found.root / "figures", "documented")


def _line(case: str, one: Moved) -> dict[str, object]:
    band = one.together
    said = {"case": case, "id": one.row.id, "words": one.row.words, "expected": one.row.expect, "usual": one.usual}
    return said | {"difference": band.centre, "low": band.low, "high": band.high, "runs": band.n, "holds": one.holds}


def of_targets(review: Review) -> Rung:
    """How many targets there are of each kind; of them the as-recorded rung scores those of information."""
    said = ", ".join(f"{count} {kind}" for kind, count in sorted(review.kinds.items())) or "no targets"
    return Rung("reviews as usual", f"Targets of {review.case} by kind", "printed only", said, "not scored")


def short_of(review: Review, lived: Recorded | None, moved: list[Moved]) -> Iterator[Shortfall]:
    """What falls short of one review: its targets of information, as usual and as recorded, and what ought to move."""
    recorded = {row.target.id: row.share for row in lived.targets} if lived else {}
    yield from shortfalls.of_targets(review.case, load_targets(review.case), review.given, recorded)
    for one in moved:
        if not one.holds:
            row, band = one.row, one.together
            asked = row.expect + (f" by {row.margin:.0%}" if row.margin else "")
            found = f"{100 * band.centre:+.0f} ({100 * band.low:+.0f} {100 * band.high:+.0f})"
            yield Shortfall(review.case, row.id, row.words, asked, found, "", row.why)
