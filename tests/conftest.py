"""What the tests share: the shipped case, practice and policies, and worlds made of them."""

from functools import cache
from math import inf

import pytest
from hypothesis import settings

from agents.population import populate
from experiments.pool import cores
from experiments.replication import replicate
from scenarios.load import case_path, load_case, load_policies, load_practice
from simulation.chance import Chance
from simulation.evidence import Evidence, Expected, Span, Statement, Window
from simulation.model import SafeguardingModel
from simulation.world import World

SEED = 20200316
REPLICATIONS = {"usual": 6, "push-and-pull": 4, "everything": 6}
"""How many lives the laws are asked of: as usual, and with ever more rules switched on."""

MOST_PROCESSES = 8
"""Each makes for itself what a session shares."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """As many processes as cores; this one alone where files are named, or where what tests print is to be seen."""
    alone = all(".py" in name for name in config.args) or config.option.capture == "no"
    return 0 if alone else min(cores(), MOST_PROCESSES)


settings.register_profile("same-again", derandomize=True, deadline=None)
settings.load_profile("same-again")


@pytest.fixture(scope="session")
def practice():
    return load_practice()


@pytest.fixture(scope="session")
def policies(practice):
    return load_policies(practice)


@pytest.fixture(scope="session")
def child_s(practice):
    return load_case(case_path("child-s"), practice)


@pytest.fixture(scope="session")
def rowan(practice):
    """The invented family: small, and lived in a few milliseconds."""
    return load_case(case_path("rowan-family"), practice)


@pytest.fixture(scope="session")
def world(child_s, practice, policies):
    """A world by the name of its policy, with some leaves changed, of Child S or of another case.

    Where nothing is changed, Child S has one world for each policy.
    """

    def build(policy, case, changes):
        placed = policies[policy].apply(practice) if policy else practice
        return World(case, placed.changed(changes))

    kept = cache(lambda policy: build(policy, child_s, {}))

    def make(policy=None, case=child_s, **changes):
        return build(policy, case, changes) if changes or case is not child_s else kept(policy)

    return make


@pytest.fixture(scope="session")
def live():
    """The trace of one replication of a world."""
    return lambda world, replication=0: replicate(world, SEED, replication)


@pytest.fixture(scope="session")
def begin():
    """A model at its first minute, its people in place, under the given chance or the usual one."""

    def make(world, replication=0, chance=None):
        model = SafeguardingModel(world, chance or Chance(SEED, replication, book=world.book))
        populate(model)
        return model

    return make


@pytest.fixture(scope="session")
def documented():
    """A record of single draws: for each address whether it happened, and for those that arrived, in which minutes."""

    def make(acts, arrivals=None):
        def span(address):
            return Span(*(frozenset({name}) for name in address))

        said = [
            Statement(" ".join(act), (span(act),), float(yes), inf if yes else 0.0, closed=True)
            for act, yes in acts.items()
        ]
        windows = [Window(" ".join(act), span(act), *ends) for act, ends in (arrivals or {}).items()]
        return Evidence(tuple(said), tuple(windows), plan={n: {act: Expected(0.5)} for n, act in enumerate(acts)})

    return make


@pytest.fixture(scope="session")
def once(world, live):
    """The trace of one replication of Child S under a policy, lived once in a session."""
    return cache(lambda policy, replication: live(world(policy), replication))


@pytest.fixture(scope="session", params=REPLICATIONS)
def lived(request, world, once):
    """A world and its traces: what the laws are asked of."""
    policy = None if request.param == "usual" else request.param
    return world(policy), [once(policy, replication) for replication in range(REPLICATIONS[request.param])]
