"""The trainer's replay in a real browser: what it says is what the tables say, and not before its time."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from turning import CASE, DAYS, HOSTILE, POLICIES, heard, show, step_of, text, turn

from experiments.replay import Scene, casts, traces_as_recorded, traces_as_usual
from results.replay.build import MOST_BYTES, pack, write
from results.replay.data import page_data
from results.replay.gates import core
from results.replay.paths import Stop
from simulation.journey import STATES, UNSEEN, journeys
from simulation.world import World

PULL, NULL = 2, 3
GATES = ("conference", "review")
STEPS = range(1, step_of("questions") + 1)


@pytest.fixture
def shown(turned, file):
    return turned(file)


@pytest.fixture(scope="session")
def traces(lived_once):
    """The traces of a day, with no change and under each policy, lived anew."""
    replay, weighed = lived_once
    scene = Scene(CASE, tuple(POLICIES), GATES, frozenset(replay.core), 1)

    @cache
    def make(day, luck):
        number = replay.series[luck].luck.numbers[day]
        return list(traces_as_usual(scene, number) if luck else traces_as_recorded(scene, weighed.asked, number))

    return make


@pytest.fixture(scope="session")
def lived(replay, traces):
    """The journeys of core items to the decisions shown: what every table rests on."""

    def make(policy, day, luck=0):
        world, routes = casts(CASE, tuple(POLICIES))[policy]
        return list(journeys(traces(day, luck)[policy], world, routes, core(world)))

    return make


# --- the file ------------------------------------------------------------------------------------------------------


def test_the_page_asks_for_nothing_but_itself(shown, file):
    for step in STEPS:
        turn(shown, step)
    assert shown.asked == [file.as_uri()]
    assert shown.said == []
    source = file.read_text(encoding="utf-8")
    assert not re.findall(r"https?://(?!www\.w3\.org/)", source)
    size = len(source.encode())
    print(f"{file.name}: {size / 1000:.0f} kB")
    assert size <= MOST_BYTES


BANNED = ("failed", "missed", "ignored", "should have", "neglected to", "blame", "victim", "mistake", "careless")


def test_nobody_is_blamed(replay, file):
    words = file.read_text(encoding="utf-8").lower()
    assert [word for word in BANNED if word in words] == []
    notes = pack(replay).lower()
    assert [word for word in BANNED if word in notes and word != "blame"] == []


# --- true numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "day", "luck"), [(0, 0, 0), (1, 5, 0), (PULL, 3, 0), (NULL, 2, 0), (0, 4, 1), (PULL, 7, 1)]
)
def test_the_counts_are_those_of_the_journeys(shown, lived, policy, day, luck):
    ways = lived(policy, day, luck)
    for gate, name in enumerate(GATES):
        mine = [way for way in ways if way.decision == name]
        had, held = sum(way.read for way in mine), sum(way.state != UNSEEN for way in mine)
        show(shown, "reveal", gate, policy, day, luck=luck)
        said = shown.inner_text("#status")
        assert f"had {had} of {len(mine)} items" in said and f"held {held}." in said
        show(shown, "where", gate, policy, day, luck=luck)
        by_state = [row.lower() for row in shown.locator("ul.rest > li").all_inner_texts()]
        for state in STATES[1:]:
            assert sum(state in row for row in by_state) == sum(way.state == state for way in mine)


@pytest.mark.parametrize(("policy", "luck"), [(0, 0), (PULL, 0), (1, 1)])
def test_the_funnel_adds_up(shown, lived, policy, luck):
    show(shown, "funnel", policy=policy, day=3, luck=luck)
    rows = shown.locator("#scene table.funnel tbody tr").all()
    counts = [[int(n) for n in re.findall(r"(\d+) of", row.inner_text())] for row in rows]
    lost = [sum(int(n) for n in re.findall(r"\((\d+)\)", row.inner_text())) for row in rows]
    assert len(rows) == 8 and counts[0] == [8, 10]
    for place in range(1, 8):
        assert sum(counts[place - 1]) - sum(counts[place]) == lost[place]
    ways = lived(policy, 3, luck)
    assert counts[-1] == [sum(way.weighed for way in ways if way.decision == name) for name in GATES]


def decisions_of(line):
    """Of which decisions a line of changes speaks."""
    return [int(number) for number in re.findall(r"\d+", line.partition(":")[0])]


@pytest.mark.parametrize("policy", [1, 2])
def test_the_changed_items_are_the_difference_of_the_tables(shown, replay, lived, policy):
    letters = {item: chr(ord("A") + place) for place, item in enumerate(replay.core)}
    changed = 0
    for day in range(DAYS):
        show(shown, "policies", policy=policy, day=day)
        lines = shown.locator(".changes li").all_inner_texts()
        assert sorted(gate for line in lines for gate in decisions_of(line)) == [1, 2]
        for gate, name in enumerate(GATES, 1):
            line = next(line for line in lines if gate in decisions_of(line))
            before, after = (
                {letters[way.item] for way in lived(under, day) if way.decision == name and way.read}
                for under in (0, policy)
            )
            also, _, gone = line.partition("no longer had ")
            found = set(re.findall(r"(?:had |; )([A-Z])\b", also.partition(": ")[2]))
            assert found == after - before
            assert set(re.findall(r"(?:^|; )([A-Z])\b", gone)) == before - after
            changed += len(after ^ before)
    assert changed


def test_the_days_are_all_there_and_the_ring_is_on_the_one_shown(shown, replay):
    show(shown, "days", policy=PULL, day=4)
    assert shown.locator("circle.dot").count() == 2 * DAYS
    assert shown.locator("circle.ring").count() == 2
    had = [under[0].day.had for under in replay.shown.twins]
    fewer, same, more = (sum(f(n) for n in had) for f in (had[4].__gt__, had[4].__eq__, had[4].__lt__))
    assert f"Of {DAYS} days, {same} had as many, {fewer} fewer and {more} more." in text(shown)


@pytest.mark.parametrize("luck", [0, 1])
def test_it_opens_on_the_day_nearest_the_median(turned, file, replay, luck):
    series = replay.series[luck]
    had = sorted(under[0].day.had for under in series.twins)
    middle = (had[(DAYS - 1) // 2] + had[DAYS // 2]) / 2
    gaps = [abs(under[0].day.had - middle) for under in series.twins]
    assert series.opening == gaps.index(min(gaps))
    shown = turned(file, at=f"#luck={luck}")
    assert f"Day {series.opening + 1} of {DAYS} (opening day)" in text(shown)
    assert f"day {series.opening + 1} of {DAYS}" in shown.inner_text("#scene")


# --- days that fit the record, and days as usual -------------------------------------------------------------------


def test_days_that_fit_the_record_have_in_them_what_it_says(replay, traces):
    def fits(trace):
        acts = {
            (event.act, event.who, event.whom): event.happened for event in trace.events if event.occasion == GATES[0]
        }
        invited = all(
            acts.get(("invite", "conference-office", who)) for who in ("school", "gp", "police-child-protection")
        )
        return invited and acts.get(("attend", "school", "")) is True and acts.get(("attend", "gp", "")) is False

    assert all(fits(traces(day, 0)[0]) for day in range(DAYS))
    assert not all(fits(traces(day, 1)[0]) for day in range(DAYS))


def test_the_page_says_at_every_step_which_days_it_shows(shown):
    for luck, words in enumerate(("fitting the record", "as usual")):
        for step in STEPS:
            turn(shown, step, luck=luck)
            assert shown.locator("#lucks label:has(:checked)").inner_text().strip() == words
        show(shown, "reveal", luck=luck)
        shown.click("#open-table")
        assert words in shown.inner_text("#table h2")
        shown.click("#table header button")
        show(shown, "care", luck=luck)
        assert ("not tied to the record" in shown.inner_text("#scene")) == bool(luck)


def test_the_switch_keeps_the_step_and_each_kind_its_own_day(shown, replay):
    show(shown, "where", 1, policy=PULL, day=6)
    shown.check("[name=luck][value='1']")
    step, opening = step_of("where", 1), replay.series[1].opening
    assert shown.evaluate("location.hash") == f"#step={step}&policy={PULL}&day={opening + 1}&luck=1"
    shown.click("#another")
    shown.check("[name=luck][value='0']")
    assert shown.evaluate("location.hash") == f"#step={step}&policy={PULL}&day=7&luck=0"


def test_a_case_without_a_record_has_days_as_usual_alone(turned, replay, tmp_path):
    shown = turned(write(replace(replay, series=replay.series[1:]), tmp_path)[0])
    assert shown.locator("#lucks label").all_inner_texts() == ["as usual"]
    assert "fitting the record" not in text(shown)


def test_a_history_that_stands_for_two_days_says_so(turned, replay, tmp_path):
    first, other = replay.series
    twice = replace(first, luck=first.luck._replace(numbers=(3, 3, *first.luck.numbers[2:])), opening=2)
    shown = turned(write(replace(replay, series=(twice, other)), tmp_path)[0])
    show(shown, "seat", day=1)
    assert "Day 2 of 8 (the same as 1)" in text(shown)
    show(shown, "seat", day=0)
    assert "the same as" not in text(shown)


# --- the same luck -------------------------------------------------------------------------------------------------


def happened(trace, before):
    return [
        (event.time, event.act.removeprefix("rule-"), event.who, event.whom, event.item)
        for event in trace.events
        if event.happened and event.time < before
    ]


@pytest.mark.parametrize("policy", [1, 2])
@pytest.mark.parametrize("luck", [0, 1])
def test_until_they_part_two_histories_are_one(replay, traces, policy, luck):
    parted = 0
    for day, under in enumerate(replay.series[luck].twins):
        if moment := under[policy].parting:
            ours, theirs = traces(day, luck)[0], traces(day, luck)[policy]
            assert Counter(happened(ours, moment.time)) == Counter(happened(theirs, moment.time))
            assert Counter(happened(ours, moment.time + 1)) != Counter(happened(theirs, moment.time + 1))
            assert moment.first != moment.other
            parted += 1
    assert parted


def test_a_policy_that_does_nothing_changes_nothing(shown, replay):
    for days in page_data(replay)["lucks"]:
        assert days["runs"][NULL] == days["runs"][0]
        assert days["runs"][PULL] != days["runs"][0]
    show(shown, "policies", policy=NULL)
    assert "The two histories never part on this day." in text(shown)


def test_a_policy_switch_keeps_step_and_day(shown):
    show(shown, "where", 1, day=6)
    shown.check("[name=policy][value='2']")
    assert shown.evaluate("location.hash") == f"#step={step_of('where', 1)}&policy=2&day=7&luck=0"


# --- not before its time -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["seat", "pause"])
@pytest.mark.parametrize("gate", [0, 1])
def test_no_spoiler(shown, replay, kind, gate):
    hidden = 0
    for policy in (0, PULL):
        for day in (replay.shown.opening, 0, 7):
            rows = replay.shown.twins[day][policy].day.at(GATES[gate])
            kept = [replay.world.items[row.item].words for row in rows if not row.had]
            hidden += len(kept)
            show(shown, kind, gate, policy, day)
            shown.click("#open-table")
            beside = text(shown) + heard(shown)
            shown.click("#table button")
            everything = (beside + text(shown) + heard(shown)).lower()
            for words in kept:
                assert " ".join(words.lower().split()[:4]) not in everything
            assert not re.search(r"held \d|had \d+ of", everything)
            show(shown, "where", gate, policy, day)
            after = (text(shown) + heard(shown)).lower()
            for words in kept:
                assert " ".join(words.lower().split()[:4]) in after
            assert re.search(r"held \d", after)
    assert hidden


def test_what_was_had_shows_before_the_reveal(shown, replay):
    rows = replay.shown.twins[replay.shown.opening][0].day.at(GATES[0])
    show(shown, "pause", 0, day=replay.shown.opening)
    for row in rows:
        assert (replay.world.items[row.item].words[1:] in text(shown)) == row.had


# --- the five states -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def planted(replay, tmp_path_factory):
    """The opening day with one item in each of the five states at the first decision."""
    series = replay.shown
    under = series.twins[series.opening]
    rows = under[0].day.at(GATES[0])
    lead = replay.world.choices[GATES[0]].lead
    ends = [
        ("had and weighed", "", ""),
        ("had, not weighed", "weighed", "outweighed"),
        ("still moving", "delivered", "routing-delay"),
        ("stopped", "sent", "not-invited"),
        ("not yet noticed", "noticed", "not-seen"),
    ]
    states = [
        row._replace(
            state=state,
            stage=stage,
            reason=reason,
            next="Next, it reaches the chair on 22 April." if state == "still moving" else "",
            path=(Stop(0, "gp"), *([Stop(9000, lead)] if state in STATES[:2] else [])) if state != UNSEEN else (),
            asked=(),
        )
        for row, (state, stage, reason) in zip(rows, (ends * 2)[: len(rows)], strict=True)
    ]
    others = [row for row in under[0].day.standings if row.decision != GATES[0]]
    day = under[0].day._replace(standings=(*states, *others))
    twins = list(series.twins)
    twins[series.opening] = (under[0]._replace(day=day), *under[1:])
    folder = tmp_path_factory.mktemp("planted")
    return write(replace(replay, series=(replace(series, twins=twins),)), folder)[0], states


def test_each_state_reads_as_itself(turned, planted, replay):
    path, rows = planted
    shown = turned(path)
    show(shown, "reveal", 0, day=replay.shown.opening)
    assert "had 4 of 8 items. The system held 7." in shown.inner_text("#status")
    key = shown.locator("ul.key li").all_inner_texts()
    show(shown, "where", 0, day=replay.shown.opening)
    listed = shown.locator("ul.rest > li").all_inner_texts()
    for row in rows:
        words = replay.world.items[row.item].words[1:20]
        assert next(line for line in key if words in line).count(f"({row.state}") == 1
        mine = [line for line in listed if words in line]
        assert len(mine) == (row.state != STATES[0])
        for line in mine:
            assert [state for state in STATES if state in line.lower()] == [row.state]
            assert ("reaches the chair on 22 April" in line) == (row.state == "still moving")
            assert ("not invited" in line) == (row.state == "stopped")


def test_what_moves_ends_in_an_arrow_and_what_stopped_in_a_bar(turned, planted, replay):
    shown = turned(planted[0])
    show(shown, "reveal", 0, day=replay.shown.opening)
    chart = shown.locator(".drawn svg")
    assert chart.locator("path.head").count() == 2
    assert chart.locator("path.end").count() == 1
    assert chart.locator("circle.disc.full").count() == 4


# --- by hand -------------------------------------------------------------------------------------------------------


def place(page):
    return int(re.search(r"step=(\d+)", page.evaluate("location.hash")).group(1))


def test_keys_turn_the_page(shown):
    for key, wanted in [("Space", 2), ("ArrowRight", 3), ("PageDown", 4), ("ArrowLeft", 3), ("PageUp", 2), ("End", 13)]:
        shown.keyboard.press(key)
        assert place(shown) == wanted, key
    for key, wanted in [("ArrowRight", 13), ("Home", 1), ("PageUp", 1), ("n", 1), ("5", 1)]:
        shown.keyboard.press(key)
        assert place(shown) == wanted, key


@pytest.mark.parametrize(
    "control", ["#back", "#next", "#another", "#dark", "#open-table", "[name=policy]:checked", "[name=luck]:checked"]
)
def test_keys_work_from_every_control_and_space_acts_on_it_alone(shown, control):
    show(shown, "reveal")
    at = place(shown)
    shown.locator(control).focus()
    shown.keyboard.press("PageDown")
    assert place(shown) == at + 1
    shown.keyboard.press("PageUp")
    assert place(shown) == at
    assert shown.evaluate(f"document.activeElement === document.querySelector({control!r})")
    shown.keyboard.press("Space")
    moved = {"#back": at - 1, "#next": at + 1}.get(control, at)
    assert place(shown) == moved


def test_arrows_among_policies_stay_there(shown):
    show(shown, "reveal")
    at = place(shown)
    shown.locator("[name=policy]:checked").focus()
    shown.keyboard.press("ArrowRight")
    assert place(shown) == at and "policy=1" in shown.evaluate("location.hash")
    assert shown.evaluate("document.activeElement.value") == "1"


def test_back_undoes_next(shown):
    seen = []
    for _ in STEPS[1:]:
        seen.append(text(shown))
        shown.click("#next")
    for before in reversed(seen):
        shown.click("#back")
        assert text(shown) == before


def test_another_day_goes_round_in_order(shown, replay):
    days = []
    for _ in range(DAYS):
        days.append(int(re.search(r"day=(\d+)", shown.evaluate("location.hash")).group(1)) - 1)
        shown.click("#another")
    assert days == [(replay.shown.opening + n) % DAYS for n in range(DAYS)]


def test_an_address_restores_a_view_and_a_wrong_one_harms_nothing(turned, file, replay):
    assert "Decision 1: where each item stood" in text(turned(file, at="#step=5&policy=2&day=7"))
    shown = turned(file)
    for wrong in ("#step=99", "#step=-1&policy=9&day=0", "#step=1e1", "#policy=;drop", "#step=5.5", "#luck=2", "#%%%"):
        shown.goto("about:blank")
        shown.goto(file.as_uri() + wrong)
        assert shown.said == []
        assert shown.evaluate("location.hash") == f"#step=1&policy=0&day={replay.shown.opening + 1}&luck=0"


def test_questions_find_what_somebody_had_and_nothing_is_counted(shown, replay):
    found = 0
    for day in range(DAYS):
        show(shown, "pause", 0, day=day)
        shown.click("#open-ask")
        shown.evaluate("document.querySelectorAll('#ask input:not(:checked)').forEach((box) => box.click())")
        shown.click("#ask header button")
        show(shown, "where", 0, day=day)
        told = shown.locator(".found").all_inner_texts()
        wanted = [row for row in replay.shown.twins[day][0].day.at(GATES[0]) if not row.had and row.asked]
        assert len(told) == len(wanted)
        found += len(told)
        assert "score" not in text(shown).lower()
    assert found
    show(shown, "pause", 0)
    shown.click("#open-ask")
    shown.locator("#ask input").first.uncheck()


# --- hostile and bare ----------------------------------------------------------------------------------------------


def test_hostile_words_are_shown_as_words(turned, replay, practice, tmp_path):
    case = replay.world.case
    items = tuple(item.model_copy(update={"words": HOSTILE}) for item in case.item)
    hostile = replace(replay, world=World(case.model_copy(update={"item": items}), practice))
    shown = turned(write(hostile, tmp_path)[0], width=1024)
    for step in STEPS:
        turn(shown, step)
        assert shown.locator("#planted").count() == 0
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert shown.evaluate("document.documentElement.scrollHeight <= innerHeight")
    show(shown, "pause", 0, day=replay.shown.opening)
    assert "</script><b id=planted>“ché”</b> & 'quotes'" in text(shown)
    assert shown.said == []


def test_without_script_the_handout_can_be_read(turned, file, replay):
    shown = turned(file, java_script_enabled=False)
    words = shown.inner_text("body")
    assert all(replay.world.items[item].words[1:] in words for item in replay.core)
    assert "Where it stopped" in words and "Another day" not in words
