"""A Dask cluster as a pool. Dask is the extra `[cluster]`; chunks go out, parts come back, and nothing is shared."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from experiments.pool import AHEAD, Interrupted
from scenarios.faults import BadInput, Fault

T = TypeVar("T")
PATIENCE = 10
"""Seconds to wait for the scheduler, and for its first worker."""


class Cluster:
    """The workers of a Dask scheduler. Dask itself gives a dead worker's chunk to another, and gives up on a chunk that
    several died of. Each process works on one chunk at a time, so give its workers one thread each."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client, KilledWorker
        except ModuleNotFoundError:
            advice = "Install the extra: pip install 'safeguarding-sim[cluster]'."
            raise BadInput([Fault("request", f"workers {address}", "Dask is not installed", advice)]) from None
        self.deaths: tuple[type[BaseException], ...] = (KilledWorker,)
        advice = "Start `dask scheduler` and `dask worker` there, and check the address."
        try:
            self._client = Client(address, timeout=PATIENCE, set_as_default=False)
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, TimeoutError, ValueError):
            raise BadInput([Fault("request", f"workers {address}", "no worker answers", advice)]) from None
        self._executor = self._client.get_executor(pure=False)

    @property
    def width(self) -> int:
        """How many chunks keep the workers busy that are there now."""
        return int(AHEAD * max(len(self._client.nthreads()), 1))

    def submit(self, call: Callable[..., T], /, *args: Any) -> Future[T]:
        """Have a call made by the next worker that is free."""
        try:
            return self._executor.submit(call, *args)  # type: ignore[no-any-return]
        except (OSError, CancelledError) as gone:
            raise Interrupted(f"The cluster is gone ({gone}).") from None

    def renew(self) -> None:
        """Dask does that itself."""

    def close(self, at_once: bool) -> None:
        """Let go of the cluster, which stays as it is; what is underway is given up."""
        self._executor.shutdown(wait=not at_once)
        self._client.close()
