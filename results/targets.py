"""What a review documents that information did, beside what the model gives as usual.

Targets are compared, never read by the model and never tuned to: the families of reviews were
chosen because something was lost, so ordinary practice should come out less gloomy.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel, ConfigDict

from scenarios.load import HERE
from scenarios.toml import read_toml
from simulation.calendar import WORKING_DAY
from simulation.journey import Journey
from simulation.trace import Trace
from simulation.world import World


class Target(BaseModel):
    """One documented fact: all `items` read for `decision`, or held by all `roles` in time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    words: str
    items: tuple[str, ...]
    decision: str | None = None
    roles: tuple[str, ...] = ()
    working_days: int = 0
    share: float
    cite: str


@cache
def load_targets(case: str) -> tuple[Target, ...]:
    """The targets of a case, none where it has no file of them."""
    path = HERE / "targets" / f"{case}.toml"
    return tuple(Target.model_validate(row) for row in read_toml(path)["target"]) if path.exists() else ()


def met(trace: Trace, world: World, ways: list[Journey]) -> Iterator[tuple[str, str, bool]]:
    """For one run, each target's items one by one: (target, item, whether it came about)."""
    targets = load_targets(world.case.case.id)
    wanted = {item for target in targets for item in target.items}
    read = {(way.item, way.decision) for way in ways if way.read}
    held = {
        (event.who, event.item): event.time for event in trace.events if event.item in wanted and event.act == "hold"
    }
    for target in targets:
        for item in target.items:
            if target.decision:
                yield target.id, item, (item, target.decision) in read
            elif item in world.first_sighting:
                seen = world.office.opens(world.first_sighting[item][0])
                due = world.office.after(seen, target.working_days * WORKING_DAY)
                yield target.id, item, all(held.get((role, item), world.end) <= due for role in target.roles)
