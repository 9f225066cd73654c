"""What theory and experiment say of the simplest meetings, and the whole machine must give back.

Stasser, Taylor and Hanna (1989): an item held by one of a group is mentioned in 18 % of discussions, one held by all
three in 46 %. The model is told the first figure; the second must follow.
"""

from datetime import date, datetime
from math import sqrt

import pytest

from scenarios.schema import About, Case, Contact, Decision, Item, Knows, Meeting, Role

RUNS = 2500
GROUP = ("ann", "bea", "cat")
CITED = {"cite": "invented"}


def one_meeting(group):
    """A witness sees one thing, writes to a group of colleagues, and they meet three weeks later under a chair."""
    return Case(
        case=About(
            id="one-meeting",
            title="One meeting",
            source="invented",
            care_note="invented",
            invented=True,
            start=date(2021, 6, 1),
            end=date(2021, 6, 30),
            desk_agency="social-care",
        ),
        role=(
            Role(id="chair", agency="social-care", profession="conference-chair", words="the chair", **CITED),
            Role(id="witness", agency="school", profession="school-safeguarding-lead", words="the witness", **CITED),
            *(Role(id=who, agency="health", profession="health-visitor", words=who, **CITED) for who in group),
        ),
        knows=(
            Knows(who=("witness",), whom=group, since=date(2021, 6, 1), **CITED),
            Knows(who=("chair",), whom=group, since=date(2021, 6, 1), **CITED),
        ),
        item=(Item(id="F1", words="it is so", topic="home", polarity="risk", bears_on=("M1",), **CITED),),
        contact=(
            Contact(id="V1", at=datetime(2021, 6, 2, 10), kind="session", by=("witness",), items=("F1",), **CITED),
        ),
        meeting=(
            Meeting(
                id="M1",
                words="the meeting",
                at=datetime(2021, 6, 28, 10),
                lasts_minutes=60,
                kind="core-group",
                lead="chair",
                convener="chair",
                convened=datetime(2021, 6, 1, 9),
                **CITED,
            ),
        ),
        decision=(Decision(id="M1", words="the meeting", kind="core-group", meeting="M1", **CITED),),
    )


EVERYBODY_HEARS_AND_COMES = {
    "recognise.child-facing": 1.0,
    "tell.child-facing.child-facing": 1.0,
    "open.email": 1.0,
    "invite": 1.0,
    "attend.any.health-visitor": 1.0,
    **dict.fromkeys(("delay.email", "delay.open", "delay.invitation"), 0.0),
}


def share_voiced(world, live, group, **changes):
    """How often the item is said in the room; in every run all of the group hold it, at second hand."""
    place, voiced = world(case=one_meeting(group), **EVERYBODY_HEARS_AND_COMES, **changes), 0
    for replication in range(RUNS):
        tries = [event for event in live(place, replication).events if event.act in ("present", "raise")]
        assert sorted(event.who for event in tries) == sorted(group) and {event.act for event in tries} == {"raise"}
        voiced += any(event.happened for event in tries)
    return voiced / RUNS


def four_errors(share):
    return 4 * sqrt(share * (1 - share) / RUNS)


@pytest.mark.parametrize("holders", [1, 2, 3])
def test_the_chance_that_something_is_said_grows_with_its_holders(world, live, practice, holders):
    one = practice.value_of("raise")
    assert one == 0.18
    expected = 1 - (1 - one) ** holders
    assert abs(share_voiced(world, live, GROUP[:holders]) - expected) < four_errors(expected)


def test_three_holders_come_out_where_the_experiment_found_them(world, live):
    """The prediction: 45 % against the 46 % that was published."""
    assert abs(share_voiced(world, live, GROUP) - 0.46) < four_errors(0.46) + 0.01


def test_the_rule_holds_for_other_chances_too(world, live):
    share = share_voiced(world, live, GROUP, **{"raise": 0.5})
    assert abs(share - 0.875) < four_errors(0.875)


def test_what_is_said_by_somebody_is_heard_by_the_chair_in_time(world, live):
    place = world(case=one_meeting(GROUP), **EVERYBODY_HEARS_AND_COMES)
    for replication in range(200):
        events = live(place, replication).events
        said = any(event.act == "raise" and event.happened for event in events)
        assert said == any(event.act == "hold" and event.who == "chair" for event in events)
        assert said == any(event.act == "weigh" for event in events)
