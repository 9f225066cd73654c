"""The shared index of who is involved: where a rule has it, it shows services that the asker does not know of."""

from __future__ import annotations

from simulation.attempt import attempt
from simulation.model import SafeguardingModel
from simulation.trace import NOTHING


def involved(model: SafeguardingModel, who: str, occasion: str) -> list[str]:
    """Whom she knows to be involved by now, and by rule whom the index shows her besides, in order.

    It holds every service that anybody knows of by now. Each is a look of its own, which may miss; whom it has shown
    her once she knows for inviting and asking.
    """
    world, now = model.world, model.clock.minute
    known = world.known_to(who, now)
    leaf = ("rule-index", world.profession(who))
    if not world.chances[leaf]:
        return known
    shown = model.shown.setdefault(who, set())
    for whom in world.listed(now):
        address = ("rule-index", who, whom, "", occasion)
        if whom not in (who, *known, *shown) and attempt(model, leaf, address, cause=NOTHING, how="file"):
            shown.add(whom)
    return sorted({*known, *shown})
