"""What the report knows: its tables, its cases in order, and for every policy one title, one place and one look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from results.colours import Look, looks
from results.findings import AS_USUAL, POINT_OF_DESIGN, POLICY, across, foremost, plural
from results.plots.holders import ITEMS
from results.report.reading import COMPARED, Reading, read, told_apart
from results.report.sheets import Sheets, sheets
from results.store import Store
from results.tables import Contrast, changes_of, untidy
from scenarios.policy import USUAL

LADDER = "validity"
"""The table that `safeguarding validity` leaves, beside no manifest of its own."""

MARKS = ("pass", "miss", "not scored")

ON_MAP, HELD_HALF = "items on the map", "of these, held in half of the runs by an agency that decides"
FACTS, AS_DOCUMENTED = "documented facts", "of these, come about as documented"
NOT_SO = "of these, do not come about as documented"

ROWS = 22
"""Policies in the rows of a figure that still fits a page of A4 on its side."""

FOLLOWED = 5
"""Policies drawn in colour beside practice as usual where each is a line."""


@dataclass(frozen=True)
class Data:
    """The readings of a report and what is worked out of them."""

    mains: list[Reading]
    beside: list[Reading]
    ladder: pd.DataFrame | None = None

    @staticmethod
    def of(roots: Sequence[Path]) -> Data:
        """From directories. Raises ForeignDirectory with all that is wrong."""
        ladders = {root: table for root in roots if (table := Store(root).table(LADDER)) is not None}
        readings = read([root for root in roots if root not in ladders])
        compared = [one for one in readings if one.table(COMPARED) is not None]
        by_compare = {one.about["id"] for one in compared if one.question != "sweep"}
        mains = [one for one in compared if one.question != "sweep" or one.about["id"] not in by_compare]
        beside = [one for one in readings if one not in mains]
        return Data(told_apart(mains), beside, next(iter(ladders.values()), None))

    @cached_property
    def sheets(self) -> Sheets:
        """Every table by name."""
        ladder = {} if self.ladder is None else {"ladder": self.ladder}
        return sheets(self.mains, self.beside) | ladder

    @property
    def cases(self) -> list[str]:
        """The titles of the cases, in the order they were given."""
        return [reading.title for reading in self.mains]

    @property
    def what(self) -> str:
        """What is set beside practice as usual: policies, or of sweeps alone the points of a design."""
        return POINT_OF_DESIGN if all(reading.question == "sweep" for reading in self.mains) else POLICY

    @property
    def alone(self) -> bool:
        """Whether it is of one case."""
        return len(self.mains) == 1

    @cached_property
    def contrasts(self) -> dict[str, list[Contrast]]:
        """Every policy against practice as usual, case by case."""
        return {case: untidy(self.one("gains", case)) for case in self.cases}

    @cached_property
    def titles(self) -> dict[str, str]:
        """Practice as usual and every policy, with its title, in one order for all figures."""
        policies = {one.arm: one.title for found in self.contrasts.values() for one in found}
        return {USUAL: AS_USUAL} | policies

    @cached_property
    def shown(self) -> list[str]:
        """Policies that figures of rows have room for: all, or those that move reach furthest either way."""
        size: dict[str, float] = {}
        for one in (one for found in self.contrasts.values() for one in found):
            size[one.arm] = max(size.get(one.arm, 0.0), abs(one.reach.centre))
        kept = set(sorted(size, key=lambda arm: -size[arm])[:ROWS])
        return [arm for arm in size if arm in kept]

    @property
    def how_many(self) -> str:
        """That not all policies are shown, where they are not."""
        every = len(self.titles) - 1
        left = (
            f"{len(self.shown)} of {every} {plural(self.what)}, those that move reach furthest either way; the tables "
            "have all. "
        )
        return left if every > len(self.shown) else ""

    def rows(self, case: str) -> list[Contrast]:
        """A case's contrasts that are shown."""
        return [one for one in self.contrasts[case] if one.arm in self.shown]

    @property
    def labels(self) -> dict[str, str]:
        """Practice as usual and the policies shown, with their titles."""
        return {arm: title for arm, title in self.titles.items() if arm == USUAL or arm in self.shown}

    @cached_property
    def looks(self) -> dict[str, Look]:
        """How each looks, in all figures."""
        return looks(list(self.titles), USUAL)

    def has(self, name: str, case: str | None = None) -> bool:
        """Whether there is such a table, and of a case where one is given."""
        return name in self.sheets and (case is None or case in set(self.sheets[name]["case"]))

    def one(self, name: str, case: str) -> pd.DataFrame:
        """A table's rows of one case."""
        table = self.sheets[name]
        return table[table["case"] == case].reset_index(drop=True)

    def level(self, case: str, measure: str) -> float:
        """A measure as usual."""
        return changes_of(self.one("levels", case), measure, "level")[USUAL].centre

    def foremost(self, case: str) -> Contrast | None:
        """The policy that clearly adds most, else the one that adds most on point values; None without a policy."""
        found = self.contrasts[case]
        best, _ = foremost(found)
        return best or max(found, key=lambda one: one.reach.centre, default=None)

    @cached_property
    def foremost_of_all(self) -> str:
        """Over several cases, the policy that the answer speaks of; "" for none."""
        _, arm = across({case: (self.level(case, "reach"), self.contrasts[case]) for case in self.cases})
        every = [one for found in self.contrasts.values() for one in found]
        return arm or (max(every, key=lambda one: one.reach.centre).arm if every else "")

    def followed(self, case: str) -> list[str]:
        """Practice as usual and the policies that add most, in the order of all."""
        most = sorted(self.contrasts[case], key=lambda one: -one.reach.centre)[:FOLLOWED]
        kept = {USUAL, *(one.arm for one in most)}
        return [arm for arm in self.titles if arm in kept]

    def banded(self, case: str) -> list[str]:
        """The two of them that carry bands: practice as usual and the foremost policy."""
        best = self.foremost(case)
        return [USUAL, *([best.arm] if best else [])]

    @cached_property
    def counts(self) -> pd.DataFrame:
        """What the sentences count, case by case."""
        rows = [(case, what, count) for case in self.cases for what, count in self._counted(case).items()]
        if self.ladder is not None:
            rows += [("", mark, int((self.ladder["mark"] == mark).sum())) for mark in MARKS]
        return pd.DataFrame(rows, columns=["case", "what", "count"])

    def count(self, case: str, what: str) -> int:
        """One of them."""
        mine = self.counts[(self.counts["case"] == case) & (self.counts["what"] == what)]
        return int(mine["count"].iloc[0])

    def _counted(self, case: str) -> dict[str, int]:
        findings = [one.finding for one in self.contrasts[case]]
        found = {"policies": len(findings)}
        found |= {word: findings.count(word) for word in ("more", "fewer", "no clear difference")}
        if self.has("held", case):
            items = list(dict.fromkeys(self.one("held", case)["item"]))[:ITEMS]
            found |= {ON_MAP: len(items), HELD_HALF: self._held_often(case, items)}
        if self.has("documented", case):
            facts = self.one("documented", case)["as_documented"]
            found |= {FACTS: len(facts), AS_DOCUMENTED: int(facts.sum()), NOT_SO: int((~facts).sum())}
        return found

    def _held_often(self, case: str, items: list[str]) -> int:
        """How many of these the agencies that decide hold in at least half of the runs."""
        table = self.one("held", case)
        mine = table[table["item"].isin(items) & table["agency"].isin(self.deciding(case))]
        return int(mine[mine["per_100"] >= 50]["item"].nunique())

    def deciding(self, case: str) -> list[str]:
        """The agencies whose people lead the decisions."""
        return list(dict.fromkeys(self.one("gates", case)["agency"])) if self.has("gates", case) else []

    @property
    def runs(self) -> str:
        """How many paired runs each case has, in words."""
        return _range([reading.runs for reading in self.mains])

    @property
    def draws(self) -> str:
        """How many draws each case has, in words."""
        return _range([reading.draws for reading in self.mains])


def _range(counts: list[int]) -> str:
    low, high = min(counts), max(counts)
    return f"{low}" if low == high else f"{low} to {high}"
