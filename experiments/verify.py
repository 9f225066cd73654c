"""Is what lies in a directory what the model gives? Its files as they were written, and some runs lived again."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.conduct import digests
from experiments.design import Arm, Chunk, Experiment
from experiments.manifest import experiment_of, fingerprint, identity, plain
from experiments.runner import Progress
from experiments.work import chunk_rows, reproduce
from results.store import SCHEMAS, Store, columns


@dataclass(frozen=True)
class Verified:
    """What was found: runs lived again, those that came out otherwise, files that are not as they were written, and
    what else there is to know (another version of the model, runs not ended)."""

    root: Path
    runs: int
    differing: pd.DataFrame
    files: list[str]
    notes: list[str]

    @property
    def holds(self) -> bool:
        """Whether everything is as it was."""
        return self.differing.empty and not self.files

    @property
    def sentence(self) -> str:
        """What was found, in a sentence."""
        if self.holds:
            return f"{self.runs} runs lived again came out the same, row for row, and every file is as it was written."
        said = []
        if len(self.differing):
            said.append(f"{len(self.differing)} of {self.runs} runs lived again came out otherwise")
        if self.files:
            are = "file is not as it was" if len(self.files) == 1 else "files are not as they were"
            said.append(f"{len(self.files)} {are} written ({', '.join(self.files[:5])})")
        return f"{'; '.join(said)}."


def verify(root: Path, share: float = 0.01, seed: int | None = None, progress: Progress | None = None) -> Verified:
    """Live a random `share` of a directory's runs again (at least one of each arm) and compare every row.

    Raises ForeignDirectory where there is no run of ours, BadInput where its case is not to be had.
    """
    store = Store(root)
    said = store.manifest()
    experiment = experiment_of(said["experiment"], root)
    chosen = _chosen(experiment, store, share, random.Random(seed))
    expected, kept = fingerprint(experiment.case), Kept(store)
    found = []
    for done, (chunk, arm, replication) in enumerate(chosen):
        if progress:
            progress(done, len(chosen))
        one = replace(chunk, first=replication, last=replication + 1)
        rows = chunk_rows(replace(experiment.part(chunk), arms=(arm,)), one, expected)
        again = {table: columns(table, rows[table]).to_pylist() for table in experiment.tables}
        # compared as text: what has no value equals itself
        if tables := [name for name in again if repr(again[name]) != repr(kept.rows(name, chunk, replication, arm))]:
            command = reproduce(experiment, chunk, replication, arm)
            found.append((chunk.draw, replication, arm.name, ", ".join(tables), command))
    differing = pd.DataFrame(found, columns=["draw", "replication", "arm", "tables", "reproduce"])
    written = said["made"].get("files", {})
    there = digests(store) if written else {}
    files = sorted(name for name in {*written, *there} if written.get(name) != there.get(name))
    return Verified(root, len(chosen), differing, files, _notes(experiment, said))


def _notes(experiment: Experiment, said: dict[str, Any]) -> list[str]:
    before, now = said["experiment"], plain(identity(experiment))
    notes = [f"{key}: not what it was" for key in before if key != "made by" and before[key] != now.get(key)]
    notes += [
        f"made by {name} {value}, here {now['made by'].get(name)}"
        for name, value in before.get("made by", {}).items()
        if now["made by"].get(name) != value
    ]
    if "ended" not in (said["made"].get("goes") or [{}])[-1]:
        notes.append("its runs have not ended: what is there was looked at")
    return notes


def _chosen(experiment: Experiment, store: Store, share: float, luck: random.Random) -> list[tuple[Chunk, Arm, int]]:
    """Which runs, part by part: a random share of those that are there, and at least one of each arm."""
    by_arm: dict[str, list[tuple[Chunk, Arm, int]]] = {}
    for chunk in experiment.chunks():
        if store.has(chunk.name):
            for arm in experiment.part(chunk).arms:
                mine = by_arm.setdefault(arm.name, [])
                mine += [(chunk, arm, replication) for replication in range(chunk.first, chunk.last)]
    chosen = [one for mine in by_arm.values() for one in luck.sample(mine, max(1, ceil(share * len(mine))))]
    return sorted(chosen, key=lambda one: (one[0].name, one[2]))


class Kept:
    """The rows that are there, run by run; a part's are read once while it is looked at."""

    def __init__(self, store: Store) -> None:
        self._store, self._part = store, ""
        self._runs: dict[tuple[str, int, str], list[dict[str, Any]]] = {}

    def rows(self, table: str, chunk: Chunk, replication: int, arm: Arm) -> list[dict[str, Any]]:
        """One run's rows of one kind, in the order in which they stand."""
        if self._part != chunk.name:
            self._part, self._runs = chunk.name, {}
            for name in SCHEMAS:
                for row in self._store.rows(name, chunk.name):
                    self._runs.setdefault((name, row["replication"], row["arm"]), []).append(row)
        return self._runs.get((table, replication, arm.name), [])
