"""Family: what happens at home, and who could see it."""

from __future__ import annotations

from functools import partial

from scenarios.schema import Contact
from simulation.clock import Turn
from simulation.model import SafeguardingModel


def schedule_contacts(model: SafeguardingModel) -> None:
    """Put every contact of the case on the clock. Nothing a decision says changes it."""
    for contact in model.world.contacts:
        model.clock.at(model.world.calendar.minute(contact.at), Turn.CONTACT, partial(meet, model, contact))


def meet(model: SafeguardingModel, contact: Contact) -> None:
    """Whoever was there sees what there was to see."""
    for who in contact.by:
        model.people[who].visit(contact)
