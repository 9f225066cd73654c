"""A pilot: what it expects of the draws that a statement still waits for."""

from math import inf

from experiments.pilot import Learned, Tried, Waited, _plan
from simulation.evidence import Evidence

TELL, REFER = ("tell", "housing", "worker", "arrears", "visit"), ("refer", "housing", "agency", "arrears", "visit")
FIRST, SECOND = ("present", "gp", "", "arrears", "meeting"), ("present", "school", "", "arrears", "meeting")


def expected(*asked, others=0):
    """The plan of one statement after these runs, and as many in which nothing of it was drawn."""
    learned = Learned()
    learned.asked[0] = list(asked)
    learned.runs = [Tried(1.0, set(), set(), {}, {})] * (len(asked) + others)
    return _plan(Evidence(), learned)[0]


def test_what_else_may_bring_it_is_asked_only_where_something_was_drawn():
    """The desk is tried where the worker was not told: in runs that came so far, and they are few. To think it rare
    would leave the runs that take this way with nearly all the weight."""
    told = Waited(1.0, {TELL: (0.25, 10)}, 10, TELL)
    brought = Waited(1.0, {TELL: (0.25, 900), REFER: (0.6, 900)}, 900, REFER)
    plan = expected(told, told, told, brought, brought, others=95)
    assert plan[TELL].chance == 0.25 and plan[REFER].chance == 0.6
    assert plan[TELL].minute == plan[REFER].minute == 900, "on whichever day the visit falls, both are still to come"


def test_a_turn_that_passed_without_a_draw_counts_against_it():
    """The gp speaks before the school; in one run of two she had nothing to say."""
    silent = Waited(1.0, {SECOND: (0.5, 5)}, 5, SECOND)
    both = Waited(1.0, {FIRST: (0.8, 5), SECOND: (0.5, 5)}, 5, SECOND)
    plan = expected(silent, both)
    assert plan[FIRST].chance == 0.4 and plan[SECOND].chance == 0.5


def test_a_run_that_never_met_it_was_waiting_to_its_end():
    unmet = Waited(1.0, {FIRST: (0.8, 5)}, inf, None)
    met_sooner = Waited(1.0, {TELL: (0.25, 2)}, 2, TELL)
    later = Waited(1.0, {TELL: (0.25, 2), FIRST: (0.8, 5)}, 5, FIRST)
    plan = expected(unmet, met_sooner, later)
    assert plan[FIRST].chance == 0.8 and plan[TELL].chance == 0.5 / 3
