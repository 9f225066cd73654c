"""The ladder on made-up reviews: what holds is called so, what does not is not, and what nobody knows is not scored."""

import math

import numpy as np
import pandas as pd
import pytest

from results import validity
from results.fates import Fate, ends
from results.statistics import Interval


def made(seed, chance_of, pairs=300):
    """Pairs of three reviews: how they ended, and the chance a model gave them."""
    draws = np.random.default_rng(seed)
    truth = draws.beta(0.8, 0.8, pairs)
    happened = draws.random(pairs) < truth
    return pd.DataFrame(
        {
            "case": [f"review-{number % 3}" for number in range(pairs)],
            "item": [f"F{number}" for number in range(pairs)],
            "decision": "D",
            "happened": happened,
            "chance": chance_of(truth, happened),
            "stages": [() if came else ("sent",) for came in happened],
            "likeliest": [("sent", "read")] * pairs,
            "runs": 200,
            "documented": True,
        }
    )


def test_a_model_that_made_the_answers_passes_and_one_that_turns_them_round_does_not():
    assert validity.ranking(made(1, lambda truth, _: truth)).mark == "pass"
    assert validity.ranking(made(1, lambda truth, _: 1 - truth)).mark == "miss"
    assert validity.ranking(made(1, lambda truth, _: np.full_like(truth, 0.5))).mark == "miss"


def test_where_one_answer_alone_is_documented_nothing_is_scored():
    only_lost = made(2, lambda truth, _: truth)
    assert validity.ranking(only_lost[~only_lost["happened"]]).mark == "not scored"


def test_a_guess_that_is_as_good_is_no_pass():
    """Every loss is "sent" and every model stage too: the other reviews' commonest stages say as much."""
    assert validity.stage_of_loss(made(3, lambda truth, _: truth)).mark == "miss"


def test_a_stage_that_the_guess_does_not_have_is_a_pass():
    found = made(4, lambda truth, _: truth)
    lost = [name for name, came in zip(found["case"], found["happened"], strict=True) if not came]
    own = {case: ("noticed", "sent", "read")[number] for number, case in enumerate(sorted(set(lost)))}
    found["stages"] = [() if came else (own[c],) for c, came in zip(found["case"], found["happened"], strict=True)]
    found["likeliest"] = [(own[case],) for case in found["case"]]
    rung = validity.stage_of_loss(found)
    assert rung.mark == "pass" and "100 of 100" in rung.found


@pytest.mark.parametrize(
    ("gap", "mark"),
    [
        (Interval(20, 10, 30, 200), "pass"),
        (Interval(5, -1, 11, 200), "miss"),
        (Interval(math.nan, math.nan, math.nan, 0), "not scored"),
    ],
)
def test_reassurance_is_judged_by_its_whole_interval(gap, mark):
    assert validity.reassurance("review", gap).mark == mark


def test_level_is_printed_and_never_passed():
    rungs = list(validity.level(made(5, lambda truth, _: truth)))
    assert {rung.mark for rung in rungs} == {"not scored"} and len(rungs) == 3


def test_a_decisions_own_code_comes_before_the_fate():
    fate = Fate(fate="stuck", decisions=("M1",), arrivals={"M1": "R", "M2": "L", "M3": "?"}, cite="§1")
    assert [(one.decision, one.happened) for one in ends("F1", fate)] == [("M1", True), ("M2", False)]


def test_what_nobody_sought_is_not_scored():
    assert list(ends("F1", Fate(fate="never-sought", decisions=("M1",), cite="§1"))) == []
    late = Fate(fate="late", decisions=("M1",), also=({"fate": "in-time", "decisions": ("M2",)},), cite="§1")
    assert [(one.decision, one.happened, one.stages) for one in ends("F1", late)] == [
        ("M1", False, ("delivered",)),
        ("M2", True, ()),
    ]
