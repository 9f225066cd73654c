"""Writes and reads a run: a manifest, Parquet parts as chunks finish, tables, figures.

A part is written whole or not at all, and never twice: what is there is what was run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from errno import EACCES
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from results.disk import UNFINISHED, locked, remove, replace, settle, whole, write
from results.measures import MEASURES
from scenarios.refusals import ForeignDirectory

WORD = pa.dictionary(pa.int16(), pa.string())
KEY = [("draw", pa.int16()), ("replication", pa.int32()), ("arm", WORD)]
SCHEMAS = {
    "journeys": pa.schema(
        [
            *KEY,
            ("item", WORD),
            ("decision", WORD),
            ("read", pa.bool_()),
            ("weighed", pa.bool_()),
            ("voiced", pa.bool_()),
            ("joint", pa.bool_()),
            ("stage", WORD),
            ("reason", WORD),
            ("state", WORD),
            ("row", pa.int32()),
        ]
    ),
    "targets": pa.schema([*KEY, ("target", WORD), ("part", WORD), ("met", pa.bool_())]),
    "minutes": pa.schema([*KEY, ("role", WORD), ("minutes", pa.float64())]),
    "runs": pa.schema([*KEY, *((measure, pa.float64()) for measure in MEASURES)]),
    "first_read": pa.schema([*KEY, ("item", WORD), ("noticed", pa.int32()), ("read", pa.int32())]),
    "held": pa.schema([*KEY, ("item", WORD), ("agency", WORD)]),
    "failures": pa.schema([*KEY, ("error", pa.string()), ("reproduce", pa.string())]),
}
"""What a part holds: how far each item got, what the targets ask (as usual only), what each role spent, every measure
of each run, when each critical item was first held and first by a lead who needed it, which agencies held it (as usual
only), what did not run."""

AS_USUAL_ONLY = frozenset({"held", "targets"})
"""Kept for practice as usual, where it is shown."""

Rows = Mapping[str, list[tuple[Any, ...]]]
Files = Mapping[str, bytes]
"""A part as it is written: each table that has rows, as the bytes of its file."""


@dataclass(frozen=True)
class Store:
    """One run's directory.

    A part is a folder, put in place whole by one renaming after its bytes are on the disk: what is there is what was
    run, whenever the power went.
    """

    root: Path

    @property
    def manifest_path(self) -> Path:
        """Where the manifest stands."""
        return self.root / "manifest.json"

    def manifest(self) -> dict[str, Any]:
        """What the manifest says. Raises ForeignDirectory where there is none of ours."""
        try:
            said = json.loads(self.manifest_path.read_text(encoding="utf-8"))
            if not (isinstance(said["experiment"], dict) and isinstance(said["made"], dict)):
                raise ValueError
        except FileNotFoundError:
            raise ForeignDirectory(f"{self.root} holds no run of ours: there is no manifest in it.") from None
        except (ValueError, KeyError, TypeError):
            raise ForeignDirectory(f"{self.manifest_path} is no manifest of ours. Choose another --out.") from None
        return dict(said)

    def open(self, identity: dict[str, Any]) -> bool:
        """Make sure that the directory is this experiment's own, or empty. Returns whether it already was.

        Raises ForeignDirectory, with the difference, where it belongs to anything else.
        """
        if not self.root.exists():
            return False
        if not self.root.is_dir():
            raise ForeignDirectory(f"{self.root} is a file. Choose another --out.")
        if all(path.name.endswith(UNFINISHED) for path in self.root.iterdir()):
            return False
        if not self.manifest_path.exists():
            raise ForeignDirectory(f"{self.root} holds files of something else. Choose another --out.")
        before = self.manifest()["experiment"]
        if before != identity:
            changed = sorted(key for key in {*before, *identity} if before.get(key) != identity.get(key))
            differs = "; ".join(_difference(key, before.get(key), identity.get(key)) for key in changed)
            raise ForeignDirectory(
                f"{self.root} holds a different experiment (it differs in {differs}). "
                "Choose another --out, or --fresh to start anew."
            )
        return True

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else writes here meanwhile. Raises ForeignDirectory where somebody does, or we may not."""
        with ExitStack() as stack:
            try:
                self.root.mkdir(parents=True, exist_ok=True)
                if not os.access(self.root, os.W_OK):
                    raise PermissionError(EACCES, "it is not ours to write")
                stack.enter_context(locked(self.root))
            except BlockingIOError:
                raise ForeignDirectory(f"Another process is at work in {self.root}. Wait for it, or stop it.") from None
            except OSError as fault:
                said = f"{self.root} cannot be written ({fault.strerror}). Choose another --out."
                raise ForeignDirectory(said) from None
            yield

    def clear(self) -> None:
        """Take away the run that is here, and nothing else. Raises ForeignDirectory where it is no run of ours."""
        self.manifest()
        for name in ("parts", "tables", "figures", "worlds.parquet"):
            remove(self.root / name)
        self.manifest_path.unlink()

    def clear_results(self) -> None:
        """Take away tables and figures, which are made anew from the parts."""
        for name in ("tables", "figures"):
            remove(self.root / name)

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Put the manifest in place, whole."""
        self.root.mkdir(parents=True, exist_ok=True)
        replace(self.manifest_path, json.dumps(manifest, indent=2, sort_keys=True, default=str).encode() + b"\n")

    @property
    def parts(self) -> Path:
        """Where the parts stand."""
        return self.root / "parts"

    def table(self, name: str) -> pd.DataFrame | None:
        """A tidy table that was written, None where it was not. Raises ForeignDirectory where it cannot be read."""
        path = self.root / "tables" / f"{name}.parquet"
        if not path.exists():
            return None
        try:
            return pd.read_parquet(path)
        except (OSError, pa.ArrowInvalid):
            raise ForeignDirectory(
                f"{path} cannot be read. Run its command again; it writes its tables anew."
            ) from None

    def has(self, part: str) -> bool:
        """Whether this part was finished and is whole."""
        tables = [*(self.parts / part).glob("*.parquet")]
        return bool(tables) and all(map(whole, tables))

    def failed(self, part: str) -> bool:
        """Whether a run of this part did not end."""
        return (self.parts / part / "failures.parquet").exists()

    def drop(self, part: str) -> None:
        """Take a part away, to be run again."""
        if (folder := self.parts / part).exists():
            remove(folder.rename(folder.with_name(part + UNFINISHED)))

    def sweep_up(self) -> None:
        """Take away what was being written when a process ended."""
        for folder in (self.root, self.parts):
            for left in folder.glob(f"*{UNFINISHED}"):
                remove(left)

    def write_part(self, part: str, files: Files) -> None:
        """Put a part in place: whole, or not at all. What stood there goes."""
        self.drop(part)
        folder = self.parts / part
        unfinished = folder.with_name(part + UNFINISHED)
        remove(unfinished)
        unfinished.mkdir(parents=True)
        for table, content in files.items():
            write(unfinished / f"{table}.parquet", content)
        settle(unfinished)
        unfinished.replace(folder)
        settle(self.parts)

    def read(self, table: str, parts: Iterable[str] | None = None) -> pd.DataFrame:
        """All rows of one kind, or those of some parts, in the order of work."""
        named = (self.parts / part / f"{table}.parquet" for part in parts or ())
        paths = self._paths(table) if parts is None else [path for path in named if path.exists()]
        return _frame(paths) if paths else pd.DataFrame(SCHEMAS[table].empty_table().to_pandas())

    def rows(self, table: str, part: str) -> list[dict[str, Any]]:
        """One part's rows of one kind, value by value, none where it has none."""
        path = self.parts / part / f"{table}.parquet"
        return list(pq.read_table(path).to_pylist()) if path.exists() else []

    def each(self, table: str, draw: int | None = None) -> Iterator[pd.DataFrame]:
        """The rows of one kind some parts at a time, where all of them together would be too many; of one draw, or of
        all. In the order of work."""
        paths = self._paths(table, "*" if draw is None else f"{draw:05d}-*")
        for first in range(0, len(paths), AT_A_TIME):
            yield _frame(paths[first : first + AT_A_TIME])

    def _paths(self, table: str, part: str = "*") -> list[Path]:
        return sorted(path for path in self.parts.glob(f"{part}/{table}.parquet") if path.parent.suffix != UNFINISHED)

    def write_table(self, name: str, frame: pd.DataFrame) -> None:
        """One tidy table, as Parquet and, unless it is long, as CSV."""
        folder = self.root / "tables"
        folder.mkdir(parents=True, exist_ok=True)
        frame.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
        if len(frame) <= MOST_IN_CSV:
            frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


READERS = 4
"""Parts that are read at the same time."""
MOST_IN_CSV = 100_000
"""Rows of a table that is written as CSV too."""
AT_A_TIME = 50
"""Parts that are read together."""


def part_name(draw: int, first: int, arm: int = 0) -> str:
    """A part's name, which sorts in the order of work."""
    return f"{draw:05d}-{first:07d}" + (f"-{arm:04d}" if arm else "")


def _frame(paths: Iterable[Path]) -> pd.DataFrame:
    with ThreadPoolExecutor(READERS) as pool:
        parts = pa.concat_tables(pool.map(_table, paths))
    return pd.DataFrame(parts.unify_dictionaries().to_pandas())


def _table(path: Path) -> pa.Table:
    return pq.ParquetFile(path).read(use_threads=False)


def as_files(rows: Rows) -> Files:
    """Rows as the bytes of a part's files: the same rows, the same bytes."""
    return {table: _as_file(table, rows[table]) for table in sorted(rows) if rows[table]}


def _as_file(table: str, rows: Iterable[tuple[Any, ...]]) -> bytes:
    """By lz4: a fifth larger than by zstd, in less than half the time, which is most of what a small part costs."""
    sink = pa.BufferOutputStream()
    pq.write_table(columns(table, rows), sink, compression="lz4")
    return bytes(sink.getvalue().to_pybytes())


def columns(table: str, rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    """Rows as an Arrow table of this kind; each word's dictionary in order of first use."""
    schema = SCHEMAS[table]
    lists = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.Table.from_arrays(
        [_column(values, field.type) for values, field in zip(lists, schema, strict=True)], schema=schema
    )


def _column(values: Iterable[Any], kind: pa.DataType) -> pa.Array:
    if kind == WORD:
        return pa.array(values, pa.string()).dictionary_encode().cast(kind)
    return pa.array(values, kind)


def _difference(key: str, before: Any, now: Any) -> str:
    """What differs, with both values where they are short, or the names of what differs in it."""
    if isinstance(before, dict) and isinstance(now, dict):
        names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
        return f"{key}: {', '.join(names[:MOST_NAMES])}{' …' if len(names) > MOST_NAMES else ''}"
    said, key = f"{before} there, {now} asked", CALLED.get(key, key)
    return f"{key}: {said}" if len(said) < LONGEST_DIFFERENCE else key


CALLED = {"arms": "its practices", "per_draw": "replications to a draw", "worlds": "the worlds it draws"}
"""What a reader calls a part of an experiment, where its own name says little."""
MOST_NAMES = 5
LONGEST_DIFFERENCE = 80
"""Letters up to which both sides of a difference are printed."""
