"""populate(model): who exists at the start, what they know by then, and what is in the diary."""

from __future__ import annotations

from functools import partial

from agents.family import schedule_contacts
from agents.practitioner import Practitioner
from scenarios.schema import Transition
from simulation.attempt import note
from simulation.calling import schedule_calls
from simulation.clock import Turn
from simulation.knowledge import Holding
from simulation.meetings import Gathering
from simulation.model import SafeguardingModel
from simulation.setting import Choice
from simulation.trace import NOTHING


def populate(model: SafeguardingModel) -> None:
    """Fill an empty model with the people of its world and their diaries."""
    model.people = {role: Practitioner(model, role) for role in model.world.roles}
    remember_the_past(model)
    schedule_contacts(model)
    schedule_handovers(model)
    gatherings = {
        meeting: Gathering(model, row, model.world.gatherings[meeting]) for meeting, row in model.world.meetings.items()
    }
    for gathering in gatherings.values():
        gathering.schedule()
        if gathering.choice.id not in model.world.choices:
            lead = model.people[gathering.choice.lead]
            model.clock.at(gathering.choice.start, Turn.READING, lead.clear_desk)
    for choice in model.world.choices.values():
        schedule_choice(model, choice, gatherings.get(choice.meeting or ""))
    schedule_calls(model)


def schedule_handovers(model: SafeguardingModel) -> None:
    """Those who go hand over to each of those who come, when she is next there to take it."""
    for transition in model.world.transitions:
        at = model.world.calendar.minute(transition.at)
        for whom in transition.whom:
            there = model.world.rotas[whom].opens(at)
            model.clock.at(there, Turn.ARRIVAL, change_hands, model, transition, whom)


def change_hands(model: SafeguardingModel, transition: Transition, whom: str) -> None:
    """One who comes takes over from all who go."""
    for who in transition.who:
        model.people[who].hand_over(transition, whom)


def remember_the_past(model: SafeguardingModel) -> None:
    """What was held, recorded and recognised before the window: no act fires for it."""
    for item in model.world.items.values():
        for file in item.recorded_in:
            row = note(model, "file", "", item.id, "start", cause=NOTHING, whom=file)
            model.knowledge.files.setdefault(file, {})[item.id] = row
        for who in sorted(item.held_by):
            row = note(model, "hold", who, item.id, "start", cause=NOTHING, how="start")
            model.knowledge.heads[who][item.id] = Holding(row, -1, "start", recognised=True)


def schedule_choice(model: SafeguardingModel, choice: Choice, gathering: Gathering | None) -> None:
    """A decision: questions before it, papers opened at its start, weighing at its end."""
    lead, clock = model.people[choice.lead], model.clock
    rota = model.world.rotas[choice.lead]
    asks = rota.opens(max(choice.convened, rota.before(choice.start, model.world.ahead("ask", choice.kind)), 0))
    if asks < choice.start:
        clock.at(asks, Turn.ARRIVAL, lead.ask_before, choice)
    for who in choice.all_deciders:
        clock.at(choice.start, Turn.READING, model.people[who].prepare, choice)
    clock.at(choice.at, Turn.DECISION, partial(_decide, model, choice, gathering))


def _decide(model: SafeguardingModel, choice: Choice, gathering: Gathering | None) -> None:
    model.people[choice.lead].decide(choice, gathering.voiced if gathering else ())
