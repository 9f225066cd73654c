"""Every case's replay, on its own policies: it fits, it keeps what it must until the reveal, its counts are right."""

import re

import pytest
from turning import CROWDED, heard, show, text

from experiments.replay import casts, replayed
from experiments.replication import replicate
from results.replay.build import MOST_BYTES, write
from results.replay.gates import core
from scenarios.load import case_names
from simulation.journey import UNSEEN, journeys

pytestmark = pytest.mark.slow
DAYS = 3


@pytest.fixture(scope="module", params=case_names())
def made(request, tmp_path_factory):
    replay = replayed(request.param, None, None, DAYS, 1, 1)
    return replay, write(replay, tmp_path_factory.mktemp(request.param))[0]


def views(replay):
    return [(gate, policy) for gate in range(len(replay.decisions)) for policy in range(len(replay.policies))]


def test_the_page_stays_within_its_size(made):
    size = made[1].stat().st_size
    print(f"{made[1].name}: {size / 1000:.0f} kB with {DAYS} days")
    assert size <= MOST_BYTES


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 768)])
def test_every_step_fits_the_projector(turned, made, width, height):
    replay, file = made
    page = turned(file, width, height)
    gates = len(replay.decisions)
    for kind in ("care", "funnel", "policies", "days", "questions"):
        for policy in range(len(replay.policies)):
            show(page, kind, 0, policy, replay.opening, gates)
            assert page.evaluate(CROWDED) == [], (kind, policy)
    for gate, policy in views(replay):
        for kind in ("seat", "pause", "reveal", "where"):
            show(page, kind, gate, policy, replay.opening, gates)
            assert page.evaluate(CROWDED) == [], (kind, gate, policy)
    assert page.said == []


def test_nothing_is_told_before_its_time(turned, made):
    replay, file = made
    page = turned(file)
    for gate, policy in views(replay):
        rows = replay.every[policy].day.at(replay.decisions[gate])
        had = " ".join(replay.world.items[row.item].words for row in rows if row.had).lower()
        kept = {replay.world.items[row.item].words.lower() for row in rows if not row.had}
        for kind in ("seat", "pause"):
            show(page, kind, gate, policy, replay.opening, len(replay.decisions))
            page.click("#open-table")
            said = (text(page) + heard(page)).lower()
            page.click("#table button")
            said += (text(page) + heard(page)).lower()
            for words in kept:
                opening = words[:20]
                assert opening in had or opening not in said
            assert not re.search(r"held \d|had \d+ of", said)


def test_counts_are_those_of_the_journeys(turned, made):
    replay, file = made
    page = turned(file)
    case = replay.world.case.case.id
    world, routes = casts(case, tuple(policy.name for policy in replay.policies[1:]))[0]
    ways = list(journeys(replicate(world, 1, replay.luck.numbers[replay.opening]), world, routes, core(world)))
    for gate, name in enumerate(replay.decisions):
        mine = [way for way in ways if way.decision == name]
        show(page, "reveal", gate, 0, replay.opening, len(replay.decisions))
        said = page.inner_text("#status")
        assert f"had {sum(way.read for way in mine)} of {len(mine)} items" in said
        assert f"held {sum(way.state != UNSEEN for way in mine)}." in said
