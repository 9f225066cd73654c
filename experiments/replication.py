"""One run. Read this first."""

from __future__ import annotations

from agents.population import populate
from simulation.chance import Chance
from simulation.model import SafeguardingModel
from simulation.trace import Trace
from simulation.world import World


def replicate(world: World, seed: int, replication: int) -> Trace:
    """Live one world under one luck, and return the trace of all that happened."""
    return live(world, Chance(seed, replication, world.book))


def live(world: World, chance: Chance) -> Trace:
    """Live one world under this luck: a run's own, one bent to a record, or a twin's."""
    model = SafeguardingModel(world, chance)
    try:
        populate(model)
        model.run()
        return model.trace
    finally:
        model.free()
