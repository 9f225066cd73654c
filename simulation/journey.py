"""The journey of one item to one decision: the one definition of how far it got, and why it stopped.

Every table, figure and page reads this and nothing else. It reads the finished trace.

Each holder has a few routes to a decision. A route's *block* is its first failed act. Of all
blocks the one with the fewest acts left to the desk gives the reason (ties go to the likelier
act), and the stage is the one that reason belongs to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import inf
from typing import NamedTuple

from simulation.index import HANDING, REFERRING, TELLING, Block, Index, block
from simulation.reasons import stage_of
from simulation.routes import (
    FIND,
    INCLUDE,
    OPEN,
    RECOGNISE,
    TELL,
    VOICE,
    Routes,
)
from simulation.setting import Choice
from simulation.trace import Event, Trace
from simulation.world import World

WEIGHED = "had and weighed"
READ = "had, not weighed"
MOVING = "still moving"
STOPPED = "stopped"
UNSEEN = "not yet noticed"
STATES = (WEIGHED, READ, MOVING, STOPPED, UNSEEN)
"""At a time an item is, for a decision, in exactly one of these."""

PASSED_ON = frozenset({"told", "read", "heard", "found"})


class Journey(NamedTuple):
    """How far one item got towards one decision, in one run.

    `stage` is where it stopped ("" if it was weighed), `reason` why. `state` is how it stood when
    the decision was taken; `row` is the event that says so (0 if no act was due).
    """

    item: str
    decision: str
    read: bool
    weighed: bool
    voiced: bool
    joint: bool
    stage: str
    reason: str
    state: str
    row: int


def journeys(trace: Trace, world: World, routes: Routes, items: frozenset[str] | None = None) -> Iterator[Journey]:
    """Every item's journey to every decision it bears on, in order of decision and item; with
    `items`, theirs alone."""
    if items not in routes.pairs:
        routes.pairs[items] = list(scored_pairs(world, items))
    parts = {part for item in items or () for part in world.items[item].parts}
    index = Index(trace, world, items and items | parts)
    for item, choice in routes.pairs[items]:
        if choice.id in index.decided:
            yield journey(index, routes, item, choice)


def scored_pairs(world: World, items: Collection[str] | None) -> Iterator[tuple[str, Choice]]:
    """Each item with each decision it bears on, if somebody could have seen it before."""
    for choice in world.choices.values():
        for item in world.items.values():
            wanted = items is None or item.id in items
            if wanted and choice.id in item.bears_on and could_be_seen(world, item.id, choice):
                yield item.id, choice


def could_be_seen(world: World, item: str, choice: Choice) -> bool:
    """Whether somebody could have seen the item before the decision."""
    row = world.items[item]
    if row.held_by or row.recorded_in:
        return True
    if row.silence:
        return world.calendar.midnight(row.silence.since) < choice.at
    if row.parts:
        seen = [world.items[part] for part in row.parts if could_be_seen(world, part, choice)]
        signs = {part.polarity for part in seen}
        return len(seen) >= row.needs and (not row.both_signs or {"risk", "reassuring"} <= signs)
    if item in world.first_chance_to_ask and world.first_chance_to_ask[item] <= choice.at:
        return True
    return item in world.first_sighting and world.first_sighting[item][0] <= choice.at


def journey(index: Index, routes: Routes, item: str, choice: Choice) -> Journey:
    """How far this item got towards this decision."""
    decided = index.decided[choice.id].row
    held = index.held[item]
    read = choice.lead in held and held[choice.lead].row < decided
    joint = read or any(who in held and held[who].row < decided for who in choice.deciders)
    weigh = index.weighed.get((item, choice.id))
    weighed = read and weigh is not None and weigh.happened
    voiced = item in index.voiced[choice.meeting or choice.id]
    if read:
        reason = "" if weighed else weigh.reason if weigh else "outweighed"
        row = weigh.row if weigh else decided
        stage, state = ("", WEIGHED) if weighed else (stage_of(reason), READ)
        return Journey(item, choice.id, True, weighed, voiced, joint, stage, reason, state, row)
    reason, row = why_stopped(index, routes, item, choice, decided)
    state = standing(index, routes, item, choice, decided)
    return Journey(item, choice.id, False, False, voiced, joint, stage_of(reason), reason, state, row)


def why_stopped(index: Index, routes: Routes, item: str, choice: Choice, decided: int) -> tuple[str, int]:
    """The reason an item was not read in time, and the row that says so (0 if no act was due)."""
    world = index.world
    holders = {who: event for who, event in index.held[item].items() if event.row < decided}
    if not holders and world.items[item].parts:
        return "seen-singly", 0
    filed = {file for file, row in index.filed[item].items() if row < decided}
    searchers = {who for file in filed for who in world.openers.get(file, ()) if who not in holders}
    around = index.around(choice)
    blocks = [*item_blocks(index, routes, item, choice, holders, decided)]
    blocks += [found for who in holders for found in holder_blocks(index, item, choice, who)]
    blocks += [found._replace(left=FIND + found.left) for who in searchers for found in around.blocks(who)]
    blocks += [found for file, found in around.of_file.items() if index.filed[item].get(file, decided) < found.row]
    blocks += minutes_blocks(index, routes, item, choice, holders, decided)
    nearest = min((found for found in blocks if found.left < inf), default=None)
    if nearest:
        return nearest.reason, nearest.row
    if not holders and not filed:
        return ("not-asked" if item in world.first_chance_to_ask else "not-seen"), 0
    if choice.meeting and not any(world.admits(choice.kind, who) for who in {*holders, *searchers}):
        return "closed-meeting", 0
    return "no-onward-route", 0


def item_blocks(
    index: Index, routes: Routes, item: str, choice: Choice, holders: dict[str, Event], decided: int
) -> Iterator[Block]:
    """Blocks on this item's own acts: noticing, recognising, telling, referring, voicing, opening."""
    what = index.world.what(item)
    for event in index.stops[item]:
        if event.row > decided:
            written = event.act == "include" and event.happened and event.occasion == choice.id
            if written and event.who in holders:
                yield block(OPEN, event, "report-late")
            continue
        if event.happened:
            yield from _unfinished(routes, event, choice, what, holders, index)
        elif (left := _acts_left(routes, event, choice, what, holders, index)) < inf:
            yield block(left, event)


def _acts_left(
    routes: Routes, event: Event, choice: Choice, what: str, holders: dict[str, Event], index: Index
) -> float:
    """Acts left at a failed act on an item; infinity if it is no block for this decision."""
    act, who, whom = event.act, event.who, event.whom
    decided = index.decided[choice.id].row
    here = event.occasion in (choice.id, choice.meeting)
    if act in ("notice", "seek", "rule-seek", "join", "assume"):
        return inf if who in holders else 1 + routes.left(who, choice, what)
    if act == "recognise":
        recognised = index.recognised.get((who, event.item), inf) < decided
        return inf if recognised else RECOGNISE + routes.onward(who, choice, what)
    if act in HANDING or (act in TELLING and whom in index.world.roles):
        return inf if whom in holders else TELL + routes.left(whom, choice, what)
    if act in (*TELLING, *REFERRING):
        reached = any(desk in holders for desk in index.world.desks)
        return inf if reached else TELL + routes.desk(choice, what)
    if act == "open":
        return inf if who in holders else OPEN + routes.left(who, choice, what)
    if act in ("present", "raise"):
        return VOICE if here else inf
    if act == "include":
        return INCLUDE if here else inf
    if act == "find":
        if not here:
            return inf
        if who in choice.all_deciders:
            return FIND
        came = event.cause and index.trace[event.cause].act == "attend"
        return FIND + (VOICE if came else INCLUDE)
    return inf


def _unfinished(
    routes: Routes, event: Event, choice: Choice, what: str, holders: dict[str, Event], index: Index
) -> Iterator[Block]:
    """A message that was sent and that its receiver had not taken in by the decision."""
    if event.act in HANDING:
        if event.whom not in holders:
            yield block(OPEN + routes.left(event.whom, choice, what), event, "handover-without-history")
    elif event.act in TELLING and event.whom in index.world.roles:
        if event.whom not in holders:
            left = OPEN + routes.left(event.whom, choice, what)
            at_desk = index.arrived.get(event.row, inf) < index.decided[choice.id].row and event.whom == choice.lead
            yield block(left, event, "unread" if at_desk else "routing-delay")
    elif event.act in (*TELLING, *REFERRING) and not any(desk in holders for desk in index.world.desks):
        in_hours = index.world.office.there(event.time)
        yield block(OPEN + routes.desk(choice, what), event, "routing-delay" if in_hours else "out-of-hours")


def holder_blocks(index: Index, item: str, choice: Choice, who: str) -> Iterator[Block]:
    """Blocks on what carries a holder's items to this decision: invitation, report, question."""
    around = index.around(choice)
    yield from around.of_holder.get(who, ())
    if who in around.late and not index.included(who, item, choice):
        yield around.late[who]
    if who in around.of_paper and index.included(who, item, choice):
        yield around.of_paper[who]


def minutes_blocks(
    index: Index, routes: Routes, item: str, choice: Choice, holders: dict[str, Event], decided: int
) -> Iterator[Block]:
    """Blocks on minutes of other meetings where it was said: not sent round, or not opened."""
    what = index.world.what(item)
    for meeting in index.world.meetings:
        if meeting != choice.meeting and item in index.voiced[meeting]:
            for event in index.minutes[meeting]:
                reader = event.whom if event.act == "circulate" else event.who
                if event.row < decided and reader not in holders:
                    acts = 1 + OPEN if event.act == "circulate" else OPEN
                    yield block(acts + routes.left(reader, choice, what), event)


def standing(index: Index, routes: Routes, item: str, choice: Choice, moment: int) -> str:
    """How an unread item stands at a row of the trace: still moving, stopped, or not yet noticed."""
    noticed = any(event.row < moment for event in index.held[item].values())
    if not noticed and not any(row < moment for row in index.filed[item].values()):
        parts = index.world.items[item].parts
        return STOPPED if any(event.row < moment for part in parts for event in index.held[part].values()) else UNSEEN
    if next_step(index, routes, item, choice, moment):
        return MOVING
    return STOPPED


def next_step(index: Index, routes: Routes, item: str, choice: Choice, moment: int) -> Event | None:
    """The next step after `moment` towards this decision: a copy comes to somebody with fewer acts
    left than any holder had, or into a paper for it. A new sighting is a new copy, and no step."""
    what = index.world.what(item)
    holders = [who for who, event in index.held[item].items() if event.row < moment]
    nearest = min((routes.left(who, choice, what) for who in holders), default=inf)
    if not holders:  # it lies in a record: nearest is whoever could look there
        files = [file for file, row in index.filed[item].items() if row < moment]
        openers = {who for file in files for who in index.world.openers.get(file, ())}
        nearest = min((FIND + routes.left(who, choice, what) for who in openers), default=inf)
    for event in index.steps[item]:
        if event.row <= moment:
            continue
        if event.act == "include" and event.occasion == choice.id and event.who in holders:
            return event
        comes = event.act == "arrive" or (event.act == "hold" and event.how in PASSED_ON)
        if comes and routes.left(event.who, choice, what) < nearest:
            return event
    return None
