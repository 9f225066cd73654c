"""How practitioners judge. Pure functions: what she holds and the leaves go in; odds, or what is
due, come out. No clock and no model. Nothing here reads hindsight."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from scenarios.practice import Practice
from scenarios.schema import Contact, Item
from simulation.knowledge import Holding

Held = Mapping[str, Holding]
Items = Mapping[str, Item]


def notice_odds(practice: Practice, contact: Contact, item: Item) -> tuple[float, ...]:
    """An unannounced visit shows more of what a family would rather not show."""
    if item.polarity == "risk" and contact.announced is False:
        return (practice.value("odds", "notice", "unannounced"),)
    return ()


def recognise_odds(practice: Practice, kin: AbstractSet[str], held: Held) -> tuple[float, ...]:
    """A second worry of the same kind makes the first look different."""
    return () if kin.isdisjoint(held) else (practice.value("odds", "recognise", "second-sighting"),)


def can_join(whole: Item, held: Held, items: Items) -> bool:
    """Whether she holds enough parts of a pattern, of both signs where it takes both."""
    parts = [items[part] for part in whole.parts if part in held]
    signs = {part.polarity for part in parts}
    return len(parts) >= whole.needs and (not whole.both_signs or {"risk", "reassuring"} <= signs)


def hears_silence(belief: Item, held: Held, items: Items, since: int) -> bool:
    """Whether, taking stock, she has had no word of what this belief denies since it began."""
    assert belief.silence
    return not any(
        items[name].topic in belief.silence.topics and items[name].polarity == "risk" and holding.time >= since
        for name, holding in held.items()
    )


def how_to_voice(holding: Holding, case_holder: bool, body: str) -> str:
    """She presents what is hers to give and not yet given here; all else she may raise."""
    hers = holding.first_hand or case_holder
    return "present" if hers and body not in holding.bodies else "raise"


def weigh_odds(
    practice: Practice, item: Item, holding: Holding, masked: bool, on_paper_only: bool
) -> tuple[tuple[float, ...], str]:
    """The odds that an item counts in a decision, and the reason if it does not."""
    conditions = [
        ("self-report", item.told_by_family and item.polarity == "risk", "self-report-accepted"),
        ("masked", masked, "masked-by-reassurance"),
        ("paper-only", on_paper_only, "outweighed"),
        ("corroborated", holding.sources > 1, "outweighed"),
    ]
    present = [(name, reason) for name, holds, reason in conditions if holds]
    odds = tuple(practice.value("odds", "weigh", name) for name, _ in present)
    return odds, next((reason for _, reason in present), "outweighed")
