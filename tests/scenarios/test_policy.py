"""What a policy does to a leaf, and what several do together."""

import pytest

from scenarios.load import policy_faults
from scenarios.policy import Policy, apply_all


def policy(leaves, adherence=1.0, **more):
    given = {"title": "Made up", "meaning": "made up for a test", "source": "invented", "effect": "structural"} | more
    return Policy(leaves=leaves, adherence=adherence, **given)


@pytest.mark.parametrize("adherence", [0.0, 0.25, 0.8, 1.0])
@pytest.mark.parametrize("aim", [0.0, 0.3, 0.95, 1.0])
@pytest.mark.parametrize("name", ["invite", "raise", "rule-ask", "recognise.desk"])
def test_a_chance_moves_by_adherence_towards_its_aim(practice, name, aim, adherence):
    now = practice.value_of(name)
    after = policy({name: aim}, adherence).apply(practice).value_of(name)
    assert after == pytest.approx(now + adherence * (aim - now)) and 0 <= after <= 1


@pytest.mark.parametrize(
    ("name", "aim"), [("delay.minutes", 8.0), ("odds.weigh.masked", 1.0), ("member", 1.0), ("ahead.ask", 20.0)]
)
def test_all_that_is_no_chance_moves_in_full(practice, name, aim):
    assert policy({name: aim}, 0.25).apply(practice).value_of(name) == aim


def test_what_a_policy_does_not_name_it_leaves_alone(practice):
    after = policy({"invite": 1.0}).apply(practice)
    assert {name for name in practice.leaves if after.value_of(name) != practice.value_of(name)} == {"invite"}


def test_a_policy_builds_on_the_practice_it_is_given(practice):
    swept = practice.changed({"invite": 0.2})
    assert policy({"invite": 1.0}, 0.5).apply(swept).value_of("invite") == pytest.approx(0.6)
    assert policy({"attend": 1.0}).apply(swept).value_of("invite") == 0.2


def test_the_empty_policy_changes_nothing(practice):
    after = policy({}, effect="none", no_route="it says nothing").apply(practice)
    assert all(after.value_of(name) == practice.value_of(name) for name in practice.leaves)


def test_policies_that_touch_different_leaves_add_up(practice):
    both, contested = apply_all([policy({"invite": 1.0}, 0.5), policy({"attend": 0.0})], practice)
    assert both.value_of("invite") == pytest.approx(0.9) and both.value_of("attend") == 0 and contested == []


@pytest.mark.parametrize("turn", [1, -1])
def test_where_two_set_one_leaf_the_larger_change_wins_and_is_named(practice, turn):
    """invite stands at 0.8: down to 0.5 is a larger change than up to 1."""
    down, up = policy({"invite": 0.5, "ask": 0.9}), policy({"invite": 1.0, "attend": 0.9})
    both, contested = apply_all([down, up][::turn], practice)
    assert both.value_of("invite") == 0.5 and contested == ["invite"]
    assert both.value_of("ask") == 0.9 and both.value_of("attend") == 0.9


def test_adherence_counts_before_the_larger_change_is_chosen(practice):
    loud, heeded = policy({"rule-ask": 1.0}, 0.3), policy({"rule-ask": 0.5}, 0.9)
    both, contested = apply_all([loud, heeded], practice)
    assert both.value_of("rule-ask") == pytest.approx(0.45) and contested == ["rule-ask"]


def test_two_that_agree_contest_nothing(practice):
    both, contested = apply_all([policy({"invite": 1.0}), policy({"invite": 1.0})], practice)
    assert both.value_of("invite") == 1 and contested == []


def test_no_policies_are_practice_as_usual(practice):
    both, contested = apply_all([], practice)
    assert all(both.value_of(name) == practice.value_of(name) for name in practice.leaves) and contested == []


def test_combining_builds_on_changes_made_before(practice):
    both, _ = apply_all([policy({"attend": 1.0})], practice.changed({"invite": 0.2}))
    assert both.value_of("invite") == 0.2 and both.value_of("attend") == 1


def test_a_policy_that_names_no_leaf_must_say_why(practice):
    assert [fault.found for fault in policy_faults("p.toml", "P", policy({}), practice)] == ["changes no leaf"]
    assert not policy_faults("p.toml", "P", policy({}, no_route="it changes a leaflet"), practice)


def test_unknown_leaves_and_unsound_values_are_refused_all_at_once(practice):
    faults = policy_faults("p.toml", "P", policy({"invte": 1.0, "attend": 1.5, "member": 0.5}), practice)
    assert len(faults) == 3 and "invite" in faults[0].remedy


def test_every_policy_shipped_holds_together_with_every_other(practice, policies):
    for one in policies.values():
        for other in policies.values():
            together, contested = apply_all([one, other], practice)
            assert set(contested) <= set(one.leaves) & set(other.leaves)
            for name in {*one.leaves, *other.leaves}:
                moved = {p.apply(practice).value_of(name) for p in (one, other) if name in p.leaves}
                assert together.value_of(name) in moved
