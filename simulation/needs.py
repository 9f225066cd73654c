"""What must have gone before: told implies noticed, came implies invited, a window implies sent.

Each act declares what it needs. Where only one way exists, the record is completed with it. This changes no estimate: a
run that lacks what is needed could never have met the entry. It spares living such runs to find that out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from math import inf
from typing import NamedTuple

from scenarios.faults import Fault
from simulation.evidence import Span, Statement, Window
from simulation.reachable import choice_called, why_never
from simulation.statements import Compiled, addresses, due_of
from simulation.world import World

Need = tuple[Statement | Window, ...]
INVITING = frozenset({"invite", "rule-invite"})
ASKING = frozenset({"ask", "rule-ask"})
TELLING = frozenset({"tell", "rule-tell"})
REFERRING = frozenset({"refer", "rule-refer"})
NONE = frozenset({""})


class Deed(NamedTuple):
    """One act as far as it is known: what is not is None."""

    act: str
    who: str | None
    whom: str | None
    item: str | None
    occasion: str | None


def complete(found: Compiled, world: World) -> None:
    """Add to the statements all that they need and that only one way can have brought, and what that needs."""
    waiting = [statement for statement in found.statements if statement.least > 0]
    known = {(statement.spans, statement.least) for statement in found.statements}
    windows = set(found.windows)
    while waiting:
        statement = waiting.pop(0)
        for need in _needs_of(statement, world):
            if isinstance(need, Window):
                if need._replace(entry="", need="") not in {one._replace(entry="", need="") for one in windows}:
                    windows.add(need)
                    found.windows.append(need)
            elif (need.spans, need.least) not in known:
                known.add((need.spans, need.least))
                found.statements.append(need)
                if need.least > 0:
                    waiting.append(need)


def out_of_reach(found: Compiled, world: World, file: str) -> Iterator[Fault]:
    """What a row needs to have happened, and nobody could have done."""
    for need in found.statements:
        if need.need and need.least > 0 and need.closed:
            ways = {way: why_never(world, way) for way in addresses(need)}
            if all(ways.values()):
                way, why = next(iter(ways.items()))
                what = " ".join(filter(None, way))
                yield Fault(file, f"entry {need.entry}", f"it needs what can never be drawn: {what}", f"{why}.")


def contradictions(found: Compiled, world: World, file: str) -> Iterator[Fault]:
    """What one row says happened, or needs to have happened, and another as narrow says did not, at any time."""
    never = [no for no in found.statements if no.most == 0 and no.closed and not no.need]
    for yes in found.statements:
        if yes.least == 0 or not yes.closed:
            continue
        ways = [way for way in addresses(yes) if not why_never(world, way)]
        for no in never:
            if ways and all(any(span.until == inf and span.covers(way) for span in no.spans) for way in ways):
                said = "needs it to have happened" if yes.need else "says that it happened"
                what = " ".join(filter(None, ways[0]))
                advice = f"Correct {yes.entry} or {no.entry}."
                yield Fault(
                    file, f"entry {no.entry}", f"it says that {what} did not happen, and {yes.entry} {said}", advice
                )


def _needs_of(statement: Statement, world: World) -> Iterator[Statement | Window]:
    """What every way in which this can have happened needs, in the entry's name."""
    ways = [
        dict.fromkeys(NEEDS[act](world, Deed(act, *map(_only, span[1:5]))) if act in NEEDS else ())
        for span in statement.spans
        for act in sorted(span.acts)
        if _has_chance(world, act, span)
    ]
    for need in ways[0] if ways else ():
        if all(need in way for way in ways[1:]):
            yield (
                replace(need, entry=statement.entry, need=statement.need or statement.entry)
                if isinstance(need, Statement)
                else need._replace(entry=statement.entry, need=statement.need or statement.entry)
            )


def _only(names: frozenset[str] | None) -> str | None:
    return next(iter(names)) if names is not None and len(names) == 1 else None


def _has_chance(world: World, act: str, span: Span) -> bool:
    """Whether any draw of this act that the span covers could ever be made."""
    anything = [sorted(world.roles), sorted(world.roles), sorted(world.items), [""]]
    draws = product(
        *(sorted(every if names is None else names) for names, every in zip(span[1:5], anything, strict=True))
    )
    return any(not why_never(world, (act, who, whom, item, occasion)) for who, whom, item, occasion in draws)


def _must(world: World, *spans: Span, closed: bool = True) -> Statement:
    return Statement("", spans, 1.0, inf, max(due_of(span, world) for span in spans), closed)


def _never(*spans: Span) -> Statement:
    return Statement("", spans, 0.0, 0.0)


def _one(name: str | None) -> frozenset[str] | None:
    return None if name is None else frozenset({name})


# --- meetings and questions -------------------------------------------------------------------------


def _invited(world: World, who: str | None, occasion: str | None) -> Iterator[Statement | Window]:
    """Who comes, reports or gets the minutes was invited in time, unless she decides or calls the meeting herself."""
    if who is None or occasion is None or (choice := choice_called(world, occasion)) is None or not choice.meeting:
        return
    convener = world.meetings[choice.meeting].convener
    if who in choice.all_deciders or (who == convener and world.admits(choice.kind, who)):
        return
    span = Span(INVITING, _one(convener), _one(who), NONE, _one(choice.meeting))
    yield _must(world, span)
    yield Window("", span, -inf, choice.start + 1)


def _who_was_invited(world: World, deed: Deed) -> Need:
    return tuple(_invited(world, deed.who, deed.occasion))


def _whom_was_invited(world: World, deed: Deed) -> Need:
    return tuple(_invited(world, deed.whom, deed.occasion))


def _came(world: World, deed: Deed) -> Need:
    """Who speaks is there."""
    if deed.who is None or deed.occasion not in world.meetings:
        return ()
    if deed.who in world.gatherings[deed.occasion].all_deciders:
        return ()
    return (_must(world, Span(frozenset({"attend"}), _one(deed.who), NONE, NONE, _one(deed.occasion))),)


def _asked(world: World, deed: Deed) -> Need:
    """Who answers was asked."""
    if None in (deed.who, deed.whom, deed.occasion):
        return ()
    return (_must(world, Span(ASKING, _one(deed.whom), _one(deed.who), NONE, _one(deed.occasion))),)


def _papers(world: World, author: str, occasion: str) -> tuple[Span, ...]:
    """How somebody may write for a decision: a report to the convener, an answer to the lead."""
    choice = choice_called(world, occasion)
    assert choice
    spans = [Span(frozenset({"answer"}), _one(author), _one(choice.lead), NONE, _one(choice.id))]
    if choice.meeting:
        convener = world.meetings[choice.meeting].convener
        spans.insert(0, Span(frozenset({"report"}), _one(author), _one(convener), NONE, _one(choice.id)))
    return tuple(spans)


def _wrote(world: World, deed: Deed) -> Need:
    """What stood in a paper stood in one that was written."""
    if deed.who is None or deed.occasion is None:
        return ()
    return (_must(world, *_papers(world, deed.who, deed.occasion)),)


def _paper_came(world: World, deed: Deed) -> Need:
    """A paper that was opened had been written, and came in time; unless a rule carries late ones forward."""
    choice = choice_called(world, deed.occasion or "")
    if deed.whom is None or choice is None or world.practice.rule("rule-carry", choice.kind) > 0:
        return ()
    spans = _papers(world, deed.whom, choice.id)
    return (_must(world, *spans), *(Window("", span, -inf, choice.start + 1) for span in spans))


def _word_came(world: World, deed: Deed) -> Need:
    """What was opened was sent: minutes by whoever keeps them, anything else by its sender."""
    if deed.who is None or deed.whom is None or deed.occasion is None:
        return ()
    if deed.whom == "minutes":
        convener = _one(world.meetings[deed.occasion].convener)
        return (_must(world, Span(frozenset({"circulate"}), convener, _one(deed.who), NONE, _one(deed.occasion))),)
    sent = TELLING | {"hand-over-sheet"}
    return (_must(world, Span(sent, _one(deed.whom), _one(deed.who), None, _one(deed.occasion)), closed=False),)


# --- telling ----------------------------------------------------------------------------------------


def _came_upon(world: World, deed: Deed) -> Need:
    """What somebody does at a contact where she was alone, she does because she came upon it there."""
    _, who, _, item, occasion = deed
    contact = next((row for row in world.contacts if row.id == occasion), None)
    if contact is None or item is None or contact.by != (who,):
        return ()
    for act, there in (("notice", contact.items), ("seek", contact.sought)):
        if item in there and not (act == "notice" and world.first_sighting[item][1:] == (occasion, who)):
            return (_must(world, Span(frozenset({act}), _one(who), NONE, _one(item), _one(occasion))),)
    return ()


def _recognised(world: World, deed: Deed) -> Need:
    """Who tells of her own accord has judged that it matters: here if it is new to everybody, else here or before."""
    _, who, _, item, occasion = deed
    if who is None or item is None or who in world.items[item].held_by:
        return ()
    row, first = world.items[item], world.first_sighting.get(item)
    new = first is not None and first[1] == occasion and not row.held_by and not row.recorded_in
    return (
        _must(
            world,
            Span(frozenset({"recognise"}), _one(who), NONE, _one(item), _one(occasion) if new else None),
            closed=new,
        ),
    )


def _not_before(world: World, deed: Deed) -> Need:
    """What is told on one occasion is told on no other: to whoever has been told, nobody tells it again."""
    act, who, whom, item, occasion = deed
    if None in (who, whom, item, occasion):
        return ()
    return (_never(Span(TELLING if act in TELLING else REFERRING, _one(who), _one(whom), _one(item))),)


def _not_written_before(world: World, deed: Deed) -> Need:
    if None in (deed.who, deed.item, deed.occasion):
        return ()
    return (_never(Span(frozenset({"record"}), _one(deed.who), NONE, _one(deed.item))),)


def _told_no_social_worker(world: World, deed: Deed) -> Need:
    """Who goes to the desk has, on that occasion, told nobody there herself."""
    if None in (deed.who, deed.item, deed.occasion):
        return ()
    there = frozenset({*world.desks, *world.case_holders})
    return (_never(Span(TELLING, _one(deed.who), there, _one(deed.item), _one(deed.occasion))),)


def _left_out_of_the_talk(world: World, deed: Deed) -> Need:
    """What stood on the sheet was not said."""
    _, who, whom, item, occasion = deed
    span = Span(frozenset({"hand-over"}), _one(who), _one(whom), _one(item), _one(occasion))
    return () if None in deed else (_never(span),)


def _all(*needs: Callable[[World, Deed], Need]) -> Callable[[World, Deed], Need]:
    return lambda world, deed: tuple(one for need in needs for one in need(world, deed))


NEEDS: dict[str, Callable[[World, Deed], Need]] = {
    "attend": _who_was_invited,
    "report": _who_was_invited,
    "circulate": _whom_was_invited,
    "present": _came,
    "raise": _came,
    "answer": _asked,
    "include": _wrote,
    "open-paper": _paper_came,
    "open": _word_came,
    "tell": _all(_came_upon, _recognised, _not_before),
    "rule-tell": _all(_came_upon, _not_before),
    "refer": _all(_came_upon, _recognised, _not_before, _told_no_social_worker),
    "rule-refer": _all(_came_upon, _not_before),
    "record": _all(_came_upon, _not_written_before),
    "hand-over-sheet": _left_out_of_the_talk,
}
"""What each act needs to have gone before it."""
