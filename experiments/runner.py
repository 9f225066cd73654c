"""Runs a design on a pool: the same bytes in any order, whoever dies; resumes by what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from experiments.agenda import Agenda
from experiments.design import Chunk, Experiment
from experiments.manifest import fingerprint
from experiments.pool import Pool, pool_of
from experiments.work import RowLists, chunk_rows, failure, run_chunk
from results.store import Files, Store, as_files
from scenarios.refusals import Interrupted

Progress = Callable[[int, int], None]
"""Called with (runs done, runs in all) as chunks finish."""

DIED = "The process that ran it ended before it did: it was killed, or out of memory, or ended itself."


def run(
    experiment: Experiment,
    root: Path,
    workers: int | str = 0,
    method: str | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
    retry_failed: bool = False,
) -> None:
    """Run what is not there yet. `workers` 0 means one for each core, "tcp://…" a Dask cluster; `method` is fork or
    spawn; an `executor` of one's own is used as it is. With `retry_failed` parts in which a run failed are run again.

    Raises Interrupted where the disk is full or the workers are gone; what was finished is kept.
    """
    store = Store(root)
    store.sweep_up()
    if retry_failed:
        for chunk in experiment.chunks():
            if store.failed(chunk.name):
                store.drop(chunk.name)
    agenda = Agenda(experiment, store)
    report = progress or (lambda _done, _total: None)
    report(*agenda.progress)
    if next(agenda.waiting(), None):
        _work(agenda, experiment, store, pool_of(workers, method, executor), report)
    agenda.trim()


def _work(agenda: Agenda, experiment: Experiment, store: Store, pool: Pool, report: Progress) -> None:
    at_once = True
    try:
        for chunk, files in finished(pool, experiment, agenda.waiting()):
            with writing(store.root):
                store.write_part(chunk.name, files)
            agenda.tick(chunk)
            report(*agenda.progress)
        at_once = False
    finally:
        pool.close(at_once)


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """What is written inside goes to this directory. Raises Interrupted where the disk will not have it."""
    try:
        yield
    except OSError as fault:
        raise Interrupted(f"{root} could not be written: {fault.strerror or fault}.") from None


def finished(pool: Pool, experiment: Experiment, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Files]]:
    """Each chunk with its part, as it finishes. Not more are underway than keep the pool busy."""
    expected = fingerprint(experiment.case)
    queue, underway = iter(chunks), dict[Future[Files], Chunk]()
    while True:
        for chunk in islice(queue, max(pool.width - len(underway), 0)):
            underway[_submitted(pool, experiment, chunk, expected)] = chunk
        if not underway:
            return
        struck = []
        done = wait(underway, return_when=FIRST_COMPLETED).done
        while done:
            for future in done:
                chunk = underway.pop(future)
                if _died(future, pool):
                    struck.append(chunk)
                else:
                    yield chunk, future.result()
            done = wait(underway).done if struck else set()  # a death takes all that was underway with it
        for chunk in sorted(struck, key=lambda each: each.name):
            yield chunk, _alone(pool, experiment, chunk, expected)


def _died(future: Future[Files], pool: Pool) -> bool:
    """Whether the process that ran this ended before its answer. Raises Interrupted where nobody will answer."""
    error = CancelledError() if future.cancelled() else future.exception()
    if isinstance(error, CancelledError):
        raise Interrupted("The workers are gone.")
    return isinstance(error, pool.deaths)


def _submitted(pool: Pool, experiment: Experiment, chunk: Chunk, expected: str) -> Future[Files]:
    try:
        return pool.submit(run_chunk, experiment.part(chunk), chunk, expected)
    except pool.deaths as death:
        lost: Future[Files] = Future()
        lost.set_exception(death)
        return lost


def _alone(pool: Pool, experiment: Experiment, chunk: Chunk, expected: str) -> Files:
    """A chunk that was underway when a process died, with nothing beside it. If one dies again, run by run, so that
    what is lost is the one run that it dies of."""
    pool.renew()
    part = experiment.part(chunk)
    try:
        return pool.submit(run_chunk, part, chunk, expected).result()
    except pool.deaths:
        pool.renew()
    rows: RowLists = {table: [] for table in experiment.tables}
    for arm in part.arms:
        one_arm = replace(part, arms=(arm,))
        for replication in range(chunk.first, chunk.last):
            one = replace(chunk, first=replication, last=replication + 1)
            try:
                found = pool.submit(chunk_rows, one_arm, one, expected).result()
            except pool.deaths:
                pool.renew()
                found = {"failures": [failure(part, chunk, replication, arm, DIED)]}
            for table, more in found.items():
                rows[table] += more
    return as_files(rows)
