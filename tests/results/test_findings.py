"""What may be said: of intervals above, across and below zero, and "the most" and "robust" only when earned."""

import re

import numpy as np
import pandas as pd
import pytest

from results.choices import least_worst
from results.findings import (
    AS_USUAL,
    POINT_OF_DESIGN,
    across,
    amount,
    bought,
    enough,
    for_whom,
    guesses_say,
    hangs_on,
    held_up,
    more_through,
    plain,
    sentence,
)
from results.report import together
from results.report.together import Came, Left, came, stops
from results.statistics import Change, Interval
from results.tables import Contrast

ABOVE, ACROSS, BELOW = (8.0, 12.0), (-2.0, 12.0), (-12.0, -8.0)
CLAIMS = re.compile(r"\b(more|fewer|best|the most|robust)\b")


def change(chance, unknown=None):
    middle = sum(chance) / 2
    known = Interval(sum(unknown) / 2, *unknown, 20) if unknown else Interval(np.nan, np.nan, np.nan, 0)
    return Change(Interval(middle, *chance, 400), known)


def contrast(arm, reach, unknown=None, hours=ABOVE, spread=ABOVE):
    return Contrast(
        arm, f"Policy {arm}", "prior", 60.0, change(reach, unknown), change(hours), change(reach), change(spread)
    )


@pytest.mark.parametrize(
    ("chance", "unknown", "said"),
    [
        (ABOVE, ABOVE, "10 more hours (8 to 12)"),
        (BELOW, BELOW, "10 fewer hours (8 to 12)"),
        (ACROSS, ABOVE, "no clear difference in hours at 400 runs (−2 to 12)"),
        (ABOVE, ACROSS, "no clear difference in hours at 400 runs (−2 to 12)"),
        ((-2.0, 3.0), (1.0, 30.0), "no clear difference in hours at 400 runs (−2.0 to 3.0)"),
        (ABOVE, BELOW, "no clear difference in hours at 400 runs (chance: 8 to 12; not knowing: −12 to −8)"),
        (ABOVE, (1.0, 30.0), "10 more hours (1 to 30)"),
        ((0.0, 5.0), None, "no clear difference in hours at 400 runs (0.0 to 5.0)"),
    ],
)
def test_an_amount_is_more_or_fewer_only_where_both_bands_say_so(chance, unknown, said):
    assert amount(change(chance, unknown), "hours") == said


def test_the_answer_names_a_gain_with_its_hours_and_what_came_wider_than_needed():
    said = sentence(64.2, [contrast("A", ABOVE, ABOVE)], 273.0)
    assert said == (
        "Under practice as usual, in 64 of every 100 pairs of a critical item and a decision it bears on, the "
        "decision-maker had read it in time, at 273 working hours a case; “Policy A” adds 10 more per 100 (from 8 to "
        "12, the wider of our two bands), with 10 more hours (8 to 12) and 10 more items known more widely than needed "
        "(8 to 12)."
    )


@pytest.mark.parametrize("found", [[], [contrast("A", ACROSS)], [contrast("A", ABOVE, ACROSS)]])
def test_the_answer_claims_nothing_that_is_not_clear(found):
    said = sentence(64.0, found, 273.0)
    assert said.endswith("no policy here shows clearly more.")
    assert "Policy" not in said


def test_a_loss_is_told_beside_the_gain():
    said = sentence(64.0, [contrast("A", ABOVE), contrast("B", BELOW)], 273.0)
    assert said.endswith("Clearly fewer with: Policy B.")


@pytest.mark.parametrize(
    ("other", "words"), [((1.0, 5.0), "adds the most:"), ((7.0, 11.0), "adds among the most:"), ((-9.0, 9.0), "among")]
)
def test_the_most_is_said_only_where_no_other_band_reaches_into_it(other, words):
    assert words in sentence(64.0, [contrast("A", ABOVE), contrast("B", other)], 273.0)


def test_the_answer_over_several_cases_is_of_what_is_clear_in_most():
    reviews = {
        "J": (50.0, [contrast("A", ABOVE), contrast("B", (18.0, 22.0))]),
        "K": (60.0, [contrast("A", (2.0, 4.0), (1.0, 9.0)), contrast("B", ACROSS)]),
        "E": (70.0, [contrast("A", ACROSS), contrast("B", BELOW)]),
    }
    said, arm = across(reviews)
    assert arm == "A"
    assert "Across 3 cases" in said and "in 50 to 70 of every 100" in said
    assert "“Policy A” gets clearly more through in 2 of the 3 cases it was tried on, 3 per 100 in K to 10 in J" in said
    assert "(the wider bands lie between 1 and 12)" in said and "known more widely than needed" in said
    assert said.endswith("Clearly fewer somewhere with: Policy B.")


def test_over_several_cases_nothing_is_claimed_that_is_clear_in_none():
    said, arm = across({"J": (50.0, [contrast("A", ACROSS)]), "K": (60.0, [contrast("A", ACROSS)])})
    assert arm == "" and said.endswith("no policy here shows clearly more in any of them.")


def test_each_policy_is_told_once_by_what_may_be_said_of_it():
    found = [contrast("A", ABOVE), contrast("B", ACROSS), contrast("C", BELOW), contrast("D", ABOVE, ACROSS)]
    assert more_through(found, 400) == (
        "Clearly more with 1 of 4 policies: A. Clearly fewer with 1 of 4 policies: C. "
        "No clear difference at 400 runs: B and D."
    )


def test_what_is_compared_is_called_what_it_is():
    found = [contrast("raise=0.1", ABOVE), contrast("raise=0.4", BELOW)]
    assert "with 1 of 2 points: raise=0.1." in more_through(found, 400, POINT_OF_DESIGN)
    assert more_through(found[:1], 400) == "Clearly more: raise=0.1."
    assert across({"J": (50.0, []), "K": (60.0, [])}, POINT_OF_DESIGN)[0].endswith(
        "no point here shows clearly more in any of them."
    )


def test_of_too_many_it_is_said_how_many_they_are():
    found = [contrast(f"raise=0.{number:02d}", ACROSS) for number in range(30)]
    assert more_through(found, 400) == "No clear difference at 400 runs: 30 choices, which the table names."


def test_what_is_bought_names_frontier_and_dominated():
    called = {"usual": "as usual", "A": "A", "B": "B"}
    said = bought([contrast("A", ABOVE)], ["usual", "A"], {"B": "A"}, called)
    assert "On the frontier, on point values: as usual and A." in said
    assert "Dominated by A, which is clearly better in reach or in hours and on point values no worse" in said
    assert said.endswith(
        "in the other: B. With “Policy A”: 10 more hours a case (8 to 12), 10 more items known more "
        "widely than needed (8 to 12)."
    )
    assert "dominated" not in bought([], ["usual"], {}, called)


def regrets(**by_arm):
    """Worst regrets: (value, half its band)."""
    rows = [(arm, value, value - half, value + half, 1, 2) for arm, (value, half) in by_arm.items()]
    return pd.DataFrame(rows, columns=["arm", "worst_regret", "chance_low", "chance_high", "world", "worlds"])


TITLES = {"usual": AS_USUAL, "A": "Policy A", "B": "Policy B"}


def test_robust_is_earned_by_the_least_worst_case_that_chance_can_tell():
    worst = regrets(usual=(25.0, 2.0), A=(3.0, 1.0), B=(9.0, 1.0))
    least, near = least_worst(worst)
    assert (least, near) == ("A", [])
    said = held_up(worst, least, near, TITLES)
    assert said.startswith(
        "The most robust here: “Policy A”. In the worst for it of 2 worlds, another choice reads 3.0"
    )


def test_robust_is_shared_where_chance_cannot_tell():
    worst = regrets(usual=(25.0, 2.0), A=(3.0, 4.0), B=(9.0, 4.0))
    least, near = least_worst(worst)
    said = held_up(worst, least, near, TITLES)
    assert said.startswith("Among the most robust here: “Policy A”") and said.endswith("Chance cannot tell it from B.")


def test_nothing_forgone_anywhere_is_said_so():
    worst = regrets(A=(0.0, 0.0), B=(9.0, 1.0))
    assert held_up(worst, *least_worst(worst), TITLES) == (
        "The most robust here: “Policy A”. In none of 2 worlds does another choice read beyond it."
    )


def test_the_least_gain_is_shown_and_claims_nothing_unclear():
    said = for_whom("Policy A", {"the child": change(ACROSS), "the home": change((20.0, 24.0))})
    assert said.startswith("Least gain with “Policy A”: about the child, no clear difference")
    assert not CLAIMS.search(said)


@pytest.mark.parametrize(("clear", "claims"), [(True, True), (False, False)])
def test_an_assumption_matters_only_where_it_clearly_moves_an_answer(clear, claims):
    row = {"answer": "reach as usual", "about": "raise", "end": "0.35", "moved": 4.0, "moved_low": 1.0}
    said = hangs_on(pd.DataFrame([row | {"moved_high": 7.0, "clear": clear, "runs": 40}]))
    assert ("furthest" in said) is claims


def test_a_guess_that_is_not_clear_is_not_named():
    rows = [("usual", "raise", 0.1, 0.4, 5.0, False), ("push", "open", 0.8, 0.99, 9.5, True)]
    said = guesses_say(pd.DataFrame(rows, columns=["answer", "leaf", "from", "to", "moved", "clear"]))
    assert said.startswith("what push adds is moved furthest by “open”")
    assert said.endswith("; no single guess clearly moves reach as usual.")


@pytest.mark.parametrize(
    ("unknown", "words"), [(None, "was not run"), (9.0, "would not narrow"), (0.5, "would halve the first")]
)
def test_whether_further_runs_would_help(unknown, words):
    assert words in enough("Policy A", 400, 2.0, unknown)


def test_several_cases_are_told_arm_by_arm():
    at_last = {"J": Came({"usual": 36.2, "A": 80.6}, {"usual": 56.0, "A": 0.4}, "week 3")}
    at_last |= {"K": Came({"usual": 53.0, "B": 91.0}, {"usual": 47.0, "B": 9.0}, "week 9")}
    assert came(at_last, TITLES) == [
        "Of 100 critical items, by the week of each case’s last decision: with practice as usual 36 in J and 53 in K; "
        "with “Policy A” 81 in J; with “Policy B” 91 in K.",
        "Not within the window: with practice as usual 56 in J and 47 in K; with “Policy A” <1 in J; with “Policy B” 9 "
        "in K.",
    ]
    lost = {"J": {"usual": {"sent": 26.0, "weighed": 20.0}}, "K": {"usual": {"sent": 9.0, "weighed": 23.4}}}
    assert stops(lost | {"E": lost["K"]}, TITLES) == [
        "At “weighed” the largest part stops, of 100: with practice as usual 23 in K and 23 in E.",
        "At “sent” the largest part stops, of 100: with practice as usual 26 in J.",
    ]


def test_of_several_cases_it_is_said_where_further_runs_would_help():
    left = {
        "J": Left("Policy A", 60, 2.1, 5.8),
        "K": Left("Policy B", 400, 3.0, 1.0),
        "E": Left("Policy A", 60, 1.0, None),
    }
    assert together.enough(left) == [
        "At 60 to 400 paired runs, chance leaves, per 100: with “Policy A” ±2.1 in J and ±1.0 in E; with “Policy B” "
        "±3.0 in K.",
        "Not knowing leaves: with “Policy A” ±5.8 in J; with “Policy B” ±1.0 in K. Further runs would not narrow that; "
        "it is the wider of the two in J.",
        "Not knowing was not run in E.",
    ]


@pytest.mark.parametrize(("number", "said"), [(-0.2, "0"), (0.4, "0"), (-3.6, "−4"), (12.5, "12")])
def test_a_number_has_a_true_minus_and_no_nought_below_nothing(number, said):
    assert plain(number) == said
