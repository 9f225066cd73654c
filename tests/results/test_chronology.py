"""Is the run read aloud as it was, in words one could say to the people it is about?"""

import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from experiments.replication import replicate
from results.chronology import as_text, chronology, events, story
from results.sentences import ACTS, KINDS
from results.telling import cap
from scenarios.faults import BadInput
from simulation.journey import MOVING, STATES, STOPPED, journeys
from simulation.reasons import REASONS
from simulation.routes import Routes
from simulation.trace import NOTHING, Trace

RUNS = 3
SOMETIMES_QUIET = {"aside", "pattern", "silence", "passing", "kept", "log", "account", "call"}
POLICIES = ["usual", "push-and-pull", "everything"]
BANNED = re.compile(
    r"\b(fail(s|ed|ure|ing)?|miss(ed|es)?|ignor(ed|es|ing)|should have|fault|blame[ds]?)\b", re.IGNORECASE
)


@pytest.fixture(scope="module", params=POLICIES)
def policy(request):
    return None if request.param == "usual" else request.param


@pytest.fixture(scope="module")
def place(policy, world):
    return world(policy)


@pytest.fixture(scope="module")
def runs(policy, once):
    return [once(policy, replication) for replication in range(RUNS)]


@pytest.fixture(scope="module")
def read_aloud(place, runs):
    routes = Routes(place)
    return [(trace, chronology(trace, place, routes)) for trace in runs]


@pytest.fixture(scope="module")
def stories(place, policy, runs):
    """Two thirds of the items, each in one run: with three policies every item is told twice."""
    routes, first = Routes(place), POLICIES.index(policy or "usual")
    told = [(runs[turn], item) for turn in (0, 1) for item in [*place.items][(first + turn) % 3 :: 3]]
    return [(trace, item, chronology(trace, place, routes, item)) for trace, item in told]


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
    """Without an item, an event without words is one of these: an aside, parts not joined, no belief, nothing new
    (in a message or in the log), an account nobody checked, no meeting called."""
    for trace, entries in read_aloud:
        told = {row for entry in entries for row in entry.rows}
        left = [(kind, group) for kind, group in events(trace) if group[0].row not in told]
        assert {kind for kind, _ in left} <= SOMETIMES_QUIET
        for kind, group in left:
            if kind in ("log", "account", "call"):
                news = ("hold", "say", "call", "rule-check")
                assert not any(event.happened and event.act in news for event in group), group


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


def test_an_answer_to_a_question_is_a_paper_with_what_was_in_it(place):
    asker, other = "sw-parenting-assessment", "health-visitor"
    trace = planted(
        (("hold", other, "", "F12", "V07"), {"how": "saw"}),
        (("ask", asker, other, "", "M15"), {"how": "phone"}),
        (("answer", other, asker, "", "M15"), {"how": "report", "cause": 2, "time": 700}),
        (("include", other, asker, "F12", "M15"), {"cause": 3, "time": 800}),
        (("deliver", asker, other, "", "M15"), {"how": "report", "cause": 3, "time": 800}),
    )
    told = {entry.kind: entry for entry in chronology(trace, place, Routes(place)) if entry.rows}
    assert told["question"].rows == (2,) and told["paper"].rows == (3, 4, 5)
    assert "In it, and new to the parenting assessment social worker: that a night call" in told["paper"].words


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
    for trace, entries in read_aloud:
        meetings = [entry for entry in entries if entry.kind == "meeting"]
        called = {event.occasion for event in trace.events if event.act == "call"}
        assert len(meetings) == len(place.meetings) + len(called)
        assert all("In the room: " in entry.words for entry in meetings)


def test_every_contact_is_told(read_aloud, place):
    for _, entries in read_aloud:
        assert sum(entry.kind == "contact" for entry in entries) == len(place.contacts)


def test_every_date_without_a_handover_is_told_in_one_sentence(read_aloud, place):
    dates = [row for row in place.transitions if not row.whom]
    assert dates
    for _, entries in read_aloud:
        said = [(entry.when, entry.words) for entry in entries if entry.kind == "date"]
        assert sorted(said) == sorted((row.at, f"{cap(row.words)}.") for row in dates)


def test_a_handover_says_what_was_said_what_stood_in_the_notes_and_what_in_neither(place):
    giver, taker = "midwife-ekhuft", "midwife-community-mtw"
    left_out = {"happened": False, "chance": 0.48, "reason": "partial-relay", "how": "speech"}
    trace = planted(
        *((("hold", giver, "", item, "start"), {"how": "start", "time": 0}) for item in ("F02", "F09", "F10")),
        (("hand-over", giver, taker, "F02", "E16"), {"how": "speech", "cause": 1}),
        (("hand-over", giver, taker, "F09", "E16"), {**left_out, "cause": 2}),
        (("hand-over", giver, taker, "F10", "E16"), {**left_out, "cause": 3}),
        (("hand-over-sheet", giver, taker, "F09", "E16"), {"how": "notes", "cause": 2}),
        (
            ("hand-over-sheet", giver, taker, "F10", "E16"),
            {**left_out, "cause": 3, "reason": "handover-without-history", "how": "notes"},
        ),
        (("hold", taker, "", "F02", "E16"), {"how": "told", "cause": 4}),
        (("arrive", taker, giver, "F09", "E16"), {"how": "notes", "cause": 7}),
        (("open", taker, giver, "", "E16"), {"how": "notes", "cause": 10, "chance": 0.8}),
        (("hold", taker, "", "F09", "E16"), {"how": "read", "cause": 11, "time": 2000}),
    )
    (told,) = [entry for entry in chronology(trace, place, Routes(place)) if entry.kind == "handover"]
    assert told.rows == tuple(range(4, 13))
    words = {item: place.items[item].words for item in ("F02", "F09", "F10")}
    assert told.words == (
        "Maternity care passed from one trust to the other. Work passed from the earlier midwife to the community "
        f"midwife. Said at the handover: that {words['F02']}. In the notes, read on 17 March: that {words['F09']}. "
        f"Not in the handover: that {words['F10']}. Handovers carry what is live, not what is past."
    )


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
    for replication in range(10):
        trace = live(place, replication)
        for journey in journeys(trace, place, routes):
            if journey.reason == "no-onward-route" and journey.state == STOPPED:
                entries = chronology(trace, place, routes, journey.item)
                decided = place.choices[journey.decision].words.lower()
                words = [e.words for e in entries if e.kind == "decision" and e.words.lower().startswith(decided)]
                assert ["no act was due that leads to this decision" in text for text in words] == [True]
                return
    raise AssertionError("somebody was always due to act: plant another case")


def test_of_what_exists_only_if_asked_the_story_says_that_nobody_asked(stories, place):
    asked_about = {item for item in place.first_chance_to_ask if item not in place.first_sighting}
    told = 0
    for trace, item, entries in stories:
        held = any(event.act == "hold" and event.item == item for event in trace.events)
        if item in asked_about and not held:
            text = " ".join(entry.words for entry in entries)
            assert "Nobody asked there" in text, text
            told += 1
    assert told or place.practice.rule("rule-seek", "health-visitor", "drugs/risk") > 0


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
    for trace, entries in read_aloud:
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
    ids = {
        *place.roles,
        *place.meetings,
        *(file.id for file in place.case.file),
        *(row.id for row in place.transitions),
    }
    words = re.compile(r"[\w-]+")
    for _, entries in read_aloud:
        assert not ids & {word.rstrip("-") for entry in entries for word in words.findall(entry.words)}


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


def test_in_the_story_of_one_thing_what_was_opened_is_told_when_it_is_read(world):
    """A message that carried other things is opened days before it is read; the opening is no part of this story."""
    place = world()
    trace, found = replicate(place, 1, 7), 0
    for entry in chronology(trace, place, Routes(place), "F35"):
        rows = [trace[row] for row in entry.rows]
        if rows and rows[0].act == "open" and (held := [row for row in rows if row.act == "hold"]):
            found += held[0].time > rows[0].time
            assert entry.when == place.calendar.moment(held[0].time), entry.words
    assert found
