"""The smallest worlds in which a rule can be seen at work: one family, a handful of people, one thing at stake."""

from datetime import date, datetime

import pytest

from scenarios.schema import About, Away, Case, Contact, Decision, Item, Knows, Role, Transition
from simulation.journey import journeys
from simulation.routes import Routes

CITED = {"cite": "invented"}
RUNS = 30
PEOPLE = {
    "holder": "allocated-social-worker",
    "duty": "duty-social-worker",
    "visitor": "health-visitor",
    "doctor": "gp",
    "school": "school-safeguarding-lead",
}
AT_ONCE = {
    **dict.fromkeys(("delay.email", "delay.open", "delay.invitation", "delay.phone"), 0.0),
    "load.hours": 10_000,
    "open.email": 1.0,
    "tell.statutory.statutory": 0.0,
    "open-file.any.allocated-social-worker": 0.0,
    "weigh": 1.0,
    "asks": 0.0,
}


def item(name, **changes):
    given = {"words": f"{name} is so", "topic": "drink", "polarity": "risk", "bears_on": ("decided",), **CITED}
    return Item(id=name, **(given | changes))


def seen(name, by, day, items, hour=10):
    return Contact(id=name, at=datetime(2021, 6, day, hour), kind="home-visit", by=(by,), items=items, **CITED)


def family(items, contacts, lead="holder", at=28, **more):
    """Everybody knows everybody; one decision is taken on a June afternoon."""
    names = tuple(PEOPLE)
    decided = {"at": datetime(2021, 6, at, 16), "lead": lead, "convened": datetime(2021, 6, at, 15)}
    return Case(
        case=About(
            id="small",
            title="Small",
            source="invented",
            care_note="invented",
            invented=True,
            start=date(2021, 6, 1),
            end=date(2021, 7, 9),
            desk_agency="social-care",
        ),
        role=tuple(
            Role(
                id=who,
                agency="social-care" if "social-worker" in profession else who,
                profession=profession,
                words=f"the {who}",
                case_holder=who == "holder",
                **CITED,
            )
            for who, profession in PEOPLE.items()
        ),
        knows=(Knows(who=names, whom=names, since=date(2021, 6, 1), **CITED),),
        item=items,
        contact=contacts,
        decision=(Decision(id="decided", words="the decision", kind="follow-up", **decided, **CITED),),
        **more,
    )


def lives(world, live, case, **changes):
    """Some lives of this family, each with the rows that happened and what became of its items."""
    place = world(case=case, **AT_ONCE, **changes)
    routes = Routes(place)
    for replication in range(RUNS):
        trace = live(place, replication)
        yield (
            [event for event in trace.events if event.happened],
            {one.item: one for one in journeys(trace, place, routes)},
        )


# --- somebody on leave ----------------------------------------------------------------------------

ON_LEAVE = (Away(role="holder", first=date(2021, 6, 7), last=date(2021, 6, 11), cover="duty", **CITED),)
ONLY_TO_HER = {"tell": 0.0, "tell.child-facing.child-facing": 0.0, "tell.child-facing.allocated-social-worker": 1.0}


@pytest.mark.parametrize(("rule", "read"), [(1.0, True), (0.0, False)], ids=["by rule", "no rule"])
def test_what_comes_for_somebody_on_leave_is_read_by_whoever_stands_in(world, live, rule, read):
    case = family((item("F1"),), (seen("V1", "school", 9, ("F1",)),), lead="duty", at=10, away=ON_LEAVE)
    for rows, found in lives(
        world, live, case, **ONLY_TO_HER, **{"recognise.child-facing": 1.0, "rule-cover.statutory": rule}
    ):
        assert found["F1"].read == read
        assert any(event.act == "rule-cover" for event in rows) == read
        first = next(e for e in rows if (e.act, e.who) == ("hold", "holder"))
        assert first.time >= 11 * 24 * 60, "she herself has it once she is back, from her post or from who stood in"
        if not read:
            assert found["F1"].reason == "routing-delay" or found["F1"].stage in ("sent", "delivered")


def test_who_stands_in_reads_it_though_the_sender_had_thought_of_her_and_not_told_her(world, live):
    """What the sender did not do is no reason for the post to lie unread."""
    case = family((item("F1"),), (seen("V1", "school", 9, ("F1",)),), lead="duty", at=10, away=ON_LEAVE)
    often = ONLY_TO_HER | {"tell": 0.5, "recognise.child-facing": 1.0, "rule-cover.statutory": 1.0}
    kept_back = 0
    for rows, found in lives(world, live, case, **often):
        kept_back += not any((e.act, e.who, e.whom) == ("tell", "school", "duty") for e in rows)
        assert found["F1"].read
    assert 0 < kept_back < RUNS


# --- nobody holds the case any more ---------------------------------------------------------------

TOLD_AT_ONCE = {
    "recognise.child-facing": 1.0,
    "tell.child-facing.child-facing": 0.0,
    "tell.child-facing.allocated-social-worker": 1.0,
}
TO_THE_DESK = {"refer-first.health-visitor.risk": 1.0, "tell.front-door.duty-social-worker": 1.0, "delay.form": 0.0}


def closed(case, last=date(2021, 6, 10)):
    """The same family, its case closed: those outside know of nobody who holds it, and a desk knows who is on duty."""
    outside = tuple(who for who in PEOPLE if who not in ("holder", "duty"))
    inside = ("holder", "duty", "desk")
    desk = Role(id="desk", agency="social-care", profession="front-door", words="the desk", **CITED)
    know = (
        Knows(who=outside, whom=("holder",), since=date(2021, 6, 1), until=last, **CITED),
        Knows(who=inside, whom=("duty",), since=date(2021, 6, 1), **CITED),
    )
    return case.model_copy(update={"role": (*case.role, desk), "knows": know})


@pytest.mark.parametrize(("day", "knows_her"), [(9, True), (10, True), (11, False), (14, False)])
def test_what_is_seen_after_the_case_was_closed_goes_to_the_desk_and_not_to_who_held_it(world, live, day, knows_her):
    case = closed(family((item("F1"),), (seen("V1", "visitor", day, ("F1",)),), lead="duty"))
    place = world(case=case)
    assert place.knows("visitor", "holder", place.calendar.minute(datetime(2021, 6, day, 10))) == knows_her
    for rows, found in lives(world, live, case, **TOLD_AT_ONCE, **TO_THE_DESK):
        did = {(event.act, event.who) for event in rows}
        assert (("tell", "visitor") in did, ("refer", "visitor") in did) == (knows_her, not knows_her)
        assert found["F1"].read != knows_her


def test_what_was_handed_over_is_not_brought_to_the_desk_as_news(world, live):
    """Only what she saw: whoever had it before her has been to the desk with it, or has not."""
    over = Transition(
        id="T1",
        words="the work passed on",
        at=datetime(2021, 6, 15, 9),
        kind="transfer",
        who=("school",),
        whom=("visitor",),
        **CITED,
    )
    case = closed(family((item("F1"),), (seen("V1", "school", 14, ("F1",)),), lead="duty", transition=(over,)))
    for rows, found in lives(world, live, case, **TOLD_AT_ONCE, **TO_THE_DESK, **{"hand-over.speech": 1.0}):
        assert any((event.act, event.who) == ("hold", "visitor") for event in rows)
        assert not any(event.act == "refer" for event in rows) and not found["F1"].read


# --- an account checked ---------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "read"), [(1.0, True), (0.0, False)], ids=["by rule", "no rule"])
def test_an_account_that_is_checked_brings_what_a_colleague_knows(world, live, rule, read):
    """The family says that nobody drinks; the doctor, who has seen otherwise, volunteers nothing and is asked."""
    account = item("said", polarity="reassuring", told_by_family=True)
    case = family((item("F1"), account), (seen("V1", "doctor", 7, ("F1",)), seen("V2", "visitor", 8, ("said",))))
    asked = {"answer": 1.0, "include": 1.0, "rule-check.health-visitor.gp": rule}
    silent = {"tell.gp.child-facing": 0.0, "tell.gp.allocated-social-worker": 0.0, "refer.gp": 0.0}
    onward = {"recognise.child-facing": 1.0, "tell.child-facing.allocated-social-worker": 1.0}
    leaves = world(case=case).practice.leaves
    answering = {name: 1.0 for name in leaves if name.split(".")[0] in ("answer", "include")}
    for rows, found in lives(
        world,
        live,
        case,
        **{name: value for name, value in (answering | asked | silent | onward).items() if name in leaves},
    ):
        assert any((e.act, e.who, e.whom, e.item) == ("say", "doctor", "visitor", "F1") for e in rows) == read
        assert found["F1"].read == read


# --- an urgent meeting ----------------------------------------------------------------------------

CALLS = {"rule-call.allocated-social-worker.violence": 1.0, "recognise.child-facing": 0.0}


@pytest.mark.parametrize(
    ("polarity", "days", "called"),
    [("risk", (7, 9), 1), ("risk", (1, 30), 0), ("reassuring", (7, 9), 0)],
    ids=["two worries", "too far apart", "two good signs"],
)
def test_two_worries_in_two_weeks_call_a_meeting_and_nothing_else_does(world, live, polarity, days, called):
    """What a visitor had kept to herself is said there, before the decision."""
    violent = tuple(item(f"F{n}", topic="violence", polarity=polarity) for n in (1, 2))
    kept = item("kept", topic="home")
    contacts = (seen("V1", "holder", days[0], ("F1",)), seen("V2", "holder", days[1], ("F2",)))
    case = family((*violent, kept), (seen("V0", "visitor", 1, ("kept",)), *contacts))
    there = {"member": 1.0, "invite": 1.0, "attend": 1.0, "present": 1.0}
    leaves = world(case=case).practice.leaves
    all_come = {name: 1.0 for name in leaves if name.split(".")[0] in there}
    for rows, found in lives(world, live, case, **CALLS, **all_come):
        calls = [event for event in rows if event.act == "call"]
        assert len(calls) == called
        assert {event.cause for event in calls} == {event.row for event in rows if event.act == "rule-call"}
        if called:
            assert any(e.act == "present" and e.item == "kept" and e.occasion == calls[0].occasion for e in rows)
        assert found["kept"].read == bool(called)
