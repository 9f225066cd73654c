"""Which decisions the page pauses at, and which items it follows to them."""

from __future__ import annotations

from collections import Counter

from scenarios.faults import BadInput, Fault, nearest
from simulation.journey import scored_pairs
from simulation.setting import Choice
from simulation.world import World

MOST, FEWEST = 6, 3
"""Decisions on a page, and core items at each, unless decisions are chosen."""
RULE = (
    f"The decisions shown are those on which most core items bear, at least {FEWEST}; of equals the earlier; "
    f"{MOST} at most. Beliefs drawn from hearing nothing are left out."
)


def facts(world: World) -> frozenset[str]:
    """Every item that was there to be known. A belief drawn from silence is none: nobody could have passed it on."""
    return frozenset(item.id for item in world.items.values() if not item.silence)


def core(world: World) -> frozenset[str]:
    """The items the page opens on; all of them where a case marks none."""
    return frozenset(item for item in facts(world) if world.items[item].core) or facts(world)


def gates(world: World, chosen: list[str] | None = None) -> list[Choice]:
    """The decisions the page pauses at, in order of date: those chosen, or those of the rule.

    Raises BadInput where a decision does not exist, nothing is scored at it, or too many are chosen.
    """
    scored = Counter(choice.id for _, choice in scored_pairs(world, core(world)))
    if chosen:
        _refuse(world, chosen, scored)
        names = set(chosen)
    else:
        ranked = sorted(scored, key=lambda name: (-scored[name], world.choices[name].at, name))
        names = {name for name in ranked[:MOST] if scored[name] >= FEWEST} or set(ranked[:1])
    return [choice for choice in world.choices.values() if choice.id in names]


def _refuse(world: World, chosen: list[str], scored: Counter[str]) -> None:
    faults = [
        Fault("request", f"decision {name}", "the case has no such decision", nearest(name, world.choices))
        if name not in world.choices
        else Fault("request", f"decision {name}", "no core item is scored at it", f"There are: {', '.join(scored)}.")
        for name in chosen
        if name not in scored
    ]
    if len(set(chosen)) > MOST:
        faults.append(Fault("request", "decisions", f"{len(set(chosen))} are too many", f"Choose at most {MOST}."))
    if faults:
        raise BadInput(faults)
