"""The verbs from a notebook: frames, with the answer in words beside them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from experiments import notebook

CALLS = {
    "compare": (("rowan-family", ["pull"]), {"replications": 4, "draws": 0}, 1),
    "sweep": (("rowan-family", ["raise=0.1,0.3"]), {"replications": 4}, 2),
    "sensitivity": (("rowan-family", ["raise", "present"]), {"size": 2, "per_point": 10}, 2),
    "robustness": (("rowan-family", ["pull"]), {"worlds": 2, "per_world": 4}, 2),
    "depends": (("rowan-family", ["pull"]), {"replications": 4}, 14),
}


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("verb", CALLS)
def test_every_verb_returns_a_frame_that_says_what_it_found_and_can_be_asked_again(verb: str, tmp_path: Path):
    if verb == "sensitivity":
        pytest.importorskip("SALib")
    words, sizes, rows = CALLS[verb]
    ask = getattr(notebook, verb)
    found = ask(*words, out=tmp_path / "run", workers=1, **sizes)
    assert isinstance(found, pd.DataFrame) and len(found) == rows
    assert found.attrs["sentence"].endswith(".") and found.attrs["directory"] == str(tmp_path / "run")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "run" / "parts").rglob("*")}
    pd.testing.assert_frame_equal(found, ask(*words, out=tmp_path / "run", workers=1, **sizes))
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "run" / "parts").rglob("*")} == before
    checked = notebook.verify(tmp_path / "run", seed=1)
    assert checked.empty and checked.attrs["holds"]


def test_a_plan_is_a_frame_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    found = notebook.plan("rowan-family", ["pull"], replications=40, draws=0)
    assert list(found["arm"]) == ["pull"] and found.attrs["runs"] == 80
    assert not [*tmp_path.iterdir()]
