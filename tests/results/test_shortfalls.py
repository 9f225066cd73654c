"""What falls short is told with the rule by which it does."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from experiments.validity import as_usual, reviews
from results.shortfalls import UNTOLD, as_table, of_targets
from results.targets import Target, load_targets

RUNS, CHANCE = 60, 0.13
"""Runs as usual of each review, and how far a share of so many may lie from its own by chance (two standard errors)."""


def target(name: str, share: float, **fields) -> Target:
    return Target(id=name, words=name, items=("F1",), decision="M1", share=share, cite="here", **fields)


def test_a_row_is_told_where_either_share_is_not_what_is_expected():
    rows = target("kept", 0.9), target("lost", 0.2, why="a rule"), target("theirs", 0.9, kind="judgement")
    usual = {"kept": 0.95, "lost": 0.5, "theirs": 0.0}
    assert [(row.row, row.as_usual, row.as_recorded, row.why) for row in of_targets("case", rows, usual, {})] == [
        ("lost", "50%", "", "a rule")
    ]
    both = of_targets("case", rows, usual, {"kept": 0.4, "lost": 0.1})
    assert [(row.row, row.asked, row.as_recorded) for row in both] == [
        ("kept", "at least 90%", "40%"),
        ("lost", "at most 20%", "10%"),
    ]


def test_the_table_says_where_no_rule_is_told():
    out = StringIO()
    usual = {"one": 0.1, "two": 0.1}
    rows = of_targets("case", (target("one", 0.9), target("two", 0.9, why="of a rule")), usual, {})
    Console(file=out, width=100).print(as_table(rows))
    assert UNTOLD in out.getvalue() and "of a rule" in out.getvalue() and "the rule told of 1" in out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("case", reviews())
def test_of_each_target_that_falls_short_by_more_than_chance_the_rule_is_told(case, tmp_path):
    given = as_usual(case, tmp_path / case, RUNS, 1, True, workers=1).given
    rows = [row for row in load_targets(case) if row.kind == "information" and not row.why]
    slack = {row.id: CHANCE if row.expected == "at least" else -CHANCE for row in rows}
    assert not [row.id for row in rows if not row.met_by(given[row.id] + slack[row.id])]
