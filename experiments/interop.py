"""The model as Mesa's own tools take one: made from plain parameters, lived day by day, collected from as it goes.

For looking on (`DataCollector`, `SolaraViz`) and for those who have a `batch_run`. Experiments belong to the runner:
`batch_run` writes nothing until its end, and its `iterations` would live the same run again (vary `replication`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import mesa

from agents.population import populate
from experiments.compare import arms
from experiments.design import POINT, usual
from experiments.work import bench_for, measures_of
from results.measures import MEASURES
from scenarios.faults import BadInput
from scenarios.load import change_faults, load_practice
from simulation.chance import Chance
from simulation.model import SafeguardingModel

Reporters = Mapping[str, Callable[[Any], Any]]


class FamilyModel(SafeguardingModel):
    """One family under one luck, a step a day, `running` until its window ends.

    `case` and `policy` are names; leaves of practice are given by their ids (`**{"raise": 0.3}`). `reporters` are
    Mesa's model reporters, reach so far and the rows of the trace unless told; `agent_reporters` are none unless told.
    Raises BadInput for what does not exist.
    """

    def __init__(
        self,
        case: str,
        policy: str = "",
        replication: int = 0,
        seed: int = 1,
        reporters: Reporters | None = None,
        agent_reporters: Reporters | None = None,
        **kwargs: float,  # SolaraViz knows them by this name alone
    ) -> None:
        if faults := change_faults("request", "model", kwargs, load_practice()):
            raise BadInput(faults)
        arm = replace(arms([policy])[-1] if policy else usual(), changes=tuple(kwargs.items()))
        self.built = bench_for(case).world(arm, seed, POINT)
        super().__init__(self.built.world, Chance(seed, replication, self.built.world.book))
        populate(self)
        self.datacollector = mesa.DataCollector(  # type: ignore[no-untyped-call]
            model_reporters=dict(reporters or {"reach": reach, "events": lambda model: len(model.trace)}),
            agent_reporters=dict(agent_reporters or {}),
        )

    def step(self) -> None:
        """Live one day, then collect."""
        super().step()
        self.running = self.clock.minute < self.world.end
        self.datacollector.collect(self)  # type: ignore[no-untyped-call]

    def measures(self) -> dict[str, float]:
        """Every measure of `list measures`, read off the trace so far; shares from 0 to 1."""
        return dict(zip(MEASURES, measures_of(self.trace, self.built), strict=True))


def reach(model: FamilyModel) -> float:
    """A model reporter: the share of pairs read in time, of those whose decision is taken; NaN before the first."""
    return model.measures()["reach"]


def items_held(agent: mesa.Agent) -> int:
    """An agent reporter: how many items a practitioner holds."""
    return len(agent.held)  # type: ignore[attr-defined]


def role(agent: mesa.Agent) -> str:
    """An agent reporter: whose post it is."""
    return str(agent.role)  # type: ignore[attr-defined]
