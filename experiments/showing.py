"""What there is, as data and words: cases, policies, leaves and measures, for `list` and `show`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenarios.policy import Policy
    from scenarios.practice import Practice


def listings() -> dict[str, Callable[[], dict[str, str]]]:
    """Each list by its name, made when it is asked for."""
    from scenarios.load import case_called, case_names, load_policies, load_practice

    def cases() -> dict[str, str]:
        return {name: case_called(name, load_practice()).case.title for name in case_names()}

    def policies() -> dict[str, str]:
        found = load_policies(load_practice())
        return {name: f"{policy.title} ({standing(policy)})" for name, policy in sorted(found.items())}

    def leaves() -> dict[str, str]:
        return {name: f"{leaf.value:g} {leaf.unit}, {leaf.status}" for name, leaf in load_practice().leaves.items()}

    def measured() -> dict[str, str]:
        from results.measures import MEASURES

        return {
            name: f"{measure.words} ({measure.unit}; {measure.better} is better)" for name, measure in MEASURES.items()
        }

    def mechanisms() -> dict[str, str]:
        from results.mechanisms import listed

        return listed()

    return {
        "cases": cases,
        "policies": policies,
        "leaves": leaves,
        "measures": measured,
        "mechanisms": mechanisms,
    }


def written(name: str) -> str:
    """All of practice, or all policies, as a page of Markdown."""
    from scenarios.load import default_policies, load_policies, load_practice
    from scenarios.papers import leaves_as_markdown, policies_as_markdown

    practice = load_practice()
    if name == "practice":
        return leaves_as_markdown(practice)
    return policies_as_markdown(load_policies(practice), practice, default_policies())


def standing(policy: Policy) -> str:
    """What a policy's effect rests on, or why there is none of its own, and what it costs to keep up."""
    if policy.no_route:
        words = "no route in this model"
    elif policy.covered_by:
        words = f"the same rule as {policy.covered_by}"
    else:
        words = policy.effect
    if policy.includes:
        words += f"; {', '.join(policy.includes)}" if len(policy.includes) < 8 else f"; {len(policy.includes)} policies"
    return words + (f"; {hours(policy)}" if policy.standing_hours else "")


def hours(policy: Policy) -> str:
    """What it costs to keep a policy up."""
    return f"{policy.standing_hours:g} h a practitioner and year"


def policy_data(practice: Practice, policy: Policy) -> dict[str, Any]:
    """One policy with its source."""
    changed = [f"{leaf}: {practice.value_of(leaf):g} → {value:g}" for leaf, value in policy.leaves.items()]
    data: dict[str, Any] = {"title": policy.title, "meaning": policy.meaning, "source": policy.source}
    if policy.no_route:
        data["no route"] = policy.no_route
    if policy.covered_by:
        data["covered by"] = f"{policy.covered_by}: it asks for the same"
    if policy.includes:
        data["includes"] = ", ".join(policy.includes)
    if changed:
        data |= {"effect": policy.effect, "adherence": f"{policy.adherence:g}, on chances", "leaves": changed}
    if policy.standing_hours:
        data["standing"] = hours(policy)
    return data


def leaf_data(practice: Practice, name: str) -> dict[str, Any]:
    """One leaf with its evidence."""
    leaf = practice.leaves[name]
    below = [other for other in practice.leaves if other.startswith(f"{name}.")]
    data: dict[str, Any] = {
        "meaning": leaf.meaning,
        "value": f"{leaf.value:g} {leaf.unit}",
        "range": f"{leaf.range[0]:g} to {leaf.range[1]:g}" if leaf.range else "not swept",
        "status": leaf.status,
        "source": leaf.source,
    }
    if below:
        data["except"] = ", ".join(f"{other} = {practice.value_of(other):g}" for other in below)
    return data


def case_data(name: str) -> dict[str, Any]:
    """One case: what it holds."""
    from scenarios.load import case_called, load_practice

    case = case_called(name, load_practice())
    return {
        "title": case.case.title,
        "source": case.case.source,
        "window": f"{case.case.start} to {case.case.end}",
        "note": case.case.care_note,
        "holds": f"{len(case.role)} roles, {len(case.item)} items, {len(case.contact)} contacts, "
        f"{len(case.meeting)} meetings, {len(case.decision)} decisions",
        "readings": [f"{row.id}: {row.words}" for row in case.variant] or ["one"],
        "decisions": [f"{row.id} {row.words}" for row in case.decision],
        "items": [f"{row.id} {row.words}" for row in case.item],
    }
