"""Is it true? The ladder of `design.md` §11 as one table: tests by name, the reviews as usual, what ought to move."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
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
from experiments.recorded_rungs import of_recorded
from experiments.replication import replicate
from results import aggregates, validity
from results.fates import outcomes
from results.store import Store
from results.targets import load_targets, load_unsaid
from results.validity import Rung
from scenarios.load import case_called, case_names, load_practice

TESTS = Path(__file__).parent.parent / "tests"
LADDER = {
    "theory": ("simulation/test_workload.py", "simulation/test_chance.py", "results/test_scoring.py"),
    "laws": ("test_laws.py",),
    "literature": ("test_theory.py", "test_literature.py"),
    "direction": ("test_direction.py",),
}
"""Which tests are which rung."""
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
    def targets(self) -> dict[str, int]:
        """How many targets there are of each kind."""
        said = [target.kind for target in load_targets(self.case)]
        return Counter([*said, *(unsaid.kind for unsaid in load_unsaid(self.case))])


def as_usual(case: str, root: Path, replications: int, seed: int, fresh: bool, **how: Unpack[How]) -> Review:
    """Run a review as usual, alone."""
    experiment = Experiment("validity", case, (usual(),), seed, replications, draws=0)
    comparison = Comparison(experiment, root)

    def write() -> None:
        Store(root).write_table("runs", comparison.runs)

    conduct(comparison, write, fresh, **how)
    return Review(case, comparison)


def of_tests() -> Iterator[Rung]:
    """The rungs that are tests, each run now, by name."""
    for ladder, files in LADDER.items():
        there = [TESTS / file for file in files if (TESTS / file).exists()]
        asked = "every test passes"
        question = f"Tests of {ladder}: {', '.join(file.removesuffix('.py') for file in files)}"
        if not there:
            yield Rung(ladder, question, asked, "the tests are not installed here: run from a checkout", "not scored")
            continue
        passed, short, failed = run_tests(there)
        said = f"{passed} passed" + (f", {len(short)} fall short as expected" if short else "")
        if failed is None:
            yield Rung(ladder, question, asked, 'pytest is not installed: pip install -e ".[test]"', "not scored")
        else:
            said += f"; failed: {', '.join(failed)}" if failed else ""
            yield Rung(ladder, question, asked, said, "miss" if failed else "pass")


def run_tests(files: list[Path]) -> tuple[int, list[str], list[str] | None]:
    """How many passed, which fall short as their reason says, which failed; the last None where nothing could run."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        words = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--junitxml={report}",
            *map(str, files),
        ]
        subprocess.run(words, cwd=TESTS.parent, capture_output=True, check=False)
        if not report.exists():
            return 0, [], None
        cases = list(ElementTree.parse(report).iter("testcase"))
    failed = [_name(case) for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = {_name(case): case.find("skipped") for case in cases if case.find("skipped") is not None}
    short = [name for name, why in skipped.items() if why is not None and why.get("type") == "pytest.xfail"]
    return len(cases) - len(failed) - len(skipped), short, failed


def _name(case: ElementTree.Element) -> str:
    return str(case.get("name"))


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

    Raises BadInput for a case that does not exist, before anything runs.
    """
    cases = cases or reviews()
    for case in cases:
        case_called(case, load_practice())
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
    for case in cases if recorded else ():
        rungs += of_recorded(case, seed, how.get("workers", 0))
    rungs += aggregates.rungs(aggregates.total(life for review in found for life in lives(review, seed)))
    climbed = Validity(root, rungs, found, moved)
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
    said = ", ".join(f"{count} {kind}" for kind, count in sorted(review.targets.items())) or "no targets"
    return Rung("reviews as usual", f"Targets of {review.case} by kind", "printed only", said, "not scored")
