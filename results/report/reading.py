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

COMPARED = "comparison"
"""The table that every finished comparison has."""

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
    def runs(self) -> int:
        """Paired runs behind the band of chance."""
        return int(self.experiment["replications"])

    @property
    def draws(self) -> int:
        """Draws of the prior leaves behind the band of not knowing."""
        return int(self.experiment["draws"])

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame | None]:
        return {}

    def table(self, name: str) -> pd.DataFrame | None:
        """One of its tidy tables, None where the run did not write it."""
        if name not in self._tables:
            self._tables[name] = Store(self.root).table(name)
        return self._tables[name]

    @property
    def command(self) -> str:
        """The command that makes the same again, without where it put its results and how fast."""
        words = shlex.split(str(self.made.get("command", "")))
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
        words = ["safeguarding", self.question, str(self.about["id"])]
        for arm in asked["arms"]:
            if arm["name"] != USUAL and arm["policies"]:
                words += ["--policy", arm["name"]]
        for leaf, values in _swept(asked["arms"]).items():
            words.append(f"{leaf}={','.join(f'{value:g}' for value in values)}")
        numbers = ("replications", "draws", "per_draw", "seed")
        return shlex.join(
            [*words, *(word for name in numbers for word in (f"--{name.replace('_', '-')}", f"{asked[name]}"))]
        )

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
    for root in dict.fromkeys(each for given in roots for each in _within(given)):
        try:
            manifests[root] = Store(root).described()
        except ForeignDirectory as fault:
            faults.append(str(fault))
    readings = [Reading(root, manifest, _title(manifest)) for root, manifest in manifests.items()]
    faults += filter(None, map(_unready, readings))
    if not faults and not any(reading.table(COMPARED) is not None for reading in readings):
        faults.append("None of these holds a comparison. Add one: safeguarding compare CASE makes it.")
    if faults:
        raise ForeignDirectory("\n".join(faults))
    return readings


def _within(root: Path) -> list[Path]:
    """The directory itself, or where it only holds others, as `compare --all` leaves them, those."""
    inner = sorted(path.parent for path in root.glob("*/manifest.json")) if root.is_dir() else []
    own = (root / "tables").exists() or (root / "parts").exists() or not inner
    return [root] if own else inner


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
