"""A case made larger, to see how the time of a replication grows with it. Each enlargement doubles one thing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from pydantic import BaseModel

from scenarios.schema import Case


def second(name: str) -> str:
    """What the second of two is called."""
    return f"{name}-2"


def both(names: Iterable[str]) -> tuple[str, ...]:
    """Each name, then its second."""
    return tuple(each for name in names for each in (name, second(name)))


def changed(rows: Iterable[BaseModel], **fields) -> tuple[BaseModel, ...]:
    """Each row with some fields worked out anew from what stood there."""
    return tuple(
        row.model_copy(update={name: change(getattr(row, name)) for name, change in fields.items()}) for row in rows
    )


def more_items(case: Case) -> Case:
    """Every item twice, in the same contacts, the same rooms and the same files from the start. A pattern's second
    has the seconds of its parts."""

    def seconds(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(second(name) for name in names)

    return case.model_copy(
        update={
            "item": (*case.item, *changed(case.item, id=second, parts=seconds, masks=seconds)),
            "contact": changed(case.contact, items=both, sought=both),
            "meeting": changed(case.meeting, said=both),
        }
    )


def more_contacts(case: Case) -> Case:
    """Every contact again on the next day, where the window has one."""

    def next_day(moment):
        return moment and moment + timedelta(days=1)

    again = changed(case.contact, id=second, at=next_day, earliest=next_day, latest=next_day)
    return case.model_copy(
        update={
            "contact": (
                *case.contact,
                *(row for row in again if max(row.at.date(), row.latest or row.at.date()) <= case.case.end),
            )
        }
    )


def more_roles(case: Case) -> Case:
    """Every role twice, in the same post and at the same contacts. The second knows whom the first knows, writes
    and reads the same files, and had by the start what she had; nobody knows her."""
    return case.model_copy(
        update={
            "role": (*case.role, *changed(case.role, id=second)),
            "knows": changed(case.knows, who=both),
            "contact": changed(case.contact, by=both),
            "file": changed(case.file, written_by=both, opened_by=both),
            "item": changed(case.item, held_by=both),
        }
    )


def better_known_roles(case: Case) -> Case:
    """The same, and whoever knows the first knows the second: twice the roles, four times the pairs."""
    return more_roles(case).model_copy(update={"knows": changed(case.knows, who=both, whom=both)})


def more_of_all(case: Case) -> Case:
    """Twice the items, in twice the contacts, with twice the roles."""
    return more_roles(more_contacts(more_items(case)))


ENLARGED = {
    "items": more_items,
    "contacts": more_contacts,
    "roles": more_roles,
    "roles that are known too": better_known_roles,
    "items, contacts and roles": more_of_all,
}
