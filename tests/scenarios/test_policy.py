"""What a policy does to a leaf, and what several do together."""

import json
from itertools import product

import pytest

from scenarios.faults import BadInput
from scenarios.load import default_policies, load_policies, policies_in, policy_faults
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
    alone = [(policy, policy.apply(practice)) for policy in policies.values()]
    for pair in product(alone, repeat=2):
        (one, _), (other, _) = pair
        together, contested = apply_all([one, other], practice)
        assert set(contested) <= set(one.leaves) & set(other.leaves)
        for leaf in {*one.leaves, *other.leaves}:
            assert together.value_of(leaf) in {moved.value_of(leaf) for each, moved in pair if leaf in each.leaves}


# --- the lever table of the review -------------------------------------------------------------------


LEVERS = [f"P{number:02}" for number in range(1, 58)]
IN_PLACE = ("P39", "P40", "P54")
TABLES = {
    "child-s": " ".join(LEVERS),
    "child-j": """
        l-pre-birth-assessment l-chronology-every-case l-professionals-meeting l-meeting-rationale-audit l-wider-invite
        l-circulate-minutes l-housing-community-safety-link l-family-history-standard l-balance-quiet-parent
        l-see-parents-separately l-support-network-mapping l-curiosity-about-others l-review-time l-healthy-scepticism
        l-drug-risk-tool l-verify-self-report l-timely-transfer l-custody-pregnancy-screen l-police-vulnerability-model
        l-signs-of-safety l-keep-promises l-first-time-parent-groups l-gp-in-the-loop""",
    "child-e": """
        l-multiagency-closure l-stepdown-plan-criteria l-deescalation-standard l-adult-service-child-questions
        l-mh-open-close-flag l-mh-in-families-link l-crisis-pattern-protocol l-da-training l-assess-capacity-to-protect
        l-work-with-perpetrator l-analytical-assessment l-record-quality l-tiered-safe-sleep l-substance-history-prompt
        l-relapse-training l-ace-enquiry""",
    "child-k": """
        l-bruising-protocol-mandatory l-parent-leaflet l-human-factors-supervision l-father-enquiry l-father-recording
        l-flexible-hours l-genogram l-caf-required l-icpc-on-return l-stepdown-handshake l-multiagency-closure
        l-meeting-on-case-facts l-shared-engagement-overview l-explore-ambivalence l-plan-carries-over l-response-plan
        l-unified-under-1-guidance""",
    "child-h": """
        l-leaflet-relaunch l-leaflet-guidance l-joint-risk-assessment l-voluntary-agreement-guidance
        l-multiagency-meeting-required l-follow-procedure-meetings l-trigger-point-meetings l-training-lessons
        l-training-drug-alcohol-babies l-handover-history l-adult-service-child-questions l-re-evaluate-risk
        l-respectful-curiosity l-objective-parenting-assessment l-audit-impact""",
}
TABLES = {case: levers.split() for case, levers in TABLES.items()}
"""The lever tables of the five case files of evidence: every id, in their order."""


def test_the_lever_tables_are_whole():
    assert {case: len(levers) for case, levers in TABLES.items()} == dict(
        zip(("child-s", "child-j", "child-e", "child-k", "child-h"), (57, 23, 16, 17, 15), strict=True)
    )
    assert len({lever for levers in TABLES.values() for lever in levers}) == 57 + 69, "two ids stand in two reviews"


def test_no_lever_is_made_up(policies):
    """Whatever bears the name of a lever stands in a review's table."""
    named = {name for name in policies if name.startswith("l-") or name[1:].isdigit()}
    assert named == {lever for levers in TABLES.values() for lever in levers}


@pytest.mark.parametrize(("case", "name"), [(case, lever) for case, levers in TABLES.items() for lever in levers])
def test_no_lever_of_a_review_was_dropped(policies, case, name):
    """Each changes leaves, asks for the same as another, or says why it has no route; and cites each of its reviews."""
    lever = policies[name]
    letter = case.removeprefix("child-").upper()
    assert case == "child-s" or f"Child {letter} review" in lever.source
    assert not lever.includes
    assert bool(lever.leaves) != bool(lever.no_route) and not (lever.covered_by and lever.no_route)


@pytest.mark.parametrize("name", IN_PLACE)
def test_what_is_in_place_as_usual_is_no_change(policies, name):
    assert policies[name].no_route.startswith("Already in place as usual")


def test_a_lever_that_is_another_is_run_as_that_one(policies):
    covered = [policy for policy in policies.values() if policy.covered_by]
    assert covered
    for policy in covered:
        assert policy.leaves == policies[policy.covered_by].leaves


def test_everything_is_every_lever_with_a_route(policies):
    levers = {lever for levers in TABLES.values() for lever in levers}
    assert set(policies["everything"].includes) == {name for name in levers if policies[name].leaves}


def test_the_recommendations_are_the_levers_that_the_table_maps_to_them(policies):
    recommended = policies["all-recommendations"].includes
    assert recommended == tuple(f"rec-{number}" for number in range(1, 8))
    levers = [lever for name in recommended for lever in policies[name].includes]
    assert len(levers) == len(set(levers)) and set(levers) <= set(LEVERS)
    outright = ["P01", "P02", "P03", "P04", "P05", "P06", "P12", "P57", "P13", "P14", "P15", "P27", "P24", "P48"]
    assert set(outright) <= set(levers)


def test_every_rule_nobody_follows_and_every_lift_is_set_by_some_policy(practice, policies):
    """A rule or a lift that no policy sets would be a number that does nothing."""
    off = {name for name in practice.leaves if name.startswith("rule-") and practice.value_of(name) == 0}
    lifts = {name for name in practice.leaves if name.startswith("lift.")}
    assert off | lifts <= {leaf for policy in policies.values() for leaf in policy.leaves}


def test_nothing_is_lifted_as_usual_and_policies_lift_upwards(practice, policies):
    lifts = {name for name in practice.leaves if name.startswith("lift.")}
    assert all(practice.value_of(name) == 1 for name in lifts)
    assert all(aim > 1 for policy in policies.values() for leaf, aim in policy.leaves.items() if leaf in lifts)


def test_a_policy_that_lifts_an_act_says_so_in_its_effect(policies):
    """None of the lifts has been measured on the act it lifts: their sizes are guesses."""
    for policy in policies.values():
        if any(leaf.startswith("lift.") for leaf in policy.leaves):
            assert policy.effect == "prior", policy.title


def test_the_default_list_has_each_recommendation_push_pull_and_a_null(policies):
    names = default_policies("child-s")
    assert len(names) == len(set(names)) and set(names) <= set(policies)
    assert {"all-recommendations", "push", "pull", "push-and-pull"} < set(names)
    assert set(policies["all-recommendations"].includes) < set(names)
    assert policies["P46"].no_route and "P46" in names


ALL = {"child-s": "all-recommendations"} | {f"child-{letter}": f"all-child-{letter}" for letter in "jekh"}


@pytest.mark.parametrize("case", ALL)
def test_each_review_is_compared_by_what_it_asks_for_and_then_as_any_case_is(policies, case):
    names, anywhere = default_policies(case), default_policies()
    assert names[-len(anywhere) :] == anywhere == default_policies("some-family")
    asked = names[: -len(anywhere)]
    assert {policies[name].review for name in asked} == {case}
    assert asked == [*policies[ALL[case]].includes, ALL[case]]


@pytest.mark.parametrize("case", ALL)
def test_a_review_s_packages_hold_its_levers_and_none_that_it_does_not_ask_for(policies, case):
    levers = [lever for name in policies[ALL[case]].includes for lever in policies[name].includes]
    assert len(levers) == len(set(levers)) and set(levers) <= set(TABLES[case])
    letter = case.removeprefix("child-").upper()
    for lever in levers:
        here = [part for part in policies[lever].source.split("; ") if f"Child {letter} review" in part]
        assert here and not any(part.lower().startswith("not in the ") for part in here), lever


NATIONAL = ("shared-index", "single-identifier", "duty-to-share", "child-protection-team", "lead-practitioner")


def test_national_changes_are_dated_and_no_review_s(policies):
    """None was measured on what reaches a decision, and none is put into a review's mouth."""
    assert policies["all-national"].includes == NATIONAL
    for name in NATIONAL:
        assert policies[name].effect in ("structural", "prior") and not policies[name].review
        assert any(str(year) in policies[name].source for year in range(2020, 2027))
        assert "review" not in policies[name].source.lower() and "recommend" not in policies[name].source.lower()


# --- packages ----------------------------------------------------------------------------------------


def row(name, **more):
    """A policy as a row of a file."""
    given = {"title": f"Made up {name}", "meaning": "made up for a test", "source": "invented"} | more
    words = [f"{key} = {json.dumps(value)}" for key, value in given.items() if key != "leaves"]
    leaves = "".join(f"{json.dumps(leaf)} = {value}\n" for leaf, value in more.get("leaves", {}).items())
    return f"[{name}]\n" + "\n".join(words) + "\n" + (f"[{name}.leaves]\n{leaves}" if leaves else "")


def loaded(folder, practice, *rows):
    (folder / "mine.toml").write_text("".join(rows), encoding="utf-8")
    return load_policies(practice, folder)


def faults(folder, practice, *rows):
    with pytest.raises(BadInput) as refused:
        loaded(folder, practice, *rows)
    return [(fault.row, fault.found) for fault in refused.value.faults]


A = row("A", effect="structural", leaves={"rule-ask": 1.0, "invite": 0.9}, standing_hours=2.0)
B = row("B", effect="structural", leaves={"invite": 0.5, "attend": 0.9}, standing_hours=3.0)


def test_a_package_is_all_its_parts_and_the_larger_change_wins(tmp_path, practice):
    pair = loaded(tmp_path, practice, A, B, row("pair", effect="structural", includes=["A", "B"]))["pair"]
    assert pair.leaves == {"rule-ask": 1.0, "invite": 0.5, "attend": 0.9} and pair.standing_hours == 5


def test_a_package_of_packages_counts_each_part_once(tmp_path, practice):
    inner = [row(name, effect="structural", includes=["A", "B"]) for name in ("one", "two")]
    outer = row("outer", effect="structural", includes=["one", "two"])
    found = loaded(tmp_path, practice, A, B, *inner, outer)
    assert found["outer"].leaves == found["one"].leaves and found["outer"].standing_hours == 5


def test_a_package_does_what_its_parts_do_together(practice, policies):
    """Its parts share its adherence, so the two ways of combining them come to the same practice."""
    for package in (policy for policy in policies.values() if policy.includes):
        parts = [policies[name] for name in package.includes]
        assert {part.adherence for part in parts if part.leaves} <= {package.adherence}
        together, _ = apply_all(parts, practice)
        alone = package.apply(practice)
        assert all(alone.value_of(name) == together.value_of(name) for name in practice.leaves), package.title


@pytest.mark.parametrize("last", ["A1", "A2", "A3"])
def test_a_circle_of_packages_is_refused(tmp_path, practice, last):
    ring = {"A1": "A2", "A2": "A3", "A3": last}
    rows = [row(name, effect="structural", includes=[part]) for name, part in ring.items()]
    assert ("policy A3", "is a part of itself") in faults(tmp_path, practice, *rows)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"effect": "structural", "includes": ["A", "C"]}, "there is no such policy"),
        ({"effect": "structural", "covered_by": "C"}, "there is no such policy"),
        ({"effect": "found", "includes": ["A"]}, "'found', and its parts rest on 'structural'"),
        ({"effect": "structural", "covered_by": "A", "includes": ["A"]}, "is covered by another and says more"),
        ({"effect": "none", "includes": ["A"], "no_route": "none"}, "changes leaves and says it has no route"),
        ({"effect": "none", "includes": ["N"]}, "changes no leaf"),
        ({"effect": "none", "covered_by": "N"}, "changes no leaf"),
    ],
)
def test_a_package_that_does_not_hold_together_is_refused(tmp_path, practice, more, found):
    null = row("N", effect="none", no_route="it is a leaflet")
    assert found in [what for _, what in faults(tmp_path, practice, A, null, row("pair", **more))]


def test_a_name_may_stand_once_in_the_folder(tmp_path, practice):
    (tmp_path / "first.toml").write_text(A, encoding="utf-8")
    assert faults(tmp_path, practice, A) == [("policy A", "it stands in first.toml too")]


def test_a_file_of_your_own_may_include_what_is_shipped(tmp_path, practice, policies):
    path = tmp_path / "mine.toml"
    path.write_text(row("both", effect="structural", includes=["push", "P20"]), encoding="utf-8")
    [both] = policies_in(path, practice).values()
    assert both.leaves == policies["push"].leaves | policies["P20"].leaves


def test_what_parts_of_a_package_set_differently_is_named():
    from experiments.compare import arms, contested
    from experiments.design import Experiment

    named = contested(Experiment("compare", "child-s", arms(["rec-1", "rec-4"])))
    assert named == {"rec-1": ["lift.include"]}
