"""What may be said: "more" and "fewer" only when both bands say so, and always on the wider one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from results.findings import sentence
from results.tables import contrasts, picture, tidy, untidy

TITLES = {"A": ("Ask first", "structural")}


def runs(differences: list[float], draws: list[float]) -> pd.DataFrame:
    """Practice as usual at 50 per 100, arm A that much above it, run by run and draw by draw."""
    rows = []
    for replication, difference in enumerate(differences):
        rows += [(0, replication, "usual", 50.0), (0, replication, "A", 50.0 + difference)]
    for draw, difference in enumerate(draws, 1):
        rows += [(draw, 0, "usual", 50.0), (draw, 0, "A", 50.0 + difference)]
    frame = pd.DataFrame(rows, columns=["draw", "replication", "arm", "reach"])
    return frame.assign(reach=frame["reach"] / 100, hours=100.0, weighed=0.25, wider=3.0)


def found(differences: list[float], draws: list[float]):
    return contrasts(runs(differences, draws), "usual", TITLES)


@pytest.mark.parametrize(
    ("differences", "draws", "finding"),
    [
        ([9, 10, 11, 10], [8, 12], "more"),
        ([-9, -10, -11, -10], [-8, -12], "fewer"),
        ([9, 10, 11, 10], [-1, 12], "no clear difference"),
        ([-30, 30, -29, 31], [8, 12], "no clear difference"),
        ([0, 0, 0, 0], [0, 0], "no clear difference"),
    ],
)
def test_a_finding_needs_both_bands(differences, draws, finding):
    assert found(differences, draws)[0].finding == finding


def test_the_sentence_uses_the_wider_band():
    said = sentence(50.0, found([9, 10, 11, 10], [2, 18]), 100.0)
    assert "“Ask first” adds 10 more per 100 (from 2 to 18" in said


def test_the_sentence_claims_nothing_that_is_not_clear():
    said = sentence(50.0, found([9, 10, 11, 10], [-1, 18]), 100.0)
    assert "no policy here shows clearly more" in said
    assert "Ask first" not in said


def test_a_gain_never_stands_without_its_hours_and_what_came_wider_than_needed():
    said = sentence(50.0, found([9, 10, 11, 10], [2, 18]), 100.0)
    assert "hours" in said and "known more widely than needed" in said


def test_the_comparison_comes_back_from_its_table():
    made = found([9, 10, 11, 10], [2, 18])
    again = untidy(tidy(made))
    assert [(one.arm, one.finding, one.level) for one in again] == [(one.arm, one.finding, one.level) for one in made]
    assert again[0].reach.numbers == made[0].reach.numbers and again[0].spread.numbers == made[0].spread.numbers


def test_the_tidy_table_holds_every_number_of_the_figure():
    row = tidy(found([9, 10, 11, 10], [2, 18])).iloc[0]
    assert row["difference"] == pytest.approx(10)
    assert (row["not_knowing_low"], row["not_knowing_high"]) == pytest.approx((2, 18))
    assert row["chance_low"] < 10 < row["chance_high"]
    assert np.isfinite(row.drop(["arm", "title", "effect_rests_on", "finding"]).to_numpy(float)).all()


def test_where_no_meeting_decides_no_picture_is_counted():
    level = {"reassuring": 79.0, "gap": 39.0, "one": np.nan, "room": np.nan, "between": np.nan}
    gap, held = picture(level)
    assert "read 79 of the reassuring and 40 of the critical worries" in gap
    assert "nan" not in held and "no room" in held
    assert "held 60, all in the room together 70" in picture(level | {"one": 60.0, "room": 70.0, "between": 80.0})[1]


def test_where_nothing_reassures_no_gap_is_told():
    level = dict.fromkeys(("reassuring", "gap", "one", "room", "between"), 10.0) | {"gap": np.nan}
    assert "there is no gap to tell" in picture(level)[0] and "nan" not in picture(level)[0]
