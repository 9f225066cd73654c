"""Is the run read aloud as it was, in words one could say to the people it is about?"""

import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from results.chronology import as_text, chronology, events, story
from results.sentences import ACTS, KINDS
from scenarios.faults import BadInput
from simulation.journey import MOVING, STATES, STOPPED, journeys
from simulation.reasons import REASONS
from simulation.routes import Routes
from simulation.trace import NOTHING, Trace

RUNS = 30
BANNED = re.compile(
    r"\b(fail(s|ed|ure|ing)?|miss(ed|es)?|ignor(ed|es|ing)|should have|fault|blame[ds]?)\b", re.IGNORECASE
)


@pytest.fixture(scope="module", params=["usual", "push-and-pull", "P01"])
def place(request, world):
    return world(None if request.param == "usual" else request.param)


@pytest.fixture(scope="module")
def runs(place, live):
    return [live(place, replication) for replication in range(RUNS)]


@pytest.fixture(scope="module")
def read_aloud(place, runs):
    routes = Routes(place)
    return [(trace, chronology(trace, place, routes)) for trace in runs]


@pytest.fixture(scope="module")
def stories(place, runs):
    routes = Routes(place)
    return [(trace, item, chronology(trace, place, routes, item)) for trace in runs[:4] for item in place.items]


def planted(*rows):
    """A trace of rows: act, who, whom, item, occasion; with happened, reason, how, cause, time where they matter."""
    trace = Trace()
    for address, more in rows:
        happened = more.get("happened", True)
        chance, reason, how = more.get("chance"), more.get("reason", ""), more.get("how", "")
        trace.write(more.get("time", 600), address, happened, chance, reason, how, 0.0, more.get("cause", NOTHING))
    return trace


# --- nothing is left out by oversight -------------------------------------------------------------


def test_every_act_is_told_somewhere(runs, read_aloud, stories):
    seen = {event.act for trace in runs for event in trace.events}
    assert seen <= set(ACTS)
    told = {trace[row].act for trace, entries in read_aloud for entry in entries for row in entry.rows}
    told |= {trace[row].act for trace, _, entries in stories for entry in entries for row in entry.rows}
    assert seen <= told


def test_an_act_without_a_kind_stops_the_reading(place):
    with pytest.raises(KeyError, match="hum"):
        chronology(planted((("hum", "sw-allocated", "", "F05", "V01"), {})), place, Routes(place))


def test_every_act_has_one_kind():
    named = Counter(act for kind in KINDS.values() for act in kind.acts.split())
    assert set(named.values()) == {1}


def test_what_is_left_out_is_known_already_or_changes_nothing(place, runs, read_aloud):
    """Without an item, an event without words is one of four: an aside, parts not joined, no belief, nothing new."""
    for trace, entries in read_aloud:
        told = {row for entry in entries for row in entry.rows}
        left = {kind for kind, group in events(trace) if group[0].row not in told}
        assert left <= {"aside", "pattern", "silence", "passing", "kept"}


# --- one event, one entry -------------------------------------------------------------------------


def test_a_row_belongs_to_one_event(runs):
    for trace in runs:
        rows = Counter(event.row for _, group in events(trace) for event in group)
        assert rows == Counter(event.row for event in trace.events)


def test_a_row_is_told_once(read_aloud):
    for _, entries in read_aloud:
        told = Counter(row for entry in entries if entry.kind != "decision" for row in entry.rows)
        assert set(told.values()) <= {1}


def test_what_one_person_tells_another_at_one_moment_is_one_sentence(place):
    teller, listener = "midwife-community-mtw", "midwife-lead-hospital"
    trace = planted(
        (("hold", teller, "", "F05", "V01"), {"how": "saw"}),
        (("hold", teller, "", "F12", "V01"), {"how": "saw"}),
        (("tell", teller, listener, "F05", "V01"), {"how": "phone", "cause": 1}),
        (("tell", teller, listener, "F12", "V01"), {"how": "phone", "cause": 2}),
        (("hold", listener, "", "F05", "V01"), {"how": "told", "cause": 3, "time": 642}),
        (("hold", listener, "", "F12", "V01"), {"how": "told", "cause": 4, "time": 642}),
    )
    (told,) = [entry for entry in chronology(trace, place, Routes(place)) if entry.kind == "passing"]
    assert told.rows == (3, 4, 5, 6)
    assert told.words == (
        "Word went by phone from the community midwife to the hospital's lead midwife, heard at 10:42: "
        "that the two older children had lately been removed for similar worries; "
        "that a night call to a helpline spoke of rough sex and bruising in pregnancy."
    )


def test_an_email_that_comes_second_is_not_said_to_have_been_known_before(place):
    teller, listener = "midwife-community-mtw", "health-visitor"
    trace = planted(
        (("hold", teller, "", "F12", "V01"), {"how": "saw"}),
        (("tell", teller, listener, "F12", "V01"), {"how": "email", "cause": 1}),
        (("hold", listener, "", "F12", "V07"), {"how": "saw", "time": 700}),
    )
    (told,) = [entry for entry in chronology(trace, place, Routes(place), "F12") if entry.kind == "passing"]
    assert told.words.endswith("known there another way before it was read.")


def test_an_act_that_did_not_happen_is_said_with_the_reason_of_the_table(place):
    teller = "gp-practice-b"
    trace = planted(
        (("hold", teller, "", "F12", "E19"), {"how": "saw"}),
        (
            ("tell", teller, "sw-allocated", "F12", "E19"),
            {"cause": 1, "happened": False, "chance": 0.2, "reason": "told-only-when-asked", "how": "email"},
        ),
    )
    words = [entry.words for entry in chronology(trace, place, Routes(place), "F12") if entry.kind == "kept"]
    assert words == [
        "It was not passed on by the GP practice (B) to the allocated social worker: "
        "it is the custom to answer questions, not to volunteer."
    ]


def test_a_meeting_is_one_entry(read_aloud, place):
    for _, entries in read_aloud:
        meetings = [entry for entry in entries if entry.kind == "meeting"]
        assert len(meetings) == len(place.meetings)
        assert all("In the room: " in entry.words for entry in meetings)


def test_every_contact_is_told(read_aloud, place):
    for _, entries in read_aloud:
        assert sum(entry.kind == "contact" for entry in entries) == len(place.contacts)


# --- an item's story ------------------------------------------------------------------------------


def test_a_story_holds_only_what_is_about_the_item_or_linked_to_it_by_cause(stories):
    for trace, item, entries in stories:
        rows = {row for entry in entries if entry.kind != "decision" for row in entry.rows}
        assert rows <= story(trace, item)
        about = {event.row for event in trace.events if event.item == item}
        linked = set(about)
        while grown := {row for row in rows - linked if trace[row].cause in linked} | {
            trace[row].cause for row in linked if trace[row].cause and trace[row].cause not in linked
        }:
            linked |= grown
        assert rows <= linked


def test_a_story_tells_all_that_happened_to_the_item(stories):
    for trace, item, entries in stories:
        told = {row for entry in entries for row in entry.rows}
        assert {event.row for event in trace.events if event.item == item and event.act != "weigh"} <= told


def test_a_story_tells_of_no_other_item_unless_it_led_there(stories):
    for trace, item, entries in stories:
        for entry in entries:
            others = {trace[row].item for row in entry.rows} - {"", item}
            for other in others:
                mentioned = [row for row in entry.rows if trace[row].item == other]
                assert all(trace[row].act == "join" or _leads_to(trace, row, item) for row in mentioned), (
                    f"{item}: {entry.words}"
                )


def _leads_to(trace, row, item):
    after = {row}
    for event in trace.events[row:]:
        if event.cause in after:
            if event.item == item:
                return True
            after.add(event.row)
    return False


def test_a_story_names_its_item_once(stories, place):
    for _, item, entries in stories:
        text = " ".join(entry.words for entry in entries)
        assert text.count(f"({item})") == text.count(place.items[item].words) == 1


def test_the_whole_run_gives_each_id_once(read_aloud, place):
    for _, entries in read_aloud:
        text = " ".join(entry.words for entry in entries)
        for item in place.items:
            assert text.count(f"({item})") <= 1
            assert text.count(f"({item})") == min(1, text.count(place.items[item].words))


def test_where_nobody_was_due_to_act_the_story_says_so(world, live):
    place = world()
    routes = Routes(place)
    for replication in range(RUNS):
        trace = live(place, replication)
        for journey in journeys(trace, place, routes):
            if journey.reason == "no-onward-route" and journey.state == STOPPED:
                entries = chronology(trace, place, routes, journey.item)
                decided = place.choices[journey.decision].words.lower()
                words = [e.words for e in entries if e.kind == "decision" and e.words.lower().startswith(decided)]
                assert ["no act was due that leads to this decision" in text for text in words] == [True]
                return
    raise AssertionError("somebody was always due to act: plant another case")


def test_an_item_that_is_not_in_the_case_is_refused(place, runs):
    with pytest.raises(BadInput, match=r"F122.*Did you mean F12"):
        chronology(runs[0], place, Routes(place), "F122")


# --- at a decision --------------------------------------------------------------------------------


def test_had_is_what_the_journeys_say_was_read(place, read_aloud):
    routes = Routes(place)
    for trace, entries in read_aloud:
        read = {name: [] for name in place.choices}
        for journey in journeys(trace, place, routes):
            read[journey.decision] += [journey.item] if journey.read else []
        decisions = [entry for entry in entries if entry.kind == "decision"]
        assert [list(entry.had) for entry in decisions] == list(read.values())
        for entry in decisions:
            assert f" had {len(entry.had) or 'none'}." in entry.words


def test_every_state_and_reason_of_the_journeys_is_said(place, read_aloud):
    routes = Routes(place)
    for trace, entries in read_aloud[:10]:
        found = {name: [] for name in place.choices}
        for journey in journeys(trace, place, routes):
            found[journey.decision].append(journey)
        decisions = [entry for entry in entries if entry.kind == "decision"]
        for entry, some in zip(decisions, found.values(), strict=True):
            for journey in some:
                (line,) = [text for text in entry.words.splitlines() if place.items[journey.item].words in text]
                assert line.lower().startswith(journey.state)
                if journey.state == STOPPED:
                    assert REASONS[journey.reason][1] in line and line.endswith(REASONS[journey.reason][2])
                if journey.state == MOVING:
                    assert re.search(r"Next, it .* (on \d+ \w+|at \d\d:\d\d)\.$", line)


def test_all_five_states_have_words(read_aloud):
    text = "\n".join(entry.words for _, entries in read_aloud for entry in entries if entry.kind == "decision")
    said = {state for state in STATES if re.search(f"^{state}", text, re.IGNORECASE | re.MULTILINE)}
    assert {state for state in STATES if state != "not yet noticed"} <= said


# --- how it reads ---------------------------------------------------------------------------------


def test_no_word_lays_blame(read_aloud, stories):
    texts = [as_text(entries) for _, entries in read_aloud] + [as_text(entries) for *_, entries in stories]
    assert not [found.group() for text in texts if (found := BANNED.search(text))]


def test_sentences_are_whole(read_aloud, stories):
    for entries in [entries for _, entries in read_aloud] + [entries for *_, entries in stories]:
        for entry in entries:
            for line in entry.words.splitlines():
                assert line[0].isupper() and line.endswith("."), line
                assert not re.search(r" {2}|\.\.|: \.| [.,:;]|\(\)", line), line


def test_ids_of_people_and_places_are_never_read_out(read_aloud, place):
    ids = {*place.roles, *place.meetings, *(file.id for file in place.case.file)}
    for _, entries in read_aloud:
        text = " ".join(entry.words for entry in entries)
        assert not [name for name in ids if re.search(rf"(?<![\w-]){name}(?![\w-])", text)]


def test_entries_are_in_order_of_time(read_aloud, stories):
    for entries in [entries for _, entries in read_aloud] + [entries for *_, entries in stories]:
        assert all(first.when <= second.when for first, second in pairwise(entries))


def test_the_text_has_a_heading_for_each_day_and_keeps_its_width(read_aloud):
    for _, entries in read_aloud[:5]:
        lines = as_text(entries, 72).splitlines()
        assert max(map(len, lines)) <= 72
        headings = [line for line in lines if line and not line[0].isspace() and not line[0].isdigit()]
        days = sorted({entry.when.date() for entry in entries})
        assert headings == [f"{day:%A} {day.day} {day:%B %Y}" for day in days]
        assert f"{date(2020, 4, 17):%A} 17 April 2020" in headings


def test_the_same_trace_reads_the_same(place, runs):
    first, again = (chronology(runs[0], place, Routes(place)) for _ in range(2))
    assert first == again
