"""Where two histories part, and whose luck was behind the second."""

from results.parting import Luck, counted, luck_behind, parting, rows_behind
from results.whatif import of_runs
from simulation.trace import Trace

SEEN = ("notice", "ann", "", "F1", "V1")
TOLD = ("tell", "ann", "bea", "F1", "V1")
RULE = ("rule-tell", "ann", "bea", "F1", "V1")
HELD = ("hold", "bea", "", "F1", "V1")
ASKED = ("ask", "bea", "ann", "", "M1")


def trace(*rows):
    """Rows of (minute, address, happened, chance, cause)."""
    made = Trace()
    for minute, address, happened, chance, cause in rows:
        made.write(minute, address, happened, chance, "", "", 0.0, cause)
    return made


def test_the_same_things_never_part_whatever_was_tried_or_however_likely_it_was():
    one = trace((1, SEEN, True, 0.5, 0), (1, TOLD, True, 0.3, 1))
    other = trace((1, SEEN, True, 0.9, 0), (1, ASKED, False, 0.2, 1), (1, RULE, True, 1.0, 1))
    assert parting(one, other) is None


def test_they_part_in_the_first_minute_that_one_has_something_the_other_has_not():
    one = trace((1, SEEN, True, 0.5, 0), (4, ASKED, True, 0.2, 0))
    other = trace((1, SEEN, True, 0.5, 0), (3, TOLD, True, 0.3, 1), (3, HELD, True, None, 2))
    found = parting(one, other)
    assert found.minute == 3 and not found.only_recorded and [e.act for e in found.only_twin] == ["tell", "hold"]
    assert parting(other, one).only_recorded == found.only_twin


def test_the_same_at_another_time_is_a_parting():
    assert parting(trace((5, HELD, True, None, 0)), trace((6, HELD, True, None, 0))).minute == 5


def test_luck_is_documented_shared_or_new():
    recorded = trace((1, SEEN, True, 0.5, 0), (2, TOLD, False, 0.3, 1))
    twin = trace((1, SEEN, True, 0.5, 0), (2, TOLD, True, 0.6, 1), (3, HELD, True, None, 2), (4, ASKED, True, 0.2, 0))
    kinds = list(luck_behind(recorded, twin, lambda address: address == TOLD))
    assert kinds == [(1, "shared"), (2, "documented"), (4, "new")]
    assert counted(kind for _, kind in kinds) == Luck(1, 1, 1)
    behind = rows_behind(twin, "F1", until=3)
    assert behind == {1, 2, 3} and [row for row, _ in luck_behind(recorded, twin, lambda _: False, behind)] == [1, 2]


def test_a_share_is_said_in_runs_of_this_model():
    assert of_runs(0.0) == "fewer than 1 of 100 runs" and of_runs(1.0) == "more than 99 of 100 runs"
    assert of_runs(0.68) == "about 7 of 10 runs" and of_runs(0.03) == "about 3 of 100 runs"
    assert (of_runs(0.66, 0.7), of_runs(0.7, 0.66)) == ("about 66 of 100 runs", "about 70 of 100 runs")
