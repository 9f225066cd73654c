"""Meetings that a rule calls and no case lists: a way for what is known to travel, at the cost of everybody's time.

Two things call one: worries that come thick and fast, and a transition or a decision that lies ahead. How much reaches
whom is still asked at the case's own decisions.
"""

from __future__ import annotations

from scenarios.schema import Meeting
from simulation.attempt import attempt, note
from simulation.clock import Turn
from simulation.meetings import Gathering
from simulation.model import SafeguardingModel
from simulation.setting import Trigger
from simulation.trace import NOTHING

URGENT_KIND = "strategy-discussion"
"""The kind of meeting that is called over worries which mount up."""


# --- over worries that mount up ------------------------------------------------------------------


def urgent_start(model: SafeguardingModel, occasion: str) -> int | None:
    """When an urgent meeting over this occasion could be held: never while one is called already,
    nor twice over one occasion, nor past the window."""
    if occasion in model.met_over or is_called(model, URGENT_KIND):
        return None
    start = soonest(model, model.clock.minute)
    return start if start + model.world.call_lasts < model.world.end else None


def call_urgently(model: SafeguardingModel, convener: str, occasion: str, start: int, cause: int) -> None:
    """Put an urgent meeting on the clock, led by the case-holder."""
    model.met_over.add(occasion)
    lead = next(iter(model.world.case_holders), convener)
    hold(model, f"urgent-{occasion}", URGENT_KIND, lead, convener, start, cause)


# --- before what lies ahead ----------------------------------------------------------------------


def schedule_calls(model: SafeguardingModel) -> None:
    """Put on the clock when somebody is to call people together before a transition or a decision."""
    world = model.world
    for trigger in world.triggers:
        for kind in world.meetings_before(trigger):
            rota, start = world.rotas[trigger.convener], meeting_time(model, trigger)
            call = rota.opens(max(trigger.known, rota.before(start, world.ahead("invite", kind)), 0))
            if call <= start and start + world.call_lasts <= trigger.at:
                model.clock.at(call, Turn.ARRIVAL, call_before, model, trigger, kind, start)


def meeting_time(model: SafeguardingModel, trigger: Trigger) -> int:
    """When people meet: as long before as practice says, or as soon as may be where that is past."""
    world = model.world
    planned = world.office.opens(world.office.before(trigger.at, world.ahead("meet", trigger.kind)))
    return max(planned, soonest(model, max(trigger.known, 0)))


def call_before(model: SafeguardingModel, trigger: Trigger, kind: str, start: int) -> None:
    """By rule, call a meeting of this kind before what lies ahead, unless one is on its way."""
    meeting = f"{kind}-before-{trigger.id}"
    address = ("rule-call-at", trigger.convener, "", "", meeting)
    leaf = ("rule-call-at", trigger.kind, kind)
    if not is_called(model, kind) and (row := attempt(model, leaf, address, cause=NOTHING)):
        hold(model, meeting, kind, trigger.convener, trigger.convener, start, row)


# --- both ----------------------------------------------------------------------------------------


def is_called(model: SafeguardingModel, kind: str) -> bool:
    """Whether a meeting of this kind that a rule called is still to come."""
    return model.clock.minute <= model.called_for.get(kind, -1)


def soonest(model: SafeguardingModel, now: int) -> int:
    """When people could meet who are called together now."""
    world = model.world
    return world.office.opens(world.office.after(now, world.call_ahead))


def hold(model: SafeguardingModel, name: str, kind: str, lead: str, convener: str, start: int, cause: int) -> None:
    """Put the meeting on the clock. Whoever called it is there, whatever its kind admits."""
    world = model.world
    model.called_for[kind] = start
    meeting = Meeting(
        id=name,
        words=f"the {kind.replace('-', ' ')}",
        at=world.calendar.moment(start),
        lasts_minutes=world.call_lasts,
        kind=kind,
        lead=lead,
        deciders=(convener,),
        convener=convener,
        convened=world.calendar.moment(model.clock.minute),
        cite="called by a rule",
    )
    gathering = Gathering(model, meeting, world.choice_of(meeting))
    note(model, "call", convener, "", meeting.id, cause=cause, how=kind, whom=lead)
    gathering.schedule()
    model.clock.at(start, Turn.READING, model.people[lead].clear_desk)
