"""Who runs the chunks: this process, processes of this machine, a Dask cluster, or any executor one has."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, Protocol, TypeVar

from scenarios.refusals import Interrupted

T = TypeVar("T")
AHEAD = 2
"""Chunks handed out for each worker, so that none waits for its next."""


class Pool(Protocol):
    """An executor, how many chunks it has underway at once, and how to go on after a death."""

    deaths: tuple[type[BaseException], ...]
    """What is raised of a call whose process ended before its answer."""

    @property
    def width(self) -> int:
        """How many calls keep everybody busy."""

    def submit(self, call: Callable[..., T], /, *args: Any) -> Future[T]:
        """Have a call made."""

    def renew(self) -> None:
        """Be able to make calls again after a death."""

    def close(self, at_once: bool) -> None:
        """Let everybody go: when they have finished what is underway, or at once."""


class Here:
    """This process itself, call by call. A death here is everybody's."""

    width = 1
    deaths: tuple[type[BaseException], ...] = ()

    def submit(self, call: Callable[..., T], /, *args: Any) -> Future[T]:
        """Make a call, now."""
        future: Future[T] = Future()
        future.set_result(call(*args))
        return future

    def renew(self) -> None:
        """Nothing to do."""

    def close(self, at_once: bool) -> None:
        """Nothing to do."""


class Processes:
    """Processes of this machine. They go with the process that made them, however it ends."""

    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, count: int, method: str | None = None) -> None:
        self.width = AHEAD * count
        self._count, self._context = count, multiprocessing.get_context(method or start_method())
        self._others = {*multiprocessing.active_children()}
        self._pool = self._made()

    def _made(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._count, self._context, _begin)

    def submit(self, call: Callable[..., T], /, *args: Any) -> Future[T]:
        """Have a call made by the next process that is free."""
        return self._pool.submit(call, *args)

    def renew(self) -> None:
        """Other processes, in place of a pool that a death broke."""
        self.close(at_once=True)
        self._pool = self._made()

    def close(self, at_once: bool) -> None:
        """Let the processes go."""
        self._pool.shutdown(wait=not at_once, cancel_futures=True)
        if at_once:
            for child in multiprocessing.active_children():
                if child not in self._others:
                    child.kill()
                    child.join()


def _begin() -> None:
    """What each process does first: leave signals to its parent, and go when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_go_with_parent, daemon=True).start()


def _go_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    wait([parent.sentinel])
    os._exit(1)


def start_method() -> str:
    """Fork where it is safe and quick, else spawn."""
    return "fork" if sys.platform == "linux" else "spawn"


class Given:
    """Somebody else's executor: used, never closed, not mended."""

    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self.width = AHEAD * (getattr(executor, "_max_workers", None) or os.cpu_count() or 1)

    def submit(self, call: Callable[..., T], /, *args: Any) -> Future[T]:
        """Have a call made."""
        return self._executor.submit(call, *args)

    def renew(self) -> None:
        """It is not ours to mend."""
        raise Interrupted("A process of the executor died, and with it the executor.")

    def close(self, at_once: bool) -> None:
        """It is not ours to close."""


def pool_of(workers: int | str, method: str | None = None, executor: Executor | None = None) -> Pool:
    """The pool that was asked for: `workers` is how many processes, 0 (or "auto") one for each core, or a Dask
    scheduler's address. Raises BadInput where there is none."""
    if executor is not None:
        return Given(executor)
    if isinstance(workers, str) and "://" in workers:
        from experiments.cluster import Cluster

        return Cluster(workers)
    count = 0 if workers == "auto" else int(workers)
    if count == 1:
        return Here()
    return Processes(count or cores(), method)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
