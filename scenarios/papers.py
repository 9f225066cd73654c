"""Practice and policies written out as Markdown, from the files alone: what `LEAVES.md` and `LEVERS.md` hold.

Nothing here is a number of its own. `safeguarding show practice` and `safeguarding show policies` print it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from scenarios.policy import Policy
from scenarios.practice import FAMILIES, Leaf, Practice

THEMES: dict[str, dict[str, str]] = {
    "Seeing, writing down, judging": {
        "notice": "The chance of noticing something at a contact after its first sighting, which is given.",
        "seek": "The chance of asking, at a contact, for what only asking shows: a lone account, a test.",
        "record": "The chance of writing something down in the file one writes in.",
        "recognise": "The chance of judging that something matters for this child.",
        "join": "The chance of seeing a pattern in its parts, at each new part, once one holds enough of them.",
        "expects": "Whether the first role counts on word from the second, so that hearing nothing tells it something.",
        "assume": "The chance, taking stock, of taking silence from such a source for nothing having happened.",
    },
    "Telling and referring": {
        "tell": "The chance that the first role, having recognised something, tells the second of it unasked.",
        "phone": "Whether the first role rings the second. Where it does not, it writes.",
        "refer": "The chance of bringing something recognised to the desk, with no desk or case-holder told of it.",
        "refer-first": "The same, for something seen by somebody who knows of nobody that holds the case at the time.",
        "hand-over": "The chance that one thing survives a handover by this channel, each channel trying what is left.",
        "hands-over-by": "Whether a role leaves notes, or a printed sheet, besides talking.",
    },
    "Asking, reporting, searching": {
        "asks": "Whether whoever leads such a decision has a habit of asking this role before it.",
        "ask": "The chance that she does ask, where she has the habit.",
        "answer": "The chance that a question before such a decision is answered.",
        "report": "The chance that whoever was invited sends a report. None is due where no leaf says so.",
        "find": "The chance that a search of a record finds one thing that stands in it.",
        "include": "The chance that one thing its author holds gets into a report or an answer.",
    },
    "Meetings": {
        "member": "Whether this role may be asked to such a meeting by habit.",
        "invite": "The chance that the convener invites somebody she knows and whom the meeting admits.",
        "attend": "The chance that whoever was invited, and is not away, comes.",
        "present": "The chance of saying what is one's own to give and was not yet said to this body.",
        "raise": "The chance, for one holder, of saying anything else.",
        "circulate": "The chance that minutes are sent to one person who was asked or came.",
    },
    "Reading and weighing": {
        "open": "The chance that a message, report, minutes or notes that arrived are opened.",
        "open-file": "The chance that a decider opens a file she may open, before a decision.",
        "weigh": "The chance that something the lead holds counts in the decision, before any condition.",
        "odds": "What a condition does to the odds of an act: named by the act, then the condition.",
    },
    "Time and minutes": {
        "delay": "The median of a wait, in the waiting person's working time.",
        "spread": "How much that wait varies: the standard deviation of its logarithm.",
        "ahead": "How long before a decision something is begun, never before anybody could know of it.",
        "minutes": "What one act costs whoever does it.",
    },
    "Other work": {
        "load": "Hours, cases and what they take, by role; and the backlog that habits are taken to stand at.",
    },
    "Rules": {
        "rule-tell": "Telling without judging first: the second role, or her desk where she is not known.",
        "rule-ask": "Asking, before such a decision, whoever of this role is known to be involved.",
        "rule-invite": "Inviting whoever of this role is known to be involved, admitted by habit or not.",
        "rule-open-file": "Opening the records one may open, before such a decision.",
        "rule-log": "Writing such a thing into a log that all services share.",
        "rule-read-log": "Reading that log before such a decision, and before reporting or coming to one.",
        "rule-carry": "Tabling a report that missed such a meeting when the same body meets next.",
        "rule-check": "Asking the second role what it knows, when a family has told the first something of itself.",
        "rule-cover": "Reading what comes for somebody of this role who is on leave.",
        "rule-seek": "Asking the family, at a contact, for what only asking shows, whatever one's habit.",
        "rule-index": "Looking up who is involved, before inviting or asking, and finding each service that is.",
        "rule-reopen": "Bringing such a thing to the desk once children's social care has closed the case.",
        "rule-call-at": "Calling people together for such a meeting before such a transition or decision.",
        "rule-call": "Calling an urgent meeting when such things have come thick and fast.",
        "call": "When that is, and how soon the meeting is held.",
    },
    "Lifts": {
        "lift": "What training, a template, supervision or an audit does to the odds of an act, by role and topic.",
    },
}
"""Every family of leaves with what it means, in the order of an item's journey."""

PRACTICE_OPENS = """\
# Every leaf of practice

Written from `scenarios/practice/` by `safeguarding show practice > LEAVES.md`; a test fails where the two differ.
Change the TOML and write this file anew, never this file by hand.

A leaf is one number of how agencies work. Its name is a path: the family, then the family's slots, each filled by a
value, by its kind, or by `any`; what is left out at the end is `any`. For a habit the most specific leaf that fits
holds, earlier slots first. Of rules and lifts the strongest that fits holds. A *role* slot takes a profession or its
kind, a *decision* a kind of meeting or decision or the body that holds it, a *meeting* a kind of meeting or its body, a
*trigger* a kind of decision or of transition, *what* a topic or a polarity.

*Range* is what a sweep may cover. Only leaves whose status is `prior` vary in the *not knowing* band. *Status*: `found`
(a study measured this), `known` (from memory of a publication), `computed` (worked out from such), `structural` (who
belongs where, or a rule nobody follows yet), `prior` (a guess that says it is one). Codes such as R7, A1 or H7 are rows
of the project's evidence table. No leaf was set from the outcome of a review."""

POLICIES_OPEN = """\
# Every policy

Written from `scenarios/policies/` by `safeguarding show policies > LEVERS.md`; a test fails where the two differ.
Change the TOML and write this file anew, never this file by hand.

A policy sets leaves of practice (`LEAVES.md`). A chance p that it wants at p\\* becomes p + adherence × (p\\* − p); any
other leaf is set as it stands. *Rests on* says what a gain rests on: `found` (measured somewhere), `structural` (only
who is asked, told or invited changes), `prior` (the size is a guess) or `none` (it has no route in this model, and no
effect is made up for it). *Standing hours* are training, audit and the like, for each practitioner and year. They are
no part of the hours a case that comparisons print."""


def leaves_as_markdown(practice: Practice) -> str:
    """All leaves by theme and family, each with its evidence; then the professions."""
    return "\n".join(_leaf_lines(practice))


def _leaf_lines(practice: Practice) -> Iterator[str]:
    counts = Counter(leaf.status for leaf in practice.leaves.values())
    said = ", ".join(f"{number} {status}" for status, number in counts.most_common())
    yield f"{PRACTICE_OPENS}\n\nThere are {len(practice.leaves)} leaves: {said}."
    for theme, families in THEMES.items():
        yield f"\n## {theme}"
        for family, meaning in families.items():
            yield f"\n### `{'.'.join((family, *FAMILIES[family]))}`\n\n{meaning}\n"
            mine = {name: leaf for name, leaf in practice.leaves.items() if name.partition(".")[0] == family}
            if not mine:
                yield "No leaf yet."
                continue
            yield from _table(
                ("leaf", "value", "unit", "range", "status", "meaning", "source"), map(_leaf_row, mine, mine.values())
            )
    yield "\n## Professions\n\nWhose habits a role has, the kind they fall back to, and the hours it keeps.\n"
    rows = ((f"`{name}`", row.kind, row.hours, row.meaning) for name, row in practice.professions.items())
    yield from _table(("profession", "kind", "hours", "meaning"), rows)


def _leaf_row(name: str, leaf: Leaf) -> tuple[str, ...]:
    swept = f"{leaf.range[0]:g} to {leaf.range[1]:g}" if leaf.range else ""
    return f"`{name}`", f"{leaf.value:g}", leaf.unit, swept, leaf.status, leaf.meaning, leaf.source


def policies_as_markdown(policies: Mapping[str, Policy], practice: Practice, default: Iterable[str]) -> str:
    """All policies, then the packages of several, each with what it changes or why it changes nothing."""
    return "\n".join(_policy_lines(policies, practice, default))


def _policy_lines(policies: Mapping[str, Policy], practice: Practice, default: Iterable[str]) -> Iterator[str]:
    then = ", ".join(default)
    yield f"{POLICIES_OPEN}\n\nWithout `--policy`, `compare` runs the packages of the case's own review, then {then}."
    headings = ("id", "policy", "rests on", "what it changes", "adherence", "standing hours", "source")
    for title, packages in (("Single policies", False), ("Packages: several at once", True)):
        yield f"\n## {title}\n"
        mine = {name: policy for name, policy in sorted(policies.items()) if bool(policy.includes) == packages}
        yield from _table(headings, (_policy_row(name, policy, practice) for name, policy in mine.items()))


def _policy_row(name: str, policy: Policy, practice: Practice) -> tuple[str, ...]:
    changes = _changes(policy, practice)
    moves = any(practice.leaves[leaf].unit == "chance" for leaf in policy.leaves)
    hours = f"{policy.standing_hours:g}" if policy.standing_hours else ""
    what = f"**{policy.title}.** {policy.meaning}"
    return name, what, policy.effect, changes, f"{policy.adherence:g}" if moves else "", hours, policy.source


def _changes(policy: Policy, practice: Practice) -> str:
    """What a policy does, in the words of its row: its parts, its leaves, or why it does nothing."""
    if policy.includes:
        words = f"Includes {', '.join(policy.includes)}."
        return f"{words} No route: {policy.no_route}" if policy.no_route else words
    if policy.no_route:
        return f"No route: {policy.no_route}"
    if policy.covered_by:
        return f"Covered by {policy.covered_by}, which asks for the same."
    return "; ".join(f"`{leaf}` from {practice.value_of(leaf):g} to {value:g}" for leaf, value in policy.leaves.items())


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _line(headings)
    yield _line(("---",) * len(headings))
    yield from map(_line, rows)


def _line(cells: Iterable[str]) -> str:
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
