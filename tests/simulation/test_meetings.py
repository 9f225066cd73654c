"""What is said in a room, by whom, how it is taken there, and what the minutes add to it."""

from datetime import date

import pytest

from scenarios.schema import Away
from simulation.attempt import note
from simulation.meetings import Gathering

LEAD, ADVISER, CONVENER = "ics-service-manager", "ics-legal-adviser", "sw-allocated"
ROOM = (ADVISER, LEAD, CONVENER)
EVERYTHING = {"present": 1.0, "raise": 1.0, "open.minutes": 1.0, "delay.open": 0.0}


@pytest.fixture
def gathering(begin, world):
    """The first legal planning meeting, with three in the room and nothing said yet."""

    def make(**changes):
        model = begin(world(**EVERYTHING | changes))
        meeting = Gathering(model, model.world.meetings["M06"], model.world.gatherings["M06"])
        meeting.present = sorted(ROOM)
        return meeting

    return make


def learns(gathering, who, item, how):
    return gathering.model.people[who].hold(item, how, 0, "V19")


def rows(gathering, act):
    return [event for event in gathering.model.trace.events if event.act == act]


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
def test_she_presents_what_is_hers_and_raises_the_rest(gathering, who, how, act):
    meeting = gathering()
    held = learns(meeting, who, "F20", how)
    said = [(item, row) for item, row in meeting.speak(who) if item == "F20"]
    [(_, row)] = said
    event = meeting.model.trace[row]
    assert (event.act, event.who, event.item, event.occasion) == (act, who, "F20", "M06")
    assert event.cause == held.row and held.bodies == {"legal-planning"}


def test_said_once_to_a_body_it_is_hers_to_present_no_more(gathering):
    meeting = gathering()
    learns(meeting, LEAD, "F20", "saw")
    meeting.speak(LEAD)
    again = Gathering(meeting.model, meeting.model.world.meetings["M09"], meeting.model.world.gatherings["M09"])
    again.speak(LEAD)
    assert [event.act for event in meeting.model.trace.events if event.act in ("present", "raise")] == [
        "present",
        "raise",
    ]


def test_who_hears_it_holds_it_and_knows_who_else_does(gathering):
    meeting = gathering()
    told = learns(meeting, LEAD, "F20", "saw")
    [(item, row)] = meeting.speak(LEAD)
    meeting.hear(item, LEAD, row)
    heads = meeting.model.knowledge.heads
    for who in (ADVISER, CONVENER):
        heard = heads[who]["F20"]
        assert heard.how == "heard" and meeting.model.trace[heard.row].cause == row
        assert heard.sources == 1 and set(ROOM) <= heard.told
    assert set(ROOM) <= told.told and told.sources == 1


def test_a_second_voice_is_a_second_source_for_all_but_who_speaks(gathering):
    meeting = gathering()
    first, second = learns(meeting, LEAD, "F20", "saw"), learns(meeting, ADVISER, "F20", "saw")
    for who in (LEAD, ADVISER):
        [(item, row)] = meeting.speak(who)
        meeting.hear(item, who, row)
    assert first.sources == second.sources == 2
    assert meeting.model.knowledge.heads[CONVENER]["F20"].sources == 2


def test_her_own_words_in_the_minutes_are_no_second_source(gathering):
    meeting = gathering()
    held = learns(meeting, LEAD, "F20", "saw")
    [(item, row)] = meeting.speak(LEAD)
    meeting.hear(item, LEAD, row)
    meeting.voiced[item] = row
    meeting.receive_minutes(LEAD, note(meeting.model, "circulate", CONVENER, "", "M06", cause=0, whom=LEAD))
    meeting.model.clock.run(until=24 * 60)
    assert [event.who for event in rows(meeting, "open")] == [LEAD]
    assert held.sources == 1, "she corroborates herself"


def test_minutes_give_what_was_said_to_who_was_not_there(gathering):
    meeting = gathering()
    learns(meeting, LEAD, "F20", "saw")
    [(item, row)] = meeting.speak(LEAD)
    meeting.hear(item, LEAD, row)
    meeting.voiced[item] = row
    reader = "health-visitor"
    meeting.receive_minutes(reader, note(meeting.model, "circulate", CONVENER, "", "M06", cause=0, whom=reader))
    meeting.model.clock.run(until=24 * 60)
    assert meeting.model.knowledge.heads[reader]["F20"].how == "read"
    assert set(ROOM) <= meeting.model.knowledge.heads[reader]["F20"].told


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
        assert any(event[2::4] == ("attend", "M04") and event.who == "health-visitor" for event in events)


def test_an_invitation_that_comes_late_brings_nobody_and_no_report(world, live):
    place = world(**ALL_COME, **{"delay.invitation": 60.0})
    conveners = {meeting.convener for meeting in place.meetings.values()}
    for replication in range(3):
        events = live(place, replication).events
        assert sum(event.act == "invite" and event.happened for event in events) > 20
        assert {event.who for event in events if event.act in ("attend", "report")} <= conveners
