"""Meetings that a rule calls before a transition or a decision; asking by rule; what brings a closed case back."""

from datetime import datetime

import pytest

from results.chronology import chronology
from results.measures import scored_at
from results.spread import audience_of, happened, spread
from scenarios.schema import Decision, Transition
from simulation.journey import journeys
from simulation.routes import Routes
from tests.test_small_worlds import AT_ONCE, CITED, family, item, seen

RUNS = 10
MEETING = "professionals-meeting-before-"
ALL_COME = ("invite", "attend", "present")
SILENT = {
    "tell": 0.0,
    "ask": 0.0,
    "tell.child-facing.allocated-social-worker": 0.0,
    "tell.child-facing.child-facing": 0.0,
}


def decision(kind, day=28, known=3, lead="holder"):
    times = {"at": datetime(2021, 6, day, 16), "convened": datetime(2021, 6, known, 9)}
    return Decision(id="closing", words="the end of the plan", kind=kind, lead=lead, **times, **CITED)


def birth(day=28, who=(), kind="birth"):
    return Transition(id="T1", words="the birth", at=datetime(2021, 6, day, 3), kind=kind, who=who, **CITED)


def kept_to_herself(**more):
    """The health visitor saw something and tells nobody; the decision it bears on is one of those listed."""
    return family((item("kept", topic="home"),), (seen("V0", "visitor", 1, ("kept",)),), **more)


def with_decision(case, row):
    bears_on = [one.model_copy(update={"bears_on": (*one.bears_on, row.id)}) for one in case.item]
    return case.model_copy(update={"decision": (*case.decision, row), "item": tuple(bears_on)})


def lives(world, live, case, **changes):
    every = world(case=case).practice.leaves
    everybody = {leaf: 1.0 for leaf in every if leaf.split(".")[0] in ALL_COME}
    place = world(case=case, **(AT_ONCE | SILENT | everybody | changes))
    for replication in range(RUNS):
        trace = live(place, replication)
        yield (
            place,
            [event for event in trace.events if event.happened],
            {(one.item, one.decision): one for one in journeys(trace, place, Routes(place))},
        )


def sat(rows, place, name):
    """The minute at which somebody spoke in a meeting, and who came by invitation."""
    said = {event.time for event in rows if event.occasion == name and event.act in ("present", "raise")}
    return said, {event.who for event in rows if event.occasion == name and event.act == "attend"}


@pytest.mark.parametrize("kind", ["closure", "threshold", "assessment", "follow-up"])
@pytest.mark.parametrize("rule", [1.0, 0.0], ids=["called", "not called"])
def test_a_meeting_before_a_decision_brings_it_what_was_kept(world, live, kind, rule):
    case = with_decision(kept_to_herself(), decision(kind))
    leaf = {f"rule-call-at.{kind}.professionals-meeting": rule}
    for place, rows, found in lives(world, live, case, **leaf):
        name = f"{MEETING}closing"
        said, came = sat(rows, place, name)
        assert bool(said) == bool(came) == bool(rule)
        assert found["kept", "closing"].read == bool(rule)
        if rule:
            choice = place.choices["closing"]
            assert len(said) == 1 and choice.convened < min(said) < choice.start
            assert min(said) == place.office.before(choice.start, place.ahead("meet", kind))
            calls = [event for event in rows if event.act == "rule-call-at" and event.occasion == name]
            assert [event.who for event in calls] == ["holder"] and calls[0].minutes > 0
            attended = [event for event in rows if event.act == "attend" and event.occasion == name]
            assert all(event.minutes > 0 for event in attended)


@pytest.mark.parametrize(
    ("who", "convener"), [((), "holder"), (("school",), "school")], ids=["nobody hands over", "the school hands over"]
)
def test_before_a_transition_whoever_hands_over_calls_else_the_case_holder(world, live, who, convener):
    case = kept_to_herself(transition=(birth(who=who),))
    for place, rows, _ in lives(world, live, case, **{"rule-call-at.birth.professionals-meeting": 1.0}):
        [call] = [event for event in rows if event.act == "call"]
        said, came = sat(rows, place, call.occasion)
        assert (call.who, call.whom, call.how) == (convener, convener, "professionals-meeting")
        assert max(said) < place.calendar.minute(case.transition[0].at) and convener not in came


def test_who_may_be_asked_is_membership(world, live):
    """A discharge is planned without the GP, a professionals' meeting is not."""
    case = kept_to_herself(transition=(birth(kind="discharge"),))
    asked = {}
    for kind in ("professionals-meeting", "discharge-planning"):
        place = world(case=case, **AT_ONCE)
        asked[kind] = {who for who in case.role if place.admits(kind, who.id)}
    assert {role.id for role in asked["professionals-meeting"] - asked["discharge-planning"]} == {"doctor"}
    for _, rows, _ in lives(world, live, case, **{"rule-call-at.discharge.discharge-planning": 1.0}):
        invited = {event.whom for event in rows if event.act == "invite"}
        assert invited == {role.id for role in asked["discharge-planning"]} - {"holder"}


def test_a_decision_known_too_late_has_no_meeting_before_it(world, live):
    case = with_decision(kept_to_herself(), decision("closure", day=28, known=28))
    for _, rows, _ in lives(world, live, case, **{"rule-call-at.closure.professionals-meeting": 1.0}):
        assert not [event for event in rows if event.act in ("call", "rule-call-at")]


def test_two_that_lie_ahead_at_once_have_one_meeting(world, live):
    """A closure that stands in the case as a decision and as a transition is one closure."""
    closing = birth(day=28, who=("holder",), kind="closure")
    case = with_decision(kept_to_herself(transition=(closing,)), decision("closure"))
    for place, rows, _ in lives(world, live, case, **{"rule-call-at.closure.professionals-meeting": 1.0}):
        assert len(place.triggers) == 3
        assert len([event for event in rows if event.act == "call"]) == 1


def test_at_chance_nothing_the_rules_change_no_byte(world, live, child_s):
    """With all its rules at 0 a run is the run of practice as usual, event for event."""
    place = world()
    new = ("rule-call-at", "rule-seek", "rule-reopen")
    off = {leaf: 0.0 for leaf in place.practice.leaves if leaf.split(".")[0] in new}
    assert len(off) > 20 and all(place.practice.value_of(leaf) == 0 for leaf in off)
    still = world(**off)
    for replication in range(2):
        events = live(still, replication).events
        assert events == live(place, replication).events
        assert not any(event.act in ("rule-call-at", "rule-seek", "call") for event in events)


@pytest.mark.parametrize("rule", [1.0, 0.0], ids=["by rule", "no rule"])
def test_what_only_asking_shows_is_asked_for_by_rule(world, live, rule):
    asked = seen("V1", "visitor", 1, ()).model_copy(update={"sought": ("told",)})
    case = family((item("told", topic="sleep"),), (asked,))
    for _, rows, _ in lives(
        world, live, case, **{"seek.child-facing.sleep": 0.0, "rule-seek.child-facing.sleep": rule}
    ):
        sought = [event for event in rows if event.act == "rule-seek"]
        assert len(sought) == rule and all(event.who == "visitor" and event.minutes > 0 for event in sought)


def test_the_habit_of_asking_is_not_tried_where_the_rule_was_followed(world, live):
    asked = seen("V1", "visitor", 1, ()).model_copy(update={"sought": ("told",)})
    case = family((item("told", topic="sleep"),), (asked,))
    both = {"seek.child-facing.sleep": 1.0, "rule-seek.child-facing.sleep": 1.0}
    for _, rows, _ in lives(world, live, case, **both):
        assert not [event for event in rows if event.act == "seek"]


@pytest.mark.parametrize(("day", "told"), [(25, False), (29, True)], ids=["before closure", "after closure"])
def test_after_closure_a_worry_goes_to_the_desk(world, live, day, told):
    from scenarios.schema import Role

    case = with_decision(family((item("F1"),), (seen("V1", "doctor", day, ("F1",)),)), decision("closure"))
    desk = Role(id="desk", agency="social-care", profession="front-door", words="the desk", **CITED)
    case = case.model_copy(update={"role": (*case.role, desk)})
    rule = {"rule-reopen.any.risk": 1.0, "refer": 0.0, "refer.gp": 0.0, "delay.form": 0.0}
    for _, rows, _ in lives(world, live, case, **rule):
        assert any((e.act, e.who) == ("rule-refer", "doctor") for e in rows) == told
        assert any((e.act, e.who) == ("hold", "desk") for e in rows) == told


def test_papers_for_a_conference_that_was_called_are_written_read_counted_and_told(world, live):
    """It asks for reports as any conference does; whoever called it reads them."""
    case = with_decision(kept_to_herself(), decision("threshold"))
    rule = {"rule-call-at.threshold.initial-conference": 1.0, "report.conference": 1.0, "delay.report": 0.0}
    for place, rows, _ in lives(world, live, case, **rule, **{"include": 1.0, "open.report": 1.0}):
        name = "initial-conference-before-closing"
        papers = [event for event in rows if event.act == "deliver" and event.occasion == name]
        opened = [event for event in rows if event.act == "open-paper" and event.occasion == name]
        assert papers and {event.who for event in opened} == {"holder"}
        trace = live(place, 0)
        counted = spread(happened(trace), audience_of(place, scored_at(place)))
        assert counted.delivered > 0 and counted.wider == 0, "whoever calls a meeting takes part"
        told = [entry.words for entry in chronology(trace, place, Routes(place))]
        assert any("initial conference called" in words and "a report by" in words for words in told)
