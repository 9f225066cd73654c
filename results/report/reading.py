"""Run directories, read: what each holds and what it is of. Nothing is run, and no case or practice file is opened."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from results.store import Store
from scenarios.policy import USUAL
from scenarios.refusals import ForeignDirectory

ACROSS = "across"
"""The question that `compare --all` asks of each case."""

COMPARED = "comparison"
"""The table that every finished comparison has."""

NEEDED = {
    COMPARED: {
        "arm",
        "title",
        "paired_runs",
        "draws",
        *(f"{name}_chance_low" for name in ("hours", "weighed", "wider")),
    },
    "differences": {"runs", "draws", "level_chance_low", "chance_low", "not_knowing_high"},
}
"""Columns without which a table cannot be read."""

COUNTS = ("replications", "draws", "per_draw", "seed")
"""What every run says of its size and its luck."""

LEFT_OUT = ("--out", "--workers")
SWITCHES = ("--fresh", "--json")
"""Options of a command that say where and how fast, not what."""


@dataclass(frozen=True)
class Reading:
    """One run directory. `title` tells it apart from the others of a report."""

    root: Path
    manifest: dict[str, Any]
    title: str

    @property
    def experiment(self) -> dict[str, Any]:
        """What was asked."""
        found: dict[str, Any] = self.manifest["experiment"]
        return found

    @property
    def made(self) -> dict[str, Any]:
        """How it was run."""
        found: dict[str, Any] = self.manifest.get("made", {})
        return found

    @property
    def about(self) -> dict[str, Any]:
        """The case: its id, title, source and care note."""
        found: dict[str, Any] = self.experiment["case"]["case"]
        return found

    @property
    def question(self) -> str:
        """Which verb made it."""
        return str(self.experiment["question"])

    @property
    def case(self) -> str:
        """How the case is called on the command line."""
        return str(self.experiment.get("called", self.about["id"]))

    @property
    def runs(self) -> int:
        """Paired runs behind the band of chance."""
        compared = self.table(COMPARED)
        return int(self.experiment["replications"] if compared is None else compared["paired_runs"].max())

    @property
    def draws(self) -> int:
        """Draws of the prior leaves behind the band of not knowing."""
        return int(self.experiment["draws"])

    @property
    def per_draw(self) -> int:
        """Runs in each draw or world."""
        return int(self.experiment["per_draw"])

    def asks_about(self, measure: str) -> bool:
        """Whether its command asked about this measure, which is reach where none is named."""
        words = [part for word in self.asked_by for part in word.split("=", 1)]
        return (words[words.index("--measure") + 1] if "--measure" in words[:-1] else "reach") == measure

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame | None]:
        return {}

    def table(self, name: str) -> pd.DataFrame | None:
        """One of its tidy tables, None where the run did not write it."""
        if name not in self._tables:
            self._tables[name] = Store(self.root).table(name)
        return self._tables[name]

    @property
    def asked_by(self) -> list[str]:
        """The command that it was last run by, word by word; none where it cannot be read."""
        try:
            return shlex.split(self.made["goes"][-1]["command"])
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            return []

    @property
    def command(self) -> str:
        """The command that makes the same again, without where it put its results and how fast."""
        words = self.asked_by
        if words[:2] != ["safeguarding", self.question]:
            return self._rebuilt
        kept, skip = [], False
        for word in words:
            if not skip and word not in SWITCHES and not word.startswith(tuple(f"{name}=" for name in LEFT_OUT)):
                skip = word in LEFT_OUT
                kept += [] if skip else [word]
            else:
                skip = False
        return shlex.join(kept)

    @property
    def _rebuilt(self) -> str:
        """The command from what was asked, where it was asked from a notebook."""
        asked = self.experiment
        words = ["safeguarding", "compare" if self.question == ACROSS else self.question, self.case]
        for arm in asked["arms"]:
            if arm["name"] != USUAL and arm["policies"]:
                words += ["--policy", arm["name"]]
        for leaf, values in _swept(asked["arms"]).items():
            words.append(f"{leaf}={','.join(f'{value:g}' for value in values)}")
        for name in COUNTS:
            words += [f"--{name.replace('_', '-')}", f"{asked[name]}"]
        return shlex.join(words)

    def fingerprint(self, part: str) -> str:
        """Which version of the case or the practice it was: twelve signs that change when anything in it does."""
        written = json.dumps(self.experiment.get(part), sort_keys=True).encode()
        return hashlib.sha256(written).hexdigest()[:12]


def _swept(arms: list[dict[str, Any]]) -> dict[str, list[float]]:
    """The leaves of a grid with their values, in order."""
    found: dict[str, list[float]] = {}
    for arm in arms:
        for leaf, value in dict(arm["changes"]).items() if not arm["policies"] else ():
            if value not in found.setdefault(leaf, []):
                found[leaf].append(value)
    return found


def read(roots: Sequence[Path]) -> list[Reading]:
    """Every directory, and those that one of them holds. Raises ForeignDirectory with all that is wrong, at once."""
    manifests: dict[Path, dict[str, Any]] = {}
    faults = []
    for root in dict.fromkeys(each for given in roots for each in within(given)):
        try:
            manifests[root] = _ours(root)
        except ForeignDirectory as fault:
            faults.append(str(fault))
    readings = [Reading(root, manifest, _title(manifest)) for root, manifest in manifests.items()]
    faults += filter(None, map(_unready, readings))
    if not faults and not any(reading.table(COMPARED) is not None for reading in readings):
        faults.append("None of these holds a comparison. Add one: safeguarding compare CASE makes it.")
    if faults:
        raise ForeignDirectory("\n".join(faults))
    return readings


def _ours(root: Path) -> dict[str, Any]:
    """The manifest of a run of one case. Raises ForeignDirectory where there is none."""
    if not root.is_dir():
        raise ForeignDirectory(f"There is no directory {root}.")
    if not any(root.iterdir()):
        raise ForeignDirectory(f"{root} is empty: nothing was run there.")
    try:
        found = Store(root).manifest()
        about, asked = found["experiment"]["case"]["case"], found["experiment"]
        words = all(isinstance(about[name], str) for name in ("id", "title", "source", "care_note", "start"))
        if not (words and isinstance(asked["arms"], list) and {"question", *COUNTS} <= asked.keys()):
            raise KeyError
    except (ForeignDirectory, OSError, KeyError, TypeError, AttributeError):
        said = f"{root} holds no run of ours: its manifest.json is missing or another’s."
        raise ForeignDirectory(said) from None
    return found


def within(root: Path) -> list[Path]:
    """The directory itself, or where it holds one for each case, as `compare --all` leaves them, those."""
    inner = sorted(path.parent for path in root.glob("*/manifest.json")) if root.is_dir() else []
    return inner if inner and not (root / "parts").exists() else [root]


def _title(manifest: dict[str, Any]) -> str:
    return str(manifest["experiment"]["case"]["case"]["title"])


def told_apart(readings: list[Reading]) -> list[Reading]:
    """Each under its case's title; of several of one case, with the directory's name."""
    titles = [one.title for one in readings]
    return [
        replace(one, title=f"{one.title} ({one.root.name})") if titles.count(one.title) > 1 else one for one in readings
    ]


def _unready(reading: Reading) -> str:
    """Why nothing can be read from a directory yet, if so."""
    if any(
        (table := reading.table(name)) is not None and not columns <= set(table) for name, columns in NEEDED.items()
    ):
        again = f"{reading.command} --out {reading.root} --fresh"
        return f"{reading.root} was written by an older version of this program. To have it anew: {again}"
    written = {path.stem for path in (reading.root / "tables").glob("*.parquet")}
    if written - {"failures"}:
        return ""
    if (failures := reading.table("failures")) is not None:
        ended = {str(arm) for part in Store(reading.root).each("journeys") for arm in part["arm"].unique()}
        arms = ", ".join(arm for arm in dict.fromkeys(failures["arm"].astype(str)) if arm not in ended)
        return (
            f"{reading.root}: of {arms} no run ended, so there is nothing to report. "
            "Each failure stands with the command that reproduces it in tables/failures.csv."
        )
    return f"{reading.root} is not finished. To go on: {reading.command} --out {reading.root}"
