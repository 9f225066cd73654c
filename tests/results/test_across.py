"""The table across cases: its simultaneous intervals, and what may be said of where a policy helps."""

import numpy as np
import pandas as pd
import pytest

from results.across import BOTH_WAYS, EVERYWHERE, NOWHERE, ONCE, SOMEWHERE, across, sentence, terminal, where_it_helps

TITLES = {"push": ("Push", "structural"), "null": ("Nothing", "none")}


def runs(differences, n=40, draws=3, seed=0):
    """Runs of a case: usual, and each arm apart from it by its difference and some noise."""
    luck = np.random.default_rng(seed)
    rows = []
    for draw in range(draws + 1):
        for replication in range(n if draw == 0 else 5):
            level = luck.uniform(0.4, 0.6)
            rows.append((draw, replication, "usual", level, 50.0))
            for arm, difference in differences.items():
                noise = luck.normal(0, 0.02) if difference else 0.0
                rows.append((draw, replication, arm, level + difference + noise, 50.0 + 100 * abs(difference)))
    return pd.DataFrame(rows, columns=["draw", "replication", "arm", "reach", "hours"])


@pytest.fixture
def table():
    cases = {"a": {"push": 0.1, "null": 0.0}, "b": {"push": 0.2, "null": 0.0}}
    return across(
        {case: runs(differences, seed=n) for n, (case, differences) in enumerate(cases.items())}, "usual", TITLES
    )


def test_one_row_a_policy_and_case_with_both_bands_and_hours(table):
    assert list(zip(table["arm"], table["case"], strict=True)) == [(arm, case) for arm in TITLES for case in "ab"]
    push = table[table["arm"] == "push"].set_index("case")
    assert push.loc["a", "difference"] == pytest.approx(10, abs=1.5) and push.loc["b", "difference"] == pytest.approx(
        20, abs=1.5
    )
    assert (push["chance_low"] < push["difference"]).all() and (push["difference"] < push["chance_high"]).all()
    assert (push["hours_difference"] == [pytest.approx(10), pytest.approx(20)]).all()
    assert set(push["finding"]) == {"more"} and not push["same"].any()


def test_what_changes_nothing_is_the_same_and_nothing_is_said_of_it(table):
    null = table[table["arm"] == "null"]
    assert null["same"].all() and set(null["finding"]) == {"no clear difference"}
    assert (null["chance_low"] < 0).all(), "none of forty runs is no certainty"


def test_chance_is_simultaneous_over_every_policy_in_every_case():
    """With more cases in one table each interval is wider."""
    of_one = across({"a": runs({"push": 0.01})}, "usual", {"push": ("Push", "structural")})
    of_six = across({f"c{n}": runs({"push": 0.01}) for n in range(6)}, "usual", {"push": ("Push", "structural")})
    width = [table["chance_high"].iloc[0] - table["chance_low"].iloc[0] for table in (of_one, of_six)]
    assert width[0] < width[1]


def test_without_draws_chance_alone_decides_and_the_table_says_so():
    alone = across({"a": runs({"push": 0.1}, draws=0)}, "usual", {"push": ("Push", "structural")})
    assert alone["finding"].tolist() == ["more"] and alone["draws"].tolist() == [0]
    assert "not knowing was not run" in sentence(where_it_helps(alone), 1, 0)
    assert "not run" in str(terminal(alone).caption)


@pytest.mark.parametrize(
    ("findings", "word"),
    [
        (["more", "more", "more"], EVERYWHERE),
        (["more", "no clear difference", "more"], SOMEWHERE),
        (["no clear difference", "more", "no clear difference"], ONCE),
        (["no clear difference"] * 3, NOWHERE),
        (["fewer", "no clear difference", "no clear difference"], NOWHERE),
        (["more", "more", "fewer"], BOTH_WAYS),
    ],
)
def test_where_a_policy_helps_is_said_by_its_findings_alone(findings, word):
    table = pd.DataFrame(
        {"arm": "p", "title": "P", "case": list("abc"), "finding": findings, "difference": [99, -99, 0]}
    )
    where = where_it_helps(table)
    assert where["helps"].tolist() == [word]
    assert where["more_in"].tolist() == [", ".join(c for c, f in zip("abc", findings, strict=True) if f == "more")]
    words = sentence(where, 3, 6)
    assert ("Clearly more in each of 3 cases: P" in words) == (word == EVERYWHERE)
    assert ("no policy" in words) == (word != EVERYWHERE)
