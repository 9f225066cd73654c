"""What is said of each kind of event. What is spoken of is information, a paper or a room, never a culprit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from results.telling import FEW, Telling, anchor, cap, done, sense, series, short, undone, why
from simulation.journey import MOVING, STATES, UNSEEN, Journey
from simulation.trace import Event


def start(t: Telling, rows: list[Event]) -> list[str]:
    """What was known and written before the account begins: a line for each thing."""
    lines = []
    for item in dict.fromkeys(row.item for row in rows):
        mine = [row for row in rows if row.item == item]
        known = [f"known to {t.people(held)}"] if (held := done(mine, "hold")) else []
        written = [f"written in {series(t.files[row.whom] for row in filed)}"] if (filed := done(mine, "file")) else []
        lines.append(f"{' and '.join(known + written)}{t.things([item])}.")
    if len(lines) == 1:
        return [f"Before this account begins, {lines[0]}"]
    return ["\n".join(["What was known before this account begins.", *map(cap, lines)])]


def contact(t: Telling, rows: list[Event]) -> list[str]:
    """A contact: what was new there, what was asked for, what was seen again, what was not seen or asked."""
    asked = [row.item for row in done(rows, "seek")]
    learned = [row.item for row in done(rows, "hold")]
    new, answered = ([item for item in learned if (item in asked) == by_asking] for by_asking in (False, True))
    again = [row.item for row in done(rows, "notice") if row.item not in new]
    said = [t.visit(rows[0].occasion)]
    said += [f"New there{t.things(new)}."] if new else []
    said += [f"Asked about, and learned there{t.things(answered)}."] if answered else []
    said += [f"Asked about again{t.things(old)}."] if (old := [item for item in asked if item not in learned]) else []
    said += [f"Found there again{t.things(again)}."] if again else []
    if not t.item and done(rows, "record") and not undone(rows, "record"):
        said.append("It was written down.")
    for reason, left in undone(rows, "notice", *([] if t.item else ["record"])):
        words = f"Not seen by {t.people(left)}" if left[0].act == "notice" else cap(short(reason))
        what = [row.item for row in left]
        said.append(f"{words}{'' if what in (new, again) else t.things(what)}. {sense(reason)}")
    for reason, left in undone([row for row in rows if row.item not in asked], "seek"):
        if unknown := [row.item for row in left if not t.has(row.who, row.item, row.row)]:
            words = f"Nobody asked there{t.things(unknown)}"
            said.append(f"{words}: {why(reason)}" if t.item else f"{words}. {sense(reason)}")
        elif t.item:
            said.append("It was not asked about again.")
    return said


def asides(t: Telling, rows: list[Event]) -> list[str]:
    """In the story of an item: whether it was written down, and taken to matter."""
    said, rows = [], [row for row in rows if row.item == t.item]
    for act, words in ASIDES.items():
        said += [f"{cap(words)} by {t.people(some)}."] if (some := done(rows, act)) else []
        said += [f"Not {words} by {t.people(some)}: {why(reason)}" for reason, some in undone(rows, act)]
    return said


def pattern(t: Telling, rows: list[Event]) -> list[str]:
    """Parts of a pattern, put together or not."""
    who, what = t.people(rows[:1]), [rows[0].item]
    if rows[0].happened:
        return [f"Put together by {who} out of what was known{t.things(what)}."]
    return [f"With {who}, {short(rows[0].reason)}{t.things(what)}. {sense(rows[0].reason)}"] if t.item else []


def silence(t: Telling, rows: list[Event]) -> list[str]:
    """A belief drawn, or not, from hearing nothing."""
    belief, who = t.world.items[rows[0].item].silence, t.people(rows[:1])
    assert belief
    if rows[0].happened:
        return [
            f"No word had come from {t.roles(belief.source)}. With {who}, a belief formed{t.things([rows[0].item])}."
        ]
    return [f"With {who}, no belief formed out of hearing nothing."] if t.item else []


def passing(t: Telling, rows: list[Event]) -> list[str]:
    """What one person passed to another at one moment, when it was taken in, and who stood in for her."""
    fates: dict[str, list[str]] = {}
    for row in done(rows, "tell", "refer"):
        fates.setdefault(fate(t, row, rows), []).append(row.item)
    if not t.item:
        fates = {how: items for how, items in fates.items() if how not in (KNOWN, OVERTAKEN)}
    channel, who = CHANNELS.get(rows[0].how, "Word went"), t.people(rows[:1])
    stood_in = {row.who for row in done(rows, "cover")}
    took = [row for row in done(rows, "hold") if row.who not in stood_in]
    lead = f"{channel} from {who} to {t.people(took or rows[:1], to=not took)}"
    said = [f"{how}{t.things(items)}." for how, items in fates.items()]
    said = [f"{lead}, {said[0]}"] if len(said) == 1 else [f"{lead}.", *map(cap, said)] if said else []
    said += [sense("routing-delay")] if UNOPENED in fates else []
    standing_in = cover(t, rows)
    return [*(said or [f"{lead}."]), *standing_in] if standing_in else said


def cover(t: Telling, rows: list[Event]) -> list[str]:
    """Whether what came for somebody on leave was read by whoever stood in."""
    said = []
    for row in done(rows, "cover"):
        new = [held for held in done(rows, "hold") if held.who == row.who]
        when = f", and was taken in {t.day(new[0].time, row.time)}" if new else ""
        what = t.things(held.item for held in new)
        said.append(f"While {t.people([row], to=True)} was away it went to {t.people([row])}{when}{what}.")
    for reason, left in undone(rows, "cover"):
        said.append(f"While {t.people(left, to=True)} was away it did not go to {t.people(left)}: {why(reason)}")
    return said


def fate(t: Telling, sent: Event, rows: list[Event]) -> str:
    """What became of one item that was sent, with the one it was sent to."""
    to = [sent.whom] if sent.whom in t.world.roles else t.world.desks
    for row in rows:
        if row.item == sent.item and row.act == "hold" and row.who in to:
            return f"{'heard' if row.how == 'told' else 'read'} {t.day(row.time, sent.time)}"
        if row.act == "open" and not row.happened and row.who in to:
            return UNOPENED
    if any(t.has(who, sent.item, sent.row) for who in to):
        return KNOWN
    return OVERTAKEN if any(who in t.index.held[sent.item] for who in to) else UNDERWAY


def kept(t: Telling, rows: list[Event]) -> list[str]:
    """What was not passed on; without an item, only where a coming decision stood to gain by it."""
    to: dict[tuple[str, ...], list[str]] = {}
    for item in dict.fromkeys(row.item for row in rows):
        if whom := tuple(row.whom for row in rows if row.item == item and (t.item or t.awaited(row))):
            to.setdefault(whom, []).append(item)
    lead = f"{'It was not' if t.item else 'Not'} passed on by {t.people(rows)} to"
    said = [f"{lead} {t.roles(whom)}{t.things(items)}" for whom, items in to.items()]
    if t.item:
        return [f"{said[0]}: {why(rows[0].reason)}"]
    return [*(f"{words}." for words in said), sense(rows[0].reason)] if said else []


def going_out(t: Telling, rows: list[Event]) -> list[str]:
    """To whom invitations, questions or minutes went out, and to whom not."""
    sent = [row for row in rows if row.act.removeprefix("rule-") in GOING_OUT]
    reached = {row.whom for row in sent if row.happened}
    went = [row for row in sent if row.happened]
    what = GOING_OUT[sent[0].act.removeprefix("rule-")].format(t.occasion(sent[0]))
    said = [f"{what} went out from {t.people(sent)} to {t.people(went, to=True)}."] if went else []
    for reason, left in undone((row for row in sent if row.whom not in reached), *GOING_OUT):
        lead = "None went" if said else f"{what} did not go out from {t.people(left)}"
        said.append(f"{lead} to {t.people(left, to=True)}: {why(reason)}")
    return said + readings(t, rows)


def meeting(t: Telling, rows: list[Event]) -> list[str]:
    """Who came, what was said by whom and to whom it was new, and what was held and not said."""
    said = [] if t.item else t.room(rows[0].occasion, rows)
    said += [f"Invited and not able to come: {t.people(left)}. {sense(no)}" for no, left in undone(rows, "attend")]
    said += [f"Invited and away: {t.people(away)}. {sense('absence')}"] if (away := done(rows, "away")) else []
    found = [row for row in done(rows, "hold") if row.how == "found"]
    for who in sorted({row.who for row in found}):
        what = t.things(row.item for row in found if row.who == who)
        said.append(f"Found in a search beforehand by {t.roles([who])}{what}.")
    for no, left in undone(rows, "find") if t.item else ():
        said.append(f"Not found in a search beforehand by {t.people(left)}: {why(no)}")
    voiced: dict[tuple[str, str], list[str]] = {}
    for item in sorted({row.item for row in done(rows, *VOICES)}):
        speakers = [row for row in done(rows, *VOICES) if row.item == item and row.who]
        new_to = [row for row in done(rows, "hold") if row.item == item and row.how != "found"]
        by = f" by {t.people(speakers)}" if speakers else " by the family"
        news = (by, t.new_to(rows[0].occasion, rows, new_to, speakers)) if new_to else ("", "nobody there")
        voiced.setdefault(news, []).append(item)
    for (by, new), items in sorted(voiced.items(), reverse=True):
        what = t.things(items) if by or len(items) <= FEW else f": {len(items)} things"
        said.append(f"Said{by}, and new to {new}{what}.")
    unsaid = {row.item for _, left in undone(rows, *VOICES) for row in left} - {row.item for row in done(rows, *VOICES)}
    said += [f"Held in the room and not said{t.things(sorted(unsaid))}. {sense('not-voiced')}"] if unsaid else []
    return [f"{cap(t.occasion(rows[0]))}.", *said] if said else []


def paper(t: Telling, rows: list[Event]) -> list[str]:
    """A report or an answer: when it came, what was in it and what was not, and who read it."""
    first, came = rows[0], done(rows, "deliver")
    what = f"For {t.occasion(first)}, {'a report' if first.act == 'report' else 'an answer'} by {t.people(rows[:1])}"
    if not came:
        return [f"{what} {f'was {UNDERWAY}.' if first.happened else f'did not come: {why(first.reason)}'}"]
    lead, inside = t.decider(first.occasion), [row.item for row in done(rows, "include")]
    late = came[0].how == "late"
    said = [f"{what} came in" + (f" afterwards: {why('report-late')}" if late else ".")]
    said += [f"By rule it was laid before the next such meeting, {t.occasion(row)}." for row in came[1:]]
    said += ["It was not laid before the next such meeting."] if undone(rows, "carry") else []
    news = [item for item in inside if not t.has(lead, item, came[0].row)]
    if news:
        said.append(f"{'It was in it' if t.item else 'In it'}, and new to {t.roles([lead])}{t.things(news)}.")
    elif inside:
        said.append(f"{'It' if t.item else 'What was in it'} was with {t.roles([lead])} already.")
    elif not t.item:
        said.append("Nothing that this account follows was in it.")
    for reason, left in undone(rows, "include", "find"):
        if lacking := [row.item for row in left if t.item or not t.has(lead, row.item, came[0].row)]:
            said.append(f"{cap(short(reason))}{t.things(lacking)}. {sense(reason)}")
    return said + readings(t, rows)


def readings(t: Telling, rows: list[Event]) -> list[str]:
    """Who read a paper, when, and by whom it was not opened."""
    said = []
    for row in done(rows, *OPENINGS):
        new = [held for held in done(rows, "hold") if held.cause == row.row]
        said += [f"Read by {t.people([row])} {t.day(new[0].time, anchor(rows).time)}."] if new else []
    return said + [f"Not opened by {t.people(left)}: {why(reason)}" for reason, left in undone(rows, *OPENINGS)]


def account(t: Telling, rows: list[Event]) -> list[str]:
    """What the family said, checked with colleagues, and what came of it."""
    asked, answers = done(rows, "check"), done(rows, "say")
    if not asked:
        left = f"What the family had said was not checked by {t.people(rows[:1])} with {t.people(rows, to=True)}"
        return [f"{left}: {why(rows[0].reason)}"] if t.item else []
    checked = f"What the family had said was checked by {t.people(asked)} with {t.people(asked, to=True)}"
    said = [f"{checked}{t.things([asked[0].item])}."]
    for who in dict.fromkeys(row.who for row in answers):
        what = t.things(row.item for row in answers if row.who == who)
        said.append(f"In answer, from {t.roles([who])}{what}." if what else f"It was known to {t.roles([who])}.")
    quiet = [row.whom for row in asked if row.whom not in {row.who for row in answers}]
    return said + ([f"Nothing more came from {t.roles(quiet)}."] if quiet else [])


def handover(t: Telling, rows: list[Event]) -> list[str]:
    """Work that changes hands: what was said, what stood in the notes and whether they were read, what went no
    further."""
    first, spoken, sheet = rows[0], done(rows, "hand-over"), done(rows, "hand-over-sheet")
    kept = {row.item for row in (*spoken, *sheet)}
    left = [row for row in rows if row.act.startswith("hand-over") and row.item not in kept]
    change = next(one for one in t.world.transitions if one.id == first.occasion)
    said = [f"{cap(change.words)}. Work passed from {t.people([first])} to {t.people([first], to=True)}."]
    said += [f"Said at the handover{t.things(row.item for row in spoken)}."] if spoken else []
    if sheet:
        opened = next((row for row in rows if row.act == "open"), None)
        new = [row for row in done(rows, "hold") if opened and row.cause == opened.row]
        when = f", read {t.day(new[0].time, first.time)}" if new else ""
        unopened = opened is not None and not opened.happened
        when = ", which were not opened" if unopened else when
        said.append(f"{'It was in' if t.item else 'In'} the notes{when}{t.things(row.item for row in sheet)}.")
        said += [sense("handover-without-history")] if unopened else []
    if left:
        what = t.things(row.item for row in left)
        said.append(f"{'It was not' if t.item else 'Not'} in the handover{what}. {sense(left[-1].reason)}")
    return said


def called(t: Telling, rows: list[Event]) -> list[str]:
    """A meeting called by a rule: an urgent one, and on what word, or one before what lies ahead."""
    if rows[0].act == "rule-call-at":
        return called_ahead(t, rows)
    who, latest = t.people(rows[:1]), [t.index.trace[row.cause].item for row in rows if row.act == "rule-call"]
    if not done(rows, "call"):
        return [f"No urgent meeting was called by {who}: {why(rows[0].reason)}"] if t.item else []
    return [f"An urgent meeting was called by {who}, on the latest word{t.things(latest)}."]


def looked_up(t: Telling, rows: list[Event]) -> list[str]:
    """Whom the shared index showed to be involved, before inviting or asking."""
    shown = done(rows, "index")
    return [f"The shared index showed {t.people(rows[:1])} {t.people(shown, to=True)}."] if shown else []


def called_ahead(t: Telling, rows: list[Event]) -> list[str]:
    """A meeting called by rule before a transition or a decision."""
    if not rows[0].happened:
        return [f"No meeting was called ahead by {t.people(rows[:1])}: {why(rows[0].reason)}"] if t.item else []
    return [f"{cap(t.occasion(rows[-1]))}, by {t.people(rows[:1])}."]


def log_read(t: Telling, rows: list[Event]) -> list[str]:
    """The log that all share, read by rule before a decision, and what was new in it."""
    readers, news = done(rows, "read-log"), done(rows, "hold")
    if not (news or t.item):
        return []
    when = f"before {t.occasion(rows[0])}"
    said = [f"The log that all share was read {when} by {t.people(readers)}."] if readers else []
    found: dict[str, list[str]] = {}
    for who in dict.fromkeys(row.who for row in news):
        found.setdefault(";".join(row.item for row in news if row.who == who), []).append(who)
    said += [f"New in it to {t.roles(who)}{t.things(items.split(';'))}." for items, who in found.items()]
    for reason, left in undone(rows, "read-log"):
        said.append(f"The log that all share was not read {when} by {t.people(left)}: {why(reason)}")
    return said


def opened_file(t: Telling, rows: list[Event]) -> list[str]:
    """A record that was opened, or not, before a decision."""
    first, found = rows[0], [row.item for row in done(rows, "hold")]
    what = f"pened by {t.people(rows[:1])} before {t.occasion(first)}: {t.files[first.whom]}."
    if not first.happened:
        return [f"Not o{what} {sense(first.reason)}"]
    said = [f"O{what}", f"New there{t.things(found)}." if found else "Nothing new was found there."]
    return said + [
        f"{cap(short(reason))}{t.things(row.item for row in left)}." for reason, left in undone(rows, "find")
    ]


def decision(t: Telling, rows: list[Event]) -> list[str]:
    """What the decision-maker had, beside what the system held."""
    choice, found = t.choices[rows[0].occasion], t.journeys.get(rows[0].occasion, [])
    if t.item and not found:
        return []
    lead, had = t.roles([choice.lead]), [one for one in found if one.read]
    held = sum(one.state != UNSEEN for one in found)
    mine, rest = (standing(t, rows[0], [one for one in found if one.read == read]) for read in (True, False))
    lines = [f"{cap(choice.words)}. The decision falls to {lead}."]
    if not t.item:
        mine = [f"Of the things that bear on it, {lead} had {len(had) or 'none'}.", *mine]
        rest = [f"Services between them held {held or 'none'}.", *rest]
    return ["\n".join(lines + mine + rest)]


def standing(t: Telling, decided: Event, found: list[Journey]) -> list[str]:
    """How items stood at a decision: those of one state and one reason together."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for one in sorted(found, key=lambda one: (STATES.index(one.state), one.reason)):
        after = t.next(one, decided) if one.state == MOVING else sense(one.reason) if one.reason else ""
        alike.setdefault((one.state, one.reason, after), []).append(one.item)
    lines = []
    for (state, reason, after), items in alike.items():
        because = f" ({short(reason)})" if reason == "not-asked" or (reason and state != UNSEEN) else ""
        lines.append(f"{cap(state)}{because}{t.things(items)}. {after if because else ''}".strip())
    return lines


class Kind(NamedTuple):
    """A kind of entry: its acts, the fields that make rows one event, and how it is said."""

    acts: str
    one_event: tuple[str, ...]
    say: Callable[[Telling, list[Event]], list[str]]


KINDS: dict[str, Kind] = {
    "start": Kind("file", ("occasion",), start),
    "contact": Kind("notice seek rule-seek hold", ("occasion",), contact),
    "aside": Kind("record rule-log recognise", ("time", "who"), lambda t, rows: []),
    "pattern": Kind("join", ("row",), pattern),
    "silence": Kind("assume", ("row",), silence),
    "passing": Kind("tell rule-tell refer rule-refer arrive open rule-cover", ("time", "who", "whom"), passing),
    "kept": Kind("", ("time", "who", "reason"), kept),
    "invitation": Kind("invite rule-invite", ("time", "who", "occasion"), going_out),
    "question": Kind("ask rule-ask", ("time", "who", "occasion"), going_out),
    "index": Kind("rule-index", ("time", "who", "occasion"), looked_up),
    "account": Kind("rule-check say", ("time", "who", "item", "occasion"), account),
    "handover": Kind("hand-over hand-over-sheet", ("occasion", "who", "whom"), handover),
    "call": Kind("rule-call rule-call-at call", ("occasion",), called),
    "minutes": Kind("circulate", ("occasion",), going_out),
    "meeting": Kind("attend away voice present raise", ("occasion",), meeting),
    "paper": Kind("report answer include deliver open-paper rule-carry", ("row",), paper),
    "file": Kind("open-file rule-open-file find", ("row",), opened_file),
    "log": Kind("rule-read-log", ("time", "occasion"), log_read),
    "decision": Kind("decide weigh", ("occasion",), decision),
}
"""Every act of the trace has its kind here; one that has none stops the reading."""

ACTS = {act: kind for kind, row in KINDS.items() for act in row.acts.split()}

WITH_CAUSE = (
    "hold",
    "record",
    "rule-log",
    "rule-cover",
    "recognise",
    "arrive",
    "open",
    "open-paper",
    "include",
    "deliver",
    "find",
    "weigh",
    "answer",
    "say",
    "rule-carry",
    "call",
)
"""Acts told with the row that caused them, where there is one."""

ASIDES = {
    "record": "written down",
    "log": "entered in the log that all share",
    "recognise": "taken to matter for this child",
}
"""What is done with an item once it is known: said in its own story, folded away elsewhere."""

OPENINGS = ("open", "open-paper")
VOICES = ("voice", "present", "raise")
CHANNELS = {"email": "Word went by email", "phone": "Word went by phone", "form": "A referral went"}
GOING_OUT = {"invite": "For {}, invitations", "ask": "Before {}, questions", "circulate": "After {}, minutes"}
KNOWN, OVERTAKEN, UNOPENED = "known there already", "known there another way before it was read", "not opened"
UNDERWAY = "still on its way when this account ends"
