"""The STRESS sections that are about a run, filled from its manifest, ready to be put into a paper's appendix.

STRESS: Monks and others, Journal of Simulation 13:55-67 (2019). What is about the model stands in `MODEL.md`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from experiments.design import CHUNK, LARGE_CHUNK, MANY
from experiments.manifest import seconds
from results.stopping import BLOCK, LEAST
from scenarios.policy import USUAL
from simulation.workload import WARM_UP


def stress(said: dict[str, Any], root: Path) -> str:
    """The sections as Markdown. `said` is the manifest of the run in `root`."""
    asked, made = said["experiment"], said["made"]
    sections = {
        "1.3 Aims of the experiment": _aim(asked),
        "2.3 Scenario logic": _arms(asked),
        "3.3 Input parameters": _inputs(asked),
        "4.1 Initialisation": _start(),
        "4.2 Run length": _length(asked["case"]["case"]),
        "4.3 Estimation approach": _estimation(asked, made),
        "5.1 Software": _software(asked, made),
        "5.2 Random sampling": _sampling(asked["seed"]),
        "5.3 Model execution": _execution(asked, made),
        "5.4 System specification": _system(made),
        "6.1 Computer code access": _access(made, root),
    }
    return "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items()) + "\n"


AIMS = {
    "compare": "To compare policies with practice as usual, paired on the same luck.",
    "sweep": "To find how the answer goes with habits that are varied, each point against practice as usual.",
    "depends": "To find how far each answer depends on membership of meetings, asking and finding.",
    "sensitivity": "To find which habits move the answer, and which cannot be told from doing nothing.",
    "robustness": "To find which policy holds up over all that is not known of practice.",
    "assumptions": "To find which guess moves the answer, and which would be worth measuring.",
}


def _aim(asked: dict[str, Any]) -> str:
    case = asked["case"]["case"]
    aim = AIMS.get(asked["question"], f"Question: {asked['question']}.")
    return f"{aim} Case: {case['title']} ({case['source'].rstrip('.')})."


def _start() -> str:
    return (
        f"What was known at the start is the case's. Other work runs for {WARM_UP} working days before the window, so "
        "that backlogs stand where they settle. There is no other warm-up: the family's window is followed whole."
    )


def _length(case: dict[str, Any]) -> str:
    """Where a source gives no dates, those that were inferred for it are not told."""
    days = (date.fromisoformat(case["end"]) - date.fromisoformat(case["start"])).days + 1
    dates = "" if case.get("day_zero") else f", {case['start']} to {case['end']}"
    return f"{days} days of the case's calendar{dates}, in minutes."


def _sampling(seed: int) -> str:
    return (
        "Every draw is one uniform number at an address (act, who, whom, item, occasion) under "
        f"seed {seed} and the replication's number: splitmix64 over blake2b keys. Arms share addresses, and so luck "
        "(common random numbers); nothing depends on the order of draws."
    )


def _system(made: dict[str, Any]) -> str:
    spent = seconds(made)
    took = f"{spent / 60:.0f} minutes" if spent > 90 else f"{spent:.0f} seconds"
    system = f"{made.get('system', 'unknown')}, {made.get('cores', '?')} cores"
    return f"{system}; {took} of running." if any("ended" in go for go in made.get("goes", [])) else f"{system}."


def _access(made: dict[str, Any], root: Path) -> str:
    command = (made.get("goes") or [{}])[0].get("command", "unknown")
    return (
        f"This repository at commit {made.get('commit', 'unknown')} (MIT licence). The run: `{command}`; whether its "
        f"results can be had again: `safeguarding verify {root}`."
    )


def _arms(asked: dict[str, Any]) -> str:
    """What is compared."""
    others = [arm for arm in asked["arms"] if arm["name"] != USUAL]
    lines = [f"Practice as usual, and {len(others)} beside it:" if others else "Practice as usual alone."]
    for arm in others[:MOST]:
        titles = " + ".join(policy["title"] for policy in arm["policies"])
        changed = ", ".join(f"{leaf} = {value:g}" for leaf, value in arm["changes"].items())
        followed = {policy["adherence"] for policy in arm["policies"]}
        how = f", followed {' and '.join(f'{share:.0%}' for share in sorted(followed))}" if followed else ""
        lines.append(f"- `{arm['name']}`: {'; '.join(part for part in (titles, changed) if part)}{how}")
    if len(others) > MOST:
        lines.append(f"- and {len(others) - MOST} more, in `manifest.json`")
    return "\n".join(lines)


MOST = 20
"""Arms that are listed."""


def _inputs(asked: dict[str, Any]) -> str:
    return (
        f"{len(asked['practice'])} leaves of practice at the values in `manifest.json`, {len(asked['ranges'])} of them "
        "with a range; meaning, unit, status and source of each in `LEAVES.md`. The case as it was resolved stands in "
        "`manifest.json` row by row."
    )


ESTIMATES = {
    "sensitivity": (
        "All points are on the same luck. Indices are SALib's, of each point's mean, with 95 % bootstrap intervals; "
        "whether a factor is told from doing nothing, by a randomisation test over the replications' signs, at 95 % "
        "over all factors at once (Holm)."
    ),
    "robustness": (
        "Regret is by how much the best option of a world beats an option there, in means over its replications; the "
        "worst over worlds has Student's t interval of chance, and is confirmed by halves: world and best option "
        "chosen on one, the regret measured on the other."
    ),
}
"""What is worked out of the runs, where it is no difference from practice as usual."""


def _estimation(asked: dict[str, Any], made: dict[str, Any]) -> str:
    """How many runs, and what the bands cover."""
    said, replications = [], made.get("replications", asked["replications"])
    if replications:
        said.append(
            f"{replications:,} replications of every arm, paired by luck; differences with Student's t interval, "
            "simultaneous over the arms by Holm's step-down; ± 3/n where no run differs."
        )
    if asked.get("until"):
        said.append(
            f"Runs went on until every paired difference was known to {asked['until']} (half-width), looked at every "
            f"{BLOCK} after the first {LEAST}, with at most {asked['replications']:,}; never on its sign."
        )
    if asked.get("worlds"):
        said.append(
            f"{asked['draws']:,} points of a design over leaves, {asked['per_draw']} replications each, the same."
        )
    elif asked["draws"]:
        band = "." if asked["question"] in ESTIMATES else ": the band of not knowing is their range."
        said.append(
            f"{asked['draws']:,} draws of all prior leaves (triangular over their ranges, the same for every arm), "
            f"{asked['per_draw']} replications each{band}"
        )
    said += [ESTIMATES[asked["question"]]] if asked["question"] in ESTIMATES else []
    failed = made.get("failed")
    said.append(
        "All runs ended." if failed == 0 else f"{failed} runs failed." if failed else "The runs have not ended."
    )
    return " ".join(said)


def _software(asked: dict[str, Any], made: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in sorted(made.get("versions", {}).items()))
    return (
        f"safeguarding-sim {made.get('safeguarding', 'unknown')}, Python {made.get('python', 'unknown')}, {versions}; "
        f"model {asked['made by']['model']} (a digest of the code that a run depends on)."
    )


def _execution(asked: dict[str, Any], made: dict[str, Any]) -> str:
    goes = made.get("goes", [])
    workers = ", ".join(dict.fromkeys(str(go.get("workers", "?")) for go in goes))
    size = LARGE_CHUNK if max(asked["replications"], asked["per_draw"]) > MANY else CHUNK
    often = "once" if len(goes) == 1 else f"in {len(goes)} goes, the later ones going on with the earlier"
    return (
        "Events in order of minute, then contact, arrival, reading, meeting, decision. Runs in chunks of at most "
        f"{size} replications, in parallel (workers: {workers or '?'}), {often}; the bytes of the "
        f"results do not depend on it. Kept of each run: {', '.join(asked['tables'])}."
    )


def in_short(said: dict[str, Any]) -> dict[str, Any]:
    """A run in a few lines: what `show run` prints."""
    asked, made = said["experiment"], said["made"]
    goes = made.get("goes", [{}])
    case = asked["case"]["case"]
    arms = [arm["name"] for arm in asked["arms"]]
    return {
        "question": asked["question"],
        "case": f"{case['title']} ({asked['called']})",
        "practices": ", ".join(arms[:MOST]) + (f" and {len(arms) - MOST} more" if len(arms) > MOST else ""),
        "seed": asked["seed"],
        "runs": ", ".join(f"{number:,} for {band}" for band, number in made.get("runs", {}).items() if number),
        "failed": made.get("failed", "not ended"),
        "began": goes[0].get("began", "unknown"),
        "ended": goes[-1].get("ended", "not ended"),
        "commit": made.get("commit", "unknown"),
        "command": goes[0].get("command", "unknown"),
    }
