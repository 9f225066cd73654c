"""Files that are whole or not there: written to the disk itself, then put in place by one renaming."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".writing"
"""How what is being written is named, until it is whole."""

PATIENCE = 3.0
"""Seconds to wait for the processes of a killed run to go."""


def replace(path: Path, content: bytes) -> None:
    """Put a file in place, whole."""
    unfinished = path.with_name(path.name + UNFINISHED)
    write(unfinished, content)
    unfinished.replace(path)
    settle(path.parent)


def write(path: Path, content: bytes) -> None:
    """Bytes to the disk itself, not only to its cache: a renaming must not overtake them."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def settle(folder: Path) -> None:
    """The names in a folder to the disk, where a system lets one open folders."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def whole(path: Path) -> bool:
    """Whether a Parquet file begins and ends as one: a disk may lose what it said it had."""
    with path.open("rb") as file:
        first = file.read(4)
        file.seek(0, os.SEEK_END)
        if file.tell() < 12:
            return False
        file.seek(-4, os.SEEK_END)
        return first == file.read(4) == b"PAR1"


def remove(path: Path) -> None:
    """Take away a file, or a folder and all in it, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder while this process lives, where the system can. Raises BlockingIOError where another does.

    The processes of a run hold its folder with it, and go when it is killed; so a refusal waits for a moment.
    """
    if os.name != "posix":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    patience = time.monotonic() + PATIENCE
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > patience:
                    raise
                time.sleep(0.05)
        yield
    finally:
        os.close(handle)
