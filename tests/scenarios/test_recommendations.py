"""What the reviews ask for: every lever of their tables is there, and none is put into a review's mouth."""

from collections import Counter

import pytest

from scenarios.faults import BadInput
from scenarios.recommendations import recommendations
from tests.scenarios.test_policy import TABLES


@pytest.fixture(scope="module")
def rows(policies):
    return recommendations(policies)


@pytest.mark.parametrize("case", TABLES)
def test_every_lever_of_a_review_stands_in_one_row_of_it(rows, policies, case):
    named = [name for row in rows if row.case == case for name in row.policies if not policies[name].includes]
    assert sorted(named) == sorted(TABLES[case])


@pytest.mark.parametrize("case", TABLES)
def test_every_package_of_a_review_carries_one_of_its_recommendations(rows, policies, case):
    carried = {name for row in rows if row.case == case for name in row.policies if policies[name].includes}
    parts = {name for name, policy in policies.items() if policy.review == case}
    whole = {name for name in parts if any(part in parts for part in policies[name].includes)}
    assert carried == parts - whole


def test_the_recommendations_are_as_many_as_the_reviews_make(rows):
    made = Counter(row.case for row in rows if row.kind == "recommendation")
    assert made == {"child-s": 7, "child-j": 2, "child-h": 9}, "E and K make none"


def test_an_answer_to_a_loss_is_no_recommendation(rows, policies):
    """A row is a loss exactly where what its levers cite says that the review asks for nothing."""
    for row in rows:
        letter = row.case.removeprefix("child-").upper()
        for name in row.policies:
            here = [part for part in policies[name].source.split("; ") if f"Child {letter} review" in part]
            unasked = policies[name].source.startswith("Not in the review") if row.case == "child-s" else None
            if here and unasked is None:
                unasked = any(part.lower().startswith("not in the ") for part in here)
            expected = row.kind == "loss"
            if name == "l-multiagency-closure" and row.case == "child-k":
                continue  # the briefing names the meeting, and no rule for closures
            assert unasked == expected, (row.case, row.id, name)


def test_a_policy_that_does_not_exist_is_refused(tmp_path, policies):
    path = tmp_path / "mine.toml"
    path.write_text(
        '[[recommendation]]\ncase = "a"\nid = "1"\nkind = "wish"\nwords = "it"\ncite = "§1"\npolicies = ["pusch"]\n'
        '[[recommendation]]\ncase = "a"\nid = "2"\nkind = "whish"\nwords = "it"\ncite = "§1"\npolicies = ["push"]\n',
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as refused:
        recommendations(policies, path)
    assert len(refused.value.faults) == 2 and "push" in str(refused.value)
