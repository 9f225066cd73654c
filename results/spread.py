"""How far word of the family spreads, how much there is to read, and who held how much of the picture.

Read off a finished trace in one pass; each function then asks one question of the rows it needs.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from math import inf, nan
from typing import NamedTuple

from simulation.index import REFERRING, TELLING
from simulation.journey import PASSED_ON, could_be_seen
from simulation.setting import Choice
from simulation.trace import Event, Trace
from simulation.world import World

VOICING = ("present", "raise", "voice")
SPOKEN = frozenset({"phone", "form"})
"""What is sent by these is taken in when it comes, and leaves no arrival of its own."""

Rows = dict[str, list[Event]]


class Spread(NamedTuple):
    """One run's spread. Counts; `one`, `room` and `between` are shares from 0 to 1, NaN where nothing was due."""

    wider: int
    passed_on: int
    delivered: int
    delivered_critical: int
    one: float
    room: float
    between: float


class FirstRead(NamedTuple):
    """When one critical item first came to somebody, and to a lead who needed it: minutes, None for never."""

    item: str
    noticed: int | None
    read: int | None


@dataclass(frozen=True)
class Audience:
    """Who has a part in a case's decisions and which items make the picture of each.

    `deciders` decide anywhere; `readers` says before how many a paper for a decision is laid; `bit` numbers the
    critical facts; `rooms` are the meetings that decide, `picture` the facts that make theirs; `leads` gives, for each
    critical item, the leads of the decisions it is scored at, `last` the last of these; `agency` is where each works.
    """

    deciders: frozenset[str]
    readers: dict[str, int]
    bit: dict[str, int]
    rooms: dict[str, Choice]
    picture: dict[str, int]
    leads: dict[str, set[str]]
    last: dict[str, str]
    agency: dict[str, str]


def audience_of(world: World, scored_at: dict[str, tuple[str, ...]]) -> Audience:
    """The audience of a case, whatever the practice; `scored_at` is of `results.measures`."""
    choices = {choice.id: choice for choice in (*world.gatherings.values(), *world.choices.values())}
    critical = [item.id for item in world.items.values() if item.critical == "yes" and not item.silence]
    bit = {item: 1 << number for number, item in enumerate(critical)}
    rooms = {choice.id: choice for choice in world.choices.values() if choice.meeting}
    picture = {
        name: sum(bit[item] for item in bit if name in world.items[item].bears_on and _before(world, item, choice))
        for name, choice in rooms.items()
    }
    deciders = frozenset(who for choice in choices.values() for who in choice.all_deciders)
    readers = {name: len(choice.all_deciders) for name, choice in choices.items()}
    leads = {item: {world.choices[name].lead for name in names} for item, names in scored_at.items()}
    last = {item: names[-1] for item, names in scored_at.items()}
    return Audience(
        deciders, readers, bit, rooms, picture, leads, last, {role.id: role.agency for role in world.case.role}
    )


def _before(world: World, item: str, choice: Choice) -> bool:
    """Whether somebody could have seen an item before the meeting began."""
    return could_be_seen(world, item, replace(choice, at=choice.start - 1))


ACTS = ("hold", "open", "arrive", "include", "deliver", "attend", "call", "decide", *TELLING, *REFERRING, *VOICING)


def happened(trace: Trace) -> Rows:
    """The rows that these measures read, by act, in order: acts that happened, and what followed from them."""
    rows: Rows = {act: [] for act in ACTS}
    kept = rows.get
    for event in trace.events:
        if (mine := kept(event.act)) is not None and event.happened:
            mine.append(event)
    return rows


def spread(rows: Rows, audience: Audience) -> Spread:
    """One run's spread."""
    return Spread(*wider(rows, audience), *delivered(rows, audience), *picture(rows, audience))


def wider(rows: Rows, audience: Audience) -> tuple[int, int]:
    """Wider than needed, and all that was passed on. Holdings per run; less is better for the family's privacy.

    A holding is one item in one head, counted once however often it came. It was passed on if it came from a
    colleague or a record (told, read, heard in a room, found in a search), not if she saw it, joined it or knew it at
    the start. It is wider than needed if she has no part in any decision of the case: she leads and decides none, has
    a seat at none of its meetings, and came to none of them in this run, before or after. A policy that brings people
    into the room makes them take part, so all that was passed on is given beside it.
    """
    taking_part = audience.deciders.union(event.who for act in ("attend", "call") for event in rows[act])
    came = {(event.who, event.item) for event in rows["hold"] if event.how in PASSED_ON}
    return sum(who not in taking_part for who, _ in came), len(came)


def delivered(rows: Rows, audience: Audience) -> tuple[int, int]:
    """Items delivered, all and critical. One is one item laid before one person, opened or not; less to read is
    better, as long as what is critical is in it.

    A message counts when it lands, a call or a form when it is made; a paper that came in time counts each item for
    each decider; minutes count each thing voiced for each who got them. What is said in a room is not counted, nor a
    paper that came late, which nobody opens.
    """
    voiced: dict[str, set[str]] = defaultdict(set)
    for act in VOICING:
        for event in rows[act]:
            voiced[event.occasion].add(event.item)
    written: dict[int, list[str]] = defaultdict(list)
    for event in rows["include"]:
        written[event.cause].append(event.item)
    items = [event.item for act in (*TELLING, *REFERRING) for event in rows[act] if event.how in SPOKEN]
    for event in rows["arrive"]:
        items.extend([event.item] if event.item else voiced[event.occasion])
    readers = audience.readers | {call.occasion: len({call.who, call.whom}) for call in rows["call"]}
    for event in rows["deliver"]:
        if event.how != "late":
            items.extend(written[event.cause] * readers[event.occasion])
    return len(items), len([item for item in items if item in audience.bit])


def picture(rows: Rows, audience: Audience) -> tuple[float, float, float]:
    """Of the critical facts that bear on a meeting's decision and could have been seen before it, the share held as it
    began: by the one person who held most, by all in the room together, by all services together. Shares, means over
    the meetings that decide; more is better.

    It began with its first word, or where nothing was said with its decision. In the room are those who decide and
    those who came. Beliefs are not part of the picture; what the decider saw herself is.
    """
    attended: dict[str, list[str]] = defaultdict(list)
    for event in rows["attend"]:
        attended[event.occasion].append(event.who)
    heads: dict[str, int] = defaultdict(int)
    holds = iter(event for event in rows["hold"] if event.item in audience.bit)
    shares, following = [], next(holds, None)
    for began, choice in _beginnings(rows, audience):
        while following and following.row < began:
            heads[following.who] |= audience.bit[following.item]
            following = next(holds, None)
        room = {*choice.all_deciders, *attended[choice.meeting or choice.id]}
        shares.append(_shares(heads, room, audience.picture[choice.id]))
    if not shares:
        return nan, nan, nan
    one, together, between = (sum(column) / len(shares) for column in zip(*shares, strict=True))
    return one, together, between


def _beginnings(rows: Rows, audience: Audience) -> list[tuple[int, Choice]]:
    """The row at which each meeting with a picture began, in order."""
    first: dict[str, int] = {}
    for act in VOICING:
        for event in rows[act]:
            if event.row < first.get(event.occasion, inf):
                first[event.occasion] = event.row
    ended = {event.occasion: event.row for event in rows["decide"] if audience.picture.get(event.occasion)}
    rooms = {name: audience.rooms[name] for name in ended}
    began = {name: first.get(choice.meeting or name, ended[name]) for name, choice in rooms.items()}
    return [(began[name], rooms[name]) for name in sorted(began, key=began.__getitem__)]


def _shares(heads: dict[str, int], room: set[str], whole: int) -> tuple[float, float, float]:
    """How much of one picture the best informed person held, the room, and everybody."""
    together = everybody = most = 0
    for who, held in heads.items():
        if (size := (held & whole).bit_count()) > most:
            most = size
        everybody |= held
        if who in room:
            together |= held
    size = whole.bit_count()
    return most / size, (together & whole).bit_count() / size, (everybody & whole).bit_count() / size


def first_read(rows: Rows, audience: Audience) -> list[FirstRead]:
    """For each critical item that is scored: when anybody first held it, and when a lead of a decision at which it is
    scored first did. Minutes from the window's first midnight; sooner is better.

    A lead who was the item's first holder is none of these: nothing had to reach her.
    """
    noticed: dict[str, int] = {}
    read: dict[str, int] = {}
    for event in rows["hold"]:
        if event.item in audience.leads:
            noticed.setdefault(event.item, event.time)
            if event.who in audience.leads[event.item]:
                read.setdefault(event.item, event.time)
    return [FirstRead(item, noticed.get(item), read.get(item)) for item in audience.leads]


def held(rows: Rows, audience: Audience) -> list[tuple[str, str]]:
    """Each critical item that is scored, with each agency in which somebody held it before the last decision at which
    it is scored. What one person holds her agency may still not know."""
    decided = {event.occasion: event.row for event in rows["decide"]}
    until = {item: decided.get(name, 0) for item, name in audience.last.items()}
    pairs = [(event.item, audience.agency[event.who]) for event in rows["hold"] if event.row < until.get(event.item, 0)]
    return list(dict.fromkeys(pairs))
