"""A Dask cluster as a pool. Dask is the extra `[cluster]`; chunks go out, parts come back, and nothing is shared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from typing import Any, TypeVar

from experiments.pool import AHEAD
from scenarios.faults import BadInput, Fault
from scenarios.refusals import Interrupted

T = TypeVar("T")
PATIENCE = 30
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
            if hasattr(self, "_client"):
                self._client.close()
            raise BadInput([Fault("request", f"workers {address}", "no worker answers", advice)]) from None
        self._executor = self._client.get_executor(pure=False)

    @property
    def width(self) -> int:
        """How many chunks keep the workers busy that are there now."""
        with _there():
            return int(AHEAD * max(len(self._client.nthreads()), 1))

    def submit(self, call: Callable[..., T], /, *args: Any) -> Future[T]:
        """Have a call made by the next worker that is free."""
        with _there():
            return self._executor.submit(call, *args)  # type: ignore[no-any-return]

    def renew(self) -> None:
        """Dask does that itself."""

    def close(self, at_once: bool) -> None:
        """Let go of the cluster, which stays as it is; what is underway is given up."""
        self._executor.shutdown(wait=not at_once)
        self._client.close()


@contextmanager
def _there() -> Iterator[None]:
    """Ask the scheduler. Raises Interrupted where it is gone."""
    try:
        yield
    except (OSError, CancelledError):
        raise Interrupted("The cluster is gone.") from None
