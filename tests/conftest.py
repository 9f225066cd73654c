"""What the tests share: the shipped case, practice and policies, and worlds made of them."""

import pytest
from hypothesis import settings

from agents.population import populate
from experiments.replication import replicate
from scenarios.load import case_path, load_case, load_policies, load_practice
from simulation.chance import Chance
from simulation.model import SafeguardingModel
from simulation.world import World

SEED = 20200316
REPLICATIONS = 20

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
def world(child_s, practice, policies):
    """A world by the name of its policy, with some leaves changed, of Child S or of another case."""

    def make(policy=None, case=child_s, **changes):
        placed = policies[policy].apply(practice) if policy else practice
        return World(case, placed.changed(changes))

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


@pytest.fixture(scope="session", params=["usual", "push-and-pull"])
def lived(request, world, live):
    """A world and its traces: what the laws are asked of."""
    place = world(None if request.param == "usual" else request.param)
    return place, [live(place, replication) for replication in range(REPLICATIONS)]
