"""The same bytes from any executor, in whatever order it answers, and from a Dask cluster whose worker is killed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from experiments import work
from experiments.compare import arms, perform
from experiments.design import Experiment
from experiments.runner import run
from results.store import Store
from scenarios.faults import BadInput
from scenarios.refusals import AnotherModel, Interrupted
from tests.experiments.test_kill import ROOT, children, command, ended, wait_for, words
from tests.experiments.test_runner import digests

SMALL = Experiment("compare", "rowan-family", arms(["pull"]), seed=3, replications=110, draws=2, per_draw=3)


class Shuffled(ThreadPoolExecutor):
    """Answers in random order: whatever is underway, any may come first."""

    def __init__(self) -> None:
        super().__init__(1)
        self._max_workers = 4  # what the runner sees: eight underway
        self._left: list[tuple[Future[object], object, tuple[object, ...]]] = []

    def submit(self, call, /, *args):
        future: Future[object] = Future()
        self._left.append((future, call, args))
        super().submit(self._one)
        return future

    def _one(self) -> None:
        time.sleep(0.02)
        future, call, args = self._left.pop(random.randrange(len(self._left)))
        future.set_result(call(*args))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    root = tmp_path_factory.mktemp("plain") / "run"
    run(SMALL, root, workers=1)
    return digests(root)


def test_bytes_do_not_depend_on_the_order_of_answers(plain, tmp_path: Path):
    order: list[int] = []
    with Shuffled() as executor:
        run(SMALL, tmp_path, executor=executor, progress=lambda done, _total: order.append(done))
    assert digests(tmp_path) == plain
    assert len(order) == 1 + len([*SMALL.chunks()])


def test_bytes_do_not_depend_on_threads(plain, tmp_path: Path):
    with ThreadPoolExecutor(3) as executor:
        run(SMALL, tmp_path, executor=executor)
    assert digests(tmp_path) == plain


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.parametrize("workers", [1, 2, 4])
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_bytes_do_not_depend_on_workers(plain, tmp_path: Path, workers: int, method: str):
    run(SMALL, tmp_path, workers, method)
    assert digests(tmp_path) == plain


def test_no_more_is_underway_than_keeps_the_workers_busy(tmp_path: Path):
    class Counting(ThreadPoolExecutor):
        most = underway = 0

        def submit(self, call, /, *args):
            Counting.underway += 1
            Counting.most = max(Counting.most, Counting.underway)
            future = super().submit(call, *args)
            future.add_done_callback(lambda _: setattr(Counting, "underway", Counting.underway - 1))
            return future

    with Counting(1) as executor:
        run(SMALL, tmp_path, executor=executor)
    assert Counting.most == 2


def test_somebody_elses_executor_that_breaks_ends_the_run_and_keeps_what_was_finished(tmp_path: Path):
    from concurrent.futures.process import BrokenProcessPool

    class Breaks(Executor):
        _max_workers, left = 1, 3

        def submit(self, call, /, *args):
            future: Future[object] = Future()
            self.left -= 1
            if self.left < 0:
                future.set_exception(BrokenProcessPool("gone"))
            else:
                future.set_result(call(*args))
            return future

    with pytest.raises(Interrupted, match="died"):
        run(SMALL, tmp_path, executor=Breaks())
    assert len([*(tmp_path / "parts").iterdir()]) == 3


def test_a_worker_with_another_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    work.bench_for.cache_clear()
    monkeypatch.setattr(work, "fingerprint", lambda case: "another")
    with pytest.raises(AnotherModel, match="give it the same"):
        run(SMALL, tmp_path, workers=1)
    assert not (tmp_path / "parts").exists()


# --- Dask ----------------------------------------------------------------------------------------


def test_without_a_cluster_the_request_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("distributed")
    from experiments import cluster

    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(BadInput, match="no worker answers"):
        perform(SMALL, tmp_path / "run", workers="tcp://127.0.0.1:9")


def test_without_dask_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadInput, match=r"safeguarding-sim\[cluster\]"):
        run(SMALL, tmp_path, workers="tcp://127.0.0.1:9")


class Cluster:
    """A scheduler and two workers, each a process of its own on this machine, sharing nothing but its loopback."""

    def __init__(self, folder: Path, preload: str = "") -> None:
        self._folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        self._until(file.exists)
        self.address = json.loads(file.read_text())["address"]
        options = ["--nthreads", "1", "--local-directory", str(folder)]
        options += ["--preload", preload] if preload else ["--no-nanny"]
        self.workers = [self._start("worker", self.address, *options, "--name", str(number)) for number in range(2)]

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        environment = {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
        with (self._folder / "dask.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--no-dashboard"],
                cwd=self._folder,
                env=os.environ | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def _until(self, so: object, patience: float = 60) -> None:
        start = time.monotonic()
        while not so():
            assert time.monotonic() < start + patience, (self._folder / "dask.log").read_text()
            time.sleep(0.05)


@contextmanager
def cluster(folder: Path, preload: str = "") -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    made = Cluster(folder, preload)
    try:
        yield made
    finally:
        for process in reversed(made.processes):
            for child in children(process) if process.poll() is None else []:
                child.kill()
            process.kill()
            process.wait()


def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(tmp_path: Path):
    """A worker in mid-run, by SIGKILL; the other takes over what it had."""
    one, two = tmp_path / "one", tmp_path / "two"
    assert ended(command(*words(one, 100)))[0] == 0
    (tmp_path / "dask").mkdir()
    with cluster(tmp_path / "dask") as made:
        process = command(*words(two, 100), "--workers", made.address)
        wait_for(two, 2, process)
        made.workers[0].kill()
        code, said = ended(process)
        assert code == 0, said
        assert made.workers[1].poll() is None
    assert digests(two) == digests(one)
    goes = Store(two).manifest()["made"]["goes"]
    assert [go["workers"] for go in goes] == [made.address]


@pytest.mark.slow
def test_a_run_that_kills_its_worker_on_a_cluster_is_a_row(tmp_path: Path):
    fault = tmp_path / "deadly.py"
    fault.write_text(
        "import os\nfrom experiments import work\n"
        "whole = vars(work).setdefault('whole', work.run_once)\n"  # Dask loads this twice
        "def run_once(built, seed, replication, as_usual=False):\n"
        "    if replication == 33: os._exit(9)\n"
        "    yield from whole(built, seed, replication, as_usual)\n"
        "work.run_once = run_once\n"
    )
    few = Experiment("compare", "rowan-family", arms(["pull"]), replications=60, draws=0)
    with cluster(tmp_path, str(fault)) as made:
        run(few, tmp_path / "run", made.address)
    failed = Store(tmp_path / "run").read("failures")
    assert {*zip(failed["replication"], failed["arm"], strict=True)} == {(33, "usual"), (33, "pull")}
    assert len(Store(tmp_path / "run").read("runs")) == 2 * 59


@pytest.mark.slow
def test_a_cluster_that_goes_away_ends_the_run_with_130(tmp_path: Path):
    out = tmp_path / "run"
    with cluster(tmp_path) as made:
        process = command(*words(out, 2_000), "--workers", made.address)
        wait_for(out, 2, process)
        made.processes[0].kill()
        made.processes[0].wait()
        for worker in made.workers:
            worker.kill()
        code, said = ended(process, 120)
    assert code == 130, said
    assert (
        "The cluster is gone." in said or "The workers are gone." in said
    ) and "to go on: safeguarding sweep" in said
