"""The page and the trainer's pack, as files."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from results import pages
from results.days import Days
from results.replay.data import Replay, page_data
from results.replay.gates import RULE
from results.telling import cap
from simulation.journey import STATES
from simulation.reasons import REASONS, STAGES

HERE = "results.replay"
SCRIPTS = ("chart.js", "scenes.js", "replay.js")
MOST_BYTES = 1_000_000
EFFECTS = {
    "found": "Its effect was measured somewhere.",
    "structural": "Only who is told, asked or invited changes.",
    "prior": "Its effect is a guess, within a range.",
    "none": "It carries no information in this model.",
}
"""How sure a policy's effect is, in plain words."""


def write(replay: Replay, out: Path) -> tuple[Path, Path]:
    """Write `replay-CASE.html` and `trainer-pack-CASE.html` into a folder, and return both."""
    out.mkdir(parents=True, exist_ok=True)
    name = replay.world.case.case.id
    files = out / f"replay-{name}.html", out / f"trainer-pack-{name}.html"
    for path, words in zip(files, (page(replay), pack(replay)), strict=True):
        path.write_text(words, encoding="utf-8", newline="\n")
    return files


def page(replay: Replay) -> str:
    """The projected page."""
    data = page_data(replay)
    context = shared(replay, data)
    style = Markup("\n").join(
        [pages.theme(), Markup(pages.asset("results", "page.css")), Markup(pages.asset(HERE, "replay.css"))]
    )
    read = Markup('"use strict";\nconst DATA = JSON.parse(document.getElementById("data").textContent);\n')
    script = read + Markup("\n").join(Markup(pages.asset(HERE, name)) for name in SCRIPTS)
    return (
        templates()
        .get_template("replay.html.j2")
        .render(context, style=style, script=script, data=pages.embedded(data))
    )


def pack(replay: Replay) -> str:
    """The facilitator's notes."""
    style = Markup("\n").join([pages.theme(), Markup(pages.asset("results", "page.css"))])
    return templates().get_template("pack.html.j2").render(shared(replay, page_data(replay)), style=style)


def templates() -> Environment:
    """The page's templates."""
    found = pages.environment(HERE)
    found.filters["signed"] = signed
    return found


def signed(number: float) -> str:
    """A number to one decimal, with its sign; no sign where nothing is left of it."""
    words = f"{number:+.1f}".replace("-", "−")
    return words[1:] if words[1:] == "0.0" else words


def shared(replay: Replay, data: dict[str, Any]) -> dict[str, Any]:
    """What the templates speak of: the case, the policies with their cost, and the opening day in words."""
    case = replay.world.case.case
    try:
        release = version("safeguarding-sim")
    except PackageNotFoundError:
        release = "unknown"
    return {
        "case": case,
        "lucks": [series.luck for series in replay.series],
        "openings": [series.opening_rule for series in replay.series],
        "dates": Days.of(case).note,
        "days": len(replay.shown.twins),
        "runs": sum(len(series.twins) for series in replay.series) * len(replay.policies),
        "version": release,
        "EFFECTS": EFFECTS,
        "rule": RULE,
        "gates": [opening_gate(replay, data, place) for place in range(len(replay.decisions))],
        "stages": ("there to be known", *STAGES),
        "policies": [
            {"place": place, "policy": one, "hours": replay.shown.extra_hours(place)}
            for place, one in enumerate(replay.policies)
        ],
    }


def opening_gate(replay: Replay, data: dict[str, Any], place: int) -> dict[str, Any]:
    """One decision on the opening day with no change, in words."""
    gate: dict[str, Any] = data["gates"][place]
    run = data["lucks"][0]["runs"][0][replay.shown.opening]
    cells, had, held, funnel, lost, *_ = data["stands"][run["stands"][place]]
    rows = []
    for cell in cells:
        item, state, _, reason, _, _, step = (*data["cells"][cell], *[-1] * 7)[:7]
        why = data["steps"][step] if step >= 0 else sentence(reason) if reason >= 0 else ""
        one = data["items"][item]
        rows.append({"letter": one["letter"], "words": one["words"][0], "state": STATES[state], "why": why})
    losses = [
        (stage, "still moving" if reason < 0 else list(REASONS.values())[reason][1], number)
        for stage, reason, number in lost
    ]
    said = {"had": had, "held": held, "funnel": funnel, "losses": losses}
    return gate | said | {"rows": sorted(rows, key=lambda row: STATES.index(row["state"]))}


def sentence(reason: int) -> str:
    """What a reason says, and why it made sense at the time."""
    _, short, sense = list(REASONS.values())[reason]
    return f"{cap(short)}. {sense}"
