"""One run. Read this first."""

from __future__ import annotations

from agents.population import populate
from simulation.chance import EMPTY, Chance, Record
from simulation.model import SafeguardingModel
from simulation.trace import Trace
from simulation.world import World


def replicate(world: World, seed: int, replication: int, record: Record = EMPTY) -> Trace:
    """Live one world under one luck, and return the trace of all that happened."""
    model = SafeguardingModel(world, Chance(seed, replication, record, book=world.book))
    populate(model)
    model.run()
    trace = model.trace
    model.free()
    return trace
