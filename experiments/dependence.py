"""How far each answer depends on who may come to a meeting, on who is asked by habit, and on what a search finds.

An answer is reach as usual, or what a policy adds to it. Each is asked again with one of the three changed at a time,
on the same luck: practice as usual under the change is what a policy is then compared with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Unpack

import pandas as pd

from experiments.compare import arms
from experiments.conduct import Finished, How, conduct, default_out
from experiments.design import Arm, Experiment
from results.statistics import Interval, holm_intervals, mean_interval
from results.store import Store
from results.tables import PER
from scenarios.load import case_path, load_case, load_practice
from scenarios.policy import USUAL
from scenarios.practice import Practice
from scenarios.schema import Case
from simulation.world import World


@dataclass(frozen=True)
class Change:
    """One thing otherwise: which of the three it is of, in which direction, and the leaves that make it so."""

    about: str
    way: str
    leaves: tuple[tuple[str, float], ...] = ()

    @property
    def name(self) -> str:
        """What it is called in a table."""
        return f"{self.about} {self.way}"


AS_IT_STANDS = Change("practice", "as it is")
ABOUT = {
    "membership": "who may be asked to a meeting",
    "asking": "the habit of asking",
    "finding": "finding in a record",
}
"""The three, in words."""


def changes(practice: Practice, case: Case) -> tuple[Change, ...]:
    """As practice stands, then each of the three at both its ends.

    Membership narrowed leaves those professions that the case-holder's own agency has in this case (whoever leads is
    there in any case; somebody whom a meeting admits by her kind alone stays out with that kind); opened, every
    profession may be asked to every kind of meeting. Asking is the habit, not a rule. Finding goes to the ends of its
    ranges.
    """
    own = {role.profession for role in case.role if role.agency == case.case.desk_agency}
    found = {leaf: practice.leaves[leaf].range for leaf in _of("find", practice)}
    return (
        AS_IT_STANDS,
        Change(
            "membership", "narrowed", tuple((leaf, 0.0) for leaf in _of("member", practice) if _role(leaf) not in own)
        ),
        Change("membership", "opened", tuple((leaf, 1.0) for leaf in _of("member", practice))),
        Change("asking", "absent", tuple((leaf, 0.0) for leaf in _of("asks", practice))),
        Change("asking", "universal", tuple((leaf, 1.0) for leaf in _of("asks", practice))),
        Change("finding", "low", tuple((leaf, ends[0]) for leaf, ends in found.items() if ends)),
        Change("finding", "high", tuple((leaf, ends[1]) for leaf, ends in found.items() if ends)),
    )


def _of(family: str, practice: Practice) -> Iterator[str]:
    return (leaf for leaf in practice.leaves if leaf.partition(".")[0] == family)


def _role(leaf: str) -> str:
    return leaf.rpartition(".")[2]


def under(arm: str, change: Change) -> str:
    """The name of an arm under a change; as practice stands it keeps its own."""
    return arm if change is AS_IT_STANDS else f"{arm}, {change.name}"


def design(case: str, policies: list[str], replications: int, seed: int = 1) -> Experiment:
    """Every policy and practice as usual, under every change. Raises BadInput for what does not exist."""
    practice = load_practice()
    several = changes(practice, load_case(case_path(case), practice))
    crossed = tuple(
        Arm(under(arm.name, change), arm.policies, change.leaves)
        for change in several
        for arm in arms(policies, case=case)
    )
    return Experiment("depends", case, crossed, seed, replications, draws=0)


@dataclass(frozen=True)
class Dependence(Finished):
    """What a finished run says. Every number is per 100 pairs."""

    answers: tuple[str, ...]

    @cached_property
    def world(self) -> World:
        """The case under practice as usual."""
        practice = load_practice()
        return World(load_case(case_path(self.experiment.case), practice), practice)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What was changed, practice as it stands first."""
        return changes(self.world.practice, self.world.case)

    @cached_property
    def reach(self) -> pd.DataFrame:
        """A run a line, an arm a column."""
        return PER * self.runs.pivot(index="replication", columns="arm", values="reach")

    def answer(self, arm: str, change: Change) -> pd.Series[float]:
        """One answer, run by run: reach as usual, or a policy's difference from it, under this change."""
        usual = self.reach[under(USUAL, change)]
        return usual if arm == USUAL else self.reach[under(arm, change)] - usual

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each answer and change: the answer, how far the change moved it, and whether clearly.

        `low` and `high` are the answer's own 95 % interval over chance; those of `moved` hold together over the whole
        table (Holm).
        """
        moves = {
            (arm, change.name): self.answer(arm, change) - self.answer(arm, AS_IT_STANDS)
            for arm in self.answers
            for change in self.changes[1:]
        }
        bands = holm_intervals({f"{arm}, {name}": move / PER for (arm, name), move in moves.items()})
        rows = []
        for arm in self.answers:
            for change in self.changes:
                value = mean_interval(self.answer(arm, change) / PER).times(PER)
                moved = bands[f"{arm}, {change.name}"].times(PER) if change is not AS_IT_STANDS else _still(value.n)
                ends = (value.centre, value.low, value.high, moved.centre, moved.low, moved.high)
                rows.append((arm, change.about, change.way, *ends, moved.excludes_zero, value.n))
        names = ["value", "low", "high", "moved", "moved_low", "moved_high"]
        return pd.DataFrame(rows, columns=["answer", "about", "way", *names, "clear", "runs"])

    @property
    def sentence(self) -> str:
        """Which of the three moves which answer most."""
        size = self.table["moved"].abs().where(self.table["clear"], 0.0)
        top = self.table.loc[size.groupby(self.table["answer"], sort=False).idxmax()]
        said = []
        for about, rows in top[top["clear"]].groupby("about", sort=False):
            answers = ", ".join(map(_moved, rows.itertuples()))
            said.append(f"{answers} hang{'s' if len(rows) == 1 else ''} most on {ABOUT[str(about)]}")
        if still := [_called(arm) for arm in top["answer"][~top["clear"]]]:
            said.append(f"none of the three clearly moves {', '.join(still)}")
        words = "; ".join(said)
        return f"{words[0].upper()}{words[1:]}."


def _still(n: int) -> Interval:
    """What is compared with itself has not moved."""
    return Interval(0.0, 0.0, 0.0, n)


def _moved(row: Any) -> str:
    return f"{_called(row.answer)} ({row.way}: {row.moved:+.1f} per 100)"


def _called(arm: str) -> str:
    return "reach as usual" if arm == USUAL else arm


def depends(
    case: str,
    policies: list[str] | None = None,
    out: Path | None = None,
    replications: int = 100,
    seed: int = 1,
    fresh: bool = False,
    **how: Unpack[How],
) -> Dependence:
    """Run what is missing, write the table, and return what was found."""
    root = out or default_out("depends", case)
    experiment = design(case, policies or [], replications, seed)
    answers = tuple(arm.name for arm in arms(policies or [], case=case))
    found = Dependence(experiment, root, answers)
    conduct(found, lambda: write_results(found), fresh, **how)
    return found


def write_results(found: Dependence) -> None:
    """The tidy tables."""
    store = Store(found.root)
    store.write_table("dependence", found.table)
    if len(found.failures):
        store.write_table("failures", found.failures)
