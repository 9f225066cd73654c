"""An experiment in a directory of its own: run what is missing, write what was found, and say in a manifest how."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypedDict, Unpack

import pandas as pd

from experiments.design import POINT, Experiment
from experiments.manifest import begun, digest, identity, made, now, plain, write_worlds
from experiments.runner import Progress, run, writing
from results.store import Store


@dataclass(frozen=True)
class Finished:
    """An experiment's runs, where they stand, read when they are asked for."""

    experiment: Experiment
    root: Path

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per draw, replication and arm, one column per measure; shares from 0 to 1, and hours."""
        return Store(self.root).read("runs").astype({"arm": str})

    @cached_property
    def replications(self) -> int:
        """How many replications were run at the point: as many as were asked for, or until enough was known."""
        if not self.experiment.until:
            return self.experiment.replications
        ran = pd.concat([frame[frame["draw"] == POINT]["replication"] for frame in (self.runs, self.failures)])
        return int(ran.max()) + 1

    @cached_property
    def failures(self) -> pd.DataFrame:
        """Runs that did not end, each with the command that reproduces it."""
        return Store(self.root).read("failures")


class How(TypedDict, total=False):
    """How runs are made, never what they are: on which `workers` (see `pool_of`), by fork or spawn (`method`) or on an
    `executor` of one's own, telling `progress`, with failed runs again (`retry_failed`)."""

    workers: int | str
    method: str | None
    executor: Executor | None
    progress: Progress | None
    retry_failed: bool


def conduct(finished: Finished, write: Callable[[], None], fresh: bool = False, **how: Unpack[How]) -> None:
    """Run what is missing in a directory of the experiment's own, then `write` its results; the manifest says how.
    `fresh` takes away what run of ours stands there.

    Raises ForeignDirectory where the directory is something else's, and Interrupted where the runs, or the writing,
    could not be ended; the same again goes on.
    """
    experiment, store = finished.experiment, Store(finished.root)
    who = plain(identity(experiment))
    if not fresh or not store.manifest_path.exists():
        store.open(who)
    with store.held():
        with writing(store.root):
            if fresh and store.manifest_path.exists():
                store.clear()
            manifest = _begin(store, who, experiment, how.get("workers", 0))
        run(experiment, store.root, **how)
        with writing(store.root):
            store.clear_results()
            write()
            _end(store, manifest, finished)


def _begin(store: Store, who: dict[str, Any], experiment: Experiment, workers: int | str) -> dict[str, Any]:
    """The manifest of a run that begins, or goes on."""
    goes = store.manifest()["made"].get("goes", []) if store.manifest_path.exists() else []
    manifest = {"experiment": who, "made": made(experiment) | {"goes": [*goes, begun(workers)]}}
    store.write_manifest(manifest)
    if experiment.worlds:
        write_worlds(experiment, store.root)
    return manifest


def digests(store: Store) -> dict[str, str]:
    """Every file of a run, by its place in the directory, with a digest of what is in it."""
    folders = (store.parts, store.root / "tables", store.root / "figures")
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(store.root).as_posix(): digest(path.read_bytes()) for path in files}


def _end(store: Store, manifest: dict[str, Any], finished: Finished) -> None:
    manifest["made"]["goes"][-1]["ended"] = now()
    manifest["made"]["files"] = digests(store)
    ran = replace(finished.experiment, replications=finished.replications, until=None)
    manifest["made"] |= {"failed": len(finished.failures), "replications": ran.replications, "runs": ran.runs}
    store.write_manifest(manifest)


def default_out(question: str, case: str) -> Path:
    """Where a run goes when nobody says: beside the package's other results, or here."""
    home = Path(__file__).parent.parent / "results" / "out"
    base = home if (home.parent.parent / "pyproject.toml").exists() else Path("safeguarding-out")
    return base / f"{question}-{Path(case).stem}"
