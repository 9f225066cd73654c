"""What makes an experiment itself, and how a run of it was made: the manifest that lies beside its results."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shlex
import sys
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from experiments.design import Arm, Changes, Experiment
from results.disk import replace
from results.stopping import until
from results.store import SCHEMAS
from results.targets import load_targets
from scenarios.load import case_called, load_practice
from scenarios.policy import Policy
from scenarios.refusals import ForeignDirectory

HOME = Path(__file__).parent.parent
LIBRARIES = ("mesa", "simpy", "numpy", "pandas", "pyarrow", "scipy", "matplotlib", "holidays", "pydantic")
WORLDS = "worlds.parquet"
DECIDING = ("mesa", "simpy", "numpy", "scipy", "pyarrow", "holidays")
"""The libraries that a row of a part could depend on."""
MODEL = (
    "scenarios",
    "simulation",
    "agents",
    "results/measures.py",
    "results/spread.py",
    "results/store.py",
    "results/targets.py",
    "experiments/design.py",
    "experiments/replication.py",
    "experiments/work.py",
)
"""The code that a row of a part could depend on."""


def identity(experiment: Experiment) -> dict[str, Any]:
    """What makes this experiment itself: two are the same when this is."""
    practice = load_practice()
    return {
        "question": experiment.question,
        "called": experiment.case,
        "case": case_called(experiment.case, practice).model_dump(mode="json"),
        "practice": {name: practice.value_of(name) for name in sorted(practice.leaves)},
        "ranges": {name: leaf.range for name, leaf in sorted(practice.leaves.items()) if leaf.range},
        "arms": [
            {
                "name": arm.name,
                "policies": [p.model_dump(mode="json") for p in arm.policies],
                "changes": dict(arm.changes),
            }
            for arm in experiment.arms
        ],
        "seed": experiment.seed,
        "replications": experiment.replications,
        "draws": experiment.draws,
        "per_draw": experiment.per_draw,
        "worlds": digest(repr(experiment.worlds).encode()) if experiment.worlds else None,
        "until": str(experiment.until) if experiment.until else None,
        "tables": sorted(experiment.tables),
        "made by": made_by(),
    }


def plain(said: dict[str, Any]) -> dict[str, Any]:
    """As it is once it was written and read."""
    return dict(json.loads(json.dumps(said)))


def experiment_of(said: dict[str, Any], root: Path) -> Experiment:
    """The experiment whose identity a manifest in `root` has. Raises ForeignDirectory where it says too little."""
    try:
        arms = tuple(
            Arm(
                arm["name"], tuple(Policy.model_validate(row) for row in arm["policies"]), tuple(arm["changes"].items())
            )
            for arm in said["arms"]
        )
        asked = until(said["until"]) if said["until"] else None
        sizes = (said["seed"], said["replications"], said["draws"], said["per_draw"])
        worlds = read_worlds(root) if said["worlds"] else ()
        tables = tuple(name for name in SCHEMAS if name in said["tables"])
        return Experiment(said["question"], said["called"], arms, *sizes, worlds, asked, tables)
    except (KeyError, TypeError, AttributeError, ValidationError, OSError):
        raise ForeignDirectory(f"{root} was made by a version that this one cannot read.") from None


def write_worlds(experiment: Experiment, root: Path) -> None:
    """Put the worlds of a design beside the manifest: a row for each, a column for each leaf. All name the same."""
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist([dict(world) for world in experiment.worlds]), sink, compression="zstd")
    replace(root / WORLDS, bytes(sink.getvalue().to_pybytes()))


def read_worlds(root: Path) -> tuple[Changes, ...]:
    """The worlds of a design, in order."""
    rows = pq.read_table(root / WORLDS).to_pylist()
    return tuple(tuple(row.items()) for row in rows)


def made_by() -> dict[str, str]:
    """The model and the libraries that rows come from: a run is not gone on with under others."""
    return {"model": CODE, "python": platform.python_version()} | {name: version(name) for name in DECIDING}


def fingerprint(case: str) -> str:
    """One word for all that decides what a run of this case gives: model, libraries, practice, case and targets."""
    practice = load_practice()
    row = case_called(case, practice)
    said = {
        "made by": made_by(),
        "case": row.model_dump(mode="json"),
        "practice": {name: leaf.model_dump(mode="json") for name, leaf in practice.leaves.items()},
        "targets": [target.model_dump(mode="json", exclude={"why"}) for target in load_targets(row.case.id)],
    }
    return digest(json.dumps(said, sort_keys=True).encode())


def digest(content: bytes) -> str:
    """A short name for some bytes, another for any others."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _code() -> str:
    """The digest of the model's files, as they are when they are imported."""
    named = [HOME / name for name in MODEL]
    files = [file for path in named for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    return digest(b"".join(digest(file.read_bytes()).encode() for file in files))


CODE = _code()


def made(experiment: Experiment) -> dict[str, Any]:
    """How a run is made: never part of what it is."""
    return {
        "python": platform.python_version(),
        "versions": {name: version(name) for name in LIBRARIES},
        "safeguarding": own_version(),
        "commit": commit(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "runs": experiment.runs,
    }


def begun(workers: int | str) -> dict[str, Any]:
    """One go at an experiment: an interrupted one has several."""
    return {"command": shlex.join(["safeguarding", *sys.argv[1:]]), "began": now(), "workers": workers}


def seconds(said: dict[str, Any]) -> float:
    """How long the goes of a run took that came to their end."""
    goes = [go for go in said.get("goes", []) if "ended" in go]
    return sum(
        (datetime.fromisoformat(go["ended"]) - datetime.fromisoformat(go["began"])).total_seconds() for go in goes
    )


def now() -> str:
    """The moment, as a manifest has it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@cache
def own_version() -> str:
    """The version of this package."""
    try:
        return version("safeguarding-sim")
    except PackageNotFoundError:
        return "not installed"


def commit() -> str:
    """The commit this code was checked out at, where that can be read."""
    git = HOME / ".git"
    try:
        if git.is_file():  # a worktree's
            git = Path(git.read_text().removeprefix("gitdir: ").strip())
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head
        shared = git / (git / "commondir").read_text().strip() if (git / "commondir").exists() else git
        return (shared / head.removeprefix("ref: ")).read_text().strip()
    except OSError:
        return "unknown"
