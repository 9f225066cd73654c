"""The closed vocabularies. A word is added only with a reason, in `DECISIONS.md`."""

from __future__ import annotations

from typing import Literal, get_args

Topic = Literal[
    "drink",
    "drugs",
    "violence",
    "parent-mind",
    "injury",
    "child-wellbeing",
    "home",
    "sleep",
    "engagement",
    "history",
    "network",
    "tenancy",
    "pregnancy",
    "process",
]
Polarity = Literal["risk", "reassuring", "context"]
ContactKind = Literal[
    "home-visit",
    "clinic",
    "phone",
    "police-attendance",
    "emergency",
    "session",
    "public-call",
    "record-search",
]
TransitionKind = Literal["birth", "discharge", "move", "transfer", "closure"]
Channel = Literal["speech", "phone", "email", "form", "report", "file", "minutes", "letter"]
Kind = Literal["child-facing", "adult-facing", "property-facing", "statutory", "desk", "administrative"]
Hours = Literal["office", "out-of-hours", "always"]
Status = Literal["documented", "inferred"]

MEETINGS: dict[str, str] = {
    "strategy-discussion": "strategy-discussion",
    "initial-conference": "conference",
    "review-conference": "conference",
    "core-group": "core-group",
    "legal-planning": "legal-planning",
    "pre-proceedings": "legal-planning",
    "planning-call": "planning-call",
    "child-in-need-meeting": "child-in-need",
    "early-help-meeting": "early-help",
    "professionals-meeting": "professionals-meeting",
    "discharge-planning": "discharge-planning",
    "marac": "marac",
}
"""Kinds of meeting, each with the body that holds it."""

DECISIONS: dict[str, str] = MEETINGS | {
    "discharge": "discharge",
    "assessment": "assessment",
    "legal-consultation": "legal-consultation",
    "authorisation": "authorisation",
    "follow-up": "follow-up",
    "screening": "screening",
    "triage": "triage",
    "threshold": "threshold",
    "early-help": "early-help",
    "closure": "closure",
    "court-hearing": "court-hearing",
}
"""Kinds of decision: those a meeting takes, and those one person takes at a desk."""

TRANSITIONS: tuple[str, ...] = get_args(TransitionKind)
TOPICS: tuple[str, ...] = get_args(Topic)
POLARITIES: tuple[str, ...] = get_args(Polarity)
KINDS: tuple[str, ...] = get_args(Kind)
CHANNELS: tuple[str, ...] = get_args(Channel)
