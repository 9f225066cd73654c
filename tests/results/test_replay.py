"""The replay before it is a page: lanes, decisions, the opening day, the way an item came, where two histories part."""

from math import inf

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.as_recorded import RecordWeighed
from experiments.cli.app import app
from experiments.documented import documented
from experiments.following import Weighed
from experiments.pilot import piloted
from experiments.replay import Scene, as_recorded, as_usual, invented, live, nearest_median, usual_policies
from experiments.replication import replicate
from results.replay.build import signed
from results.replay.data import letter
from results.replay.day import day, told
from results.replay.gates import FEWEST, MOST, core, facts, gates
from results.replay.lanes import MOST as MOST_LANES
from results.replay.lanes import lane_of, lanes
from results.replay.parting import parting
from scenarios.faults import BadInput
from scenarios.load import case_called, case_names, load_policies
from simulation.journey import UNSEEN, scored_pairs
from simulation.routes import Routes
from simulation.world import World


def test_every_profession_stands_in_one_lane(practice):
    placed = [profession for lane in lanes() for profession in lane.professions]
    assert sorted(placed) == sorted(practice.professions)
    assert len(lanes()) <= MOST_LANES
    with pytest.raises(KeyError):
        lane_of("astrologer")


@pytest.mark.parametrize("name", case_names())
def test_the_decisions_are_those_on_which_most_bears(name, practice):
    world = World(case_called(name, practice), practice)
    bearing = dict.fromkeys(world.choices, 0)
    for _, choice in scored_pairs(world, core(world)):
        bearing[choice.id] += 1
    shown = gates(world)
    assert 1 <= len(shown) <= MOST
    assert [choice.at for choice in shown] == sorted(choice.at for choice in shown)
    least = min(bearing[choice.id] for choice in shown)
    assert least >= FEWEST or len(shown) == 1
    left_out = [number for choice, number in bearing.items() if choice not in {one.id for one in shown}]
    assert all(number <= least for number in left_out) or len(shown) == MOST
    assert not any(world.items[item].silence for item in facts(world))


def test_chosen_decisions_are_shown_in_order_of_date_and_wrong_ones_refused_together(world, rowan):
    family = world(case=rowan)
    assert [choice.id for choice in gates(family, ["review", "conference"])] == ["conference", "review"]
    with pytest.raises(BadInput) as refused:
        gates(family, ["reveiw", "strategy"])
    assert len(refused.value.faults) == 2


def test_the_opening_day_is_the_first_nearest_the_median():
    assert nearest_median([9, 1, 5, 4, 6]) == 2
    assert nearest_median([3, 5, 4, 4]) == 2
    assert nearest_median([1, 3]) == 0


def test_days_say_whose_luck_they_have():
    usual = as_usual(7, 3, has_record=True)
    assert usual[:2] == (7, (0, 1, 2)) and "not tied to the record" in usual.words
    assert "record" not in as_usual(7, 3, has_record=False).words
    known = documented("rowan-family", ["list", "gp-away"])
    runs = [Weighed(log, None, *[np.zeros(2)] * 4) for log in (-inf, -1.0, -inf, -1.0, -1.0, -1.0)]
    fitting = as_recorded(RecordWeighed(None, known, 12, runs), 6, 7, invented=True)
    assert [*fitting.numbers] == sorted(fitting.numbers) and {*fitting.numbers} == {1, 3, 4, 5}
    assert "Of 12 things that the story says people did, the 2 that touch" in fitting.words
    assert "from 6 runs (as good as 4 that fit alike); 4 of them differ" in fitting.basis
    assert "touch" not in as_recorded(RecordWeighed(None, known, 2, runs), 4, 7, invented=False).words


def test_policies_are_one_that_tells_one_that_asks_and_the_reviews_own(practice):
    known = load_policies(practice)
    for name in case_names():
        *others, own = usual_policies(name)
        assert others == ["push", "pull"]
        assert known[own].review == ("" if name == invented() else name)


@pytest.fixture(scope="module")
def telling(practice, rowan):
    def make(policy, replication):
        placed = load_policies(practice)[policy].apply(practice) if policy else practice
        world = World(rowan, placed)
        return told(replicate(world, 1, replication), world, Routes(world))

    return make


def test_the_way_of_an_item_runs_from_first_hand_to_where_it_stands(telling):
    ended = 0
    for replication in range(8):
        read = telling("pull", replication)
        one_day = day(read, read.world.choices, facts(read.world))
        for one in one_day.standings:
            choice = read.world.choices[one.decision]
            times = [stop.time for stop in one.path]
            assert times == sorted(times) and all(time <= choice.at for time in times)
            assert bool(one.path) == (one.state != UNSEEN)
            if one.had:
                assert one.path[-1].who == choice.lead
                held = read.index.held[one.item]
                assert all(held[stop.who].time == stop.time for stop in one.path if stop.who in held)
                ended += 1
            assert bool(one.next) == (one.state == "still moving")
    assert ended


def test_a_history_never_parts_from_itself_and_says_both_sides_where_it_does(telling):
    assert parting(telling(None, 3), telling(None, 3)) is None
    assert parting(telling(None, 3), telling("P46", 3)) is None
    found = [parting(telling(None, number), telling("pull", number)) for number in range(4)]
    assert all(one and (one.first or one.other) for one in found)


def test_the_same_day_is_the_same_whoever_lives_it():
    scene = Scene("rowan-family", ("pull",), ("conference",), frozenset({"low-mood"}), 1)
    assert live(scene, 4) == live(scene, 4)


def test_letters_go_on_after_the_alphabet():
    assert [letter(place) for place in (0, 25, 26, 27)] == ["A", "Z", "A2", "B2"]


@pytest.mark.parametrize(("hours", "words"), [(2.25, "+2.2"), (-0.44, "−0.4"), (0.01, "0.0"), (-0.01, "0.0")])
def test_hours_carry_their_sign(hours, words):
    assert signed(hours) == words


def test_the_command_writes_both_files(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.as_recorded.QUICK", 20_000)
    monkeypatch.setattr("experiments.as_recorded.piloted", lambda known, seed: piloted(known, seed, 1, 10))
    words = ["replay", "--days", "2", "--policy", "pull", "--workers", "1", "--out", str(tmp_path)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert {path.name for path in tmp_path.iterdir()} == {
        f"replay-{invented()}.html",
        f"trainer-pack-{invented()}.html",
    }


@pytest.mark.parametrize(
    "wrong", [["child-z"], ["--policy", "no-such"], ["--decisions", "no-such"], ["--days", "0"]], ids=str
)
def test_what_is_wrong_is_refused_before_anything_runs(wrong, tmp_path):
    done = CliRunner().invoke(app, ["replay", *wrong, "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert not (tmp_path / "out").exists()
