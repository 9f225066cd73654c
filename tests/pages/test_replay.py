"""The trainer's replay in a real browser: what it says is what the tables say, and not before its time."""

import re
from dataclasses import replace

import pytest
from turning import CASE, DAYS, POLICIES, heard, show, step_of, text

from experiments.replay import casts, replayed
from experiments.replication import replicate
from results.replay.build import MOST_BYTES, pack, page, write
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
def lived():
    """The journeys of core items to the decisions shown, of a run made anew: what every table rests on."""

    def make(policy, day):
        world, routes = casts(CASE, tuple(POLICIES))[policy]
        return list(journeys(replicate(world, 1, day), world, routes, core(world)))

    return make


# --- the file ------------------------------------------------------------------------------------------------------


def test_the_page_asks_for_nothing_but_itself(shown, file):
    for step in STEPS:
        shown.evaluate(f"location.hash = '#step={step}'")
    assert shown.asked == [file.as_uri()]
    assert shown.said == []
    source = file.read_text(encoding="utf-8")
    assert not re.findall(r"https?://(?!www\.w3\.org/)", source)
    size = len(source.encode())
    print(f"{file.name}: {size / 1000:.0f} kB")
    assert size <= MOST_BYTES


def test_two_builds_are_the_same_whatever_the_number_of_processes(replay):
    again = replayed(CASE, POLICIES, None, DAYS, 1, 2)
    assert page(again) == page(replay)
    assert pack(again) == pack(replay)


BANNED = ("failed", "missed", "ignored", "should have", "neglected to", "blame", "victim", "mistake", "careless")


def test_nobody_is_blamed(replay, file):
    words = file.read_text(encoding="utf-8").lower()
    assert [word for word in BANNED if word in words] == []
    notes = pack(replay).lower()
    assert [word for word in BANNED if word in notes and word != "blame"] == []


# --- true numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", range(4))
@pytest.mark.parametrize("day", [0, 5, 11])
def test_the_counts_are_those_of_the_journeys(shown, lived, policy, day):
    ways = lived(policy, day)
    for gate, name in enumerate(GATES):
        mine = [way for way in ways if way.decision == name]
        had, held = sum(way.read for way in mine), sum(way.state != UNSEEN for way in mine)
        show(shown, "reveal", gate, policy, day)
        said = shown.inner_text("#status")
        assert f"had {had} of {len(mine)} items" in said and f"held {held}." in said
        show(shown, "where", gate, policy, day)
        rows = {row.split("\n")[0]: row for row in shown.locator("ul.rest > li").all_inner_texts()}
        by_state = list(rows.values())
        for state in STATES[1:]:
            count = sum(way.state == state for way in mine)
            assert sum(state in row.lower() for row in by_state) == count


@pytest.mark.parametrize("policy", range(4))
def test_the_funnel_adds_up(shown, lived, policy):
    show(shown, "funnel", policy=policy, day=3)
    rows = shown.locator("#scene table.funnel tbody tr").all()
    counts = [[int(n) for n in re.findall(r"(\d+) of", row.inner_text())] for row in rows]
    lost = [sum(int(n) for n in re.findall(r"\((\d+)\)", row.inner_text())) for row in rows]
    assert len(rows) == 8 and counts[0] == [8, 10]
    for place in range(1, 8):
        assert sum(counts[place - 1]) - sum(counts[place]) == lost[place]
    ways = lived(policy, 3)
    assert counts[-1] == [sum(way.weighed for way in ways if way.decision == name) for name in GATES]


@pytest.mark.parametrize("policy", [1, 2])
def test_the_changed_items_are_the_difference_of_the_tables(shown, replay, lived, policy):
    letters = {item: chr(ord("A") + place) for place, item in enumerate(replay.core)}
    changed = 0
    for day in range(DAYS):
        show(shown, "policies", policy=policy, day=day)
        lines = shown.locator(".changes li").all_inner_texts()
        for name, line in zip(GATES, lines, strict=True):
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
    had = [under[0].day.had for under in replay.twins]
    fewer, same, more = (sum(f(n) for n in had) for f in (had[4].__gt__, had[4].__eq__, had[4].__lt__))
    assert f"Of {DAYS} days, {same} had as many, {fewer} fewer and {more} more." in text(shown)


def test_it_opens_on_the_day_nearest_the_median(shown, replay):
    had = sorted(under[0].day.had for under in replay.twins)
    middle = (had[(DAYS - 1) // 2] + had[DAYS // 2]) / 2
    gaps = [abs(under[0].day.had - middle) for under in replay.twins]
    assert replay.opening == gaps.index(min(gaps))
    assert f"Day {replay.opening + 1} of {DAYS} (opening day)" in text(shown)
    assert f"day {replay.opening + 1} of {DAYS}" in shown.inner_text("#scene")


# --- the same luck -------------------------------------------------------------------------------------------------


def happened(trace, before):
    return [
        (event.time, event.act.removeprefix("rule-"), event.who, event.whom, event.item)
        for event in trace.events
        if event.happened and event.time < before
    ]


@pytest.mark.parametrize("policy", [1, 2])
def test_until_they_part_two_histories_are_one(replay, policy):
    parted = 0
    for day, under in enumerate(replay.twins):
        if moment := under[policy].parting:
            usual, other = (casts(CASE, tuple(POLICIES))[place].world for place in (0, policy))
            ours, theirs = replicate(usual, 1, day), replicate(other, 1, day)
            assert set(happened(ours, moment.time)) == set(happened(theirs, moment.time))
            assert set(happened(ours, moment.time + 1)) != set(happened(theirs, moment.time + 1))
            assert moment.first != moment.other
            parted += 1
    assert parted


def test_a_policy_that_does_nothing_changes_nothing(shown, replay):
    data = page_data(replay)
    assert data["runs"][NULL] == data["runs"][0]
    assert data["runs"][PULL] != data["runs"][0]
    show(shown, "policies", policy=NULL)
    assert "The two histories never part on this day." in text(shown)


def test_a_policy_switch_keeps_step_and_day(shown):
    show(shown, "where", 1, day=6)
    shown.check("[name=policy][value='2']")
    assert shown.evaluate("location.hash") == f"#step={step_of('where', 1)}&policy=2&day=7"


# --- not before its time -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["seat", "pause"])
@pytest.mark.parametrize("gate", [0, 1])
def test_no_spoiler(shown, replay, kind, gate):
    hidden = 0
    for policy in (0, PULL):
        for day in (replay.opening, 0, 3, 7):
            rows = replay.twins[day][policy].day.at(GATES[gate])
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
    rows = replay.twins[replay.opening][0].day.at(GATES[0])
    show(shown, "pause", 0, day=replay.opening)
    for row in rows:
        assert (replay.world.items[row.item].words[1:] in text(shown)) == row.had


# --- the five states -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def planted(replay, tmp_path_factory):
    """The opening day with one item in each of the five states at the first decision."""
    under = replay.twins[replay.opening]
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
    twins = list(replay.twins)
    twins[replay.opening] = (under[0]._replace(day=day), *under[1:])
    folder = tmp_path_factory.mktemp("planted")
    return write(replace(replay, twins=twins), folder)[0], states


def test_each_state_reads_as_itself(turned, planted, replay):
    path, rows = planted
    shown = turned(path)
    show(shown, "reveal", 0, day=replay.opening)
    assert "had 4 of 8 items. The system held 7." in shown.inner_text("#status")
    key = shown.locator("ul.key li").all_inner_texts()
    show(shown, "where", 0, day=replay.opening)
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
    show(shown, "reveal", 0, day=replay.opening)
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


@pytest.mark.parametrize("control", ["#back", "#next", "#another", "#dark", "#open-table", "[name=policy]:checked"])
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
    assert days == [(replay.opening + n) % DAYS for n in range(DAYS)]


def test_an_address_restores_a_view_and_a_wrong_one_harms_nothing(turned, file, replay):
    assert "Decision 1: where each item stood" in text(turned(file, at="#step=5&policy=2&day=7"))
    for wrong in ("#step=99", "#step=-1&policy=9&day=0", "#step=1e1", "#policy=;drop", "#step=5.5", "#%%%"):
        shown = turned(file, at=wrong)
        assert shown.said == []
        assert shown.evaluate("location.hash") == f"#step=1&policy=0&day={replay.opening + 1}"


def test_questions_find_what_somebody_had_and_nothing_is_counted(shown, replay):
    found = 0
    for day in range(DAYS):
        show(shown, "pause", 0, day=day)
        shown.click("#open-ask")
        for box in shown.locator("#ask input").all():
            box.check()
        shown.click("#ask header button")
        show(shown, "where", 0, day=day)
        told = shown.locator(".found").all_inner_texts()
        wanted = [row for row in replay.twins[day][0].day.at(GATES[0]) if not row.had and row.asked]
        assert len(told) == len(wanted)
        found += len(told)
        assert "score" not in text(shown).lower()
    assert found
    show(shown, "pause", 0)
    shown.click("#open-ask")
    shown.locator("#ask input").first.uncheck()


# --- hostile and bare ----------------------------------------------------------------------------------------------

HOSTILE = "</script><b id=planted>“ché”</b> & 'quotes' \u2028 " + "a very long account of it " * 6


def test_hostile_words_are_shown_as_words(turned, replay, practice, tmp_path):
    case = replay.world.case
    items = tuple(item.model_copy(update={"words": HOSTILE}) for item in case.item)
    hostile = replace(replay, world=World(case.model_copy(update={"item": items}), practice))
    shown = turned(write(hostile, tmp_path)[0], width=1024)
    for step in STEPS:
        shown.evaluate(f"location.hash = '#step={step}'")
        assert shown.locator("#planted").count() == 0
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert shown.evaluate("document.documentElement.scrollHeight <= innerHeight")
    show(shown, "pause", 0, day=replay.opening)
    assert "</script><b id=planted>“ché”</b> & 'quotes'" in text(shown)
    assert shown.said == []


def test_without_script_the_handout_can_be_read(turned, file, replay):
    shown = turned(file, java_script_enabled=False)
    words = shown.inner_text("body")
    assert all(replay.world.items[item].words[1:] in words for item in replay.core)
    assert "Where it stopped" in words and "Another day" not in words
