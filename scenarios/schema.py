"""A case as data: one family as services met it, every row with its citation.

Nothing in a case is a chance. `critical`, `core` and `bears_on` are hindsight: measures read
them, no practitioner ever does.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from scenarios.vocabulary import ContactKind, Polarity, Status, Topic, TransitionKind

NAME = r"^[A-Za-z0-9][A-Za-z0-9-]{0,59}$"
"""What may become part of a path, an address of chance or a leaf of practice."""
MOST_VARIANTS = 20
"""Every reading is checked whenever a case is read, as a whole case of its own."""

Name = Annotated[str, Field(pattern=NAME)]
Flag = Annotated[bool, Field(strict=True)]
"""true or false: neither "yes" nor 1."""
Day = Annotated[date, Field(strict=True)]
Moment = Annotated[datetime, Field(strict=True)]
Words = Annotated[str, Field(min_length=1, max_length=600)]


class Row(BaseModel):
    """Frozen; an unknown key is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Cited(Row):
    """A row that says where it comes from, and whether the source says it or we read it so."""

    cite: Words
    status: Status = "documented"


class About(Row):
    """What the file is: `start` and `end` are whole days, both inside the window."""

    id: Name
    title: Words
    source: Words
    care_note: Words
    invented: Flag = False
    start: Day
    end: Day
    day_zero: Day | None = None
    """The day from which a source without dates counts. Dates in the file are then inferred from it: they say which
    days are weekends and bank holidays, and are never told to a reader."""
    day_zero_words: Words | None = None
    """What happened that day, as a reader is told: "the birth"."""
    desk_agency: Name
    """The agency whose desk takes referrals, whichever desk is open when they arrive."""


class Role(Cited):
    """One post held by one practitioner; `profession` says whose habits she has."""

    id: Name
    agency: Name
    profession: Name
    words: Words
    """How the role is spoken of: "the health visitor"."""
    case_holder: Flag = False
    """She carries the whole of the case to meetings, not only what she saw herself."""


class File(Cited):
    """A written record: who writes in it and who can open it."""

    id: Name
    words: Words
    written_by: tuple[Name, ...]
    opened_by: tuple[Name, ...]


class Knows(Cited):
    """Each of `who` knows each of `whom` to be involved, from `since` to the end of `until`, told anything or not.

    Left out, `until` is never: to have known somebody once is to know her still, unless her part came to a known end.
    """

    who: tuple[Name, ...]
    whom: tuple[Name, ...]
    since: Day
    until: Day | None = None


class Silence(Row):
    """A belief drawn from hearing nothing from `source` on `topics` since `since`."""

    source: tuple[Name, ...]
    topics: tuple[Topic, ...]
    since: Day


class Item(Cited):
    """One thing someone could know.

    `words` completes "that …". `told_by_family` marks what parents said of themselves.
    `held_by` and `recorded_in` are what was known at the start of the window. A composite
    exists only for someone who holds `needs` of its `parts`, of both signs where `both_signs`.
    """

    id: Name
    words: Words
    topic: Topic
    polarity: Polarity
    told_by_family: Flag = False
    held_by: tuple[Name, ...] = ()
    recorded_in: tuple[Name, ...] = ()
    parts: tuple[Name, ...] = ()
    needs: Annotated[int, Field(ge=0, le=50, strict=True)] = 0
    both_signs: Flag = False
    masks: tuple[Name, ...] = ()
    silence: Silence | None = None
    critical: Literal["yes", "support", "no"] = "no"
    core: Flag = False
    bears_on: tuple[Name, ...] = ()


class Contact(Cited):
    """Services met the family: `by` lists who was there, the first holder of new items first."""

    id: Name
    variant: Name | None = None
    at: Moment
    earliest: Day | None = None
    latest: Day | None = None
    """Both or neither: the day is drawn evenly from `earliest` to `latest`, at the hour of `at`."""
    kind: ContactKind
    by: Annotated[tuple[Name, ...], Field(min_length=1)]
    announced: Flag | None = None
    """Left out where the source does not say."""
    items: tuple[Name, ...] = ()
    """What could be noticed there. The first sighting of an item is given, later ones are drawn."""
    sought: tuple[Name, ...] = ()
    """What could be learned there only by asking for it: a lone account, a test, a question put."""


class Meeting(Cited):
    """People brought together. `lead` and `deciders` are there because they decide."""

    id: Name
    variant: Name | None = None
    words: Words
    at: Moment
    lasts_minutes: Annotated[int, Field(ge=5, le=600, strict=True)]
    kind: Name
    lead: Name
    deciders: tuple[Name, ...] = ()
    convener: Name
    convened: Moment
    """The earliest moment anyone could know of it; nobody is invited or asked before."""
    said: tuple[Name, ...] = ()
    """What the family says of itself in the room."""


class Decision(Cited):
    """A choice someone makes. With `meeting`, it is taken at that meeting's end by its lead;
    without, `at`, `lead` and `convened` say when, by whom, and from when it was in view."""

    id: Name
    variant: Name | None = None
    words: Words
    kind: Name
    meeting: Name | None = None
    at: Moment | None = None
    lead: Name | None = None
    deciders: tuple[Name, ...] = ()
    convened: Moment | None = None


class Away(Cited):
    """Leave: `role` is away on every day from `first` to `last`; `cover` stands in, where named."""

    role: Name
    first: Day
    last: Day
    cover: Name | None = None


class Transition(Cited):
    """Something that changes who has to do with the family. Where work changes hands, each of `who`
    hands over to each of `whom`; a birth or a move without them is a date to be read by."""

    id: Name
    variant: Name | None = None
    words: Words
    at: Moment
    kind: TransitionKind
    who: tuple[Name, ...] = ()
    whom: tuple[Name, ...] = ()


class Variant(Cited):
    """Another reading of the source: its rows take the place of those of the same id, or are added."""

    id: Name
    words: Words


class Case(Row):
    """One family as services met it."""

    case: About
    role: tuple[Role, ...]
    file: tuple[File, ...] = ()
    knows: tuple[Knows, ...] = ()
    item: tuple[Item, ...]
    contact: tuple[Contact, ...] = ()
    meeting: tuple[Meeting, ...] = ()
    decision: tuple[Decision, ...]
    away: tuple[Away, ...] = ()
    transition: tuple[Transition, ...] = ()
    variant: Annotated[tuple[Variant, ...], Field(max_length=MOST_VARIANTS)] = ()
