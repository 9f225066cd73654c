"""Figures: each is written, says what it must, and stays legible in a crowd."""

from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from experiments.compare import FIGURES, arms, perform
from experiments.design import Experiment
from results.days import Days
from results.facts import in_few, undated
from results.findings import share, signed
from results.measures import OWN, SCORED
from results.plots.funnel import stages
from results.plots.house import apart, house_style, save
from results.plots.labels import beside
from results.plots.reach_map import reach_map
from results.plots.strips import shortly
from results.plots.times import reading_times

START = pd.Timestamp("2020-03-16")
LONG = (
    "several callers reported a woman being assaulted at the home, and police met the mother intoxicated while pregnant"
)


@pytest.fixture(scope="module", params=[0, 2], ids=["without draws", "with draws"])
def written(request, tmp_path_factory):
    root = tmp_path_factory.mktemp("figures") / "run"
    few = Experiment("compare", "rowan-family", arms(["pull", "P46"]), replications=6, draws=request.param, per_draw=3)
    return perform(few, root, workers=1)


OF_A_COMPARISON = {name: question for name, question in FIGURES.items() if name != "response"}
"""All but what a sweep alone has."""


@pytest.mark.parametrize("name", OF_A_COMPARISON)
def test_every_figure_is_written_twice_and_says_it_is_simulated(written, name):
    folder = written.root / "figures"
    drawn = (folder / f"{name}.svg").read_text()
    assert (folder / f"{name}.png").stat().st_size > 20_000
    assert FIGURES[name].rstrip("?") in drawn
    assert "Simulated" in drawn and "runs" in drawn
    assert "95 %" in drawn or name == "reading-times"
    assert written.figures == OF_A_COMPARISON


def test_what_is_printed_beside_the_table(written):
    gap, held = written.picture
    assert "a gap of +" in gap and "all in the room together" in held
    table = written.differences
    assert set(table["arm"]) == {"usual", "pull", "P46"}
    null = table[(table["arm"] == "P46") & (table["measure"] == "wider")].iloc[0]
    assert null["difference"] == 0 and null["chance_low"] < 0 < null["chance_high"]


def large(rows=35, columns=15):
    """A case as large as any we expect."""
    luck = np.random.default_rng(1)
    items = [f"F{number:02d}" for number in range(rows)]
    decisions = pd.DataFrame(
        {
            "decision": [f"D{number:02d}" for number in range(columns)],
            "words": ["parenting assessment's conclusion"] * columns,
            "at": [START + pd.Timedelta(days=4 * number + 90 * (number > 3)) for number in range(columns)],
        }
    )
    decisions["on"] = [Days().label(at) for at in decisions["at"]]
    facts = pd.DataFrame(
        {"item": items, "words": LONG, "since": [START + pd.Timedelta(days=number) for number in range(rows)]}
    )
    cells = pd.DataFrame(
        [
            ("yes", item, decision, OWN if luck.random() < 0.1 else SCORED, 100 * luck.random(), 400)
            for item in items
            for decision in decisions["decision"]
        ],
        columns=["critical", "item", "decision", "line", "read", "runs"],
    )
    return facts, decisions, cells, luck


def over_each_other(figure, texts):
    """Pairs of texts whose boxes overlap."""
    figure.draw_without_rendering()
    boxes = {text: Text.get_window_extent(text) for text in texts if text.get_text()}
    return [(a.get_text(), b.get_text()) for a, b in combinations(boxes, 2) if boxes[a].overlaps(boxes[b])]


def test_a_large_reach_map_is_legible(tmp_path):
    facts, decisions, cells, _ = large()
    figure = reach_map(cells, facts, decisions, "A large case")
    level = [text for text in figure.axes[0].texts if not text.get_rotation()]
    assert not over_each_other(figure, [*level, *figure.axes[0].get_yticklabels()])
    assert min(text.get_fontsize() for text in level) >= 8
    assert all(path.stat().st_size > 50_000 for path in save(figure, tmp_path, "map"))


@pytest.mark.parametrize("days", [800, *(pytest.param(few, marks=pytest.mark.slow) for few in (160, 360))])
def test_large_reading_times_are_legible(tmp_path, days):
    facts, decisions, cells, luck = large()
    rows = [(run, item, 600, luck.choice([np.nan, 9000.0, 90000.0])) for run in range(20) for item in facts["item"]]
    first = pd.DataFrame(rows, columns=["replication", "item", "noticed", "read"])
    window = (START.to_pydatetime(), (START + pd.Timedelta(days=days)).to_pydatetime())
    figure = reading_times(first, cells[cells["line"] == SCORED], facts, decisions, window, "A large case", Days())
    level = [text for text in figure.axes[0].texts if not text.get_rotation()]
    assert not over_each_other(figure, [*level, *figure.axes[0].get_yticklabels()])
    assert not over_each_other(figure, figure.axes[0].get_xticklabels())
    assert all(path.stat().st_size > 50_000 for path in save(figure, tmp_path, "times"))


@pytest.mark.parametrize("crowd", [1, 3, 12])
def test_no_name_stands_over_another(crowd):
    with house_style():
        figure, axes = plt.subplots(figsize=(8, 7))
        points = [(0.1 * number, 0.05 * (number % 4)) for number in range(crowd)] + [(50.0, 20.0), (30.0, 18.0)]
        axes.plot(*zip(*points, strict=True), "o")
        axes.margins(0.14)
        beside(figure, axes, points, [f"A policy with a name, number {n}" for n in range(len(points))], [])
        assert len(axes.texts) == len(points)
        assert not over_each_other(figure, axes.texts)
    plt.close(figure)


@pytest.mark.parametrize("end", [np.nan, np.inf])
def test_a_line_without_an_end_is_no_hindrance(end):
    with house_style():
        figure, axes = plt.subplots()
        axes.plot([0.0, 1.0], [0.0, 1.0], "o")
        beside(figure, axes, [(0.0, 0.0), (1.0, 1.0)], ["one", "other"], [((0.0, -end), (0.0, end))])
        assert {text.get_text() for text in axes.texts} == {"one", "other"}
    plt.close(figure)


@pytest.mark.parametrize("place", [(30.0, 2.0), (0.0, 2.0), (30.0, 0.0), (0.0, 0.0), (15.0, 1.0)])
def test_a_name_stays_within_its_axes_and_clear_of_lines_that_slant(place):
    with house_style():
        figure, axes = plt.subplots(figsize=(3.3, 3.1))
        points, slant = [place, (14.0, 1.1)], ((0.0, 0.0), (30.0, 2.0))
        axes.plot(*zip(*points, (0.0, 0.0), (30.0, 2.0), strict=True), "o")
        axes.margins(0.1)
        beside(figure, axes, points, ["a name that is long", "another name"], [slant])
        figure.draw_without_rendering()
        frame, along = axes.get_window_extent().padded(1), np.linspace(0, 1, 50)
        line = axes.transData.transform([(30 * part, 2 * part) for part in along])
        for text in axes.texts:
            box = Text.get_window_extent(text)
            assert frame.contains(*box.min) and frame.contains(*box.max), text.get_text()
            assert not any(box.contains(*spot) for spot in line), text.get_text()
        assert not over_each_other(figure, axes.texts)
    plt.close(figure)


@pytest.mark.parametrize(
    ("arms", "short"),
    [
        (["usual", "push"], ["as usual", "push"]),
        (["usual", "a-policy-with-a-long-name"], ["as usual", "a-policy-with-a-lo…"]),
        (["raise=0.05", "raise=0.2"], ["raise=0.05", "raise=0.2"]),
        (["usual", "raise=0.05 attend=0.5", "raise=0.05 attend=0.912345"], ["as usual", "0.05 / 0.5", "0.05 / 0.912"]),
    ],
)
def test_points_too_long_to_name_are_called_by_their_values(arms, short):
    assert list(shortly(arms, 19).values()) == short


@pytest.mark.parametrize(
    ("places", "gap", "moved"),
    [
        ([0.0, 10.0], 2, [0.0, 10.0]),
        ([5.0, 5.0], 2, [4.0, 6.0]),
        ([3.0, 0.0, 3.5], 1, [2.75, 0.0, 3.75]),
        ([0.0, 0.9, 1.8], 1, [-0.1, 0.9, 1.9]),
        ([], 1, []),
    ],
)
def test_apart_keeps_order_and_distance(places, gap, moved):
    assert apart(places, gap) == pytest.approx(moved)


@pytest.mark.parametrize(
    ("places", "moved"),
    [
        ([9.8, 9.9, 3.0], [9.0, 10.0, 3.0]),
        ([0.0, 0.0, 1.5], [0.0, 1.0, 2.0]),
        ([4.0, 5.0], [4.0, 5.0]),
        ([12.0], [10.0]),
    ],
)
def test_apart_keeps_within_its_ends(places, moved):
    assert apart(places, 1, (0, 10)) == pytest.approx(moved)


def test_the_funnel_loses_each_pair_once():
    rows = [("noticed", "not-seen", 10.0), ("sent", "not-invited", 20.0), ("sent", "not-voiced", 5.0)]
    rows += [("weighed", "outweighed", 25.0), ("", "", 40.0)]
    found = stages(pd.DataFrame(rows, columns=["stage", "reason", "per_100"]))
    assert [stage.through for stage in found] == [90, 90, 90, 65, 65, 65, 40]
    assert found[3].reasons == (("not-invited", 20.0), ("not-voiced", 5.0))


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("the initial conference of 17 April", "initial conference"),
        ("leaving hospital on 27 June", "leaving hospital"),
        ("the first legal planning meeting, late May", "first legal planning meeting, late May"),
    ],
)
def test_a_decision_is_named_without_its_date(words, left):
    assert undated(words) == left


def test_long_words_are_cut_at_a_word():
    assert in_few("the home was dirty, and full", 22) == "the home was dirty …"
    assert in_few("short", 22) == "short"


def test_numbers_do_not_overstate():
    assert [share(number) for number in (0, 0.2, 0.5, 50.4, 99.5, 100)] == ["0", "<1", "<1", "50", ">99", "100"]
    assert [signed(number) for number in (-0.04, 0.04, 1.25, -3)] == ["0.0", "0.0", "+1.2", "−3.0"]
