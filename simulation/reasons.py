"""Stages and reasons, in one table, so that the two cannot disagree."""

from __future__ import annotations

from functools import cache

STAGES = ("noticed", "recorded", "recognised", "sent", "delivered", "read", "weighed")
"""The seven stages of an item's journey, in order. An item is *read* for a decision when its lead
took it in before the decision; it is *weighed* when it counted and was not explained away."""

REASONS: dict[str, tuple[str, str, str]] = {
    "not-seen": ("noticed", "not seen at the visit", "A visit shows what is on show that day."),
    "not-seen-alone": ("noticed", "nobody saw them alone", "Somebody else was always in the room."),
    "not-asked": ("noticed", "nobody asked", "Nothing that was known gave cause to ask."),
    "minimised": ("noticed", "made little of when it was said", "It was said lightly, by people who knew how to."),
    "not-recorded": ("recorded", "not where a search finds it", "Notes are kept for the next visit, not for a stranger's search."),
    "adult-facing": ("recognised", "held by a service for adults", "The service was there for the adult in front of it."),
    "no-tool": ("recognised", "nothing to measure it against", "Nobody had agreed what good enough looks like."),
    "below-threshold": ("sent", "judged below the threshold for referral", "Each event alone looked small, and was settled on the day."),
    "seen-singly": ("recognised", "the parts were held and not joined", "Each visitor saw one day; nobody saw the run of days."),
    "normalised": ("recognised", "taken as usual for families like this", "It is seen in many homes, most of them safe."),
    "no-onward-route": ("sent", "no act was due that leads to this decision", "Nothing asked anyone to pass it on."),
    "told-only-when-asked": ("sent", "not passed on unasked", "It is the custom to answer questions, not to volunteer."),
    "not-invited": ("sent", "its holder was not invited", "The list was made from those known at the time it was made."),
    "closed-meeting": ("sent", "the meeting admits nobody of its holder's kind", "It is a confidential meeting by design."),
    "not-voiced": ("sent", "held in the room and not said", "Groups talk about what they all know."),
    "partial-relay": ("sent", "the message was passed on in part", "The event was passed on; the worry around it was not."),
    "consent-unclear": ("sent", "unclear whether consent was needed", "Confidentiality is a duty, and its limits are hard to read."),
    "routing-delay": ("delivered", "held up on its way", "It lay in a queue or an inbox behind other work."),
    "no-report": ("delivered", "no report was sent", "The request came on top of a full week."),
    "report-late": ("delivered", "the report came after the meeting", "The time between request and meeting was short."),
    "could-not-attend": ("delivered", "its holder could not attend", "The meeting fell on other work."),
    "absence": ("delivered", "its holder was away", "Leave is planned long before events are."),
    "out-of-hours": ("delivered", "it came when the office was closed", "Another team answers at night and at weekends."),
    "handover-without-history": ("delivered", "handed over without the history", "Handovers carry what is live, not what is past."),
    "unread": ("read", "in a paper or a file that was not opened", "There was more paper than time."),
    "report-thin": ("delivered", "left out of the report", "The form asked for other things."),
    "minutes-not-circulated": ("read", "the minutes did not come round", "Minutes wait until somebody has time to write them."),
    "self-report-accepted": ("weighed", "the family's own account was accepted", "Openness was a good sign, and trust takes time to build."),
    "masked-by-reassurance": ("weighed", "a reassuring account stood beside it", "The later, kinder account came from a trusted colleague."),
    "outweighed": ("weighed", "other things weighed more", "Much else was known, and much of it was good."),
    "decided-before-complete": ("weighed", "the decision came before the work was done", "The date was fixed and the work was not."),
}  # fmt: skip
"""Every reason: the stage it belongs to, what it says, and why it made sense at the time."""

BY_ACT: dict[str, str | dict[str, str]] = {
    "notice": "not-seen",
    "record": "not-recorded",
    "recognise": {
        "adult-facing": "adult-facing",
        "property-facing": "adult-facing",
        "home": "no-tool",
        "any": "normalised",
    },
    "tell": {"desk": "partial-relay", "any": "told-only-when-asked"},
    "refer": "below-threshold",
    "ask": "told-only-when-asked",
    "report": "no-report",
    "answer": "no-report",
    "find": "not-recorded",
    "include": "report-thin",
    "invite": "not-invited",
    "attend": "could-not-attend",
    "present": "not-voiced",
    "raise": "not-voiced",
    "circulate": "minutes-not-circulated",
    "open": "routing-delay",
    "open-paper": "unread",
    "open-file": "unread",
    "assume": "not-asked",
    "join": "seen-singly",
    "seek": "not-asked",
    "hand-over": "partial-relay",
    "hand-over-sheet": "handover-without-history",
    "log": "not-recorded",
    "read-log": "unread",
    "carry": "report-late",
    "check": "not-asked",
    "say": "partial-relay",
    "cover": "absence",
    "call": "below-threshold",
    "index": "not-invited",
    "call-at": "below-threshold",
    "weigh": "outweighed",
}


@cache
def reason_for(act: str, kind: str, topic: str) -> str:
    """Why this act, by this kind of role and on this topic, did not happen."""
    by_kind = BY_ACT[act.removeprefix("rule-")]
    return by_kind if isinstance(by_kind, str) else by_kind.get(kind) or by_kind.get(topic) or by_kind["any"]


def stage_of(reason: str) -> str:
    """The stage a reason belongs to."""
    return REASONS[reason][0]
