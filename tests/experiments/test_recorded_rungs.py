"""A wrong rule is caught by surprise, and named: on histories of the invented family that a known practice made."""

import json
from math import inf

import numpy as np
import pytest

from experiments.documented import Documented, of_file
from experiments.following import weighed
from experiments.recorded_rungs import of_recorded
from experiments.replication import replicate
from results.surprise import by_act
from results.weights import by_entry
from simulation.clock import DAY

ACTS = ("invite", "attend", "report", "circulate")
MEETINGS = ("conference", "review")
HISTORIES, RUNS = 10, 24


def settled_beforehand(world):
    """Who may be invited, come, report and be sent minutes: every draw of these acts in some lives as usual."""
    lives = [replicate(world, 1, replication) for replication in range(12)]
    drawn = {event[2:7] for trace in lives for event in trace.events if event.chance is not None}
    return sorted(draw for draw in drawn if draw[0] in ACTS and draw[4] in MEETINGS)


def record_of(trace, frame):
    """A review that tells of every one of these draws whether it happened."""
    happened = {event[2:7] for event in trace.events if event.happened}
    rows = ['[record]\ncase = "rowan-family"']
    for number, (act, who, whom, _, occasion) in enumerate(frame):
        to = f"whom = {json.dumps([whom])}\n" if whom else ""
        yes = str((act, who, whom, "", occasion) in happened).lower()
        rows.append(
            f'[[entry]]\nid = "{act}-{number}"\nwords = "made up"\nact = "{act}"\nwho = ["{who}"]\n{to}'
            f'occasion = ["{occasion}"]\nhappened = {yes}\ncite = "invented"\nstatus = "documented"'
        )
    return "\n\n".join(rows)


def costs(known: Documented, seed):
    """What each entry costs, with its act."""
    entries = {entry.id: number for number, entry in enumerate(known.record.entry)}
    runs = [weighed(known.live(seed, run), entries, known.world.end // DAY + 1) for run in range(RUNS)]
    assert sum(run.log > -inf for run in runs) > RUNS / 2
    bits = by_entry(np.array([run.before for run in runs]), np.array([run.met for run in runs]))
    return [(entry.act, float(cost)) for entry, cost in zip(known.record.entry, bits, strict=True)]


@pytest.fixture(scope="module")
def surprises(world, rowan, tmp_path_factory):
    """Surprise by act of a model that believes minutes go out with this chance, where in truth it is 3 in 4."""
    usual = world(case=rowan)
    truth = usual.under(usual.practice.changed({"circulate": 0.75}))
    frame, folder = settled_beforehand(truth), tmp_path_factory.mktemp("made")
    assert len({draw[0] for draw in frame}) == len(ACTS)
    files = [folder / f"{history}.toml" for history in range(HISTORIES)]
    for history, file in enumerate(files):
        file.write_text(record_of(replicate(truth, 2, history), frame), "utf-8")

    def make(chance):
        believed = usual.under(usual.practice.changed({"circulate": chance}))
        return {one.act: one for one in by_act(cost for file in files for cost in costs(of_file(file, believed), 3))}

    return make


def test_a_wrong_rule_is_caught_and_named(surprises):
    first, *others = surprises(0.95).values()
    assert first.act == "circulate" and first.excess > 4
    assert all(abs(one.excess) < 3 for one in others), others


def test_a_model_that_made_the_histories_is_not_surprised(surprises):
    assert all(abs(one.excess) < 3 for one in surprises(0.75).values())


def test_the_rung_says_the_sample_and_its_time_and_withholds_what_too_few_runs_would_say():
    sample, surprise, stated, others = of_recorded("rowan-family", 1, 1, most=40).rungs
    assert sample.mark == "miss" and "effective of 40 runs" in sample.found and " s; surprise" in sample.found
    assert "report" in surprise.found and surprise.mark == "not scored"
    assert {stated.mark, others.mark} == {"not scored"} and "effective runs of 400" in stated.found


def test_a_case_without_a_record_is_not_scored():
    [rung] = of_recorded("no-such-case", 1).rungs
    assert rung.mark == "not scored"


@pytest.mark.slow
@pytest.mark.parametrize("case", ["child-e", "child-h", "child-j", "child-k", "child-s"])
def test_runs_enough_fit_each_review_and_what_its_record_states_is_so(case):
    """On the entries it takes by itself, some minutes for Child S: 400 effective runs, and each stated target met."""
    sample, _, stated, _ = of_recorded(case, 1, "auto").rungs
    assert sample.mark == "pass", sample.found
    assert stated.mark != "miss", stated.found
