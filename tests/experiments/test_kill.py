"""Whatever is killed, at whatever moment: the same command again comes to the same bytes.

The shortest forms run always; `-m slow` kills a sweep of two thousand replications, and mounts disks that fill. No
figures are drawn here: that they too are the same is asked in `test_runner.py`.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from results.store import Store
from tests.experiments.test_runner import digests

ROOT = Path(__file__).parents[2]
SHORT, LONG = 120, 2_000
FAULTY = str(Path(__file__).with_name("faulty.py"))
FEW = ["--replications", "60", "--draws", "0", "--workers", "2"]


def words(out: Path, replications: int) -> list[str]:
    """A sweep of the invented family: two points of one leaf and practice as usual."""
    sizes = ["--replications", str(replications), "--draws", "2", "--per-draw", "3", "--workers", "2"]
    return ["sweep", "rowan-family", "raise=0.08,0.35", *sizes, "--out", str(out)]


def begin(*arguments: str, cwd: Path | None = None, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*before, sys.executable, *arguments],
        cwd=cwd or ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_heed_interrupts,
    )


def _heed_interrupts() -> None:
    """What a shell puts in the background ignores interrupts, and so would all that it begins."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def command(*arguments: str, fault: str = "sound", cwd: Path | None = None) -> subprocess.Popen[str]:
    return begin(FAULTY, fault, *arguments, cwd=cwd)


def ended(process: subprocess.Popen[str], within: float = 600) -> tuple[int, str]:
    """How a command ended, and what it said."""
    _, said = process.communicate(timeout=within)
    return process.returncode, said


def parts(out: Path) -> int:
    return len([*(out / "parts").glob("*")]) if (out / "parts").exists() else 0


def wait_for(out: Path, many: int, process: subprocess.Popen[str]) -> None:
    """Until so many parts are there."""
    while parts(out) < many:
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.005)


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, dict[str, str]]]:
    """The digests of a sweep that nobody disturbed, by its size, run when first asked for."""

    class Undisturbed(dict[int, dict[str, str]]):
        def __missing__(self, replications: int) -> dict[str, str]:
            out = tmp_path_factory.mktemp("undisturbed") / "run"
            assert ended(command(*words(out, replications)))[0] == 0
            self[replications] = digests(out)
            return self[replications]

    yield Undisturbed()


def killed_and_resumed(out: Path, replications: int) -> dict[str, str]:
    """The digests of a sweep after three kills at random moments (of the command alone, of one of its workers, of all
    at once) that then went on to its end."""
    chunks = -(-replications // 20)
    whoever = ["the command alone", "a worker", "all at once"]
    random.shuffle(whoever)
    for round_, who in enumerate(whoever):
        process = command(*words(out, replications))
        wait_for(out, chunks * round_ // 4 + random.randint(0, chunks // 4), process)
        time.sleep(random.uniform(0, 0.05) if parts(out) else random.uniform(0, 3))
        workers = children(process)
        if who == "a worker" and workers:  # of a command that lives on: it takes another, and goes on
            random.choice(workers).kill()
            there = parts(out)
            wait_for(out, min(there + 3, chunks), process)
        if who == "all at once":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.communicate()
        _, alive = psutil.wait_procs(workers, timeout=10)
        assert not alive, f"workers outlived {who}"
    code, said = ended(command(*words(out, replications)))
    assert code == 0, said
    return digests(out)


def test_a_sweep_killed_three_times_comes_to_the_same_bytes(tmp_path: Path, undisturbed):
    assert killed_and_resumed(tmp_path / "run", SHORT) == undisturbed[SHORT]


@pytest.mark.slow
def test_two_thousand_replications_killed_three_times_come_to_the_same_bytes(tmp_path: Path, undisturbed):
    assert killed_and_resumed(tmp_path / "run", LONG) == undisturbed[LONG]


@pytest.mark.slow
def test_a_worker_killed_takes_nothing_with_it(tmp_path: Path, undisturbed):
    out = tmp_path / "run"
    process = command(*words(out, SHORT))
    wait_for(out, 2, process)
    children(process)[0].kill()
    code, said = ended(process)
    assert code == 0, said
    assert digests(out) == undisturbed[SHORT]


@pytest.mark.slow  # its short form, within the process, stands in test_runner.py
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_says_how_to_go_on_with_130(tmp_path: Path, undisturbed, number: signal.Signals):
    out = tmp_path / "run"
    process = command(*words(out, SHORT), "--fresh")
    wait_for(out, 2, process)
    workers = children(process)
    process.send_signal(number)
    code, said = ended(process)
    assert code == 130
    assert f"to go on: safeguarding {' '.join(words(out, SHORT))}\n" in said
    assert "Traceback" not in said and "--fresh" not in said
    assert not psutil.wait_procs(workers, timeout=10)[1]
    assert ended(command(*words(out, SHORT)))[0] == 0
    assert digests(out) == undisturbed[SHORT]


def test_two_at_once_in_one_directory_are_one_too_many(tmp_path: Path):
    out = tmp_path / "run"
    with Store(out).held():
        code, said = ended(command(*words(out, SHORT)))
    assert code == 4
    assert "Another process is at work" in said
    assert [*out.iterdir()] == []


# --- one run that breaks -------------------------------------------------------------------------


def compare(out: Path) -> list[str]:
    return ["compare", "rowan-family", "--policy", "pull", *FEW, "--out", str(out)]


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out = tmp_path_factory.mktemp("unbroken") / "run"
    assert ended(command(*compare(out)))[0] == 0
    return digests(out)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        pytest.param("raise", "a run that breaks", marks=pytest.mark.slow),  # its short form stands in test_runner.py
        pytest.param("exit", "The process that ran it ended", marks=pytest.mark.slow),
    ],
)
def test_a_run_that_breaks_is_a_row_and_can_be_tried_again(tmp_path: Path, unbroken, fault: str, says: str):
    out = tmp_path / "run"
    code, said = ended(command(*compare(out), fault=fault, cwd=tmp_path))
    assert code == 3, said
    assert "2 runs failed" in said and "--retry-failed" in said
    failed = Store(out).read("failures")
    assert {*zip(failed["replication"], failed["arm"], strict=True)} == {(33, "usual"), (33, "pull")}
    assert failed["error"].str.contains(says).all()
    assert "safeguarding trace rowan-family --policy pull --replication 33 --seed 1 --draw 0" in set(
        failed["reproduce"]
    )
    assert len(Store(out).read("runs")) == 2 * 59
    again = digests(out)
    assert ended(command(*compare(out), fault=fault, cwd=tmp_path))[0] == 3
    assert digests(out) == again
    code, said = ended(command(*compare(out), "--retry-failed"))
    assert code == 0, said
    assert digests(out) == unbroken


@pytest.mark.slow
def test_a_death_that_does_not_come_again_leaves_no_trace(tmp_path: Path, unbroken):
    out = tmp_path / "run"
    code, said = ended(command(*compare(out), fault="once", cwd=tmp_path))
    assert (tmp_path / "died").exists()
    assert code == 0, said
    assert digests(out) == unbroken


# --- a full disk ---------------------------------------------------------------------------------


def namespaces() -> bool:
    """Whether a small disk of one's own can be had here."""
    if not shutil.which("unshare"):
        return False
    mount = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not namespaces(), reason="no small disk can be mounted here")
@pytest.mark.parametrize("pages", [4, 12, 22, 28, 34, 40, 46, 60])
def test_a_full_disk_loses_nothing_that_was_finished(tmp_path: Path, unbroken, pages: int):
    """A disk of so many pages of 4 KiB, which is full in the middle; what it holds is copied to a larger one."""
    disk, out = tmp_path / "disk", tmp_path / "run"
    disk.mkdir()
    script = (
        f'disk=$0; mount -t tmpfs -o size={4 * pages}k none "$disk" && "$@"; code=$?; '
        f'cp -r "$disk"/run "{out}"; exit $code'
    )
    before = ("unshare", "-rm", "sh", "-c", script, str(disk))
    code, said = ended(begin(FAULTY, "sound", *compare(disk / "run"), before=before))
    assert code == 130, said
    assert "No space left on device" in said and "to go on: safeguarding compare" in said
    assert "Traceback" not in said
    code, said = ended(command(*compare(out)))
    assert code == 0, said
    assert digests(out) == unbroken


def test_a_disk_that_fills_between_two_parts(tmp_path: Path, unbroken, monkeypatch: pytest.MonkeyPatch):
    """The same where no disk can be mounted: the n-th file that is written finds no room."""
    from errno import ENOSPC

    from experiments import compare as comparison
    from experiments.compare import arms, perform
    from experiments.design import Experiment
    from results import store
    from scenarios.refusals import Interrupted

    whole, left = store.write, 5

    def write(path: Path, content: bytes) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            path.write_bytes(content[: len(content) // 2])
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        whole(path, content)

    experiment = Experiment("compare", "rowan-family", arms(["pull"]), replications=60, draws=0)
    with monkeypatch.context() as patch:
        patch.setattr(store, "write", write)
        with pytest.raises(Interrupted, match="No space left"):
            perform(experiment, tmp_path / "run", workers=1)
    monkeypatch.setattr(comparison, "draw_figures", lambda comparison: None)
    assert len([*(tmp_path / "run" / "parts").iterdir()]) == 2
    perform(experiment, tmp_path / "run", workers=1)
    assert digests(tmp_path / "run") == unbroken
