"""What must hold in every run, whatever the luck and whatever the policy."""

import gc
import weakref
from collections import Counter, defaultdict
from datetime import date, datetime
from math import exp, inf
from random import Random

import mesa
import pytest
import simpy

import experiments.replication
from experiments.replication import replicate
from scenarios.practice import FAMILIES, Leaf, Practice
from scenarios.schema import Away, Item, Role, Transition
from scenarios.vocabulary import MEETINGS
from simulation.chance import Chance
from simulation.clock import DAY
from simulation.evidence import Evidence
from simulation.journey import MOVING, READ, STATES, STOPPED, UNSEEN, WEIGHED, could_be_seen, journeys
from simulation.model import SafeguardingModel
from simulation.reasons import STAGES, stage_of
from simulation.recorded import Recorded, RuledOut
from simulation.routes import Routes
from simulation.setting import SHARED_LOG
from simulation.world import World

TELLING = ("tell", "rule-tell")
SAYING = ("present", "raise")
REFERRING = ("refer", "rule-refer")
HANDING = ("hand-over", "hand-over-sheet")
SENDING = (*TELLING, *REFERRING, *HANDING, "say")
ON_WHAT_SHE_HOLDS = (*TELLING, *REFERRING, *SAYING, "record", "rule-log", "recognise", "hand-over", "rule-check")
TABLES = ("role", "item", "meeting", "contact", "knows", "file", "decision", "away", "transition")
SWITCHED = [None, "everything"]
"""Practice as usual, and with every rule that has a route followed."""


def address(event):
    return event[2:7]


def without_numbers(trace):
    """All rows, each with the act that caused it, and neither with its number."""
    return Counter((event[1:-1], address(trace[event.cause]) if event.cause else None) for event in trace.events)


def kept(read):
    """Read a trace once in a session, however many laws ask."""
    known = {}

    def once(*asked):
        trace = asked[-1]
        if trace not in known:
            known[trace] = read(*asked)
        return known[trace]

    return once


@kept
def holds(trace):
    return {(event.who, event.item): event for event in trace.events if event.act == "hold"}


@kept
def by_act(trace):
    """The rows of each act, in order."""
    rows = defaultdict(list)
    for event in trace.events:
        rows[event.act].append(event)
    return rows


@kept
def by_item(trace):
    """The rows about each item, in order."""
    rows = defaultdict(list)
    for event in trace.events:
        rows[event.item].append(event)
    return rows


@kept
def ways(place, trace):
    """Every item's journey to every decision it bears on."""
    return list(journeys(trace, place, Routes(place)))


def rows_of(trace, *acts):
    return sorted(event for act in acts for event in by_act(trace)[act])


def did(trace, *acts):
    return [event for event in rows_of(trace, *acts) if event.happened]


def deciders_of(place, trace, occasion):
    """Who decides at a meeting or takes a decision: the case's own, or who leads and who called a meeting by rule."""
    choice = place.choices.get(occasion) or place.gatherings.get(occasion)
    if choice:
        return choice.all_deciders
    (called,) = (event for event in by_act(trace)["call"] if event.occasion == occasion)
    return (called.whom, called.who)


@kept
def rooms(place, trace):
    """Who sat in each meeting."""
    names = [*place.meetings, *(event.occasion for event in by_act(trace)["call"])]
    room = {name: {*deciders_of(place, trace, name)} for name in names}
    for event in did(trace, "attend"):
        room[event.occasion].add(event.who)
    return room


def body_of(place, trace, occasion):
    """The body that met: the case's own, or that of the kind of meeting that a rule called."""
    if occasion in place.meetings:
        return place.body(occasion)
    (called,) = (event for event in by_act(trace)["call"] if event.occasion == occasion)
    return MEETINGS[called.how]


def took_place(place, contact, time):
    """Whether a contact could be at this minute: as the case gives it, or on a day of its range at the hour given."""
    at = place.calendar.minute(contact.at)
    if contact.earliest is None:
        return time == at
    first, last = (place.calendar.midnight(day) for day in (contact.earliest, contact.latest))
    return first <= time < last + DAY and time % DAY == at % DAY


# --- time and cause ------------------------------------------------------------------------------


def test_rows_are_numbered_from_one_and_time_never_runs_back(lived):
    place, traces = lived
    for trace in traces:
        assert [event.row for event in trace.events] == list(range(1, len(trace) + 1))
        times = [event.time for event in trace.events]
        assert times == sorted(times) and times[0] >= 0 and times[-1] < place.end


def test_every_cause_is_an_earlier_row_of_no_later_time(lived):
    for trace in lived[1]:
        for event in trace.events:
            assert 0 <= event.cause < event.row
            if event.cause:
                cause = trace[event.cause]
                assert cause.time <= event.time and cause.happened, f"{event} was caused by {cause}"


def test_an_act_has_a_chance_and_happened_or_says_why_not(lived):
    for trace in lived[1]:
        for event in trace.events:
            if event.chance is None:
                assert event.happened and event.reason == ""
            else:
                assert 0 < event.chance <= 1 and event.happened == (event.reason == "")
                assert event.happened or stage_of(event.reason) in STAGES


def test_minutes_are_charged_for_acts_that_happened_and_for_nothing_else(lived):
    place, traces = lived
    for event in (event for trace in traces for event in trace.events):
        price = place.practice.value("minutes", event.act) if event.happened and event.chance is not None else 0
        assert event.minutes == price


def test_no_address_is_drawn_twice(lived):
    for trace in lived[1]:
        drawn = Counter(address(event) for event in trace.events if event.chance is not None)
        assert drawn.most_common(1)[0][1] == 1


# --- nobody acts on what she has not received ----------------------------------------------------


def test_nobody_acts_on_what_she_does_not_hold(lived):
    for trace in lived[1]:
        held = holds(trace)
        for event in rows_of(trace, *ON_WHAT_SHE_HOLDS, "include", "weigh", "say", "hand-over-sheet"):
            assert held[event.who, event.item].row < event.row, event


def test_an_act_on_an_item_names_the_row_it_was_learned_in(lived):
    for trace in lived[1]:
        held = holds(trace)
        for event in rows_of(trace, *ON_WHAT_SHE_HOLDS, "hand-over-sheet"):
            assert event.cause == held[event.who, event.item].row, event


def test_an_item_is_learned_once_by_each_who_holds_it(lived):
    for trace in lived[1]:
        assert len(holds(trace)) == sum(event.act == "hold" for event in trace.events)


def test_what_is_found_stood_in_a_file_the_finder_can_open(lived):
    place, traces = lived
    for trace in traces:
        for event in trace.events:
            if event.act == "find":
                assert filed_copy(place, trace, event), event


def filed_copy(place, trace, event):
    """The row that put the item into the file in which `event.who` found it, before this event."""
    assert event.whom == SHARED_LOG or event.whom in place.can_open[event.who]
    for row in by_item(trace)[event.item]:
        if row.row < event.row and row.happened and row.act in ("record", "file", "rule-log"):
            written_in = {"file": row.whom, "rule-log": SHARED_LOG, "record": place.writes_in.get(row.who)}[row.act]
            if written_in == event.whom:
                return row
    return None


def stood_in(trace, sent, who):
    """Whether `who` read by rule what was sent to somebody on leave."""
    return any(
        (event.who, event.whom, event.occasion) == (who, sent.whom, sent.occasion)
        and trace[event.cause].who == sent.who
        for event in did(trace, "rule-cover")
    )


def copied_from(place, trace, held):
    """The copy this one was taken from: somebody else's, a record's, or None where it began.

    Each way of learning something has its own chain of acts, and every link of it is checked.
    """
    cause, who, item = trace[held.cause] if held.cause else None, held.who, held.item
    if held.how == "start":
        assert cause is None and held.time == 0 and who in place.items[item].held_by
    elif held.how == "saw" and cause is None:
        assert place.first_sighting[item][1:] == (held.occasion, who)
        assert took_place(place, contact_of(place, held.occasion), held.time)
    elif held.how == "saw" and cause.act == "voice":
        assert item in place.meetings[held.occasion].said and cause.item == item and cause.time == held.time
    elif held.how == "saw":
        contact = contact_of(place, held.occasion)
        there = {"notice": contact.items, "seek": contact.sought}[cause.act.removeprefix("rule-")]
        assert address(cause) == (cause.act, who, "", item, contact.id) and item in there and who in contact.by
        assert took_place(place, contact, held.time)
    elif held.how == "told" and cause.act == "say":
        asked = trace[cause.cause]
        assert cause.item == item and cause.whom == who == asked.who and asked.act == "rule-check"
        return holds(trace)[cause.who, item]
    elif held.how == "told":
        assert cause.act in SENDING and cause.item == item and cause.how in ("phone", "form", "speech")
        to_desk = who in place.desks and cause.whom == place.case.case.desk_agency
        assert cause.whom == who or to_desk or stood_in(trace, cause, who)
        return trace[cause.cause]
    elif held.how == "heard":
        assert cause.act in SAYING and (cause.item, cause.occasion, cause.time) == (item, held.occasion, held.time)
        return trace[cause.cause]
    elif held.how == "found" or (held.how == "read" and cause.act == "find"):
        assert cause.act == "find" and (cause.who, cause.item) == (who, item)
        return filed_copy(place, trace, cause)
    elif held.how == "read":
        assert cause.act in ("open", "open-paper") and cause.who == who
        return copy_on_paper(trace, held, cause)
    elif held.how == "joined":
        parts = [name for name in place.items[item].parts if (who, name) in holds(trace)]
        early = [name for name in parts if holds(trace)[who, name].row < held.row]
        assert address(cause)[:4] == ("join", who, "", item) and len(early) >= place.items[item].needs
    else:
        assert held.how == "assumed" and address(cause)[:4] == ("assume", who, "", item) and place.items[item].silence
    return None


def test_a_pattern_may_be_seen_where_a_part_of_it_is_new_and_at_no_other_time(lived):
    _, traces = lived
    tried = [(trace, event) for trace in traces for event in by_act(trace)["join"]]
    assert tried
    for trace, event in tried:
        part = trace[event.cause]
        assert (part.act, part.who, part.time) == ("hold", event.who, event.time)


def contact_of(place, occasion):
    return next(contact for contact in place.contacts if contact.id == occasion)


def papers(trace, author, occasion):
    """The occasions of the papers that lay before the deciders of this one: its own, and any carried forward to it."""
    return {occasion} | {
        trace[event.cause].occasion
        for event in by_act(trace)["deliver"]
        if (event.whom, event.occasion) == (author, occasion) and event.cause and trace[event.cause].act == "rule-carry"
    }


def copy_on_paper(trace, held, opened):
    """The copy behind a message, a handover's notes, the minutes or a report that was opened."""
    if trace[opened.cause].act == "arrive" and opened.whom != "minutes":
        chain = "arrive", held.who, opened.whom, held.item, opened.occasion
        arrived = next(event for event in by_item(trace)[held.item] if address(event) == chain)
        sent = trace[arrived.cause]
        assert arrived.row < held.row and sent.act in (*TELLING, "hand-over-sheet")
        assert (sent.who, sent.item) == (opened.whom, held.item)
        assert sent.whom == held.who or stood_in(trace, sent, held.who)
        return trace[sent.cause]
    before = [event for event in by_item(trace)[held.item] if event.row < held.row and event.happened]
    if opened.whom == "minutes":
        said = next(e for e in before if e.act in (*SAYING, "voice") and e.occasion == opened.occasion)
        return trace[said.cause] if said.act in SAYING else None
    pack = papers(trace, opened.whom, opened.occasion)
    written = next(e for e in before if e.act == "include" and e.who == opened.whom and e.occasion in pack)
    return next(e for e in before if e.act == "hold" and e.who == written.who and e.row < written.row)


def test_every_item_held_goes_back_to_a_sighting_the_start_a_join_or_an_assumption(lived):
    place, traces = lived
    for trace in traces:
        for held in holds(trace).values():
            copy, length = held, 0
            while copy and copy.act != "file":
                if copy.act in ("record", "rule-log"):
                    older = trace[copy.cause]
                else:
                    assert copy.act == "hold" and copy.item == held.item
                    older = copied_from(place, trace, copy)
                assert older is None or older.row < copy.row
                copy, length = older, length + 1
            assert length < len(trace)


def test_every_first_sighting_in_the_window_is_had_by_somebody(lived):
    place, traces = lived
    for trace in traces:
        for item, (at, occasion, who) in place.first_sighting.items():
            contact = next((row for row in place.contacts if row.id == occasion), None)
            if contact and contact.latest:
                at += place.calendar.midnight(contact.latest) - place.calendar.midnight(contact.at.date())
            assert at >= place.end or holds(trace)[who, item].time <= at, f"{item} was there to see at {occasion}"


def test_a_message_arrives_where_it_was_sent_and_while_somebody_is_there(lived):
    place, traces = lived
    for trace in traces:
        for event in trace.events:
            if event.act == "arrive" and event.item:
                sent = trace[event.cause]
                assert sent.act in (*TELLING, "hand-over-sheet")
                assert (sent.who, sent.item) == (event.whom, event.item)
                assert sent.whom == event.who or stood_in(trace, sent, event.who)
                assert place.rotas[event.who].there(event.time)
            elif event.act == "hold" and event.how == "told":
                assert place.rotas[event.who].there(event.time)


# --- who speaks to whom --------------------------------------------------------------------------


def test_nobody_tells_twice_or_tells_back(lived):
    """She knows that those have it whom she told, who told her, and who sat with her when it was said."""
    place, traces = lived
    for trace in traces:
        told, held = Counter(), holds(trace)
        for event in did(trace, *SENDING):
            whom = "desk" if event.whom == place.case.case.desk_agency else event.whom
            told[event.who, whom, event.item] += 1
        assert told.most_common(1)[0][1] == 1
        for event in trace.events:
            if event.act in (*TELLING, *HANDING):
                learned = held[event.who, event.item]
                cause = trace[learned.cause] if learned.cause else None
                if learned.how in ("told", "heard"):
                    assert event.whom != cause.who, f"{event} tells it back"
                elif learned.how == "read" and cause.act == "open":
                    assert event.whom != cause.whom, f"{event} writes it back"


def test_nobody_tells_those_who_sat_with_her_when_it_was_said(lived):
    place, traces = lived
    for trace in traces:
        room = rooms(place, trace)
        said = {(event.item, event.occasion): event for event in did(trace, *SAYING, "voice")}
        for event in rows_of(trace, *TELLING, *HANDING):
            for name, present in room.items():
                voiced = said.get((event.item, name))
                if voiced and voiced.row < event.row and event.who in present:
                    assert event.whom not in present, f"{event} was in the room at {voiced}"


def test_everybody_in_a_room_has_what_was_said_there(lived):
    place, traces = lived
    for trace in traces:
        room = rooms(place, trace)
        held = holds(trace)
        for event in did(trace, *SAYING, "voice"):
            assert all(held[who, event.item].time <= event.time for who in room[event.occasion])


def test_first_all_voices_then_all_hearing(lived):
    """Nobody says in a room what she has just heard in it."""
    for trace in lived[1]:
        last_word = {event.occasion: event.row for event in trace.events if event.act in SAYING}
        for held in holds(trace).values():
            assert held.how != "heard" or held.row > last_word[held.occasion]


def test_only_who_decides_or_came_speaks(lived):
    place, traces = lived
    for trace in traces:
        for event in rows_of(trace, *SAYING):
            assert event.who in rooms(place, trace)[event.occasion], event


def test_only_who_was_invited_in_time_and_is_there_comes(lived):
    place, traces = lived
    for trace in traces:
        called = {event.occasion: event for event in by_act(trace)["call"]}
        for event in rows_of(trace, "attend", "away"):
            if call := called.get(event.occasion):
                convener, convened, start = call.who, call.time, event.time
            else:
                choice = place.gatherings[event.occasion]
                convener, convened, start = place.meetings[event.occasion].convener, choice.convened, choice.start
            assert place.rotas[event.who].there(start) == (event.act == "attend") and start == event.time
            if event.who != convener:
                invited = trace[event.cause]
                assert invited.act in ("invite", "rule-invite") and invited.whom == event.who
                assert convened <= invited.time <= start


def test_a_meeting_that_a_rule_calls_is_called_over_one_occasion_and_held_once(lived):
    place, traces = lived
    ahead = {trigger.id: trigger for trigger in place.triggers}
    for trace in traces:
        calls = by_act(trace)["call"]
        assert {event.row for event in did(trace, "rule-call", "rule-call-at")} == {event.cause for event in calls}
        assert len({event.occasion for event in calls}) == len(calls)
        for call in calls:
            said = [event for event in trace.events if event.occasion == call.occasion and event.act in SAYING]
            assert len({event.time for event in said}) <= 1 and all(event.time > call.time for event in said)
            if trace[call.cause].act == "rule-call-at":
                before = ahead[call.occasion.partition("-before-")[2]]
                assert call.who == before.convener and before.known <= call.time
                assert all(event.time < before.at for event in said)


def test_nobody_is_asked_or_invited_who_is_not_known(lived):
    place, traces = lived
    for event in (event for trace in traces for event in trace.events):
        towards = event.act in TELLING or event.act.removeprefix("rule-") in ("ask", "invite")
        if towards and event.whom != place.case.case.desk_agency:
            assert place.knows(event.who, event.whom, event.time), event


def test_a_paper_that_came_in_time_is_opened_or_left_by_every_decider(lived):
    """What one author lays before a decision is one draw for each of its readers, and who opens it has read all that
    is in it by the decision: none vanishes between the desk and the pile."""
    place, traces = lived
    for trace in traces:
        opened = {(event.who, event.whom, event.occasion): event for event in by_act(trace)["open-paper"]}
        assert len(opened) == len(by_act(trace)["open-paper"])
        held, written = holds(trace), defaultdict(set)
        for event in did(trace, "include"):
            written[event.who, event.occasion].add(event.item)
        for event in by_act(trace)["deliver"]:
            pack = papers(trace, event.whom, event.occasion)
            carried = event.cause and trace[event.cause].act == "rule-carry"
            paper = trace[event.cause].occasion if carried else event.occasion
            assert paper in pack
            if event.how == "report" and written[event.whom, paper]:
                for who in deciders_of(place, trace, event.occasion):
                    draw = opened[who, event.whom, event.occasion]
                    assert draw.row > event.row or trace[draw.cause].time <= event.time
                    choice = place.choices.get(event.occasion) or place.gatherings.get(event.occasion)
                    if draw.happened and choice:
                        for item in written[event.whom, paper]:
                            assert held[who, item].time <= choice.start, f"{who} opened {event} and has not {item}"


def test_a_paper_that_came_late_is_opened_by_nobody(lived):
    for trace in lived[1]:
        late = {event.row for event in trace.events if event.act == "deliver" and event.how == "late"}
        assert not any(event.act == "open-paper" and event.cause in late for event in trace.events)


def test_all_a_decider_opens_for_a_decision_she_has_read_when_it_begins(lived):
    place, traces = lived
    for trace in traces:
        for held in holds(trace).values():
            opened = trace[held.cause] if held.cause else None
            if held.how == "read" and opened.act == "open-paper":
                choice = place.choices.get(held.occasion) or place.gatherings.get(held.occasion)
                assert choice is None or held.time <= choice.start


def test_where_a_rule_was_followed_the_habit_is_not_tried(lived):
    for trace in lived[1]:
        followed = {address(event) for event in trace.events if event.act.startswith("rule-") and event.happened}
        tried = {(f"rule-{event.act}", *address(event)[1:]) for event in trace.events if event.chance is not None}
        assert not followed & tried


def test_a_rule_to_tell_the_case_holder_sends_those_who_do_not_know_her_yet_to_her_desk(world, live):
    place = world("push")
    desk, sent = place.case.case.desk_agency, 0
    for replication in range(4):
        trace = live(place, replication)
        tried = {(event.who, event.item) for event in trace.events if event.act == "rule-refer" and event.whom == desk}
        for held in holds(trace).values():
            outside = place.roles[held.who].agency != desk and place.items[held.item].polarity == "risk"
            known = place.acquaintance[held.who].get("sw-allocated", inf) <= held.time
            cause = trace[held.cause] if held.cause else None
            by_letter = cause and cause.act == "open" and cause.whom in place.roles
            by_letter = by_letter and place.roles[cause.whom].agency != desk
            if outside and not known and held.occasion not in place.meetings and (held.how == "saw" or by_letter):
                assert (held.who, held.item) in tried, f"nobody to tell, and no word to the desk: {held}"
                sent += 1
    assert sent


def test_who_has_recognised_an_item_has_recognised_it(lived):
    for trace in lived[1]:
        seen = set()
        for event in trace.events:
            if event.act == "recognise":
                assert (event.who, event.item) not in seen, event
                if event.happened:
                    seen.add((event.who, event.item))


def test_what_stands_in_a_file_is_not_written_there_again(lived):
    place, traces = lived
    for trace in traces:
        written = Counter((place.writes_in[event.who], event.item) for event in did(trace, "record"))
        written.update((SHARED_LOG, event.item) for event in did(trace, "rule-log"))
        written.update((event.whom, event.item) for event in did(trace, "file"))
        assert max(written.values()) == 1


def test_what_was_said_to_a_body_is_not_presented_to_it_again_by_the_same_person(lived):
    place, traces = lived
    for trace in traces:
        said = set()
        for event in trace.events:
            if event.act in SAYING:
                before = (event.who, event.item, body_of(place, trace, event.occasion))
                assert event.act == "raise" or before not in said, event
                if event.happened:
                    said.add(before)


# --- decisions and journeys ----------------------------------------------------------------------


def test_each_decision_is_taken_once_when_it_is_due_and_weighs_what_its_lead_holds_once(lived):
    place, traces = lived
    for trace in traces:
        decided = {event.occasion: event for event in trace.events if event.act == "decide"}
        assert set(decided) == set(place.choices)
        weighed = Counter((event.item, event.occasion) for event in trace.events if event.act == "weigh")
        had = Counter()
        for name, choice in place.choices.items():
            assert (decided[name].who, decided[name].time) == (choice.lead, choice.at)
            had.update(
                (item, name)
                for who, item in holds(trace)
                if who == choice.lead and holds(trace)[who, item].row < decided[name].row
            )
        assert weighed == had


def test_each_item_has_one_journey_to_each_decision_it_bears_on(lived):
    place, traces = lived
    expected = {
        (item.id, name)
        for item in place.items.values()
        for name in item.bears_on
        if could_be_seen(place, item.id, place.choices[name])
    }
    for trace in traces:
        pairs = [(journey.item, journey.decision) for journey in ways(place, trace)]
        assert len(pairs) == len(set(pairs)) and set(pairs) == expected


def test_a_journey_has_one_state_one_reason_and_the_stage_of_that_reason(lived):
    place, traces = lived
    for trace in traces:
        decided = {event.occasion: event.row for event in trace.events if event.act == "decide"}
        held = holds(trace)
        written = [e.item if e.act in ("file", "record") and e.happened else "" for e in trace.events]
        for journey in ways(place, trace):
            lead = held.get((place.choices[journey.decision].lead, journey.item))
            assert journey.state in STATES
            assert journey.weighed == (journey.reason == "") == (journey.state == WEIGHED)
            assert journey.stage == (stage_of(journey.reason) if journey.reason else "")
            assert journey.read == (journey.state in (WEIGHED, READ))
            assert journey.read == (lead is not None and lead.row < decided[journey.decision])
            assert journey.joint or not journey.read
            assert (journey.state == READ) == (journey.stage == "weighed")
            if journey.state == UNSEEN:
                assert not any(e.item == journey.item and e.row < decided[journey.decision] for e in held.values())
                assert journey.item not in written[: decided[journey.decision]]


def test_the_row_a_journey_names_says_what_it_says(lived):
    place, traces = lived
    for trace in traces:
        for journey in ways(place, trace):
            assert 0 <= journey.row <= len(trace)
            event = trace[journey.row] if journey.row else None
            if event and not event.happened:
                assert event.reason == journey.reason
            if event and event.item:
                assert event.item == journey.item
            if journey.weighed or journey.read:
                assert address(event)[::3] == ("weigh", journey.item) and event.happened == journey.weighed


def test_what_is_called_still_moving_does_take_a_further_step(lived):
    place, traces = lived
    for trace in traces:
        decided = {event.occasion: event.row for event in trace.events if event.act == "decide"}
        for journey in ways(place, trace):
            if journey.state == MOVING:
                after = [e for e in by_item(trace)[journey.item] if e.row > decided[journey.decision]]
                assert any(event.happened and event.act not in ("weigh", "record", "recognise") for event in after)


def test_nothing_is_called_stopped_that_still_reached_the_lead(lived):
    """If she takes it in later, from a copy that existed when she decided, it was still moving."""
    place, traces = lived
    for trace in traces:
        decided = {event.occasion: event.row for event in trace.events if event.act == "decide"}
        held = holds(trace)
        for journey in ways(place, trace):
            copy = held.get((place.choices[journey.decision].lead, journey.item))
            if journey.state != STOPPED or copy is None:
                continue
            while copy and copy.row > decided[journey.decision]:
                written = copy.act in ("record", "rule-log")
                copy = trace[copy.cause] if written else copied_from(place, trace, copy)
            assert copy is None, f"{journey} stood at {copy} and was read later: it was {MOVING}"


# --- what must change nothing --------------------------------------------------------------------


@pytest.mark.parametrize("policy", SWITCHED)
def test_the_same_luck_lives_the_same_life(world, live, once, policy, child_s):
    """In a world that has been lived in before, and in one that has not."""
    fresh = World(child_s, world(policy).practice)
    assert live(fresh, 2).events == once(policy, 2).events == live(world(policy), 2).events


def test_another_replication_lives_another_life(once):
    assert len({len(once(None, replication)) for replication in range(4)}) > 1


def test_a_policy_with_no_route_changes_no_byte(world, live, once, policies):
    assert not policies["P46"].leaves
    for replication in range(2):
        assert repr(live(world("P46"), replication).events) == repr(once(None, replication).events)


def test_a_rule_at_chance_zero_changes_nothing(world, live, once, child_s, practice):
    rules = {name: 0.0 for name, leaf in practice.leaves.items() if name.startswith("rule-") and leaf.value == 0}
    new = Leaf(value=0, unit="chance", meaning="a rule nobody follows", status="structural", source="invented")
    added = dict.fromkeys(("rule-tell", "rule-tell.child-facing", "rule-invite", "rule-ask.core-group"), new)
    more, same = World(child_s, Practice(practice.leaves | added, practice.professions)), world(**rules)
    for replication in range(3):
        assert live(same, replication).events == once(None, replication).events
        assert live(more, replication).events == once(None, replication).events


@pytest.mark.parametrize("policy", SWITCHED)
@pytest.mark.parametrize("shuffle", range(2))
def test_the_order_of_rows_in_a_file_changes_nothing(world, live, once, child_s, policy, shuffle):
    random = Random(shuffle)
    tables = {table: getattr(child_s, table) for table in TABLES}
    case = child_s.model_copy(update={table: tuple(random.sample(rows, len(rows))) for table, rows in tables.items()})
    assert case.item != child_s.item
    place = world(policy, case)
    for replication in range(2):
        assert live(place, replication).events == once(policy, replication).events


@pytest.mark.parametrize("policy", SWITCHED)
@pytest.mark.parametrize("shuffle", range(2))
def test_hindsight_changes_nothing(world, live, once, child_s, policy, shuffle):
    """Who mattered, what was core and which decisions it bears on are dealt out anew over the items."""
    items = child_s.item
    others = Random(shuffle).sample(items, len(items))
    moved = tuple(
        item.model_copy(update={name: getattr(other, name) for name in ("critical", "core", "bears_on")})
        for item, other in zip(items, others, strict=True)
    )
    case = child_s.model_copy(update={"item": moved})
    assert moved != items
    place = world(policy, case)
    for replication in range(2):
        assert live(place, replication).events == once(policy, replication).events


CITED = {"cite": "invented"}
STRANGER = Role(id="gp-elsewhere", agency="gp-elsewhere", profession="gp", words="a stranger", cite="invented")
HERS = Item(
    id="F35a", words="it is so", topic="drugs", polarity="risk", critical="yes", held_by=(STRANGER.id,), cite="invented"
)


@pytest.mark.parametrize("policy", SWITCHED)
def test_a_practitioner_nobody_knows_changes_no_row(world, live, once, child_s, policy):
    place = world(policy, child_s.model_copy(update={"role": (STRANGER, *child_s.role)}))
    for replication in range(3):
        assert live(place, replication).events == once(policy, replication).events


@pytest.mark.parametrize("policy", SWITCHED)
def test_an_item_only_a_stranger_holds_changes_no_other_draw(world, live, once, child_s, policy):
    case = child_s.model_copy(update={"role": (*child_s.role, STRANGER), "item": (HERS, *child_s.item)})
    place = world(policy, case)
    for replication in range(3):
        usual, more = once(policy, replication), live(place, replication)
        assert {event.who for event in more.events if event.item == HERS.id} == {STRANGER.id}
        added = without_numbers(more) - without_numbers(usual)
        assert not without_numbers(usual) - without_numbers(more)
        assert all(HERS.id in row[0] for row in added)


@pytest.mark.parametrize("policy", ["push-and-pull", "everything"])
def test_two_worlds_meet_the_same_luck(once, policy):
    """Where both draw at one address, what is likelier in one happens there whenever it happens in the other."""
    for replication in range(3):
        usual, other = (
            {address(event): event for event in once(lived_under, replication).events if event.chance is not None}
            for lived_under in (None, policy)
        )
        for shared in usual.keys() & other.keys():
            less, more = sorted((usual[shared], other[shared]), key=lambda event: event.chance)
            assert more.happened or not less.happened
            assert less.chance < more.chance or more.happened == less.happened


@pytest.fixture(scope="module")
def rowan_grown(rowan):
    """The invented family with something of each kind that it lacks: a question put or not, a change of hands,
    leave with cover, and days that are not known."""
    changes = {
        "home-30-jan": {"sought": ("sleeps-downstairs",)},
        "service-20-mar": {"earliest": date(2024, 3, 18), "latest": date(2024, 3, 22)},
    }
    item = Item(id="sleeps-downstairs", words="it is so", topic="home", polarity="risk", bears_on=("review",), **CITED)
    successor = rowan.role[[role.id for role in rowan.role].index("health-visitor")]
    return rowan.model_copy(
        update={
            "role": (*rowan.role, successor.model_copy(update={"id": "health-visitor-2"})),
            "item": (*rowan.item, item),
            "contact": tuple(row.model_copy(update=changes.get(row.id, {})) for row in rowan.contact),
            "away": (
                Away(role="social-worker", first=date(2024, 4, 29), last=date(2024, 5, 7), cover="front-door", **CITED),
            ),
            "transition": (
                Transition(
                    id="moved",
                    words="another took over",
                    at=datetime(2024, 4, 2, 12),
                    kind="transfer",
                    who=("health-visitor",),
                    whom=("health-visitor-2",),
                    **CITED,
                ),
            ),
        }
    )


@pytest.mark.parametrize("family", sorted(name for name in FAMILIES if name not in ("odds", "spread", "minutes")))
@pytest.mark.parametrize("share", [0.0, 1.0], ids=["never", "always"])
def test_every_habit_may_be_swept_from_never_to_always(world, live, practice, rowan_grown, family, share):
    """Nothing breaks at either end, and each item still has its journey."""
    leaves = {name for name, leaf in practice.leaves.items() if name.split(".")[0] == family}
    place = world(case=rowan_grown, **dict.fromkeys(leaves, share))
    expected = {
        (item.id, name)
        for item in place.items.values()
        for name in item.bears_on
        if could_be_seen(place, item.id, place.choices[name])
    }
    for replication in range(4):
        found = [(one.item, one.decision) for one in journeys(live(place, replication), place, Routes(place))]
        assert len(found) == len(expected) and set(found) == expected


# --- days and strides ----------------------------------------------------------------------------


@pytest.mark.parametrize("policy", SWITCHED)
def test_thirty_days_and_one_stride_are_one_life(world, begin, policy):
    daily, stride = begin(world(policy), 1), begin(world(policy), 1)
    for _ in range(30):
        daily.step()
    stride.clock.run(until=30 * DAY)
    assert daily.clock.minute == stride.clock.minute == 30 * DAY
    assert daily.trace.events == stride.trace.events
    while daily.clock.minute < daily.world.end:
        daily.step()
    stride.clock.run(until=stride.world.end)
    assert daily.trace.events == stride.trace.events and daily.clock.minute == stride.clock.minute


def test_mesa_keeps_the_people_and_simpy_the_time(world, begin):
    model = begin(world())
    assert isinstance(model, mesa.Model) and isinstance(model.clock, simpy.Environment)
    assert set(model.agents) == set(model.people.values()) and len(model.people) == len(model.world.roles)
    assert all(isinstance(person, mesa.Agent) and person.model is model for person in model.people.values())


def test_no_finished_model_lives_on(monkeypatch, world, rowan):
    alive = weakref.WeakSet()

    class Watched(SafeguardingModel):
        def __init__(self, *given):
            super().__init__(*given)
            alive.add(self)

    monkeypatch.setattr(experiments.replication, "SafeguardingModel", Watched)
    about = rowan.case.model_copy(update={"end": date(2024, 2, 18)})
    short = world(case=rowan.model_copy(update={"case": about}))
    for replication in range(200):
        assert len(replicate(short, 1, replication)) > 10
    gc.collect()
    assert not alive


# --- more of it ----------------------------------------------------------------------------------


def raised(practice, family, by=0.5):
    """Every leaf of a family, moved this share of the way to certainty."""
    chances = {name: leaf.value for name, leaf in practice.leaves.items() if name.split(".")[0] == family}
    return {name: value + by * (1 - value) for name, value in chances.items()}


@pytest.mark.parametrize("post", [{}, {"delay.invitation": 3.0}], ids=["usual post", "slow post"])
@pytest.mark.parametrize("family", ["invite", "attend", "rule-invite"])
@pytest.mark.parametrize("by", [0.3, 1.0])
def test_more_invitations_never_keep_anybody_away(world, live, practice, rowan, family, by, post):
    """On the same luck, with hours unlimited, a likelier invitation or attendance removes no attendance."""
    post = post | {"load.hours": 10_000}
    usual, more = world(case=rowan, **post), world(case=rowan, **post, **raised(practice, family, by))
    for replication in range(40):
        before, after = (
            {(event.who, event.occasion) for event in did(live(place, replication), "attend")}
            for place in (usual, more)
        )
        assert before <= after, f"replication {replication}: {before - after} came as usual and not with more of it"


# --- as recorded ---------------------------------------------------------------------------------

DOCUMENTED = {
    ("invite", "cp-conference-admin", "health-visitor", "", "M04"): True,
    ("attend", "health-visitor", "", "", "M04"): False,
    ("report", "health-visitor", "cp-conference-admin", "", "M04"): True,
    ("invite", "cp-conference-admin", "gp-practice-b", "", "M04"): False,
    ("tell", "midwife-hospital", "sw-allocated", "F35", "V29a"): False,
}


def lived_as_recorded(begin, place, replication, evidence):
    """A run and its luck; None for the run if nothing of it fits."""
    chance = Recorded(1, replication, evidence, book=place.book)
    model = begin(place, chance=chance)
    try:
        model.run()
        chance.check(inf)
    except RuledOut:
        return None, chance
    return model.trace, chance


def test_what_is_documented_happens_and_the_run_weighs_its_chance(world, begin, documented):
    place, fitted = world(), 0
    for replication in range(5):
        trace, chance = lived_as_recorded(begin, place, replication, documented(DOCUMENTED))
        if trace is None:
            continue
        weight, met = 1.0, set()
        for event in (event for event in trace.events if event.chance is not None and address(event) in DOCUMENTED):
            assert event.happened == DOCUMENTED[address(event)]
            weight *= event.chance if event.happened else 1 - event.chance
            met.add(address(event))
        assert exp(chance.log_weight) == pytest.approx(weight)
        assert {act for act, happened in DOCUMENTED.items() if happened} <= met
        fitted += 1
    assert fitted >= 3


def test_a_twin_under_the_same_policy_lives_the_recorded_run_event_for_event(world, begin, documented):
    """With a documented arrival among the rest."""
    place, lived_again = world(), 0
    early = place.calendar.midnight(date(2020, 4, 14))
    arrivals = {("report", "health-visitor", "cp-conference-admin", "", "M04"): (early, early + 3 * DAY)}
    evidence = documented(DOCUMENTED, arrivals)
    for replication in range(12):
        recorded, chance = lived_as_recorded(begin, place, replication, evidence)
        if recorded is not None:
            paper = next(
                e for e in recorded.events if address(e)[2::2] == ("health-visitor", "M04") and e.act == "deliver"
            )
            assert early <= paper.time < early + 3 * DAY
            twin = begin(place, chance=chance.twin())
            twin.run()
            assert twin.trace.events == recorded.events
            lived_again += 1
    assert lived_again >= 6


def test_with_an_empty_record_as_recorded_is_as_usual_to_the_byte(world, begin, live):
    place = world()
    for replication in range(2):
        recorded, chance = lived_as_recorded(begin, place, replication, Evidence())
        usual = begin(place, chance=Chance(1, replication, book=place.book))
        usual.run()
        assert recorded.events == usual.trace.events and chance.log_weight == 0
