"""Every case's replay, on its own policies, at every step: it fits, it keeps what it must until the reveal, its counts
are right, it can be heard, printed and read without script, and it comes out the same again."""

import re
from dataclasses import replace
from statistics import median

import pytest
from turning import CROWDED, HOSTILE, heard, show, step_of, text, turn

from experiments.replay import Scene, casts, replayed, traces_as_recorded, traces_as_usual
from results.replay.build import MOST_BYTES, page, write
from results.replay.gates import core
from scenarios.load import case_names
from simulation.journey import UNSEEN, journeys
from simulation.world import World

pytestmark = pytest.mark.slow
DAYS, MOST = 3, 100
READY, TURNED = 1000, 100
"""Milliseconds until a page can be used, and from one step to the next."""
TURNING = """at => {
  history.replaceState(null, "", at);
  const start = performance.now();
  read();
  document.body.getBoundingClientRect();
  return performance.now() - start;
}"""


@pytest.fixture(scope="module", params=case_names())
def made(request, once, tmp_path_factory):
    """A replay, its page, and the weighed record its days are drawn from."""
    replay, weighed = once(request.param, None, DAYS, MOST)
    return replay, write(replay, tmp_path_factory.mktemp(request.param))[0], weighed


def views(replay):
    """Every step with every policy on the days that fit the record, and each with the first two as usual."""
    steps = range(1, step_of("questions", gates=len(replay.decisions)) + 1)
    for step in steps:
        for policy in range(len(replay.policies)):
            yield step, policy, 0
        yield step, 1, len(replay.series) - 1


def seats(replay):
    return [
        (gate, policy, luck)
        for gate in range(len(replay.decisions))
        for policy in range(len(replay.policies))
        for luck in range(len(replay.series))
    ]


def test_the_page_stays_within_its_size_and_asks_for_nothing(turned, made):
    shown = turned(made[1])
    size = made[1].stat().st_size
    print(f"{made[1].name}: {size / 1000:.0f} kB with {DAYS} days of each kind")
    assert size <= MOST_BYTES
    assert shown.asked == [made[1].as_uri()] and shown.said == []


def test_it_is_ready_and_turns_at_once(turned, made):
    replay, file, _ = made
    ready = []
    for _ in range(3):
        shown = turned(file)
        ready.append(shown.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
    times = {}
    for step, policy, luck in views(replay):
        address = f"#step={step}&policy={policy}&day=1&luck={luck}"
        took = shown.evaluate(TURNING, address)
        times.setdefault(step, []).append(took)
    slowest = max(times, key=lambda step: min(times[step]))
    usual = median(time for some in times.values() for time in some)
    most = min(times[slowest])
    print(f"{file.name}: ready in {min(ready):.0f} ms; a step in {usual:.0f} ms, step {slowest} in {most:.0f} ms")
    assert min(ready) < READY
    assert most < TURNED


@pytest.mark.parametrize("width", [1366, 1024])
def test_every_step_fits_the_projector(turned, made, width):
    replay, file, _ = made
    shown = turned(file, width, 768)
    wrong = {}
    for step, policy, luck in views(replay):
        turn(shown, step, policy, replay.series[luck].opening, luck)
        if found := shown.evaluate(CROWDED):
            wrong[step, policy, luck] = found
    assert wrong == {}
    assert shown.said == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_at_any_step(turned, axe, made, theme):
    replay, file, _ = made
    shown = turned(file)
    if theme == "dark":
        shown.click("#dark")
    for step in range(1, step_of("questions", gates=len(replay.decisions)) + 1):
        turn(shown, step, policy=2, day=replay.shown.opening)
        assert axe(shown) == [], step
        assert shown.evaluate("seen.contrasts()") == [], step
    show(shown, "pause", gates=len(replay.decisions))
    shown.click("#open-ask")
    assert axe(shown) == []


def test_nothing_is_told_before_its_time(turned, made):
    replay, file, _ = made
    shown = turned(file)
    hidden = 0
    for gate, policy, luck in seats(replay):
        series = replay.series[luck]
        rows = series.every[policy].day.at(replay.decisions[gate])
        had = " ".join(replay.world.items[row.item].words for row in rows if row.had).lower()
        kept = {replay.world.items[row.item].words.lower()[:20] for row in rows if not row.had}
        kept = {opening for opening in kept if opening not in had}
        hidden += len(kept)
        for kind in ("seat", "pause"):
            show(shown, kind, gate, policy, series.opening, len(replay.decisions), luck)
            said = (text(shown) + heard(shown)).lower()
            shown.click("#open-table")
            said += (text(shown) + heard(shown)).lower()
            shown.click("#table button")
            assert {opening for opening in kept if opening in said} == set()
            assert not re.search(r"held \d|had \d+ of", said)
        show(shown, "where", gate, policy, series.opening, len(replay.decisions), luck)
        shown.click("#open-table")
        after = text(shown).lower()
        shown.click("#table button")
        assert {opening for opening in kept if opening not in after} == set()
    assert hidden


def test_counts_are_those_of_the_journeys(turned, made):
    replay, file, weighed = made
    shown = turned(file)
    case, names = replay.world.case.case.id, tuple(policy.name for policy in replay.policies[1:])
    scene = Scene(case, names, replay.decisions, core(replay.world), 1)
    for luck, series in enumerate(replay.series):
        number = series.luck.numbers[series.opening]
        traces = traces_as_usual(scene, number) if luck else traces_as_recorded(scene, weighed.asked, number)
        for policy, (trace, (world, routes)) in enumerate(zip(traces, casts(case, names), strict=True)):
            ways = list(journeys(trace, world, routes, scene.items))
            for gate, name in enumerate(replay.decisions):
                mine = [way for way in ways if way.decision == name]
                show(shown, "reveal", gate, policy, series.opening, len(replay.decisions), luck)
                said = shown.inner_text("#status")
                assert f"had {sum(way.read for way in mine)} of {len(mine)} item" in said
                assert f"held {sum(way.state != UNSEEN for way in mine)}." in said


def test_the_handout_is_two_landscape_pages(turned, made, tmp_path):
    pdfium = pytest.importorskip("pypdfium2")
    printed = tmp_path / "handout.pdf"
    turned(made[1]).pdf(path=printed, prefer_css_page_size=True)
    paper = pdfium.PdfDocument(printed)
    assert [sheet.get_width() > sheet.get_height() for sheet in paper] == [True, True]
    words = "\n".join(sheet.get_textpage().get_text_range() for sheet in paper)
    assert "Questions to discuss" in words and "When the room says" not in words


def test_without_script_the_handout_can_be_read(turned, made):
    replay, file, _ = made
    words = turned(file, java_script_enabled=False).inner_text("body")
    bearing = {row.item for name in replay.decisions for row in replay.shown.twins[0][0].day.at(name)}
    assert all(replay.world.items[item].words[1:] in words for item in bearing)
    assert "Where it stopped" in words and "Another day" not in words


def test_hostile_words_are_shown_as_words(turned, practice, made, tmp_path):
    replay = made[0]
    case = replay.world.case
    items = tuple(item.model_copy(update={"words": f"{HOSTILE} {item.id}"}) for item in case.item)
    hostile = replace(replay, world=World(case.model_copy(update={"item": items}), practice))
    shown = turned(write(hostile, tmp_path)[0], width=1024)
    for step in range(1, step_of("questions", gates=len(replay.decisions)) + 1):
        turn(shown, step, day=replay.shown.opening)
        assert shown.locator("#planted").count() == 0
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert shown.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert shown.said == []


def test_it_comes_out_the_same_again(made):
    replay = made[0]
    again = replayed(replay.world.case.case.id, None, None, DAYS, 1, 2, most=MOST)
    assert page(again) == page(replay)
