"""Which draws a run could ever make: by structure and practice alone, before any luck.

A record may only say of such a draw that it happened. A test holds that no run makes any other.
"""

from __future__ import annotations

from collections.abc import Callable

from scenarios.schema import Contact
from simulation.chance import Address
from simulation.setting import Choice
from simulation.world import World


def why_never(world: World, address: Address) -> str:
    """Why the act at this address is never attempted in any run; "" where it may be."""
    return CHECKS[address[0]](world, address)


def choice_called(world: World, name: str) -> Choice | None:
    """The decision of this id, or what the meeting of this id decides."""
    return world.choices.get(name) or world.gatherings.get(name)


def _invite(world: World, address: Address) -> str:
    act, who, whom, _, occasion = address
    meeting = world.meetings.get(occasion)
    if meeting is None:
        return f"{occasion} is no meeting"
    choice = world.gatherings[occasion]
    if who != meeting.convener:
        return f"{meeting.convener} calls {occasion}"
    if whom in choice.all_deciders:
        return f"{whom} decides at {occasion}, and is there without being asked"
    if world.acquaintance[who].get(whom, choice.start + 1) > choice.start:
        return f"{who} does not know {whom} by {occasion}"
    if act == "invite" and not world.admits(choice.kind, whom):
        return f"this kind of meeting admits nobody like {whom}"
    return _no_chance(world, act, choice.kind, world.profession(whom))


def _invited(world: World, who: str, occasion: str) -> str:
    """Why somebody is never expected at a meeting."""
    meeting, choice = world.meetings[occasion], world.gatherings[occasion]
    if who in choice.all_deciders:
        return f"{who} decides at {occasion}, and is there in any case"
    if who == meeting.convener and world.admits(choice.kind, who):
        return ""
    ways = [_invite(world, (act, meeting.convener, who, "", occasion)) for act in ("invite", "rule-invite")]
    return "" if "" in ways else ways[0]


def _attend(world: World, address: Address) -> str:
    _, who, _, _, occasion = address
    if occasion not in world.meetings:
        return f"{occasion} is no meeting"
    kind = world.gatherings[occasion].kind
    return _invited(world, who, occasion) or _no_chance(world, "attend", kind, world.profession(who))


def _report(world: World, address: Address) -> str:
    _, who, whom, _, occasion = address
    choice = choice_called(world, occasion)
    if choice is None or not choice.meeting:
        return f"nobody reports to {occasion}: it is no meeting"
    if whom != world.meetings[choice.meeting].convener:
        return f"{world.meetings[choice.meeting].convener} gathers the reports for {occasion}"
    return _invited(world, who, choice.meeting) or _no_chance(world, "report", choice.kind, world.profession(who))


def _ask(world: World, address: Address) -> str:
    act, who, whom, _, occasion = address
    choice = world.choices.get(occasion)
    if choice is None:
        return f"nobody asks before {occasion}: it is no decision that is followed"
    if who != choice.lead:
        return f"{choice.lead} leads {occasion}, and asks before it"
    if whom in choice.all_deciders:
        return f"{whom} decides at {occasion}, and is not asked"
    if world.acquaintance[who].get(whom, choice.start + 1) > choice.start:
        return f"{who} does not know {whom} by {occasion}"
    profession = world.profession(whom)
    if act == "ask" and not world.practice.value("asks", choice.kind, profession):
        return f"nobody has the habit of asking {whom} before such a decision"
    return _no_chance(world, act, choice.kind, profession)


def _answer(world: World, address: Address) -> str:
    _, who, whom, _, occasion = address
    ways = [_ask(world, (act, whom, who, "", occasion)) for act in ("ask", "rule-ask")]
    if "" not in ways:
        return ways[0]
    return _no_chance(world, "answer", world.choices[occasion].kind, world.profession(who))


def _paper(world: World, author: str, whom: str, occasion: str) -> str:
    """Why somebody never writes for a decision."""
    ways = [
        _report(world, ("report", author, whom, "", occasion)),
        _answer(world, ("answer", author, whom, "", occasion)),
    ]
    return "" if "" in ways else ways[0]


def _include(world: World, address: Address) -> str:
    _, who, whom, _, occasion = address
    return _paper(world, who, whom, occasion) or _no_chance(world, "include", world.profession(who))


def _find(world: World, address: Address) -> str:
    _, who, file, _, occasion = address
    if file not in world.can_open[who]:
        return f"{who} cannot open {file}"
    if choice_called(world, occasion) is None:
        return f"{occasion} is neither a meeting nor a decision"
    return _no_chance(world, "find", world.profession(who))


def _open_file(world: World, address: Address) -> str:
    act, who, file, _, occasion = address
    choice = world.choices.get(occasion)
    if choice is None:
        return f"{occasion} is no decision that is followed"
    if who not in choice.all_deciders:
        return f"{who} does not decide at {occasion}: she searches, she opens nothing for it"
    if file not in world.can_open[who]:
        return f"{who} cannot open {file}"
    return _no_chance(world, act, choice.kind, world.profession(who))


def _open_paper(world: World, address: Address) -> str:
    _, who, author, _, occasion = address
    choice = choice_called(world, occasion)
    if choice is None or who not in choice.all_deciders:
        return f"{who} does not decide at {occasion}"
    askers = {choice.lead, *([world.meetings[choice.meeting].convener] if choice.meeting else [])}
    ways = [_paper(world, author, asker, occasion) for asker in sorted(askers)]
    if "" not in ways and not world.practice.rule("rule-carry", choice.kind):
        return ways[0]
    return _no_chance(world, "open", "report", world.profession(who))


def _voice(world: World, address: Address) -> str:
    act, who, _, item, occasion = address
    if occasion not in world.meetings:
        return f"{occasion} is no meeting"
    if who not in world.gatherings[occasion].all_deciders and (why := _invited(world, who, occasion)):
        return why
    return _no_chance(world, act, world.profession(who), world.what(item))


def _circulate(world: World, address: Address) -> str:
    act, who, whom, _, occasion = address
    meeting = world.meetings.get(occasion)
    if meeting is None:
        return f"{occasion} is no meeting"
    if who != meeting.convener:
        return f"{meeting.convener} sends the minutes of {occasion}"
    if whom == who:
        return f"{who} keeps the minutes of {occasion}"
    choice = world.gatherings[occasion]
    if whom not in choice.all_deciders and (why := _invited(world, whom, occasion)):
        return why
    return _no_chance(world, act, choice.kind, world.profession(whom))


def _open(world: World, address: Address) -> str:
    _, who, whom, _, occasion = address
    if whom == "minutes":
        convener = world.meetings[occasion].convener if occasion in world.meetings else ""
        return _circulate(world, ("circulate", convener, who, "", occasion)) or _no_chance(
            world, "open", "minutes", world.profession(who)
        )
    hands_over = any(whom in row.who and who in row.whom for row in world.transitions)
    return "" if hands_over or who in world.acquaintance[whom] else f"{whom} does not know {who}"


def _tell(world: World, address: Address) -> str:
    act, who, whom, item, _ = address
    if whom not in world.acquaintance[who]:
        return f"{who} does not know {whom}"
    return _no_chance(world, act, world.profession(who), world.profession(whom), world.what(item))


def _refer(world: World, address: Address) -> str:
    act, who, whom, item, _ = address
    if whom != world.case.case.desk_agency or world.roles[who].agency == whom or not world.desks:
        return f"{who} brings nothing to a desk of {whom}"
    if any(world.referral(act, who, world.what(item), now) for now in (0, world.end)):
        return ""
    return f"{who} does not refer such a thing"


def _hand_over(world: World, address: Address) -> str:
    act, who, whom, _, occasion = address
    if not any(row.id == occasion and who in row.who and whom in row.whom for row in world.transitions):
        return f"{who} does not hand over to {whom} at {occasion}"
    if act == "hand-over":
        return _no_chance(world, "hand-over", "speech")
    channel = world.hands_over_by(who)
    return _no_chance(world, "hand-over", channel) if channel else f"{who} hands over by word of mouth alone"


def _come_upon(world: World, address: Address) -> str:
    act, who, _, item, occasion = address
    contact = next((row for row in world.contacts if row.id == occasion), None)
    if contact is None or who not in contact.by:
        return f"{who} was not at {occasion}"
    if item not in (contact.items if act == "notice" else contact.sought):
        return f"{item} was not there to {act} at {occasion}"
    if act == "notice" and world.first_sighting[item][1:] == (occasion, who):
        return f"the case gives that {who} saw {item} first at {occasion}: nothing is drawn"
    if act == "seek" and (sooner := _could_ask_sooner(world, who, item, contact)):
        return f"{who} could ask about {item} before, at {sooner}: whether she asks is settled the first time she could"
    return _no_chance(world, act, world.profession(who), world.what(item))


def _could_ask_sooner(world: World, who: str, item: str, contact: Contact) -> str:
    """A contact at which she could ask and that comes before this one, on whichever days the two may fall; "" if none
    does. Of two at the same minute the one whose id comes first is first."""
    here = world.days_of(contact)[0], contact.id
    sooner = {(world.days_of(row)[1], row.id) for row in world.contacts if who in row.by and item in row.sought}
    return next((name for last, name in sorted(sooner) if (last, name) < here), "")


def _hers(world: World, address: Address) -> str:
    """An act in her own head or file, wherever it comes to her."""
    act, who, _, item, _ = address
    if act == "join" and not world.items[item].parts:
        return f"{item} is no pattern of parts"
    if act == "assume" and not world.items[item].silence:
        return f"{item} is no belief drawn from silence"
    if act == "record" and who not in world.writes_in:
        return f"{who} writes in no record"
    topic = () if act in ("join", "assume") else (world.what(item),)
    return _no_chance(world, act, world.profession(who), *topic)


def _no_chance(world: World, *leaf: str) -> str:
    return "" if world.chances[leaf] > 0 else f"practice gives it no chance ({'.'.join(leaf)})"


CHECKS: dict[str, Callable[[World, Address], str]] = {
    "invite": _invite,
    "rule-invite": _invite,
    "attend": _attend,
    "report": _report,
    "ask": _ask,
    "rule-ask": _ask,
    "answer": _answer,
    "include": _include,
    "find": _find,
    "open-file": _open_file,
    "rule-open-file": _open_file,
    "open-paper": _open_paper,
    "present": _voice,
    "raise": _voice,
    "circulate": _circulate,
    "open": _open,
    "tell": _tell,
    "rule-tell": _tell,
    "refer": _refer,
    "rule-refer": _refer,
    "hand-over": _hand_over,
    "hand-over-sheet": _hand_over,
    "notice": _come_upon,
    "seek": _come_upon,
    "record": _hers,
    "recognise": _hers,
    "join": _hers,
    "assume": _hers,
}
"""Every act that a record may speak of, or that such an act needs, with what can stand in its way."""
