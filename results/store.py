"""Writes and reads a run: a manifest, Parquet parts as chunks finish, tables, figures.

A part is written whole or not at all, and never twice: what is there is what was run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

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
    "spread": pa.schema(
        [
            *KEY,
            ("wider", pa.int32()),
            ("passed_on", pa.int32()),
            ("delivered", pa.int32()),
            ("delivered_critical", pa.int32()),
            ("one", pa.float64()),
            ("room", pa.float64()),
            ("between", pa.float64()),
        ]
    ),
    "first_read": pa.schema([*KEY, ("item", WORD), ("noticed", pa.int32()), ("read", pa.int32())]),
    "held": pa.schema([*KEY, ("item", WORD), ("agency", WORD)]),
    "failures": pa.schema([*KEY, ("error", pa.string()), ("reproduce", pa.string())]),
}
"""What a part holds: how far each item got, what each role spent, how far word spread and what there was to read, when
each critical item was first held and first by a lead who needed it, which agencies held it (as usual only), what did
not run."""

AS_USUAL_ONLY = frozenset({"held", "targets"})
"""Kept for practice as usual, where it is shown."""

Rows = Mapping[str, list[tuple[Any, ...]]]


class ForeignDirectory(Exception):
    """The directory holds something else; nothing in it was touched."""


@dataclass(frozen=True)
class Store:
    """One run's directory."""

    root: Path

    @property
    def manifest_path(self) -> Path:
        """Where the manifest stands."""
        return self.root / "manifest.json"

    def open(self, identity: dict[str, Any]) -> bool:
        """Make the directory this experiment's own. Returns whether it already was.

        Raises ForeignDirectory, with the difference, where it belongs to anything else.
        """
        if not self.root.exists():
            return False
        if not self.root.is_dir():
            raise ForeignDirectory(f"{self.root} is a file. Choose another --out.")
        if not any(self.root.iterdir()):
            return False
        if not self.manifest_path.exists():
            raise ForeignDirectory(f"{self.root} holds files of something else. Choose another --out.")
        try:
            before = json.loads(self.manifest_path.read_text())["experiment"]
        except (ValueError, KeyError, TypeError):
            raise ForeignDirectory(f"{self.manifest_path} is no manifest of ours. Choose another --out.") from None
        if before != identity:
            changed = sorted(key for key in {*before, *identity} if before.get(key) != identity.get(key))
            raise ForeignDirectory(
                f"{self.root} holds a different experiment (it differs in {', '.join(changed)}). "
                "Choose another --out, or --fresh to start anew."
            )
        return True

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Put the manifest in place, whole."""
        self.root.mkdir(parents=True, exist_ok=True)
        _replace(self.manifest_path, json.dumps(manifest, indent=2, sort_keys=True, default=str).encode() + b"\n")

    def manifest(self) -> dict[str, Any]:
        """The manifest of a run that is there. Raises ForeignDirectory where there is none of ours."""
        if not self.root.is_dir():
            raise ForeignDirectory(f"There is no directory {self.root}.")
        if not any(self.root.iterdir()):
            raise ForeignDirectory(f"{self.root} is empty: nothing was run there.")
        try:
            found: dict[str, Any] = json.loads(self.manifest_path.read_text(encoding="utf-8"))
            about = found["experiment"]["case"]["case"]
            asked = (found["experiment"][name] for name in ("question", "arms", "replications", "draws", "seed"))
            if (
                not all(isinstance(about[name], str) for name in ("id", "title", "source", "care_note"))
                or None in asked
            ):
                raise KeyError
        except (OSError, ValueError, KeyError, TypeError):
            raise ForeignDirectory(
                f"{self.root} holds no run of ours: its manifest.json is missing or another's."
            ) from None
        return found

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
        """Whether this part was finished."""
        return (self.root / "parts" / f"{part}.journeys.parquet").exists()

    def write_part(self, part: str, rows: Rows) -> None:
        """Write a chunk's rows; the journeys come last and say that the part is whole."""
        folder = self.root / "parts"
        folder.mkdir(parents=True, exist_ok=True)
        for table in sorted(SCHEMAS, key="journeys".__eq__):
            if not rows[table] and table != "journeys":
                continue
            path = folder / f"{part}.{table}.parquet"
            temporary = path.with_suffix(".writing")
            pq.write_table(columns(table, rows[table]), temporary, compression="zstd")
            temporary.replace(path)

    def read(self, table: str) -> pd.DataFrame:
        """All rows of one kind, in the order of work."""
        paths = sorted((self.root / "parts").glob(f"*.{table}.parquet"))
        if not paths:
            return pd.DataFrame(SCHEMAS[table].empty_table().to_pandas())
        parts = pa.concat_tables([pq.read_table(path) for path in paths])
        return pd.DataFrame(parts.unify_dictionaries().to_pandas())

    def each(self, table: str) -> Iterator[pd.DataFrame]:
        """The rows of one kind part by part, where all of them together would be too many."""
        for path in sorted((self.root / "parts").glob(f"*.{table}.parquet")):
            yield pd.DataFrame(pq.read_table(path).to_pandas())

    def write_table(self, name: str, frame: pd.DataFrame) -> None:
        """One tidy table, as Parquet and as CSV."""
        folder = self.root / "tables"
        folder.mkdir(parents=True, exist_ok=True)
        frame.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


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


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".writing")
    temporary.write_bytes(content)
    temporary.replace(path)
