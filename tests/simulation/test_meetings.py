"""What is said in a room, by whom, how it is taken there, and what the minutes add to it."""

from datetime import date

import pytest

from scenarios.schema import Away
from simulation.attempt import note
from simulation.meetings import Gathering

LEAD, ADVISER, CONVENER = "ics-service-manager", "ics-legal-adviser", "sw-allocated"
ROOM = {ADVISER, LEAD, CONVENER}
ALL_IS_SAID = {"present": 1.0, "raise": 1.0, "attend.any.allocated-social-worker": 1.0}
ALL_IS_READ = {"open.minutes": 1.0, "delay.open": 0.0}


@pytest.fixture
def meeting(begin, world):
    """The first legal planning meeting: its two deciders and its convener are there, nobody else is asked."""
    model = begin(world(**ALL_IS_SAID, **ALL_IS_READ))
    gathering = Gathering(model, model.world.meetings["M06"], model.world.gatherings["M06"])
    gathering.coming = {CONVENER: 0}
    return gathering


def learns(meeting, who, how):
    return meeting.model.people[who].hold("F20", how, 0, "V19")


def head(meeting, who):
    return meeting.model.knowledge.heads[who]["F20"]


def said(meeting):
    """Who said it, and by which act."""
    voices = [event for event in meeting.model.trace.events if event.act in ("present", "raise")]
    return [(event.who, event.act) for event in voices if event.item == "F20"]


def minutes_reach(meeting, who):
    meeting.receive_minutes(who, note(meeting.model, "circulate", CONVENER, "", "M06", cause=0, whom=who))
    meeting.model.clock.run(until=4 * 24 * 60)


# --- what is said --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "how", "act"),
    [
        (LEAD, "saw", "present"),
        (LEAD, "found", "present"),
        (LEAD, "told", "raise"),
        (LEAD, "heard", "raise"),
        (LEAD, "read", "raise"),
        (CONVENER, "told", "present"),
    ],
)
def test_she_presents_what_is_hers_and_raises_the_rest(meeting, who, how, act):
    held = learns(meeting, who, how)
    meeting.sit()
    assert said(meeting) == [(who, act)] and held.bodies == {"legal-planning"}


def test_said_once_to_a_body_it_is_hers_to_present_no_more(meeting):
    learns(meeting, LEAD, "saw")
    meeting.sit()
    again = Gathering(meeting.model, meeting.model.world.meetings["M09"], meeting.model.world.gatherings["M09"])
    again.sit()
    assert said(meeting) == [(LEAD, "present"), (ADVISER, "raise"), (LEAD, "raise")]


# --- how it is taken -----------------------------------------------------------------------------


def test_who_hears_it_holds_it_and_knows_who_else_does(meeting):
    told = learns(meeting, LEAD, "saw")
    meeting.sit()
    for who in (ADVISER, CONVENER):
        heard = head(meeting, who)
        assert heard.how == "heard" and heard.sources == 1 and heard.told >= ROOM
        cause = meeting.model.trace[meeting.model.trace[heard.row].cause]
        assert (cause.act, cause.who, cause.item) == ("present", LEAD, "F20")
    assert told.told >= ROOM and told.sources == 1


def test_a_second_voice_is_a_second_source_for_all_but_who_speaks(meeting):
    first, second = learns(meeting, LEAD, "saw"), learns(meeting, ADVISER, "saw")
    meeting.sit()
    assert first.sources == second.sources == head(meeting, CONVENER).sources == 2


def test_her_own_words_in_the_minutes_are_no_second_source(meeting):
    held = learns(meeting, LEAD, "saw")
    meeting.sit()
    minutes_reach(meeting, LEAD)
    assert any(event.act == "open" and event.who == LEAD for event in meeting.model.trace.events)
    assert held.sources == 1, "she corroborates herself"


def test_minutes_of_a_meeting_she_sat_in_are_no_second_source(meeting):
    learns(meeting, LEAD, "saw")
    meeting.sit()
    minutes_reach(meeting, ADVISER)
    assert head(meeting, ADVISER).sources == 1, "she heard it there, and reads it again"


def test_minutes_give_what_was_said_to_who_was_not_there(meeting):
    learns(meeting, LEAD, "saw")
    meeting.sit()
    minutes_reach(meeting, "health-visitor")
    assert head(meeting, "health-visitor").how == "read" and head(meeting, "health-visitor").told >= ROOM


# --- who comes -----------------------------------------------------------------------------------

ALL_COME = {"invite": 1.0, "attend.any.health-visitor": 1.0, "report.conference": 1.0}


def test_who_is_on_leave_does_not_come_however_sure_she_is_to(world, live, child_s):
    conference = child_s.model_copy(
        update={
            "away": (Away(role="health-visitor", first=date(2020, 7, 13), last=date(2020, 7, 13), cite="invented"),)
        }
    )
    for replication in range(3):
        events = live(world(case=conference, **ALL_COME), replication).events
        here = [event.act for event in events if event.who == "health-visitor" and event.occasion == "M13"]
        assert "away" in here and not {"attend", "present", "raise"} & set(here)
        assert any(event[2:7:4] == ("attend", "M04") and event.who == "health-visitor" for event in events)


def test_an_invitation_that_comes_late_brings_nobody_and_no_report(world, live):
    place = world(**ALL_COME, **{"delay.invitation": 60.0, "delay.phone": 480.0})
    conveners = {meeting.convener for meeting in place.meetings.values()}
    for replication in range(3):
        events = live(place, replication).events
        assert sum(event.act == "invite" and event.happened for event in events) > 20
        assert {event.who for event in events if event.act in ("attend", "report")} <= conveners
