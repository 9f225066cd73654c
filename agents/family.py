"""Family: what happens at home, and who could see it."""

from __future__ import annotations

from functools import partial

from scenarios.schema import Contact
from simulation.clock import DAY, Turn
from simulation.model import SafeguardingModel


def schedule_contacts(model: SafeguardingModel) -> None:
    """Put every contact of the case on the clock. Nothing a decision says changes it."""
    for contact in model.world.contacts:
        model.clock.at(day_of(model, contact), Turn.CONTACT, partial(meet, model, contact))


def day_of(model: SafeguardingModel, contact: Contact) -> int:
    """When a contact takes place: as given, or on a day drawn evenly from its range."""
    first, last = model.world.days_of(contact)
    if first == last:
        return first
    u = model.chance.deal(("day", "", "", "", contact.id))
    return first + int(u * ((last - first) // DAY + 1)) * DAY


def meet(model: SafeguardingModel, contact: Contact) -> None:
    """Whoever was there sees what there was to see."""
    for who in contact.by:
        model.people[who].visit(contact)
