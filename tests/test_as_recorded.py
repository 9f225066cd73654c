"""What happened, and what if, in the engine itself: on the invented family, whose runs take a few milliseconds.

Everything here is drawn at fixed seeds. A tolerance is four standard errors.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from math import inf, sqrt

import numpy as np
import pytest

import experiments.as_recorded
import results.weights
from experiments.as_recorded import as_recorded, touching
from experiments.compare import arms
from experiments.documented import documented, of_file
from experiments.following import Place
from experiments.pilot import piloted
from experiments.replication import live, replicate
from experiments.twins import twins
from results.measures import measured
from results.parting import luck_behind, parting
from results.weights import Weights
from scenarios.faults import BadInput
from scenarios.load import load_practice
from simulation.clock import DAY
from simulation.evidence import Evidence
from simulation.journey import journeys
from simulation.routes import Routes
from simulation.statements import compiled, first_plan
from simulation.world import World

CASE = "rowan-family"
SMALL = {
    "who came": ["list", "school-came", "gp-away", "worker-away"],
    "who was told": ["police-silent", "school-told", "mondays"],
    "when it came": ["gp-letter"],
}
"""Parts of its record that are likely enough for rejection."""
SLOWER = ("who came", "when it came")
MEASURES = 12


QUICK = {"rounds": 2, "runs": 15}
"""A pilot long enough for a family of ten entries."""


@cache
def recorded(*keep):
    return piloted(documented(CASE, keep or None), 1, **QUICK)[0]


@cache
def as_usual(number):
    """So many lives as usual."""
    world = documented(CASE).world
    return [replicate(world, 3, replication) for replication in range(number)]


@pytest.fixture(autouse=True, scope="module")
def quick_pilots():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(experiments.as_recorded, "piloted", lambda known, seed: piloted(known, seed, **QUICK))
        yield


LETTER, SPRING, STRATEGY = date(2024, 2, 6), date(2024, 3, 1), datetime(2024, 1, 25, 14)
MONDAYS = ("school-22-jan", "school-4-mar", "school-22-apr")
NOT_POLICE = ("social-worker", "chair", "conference-office", "front-door", "out-of-hours", "school", "health-visitor")
INVITED = ("school", "gp", "police-child-protection")


class Run:
    """A run as usual, asked whether each entry is true of it: nothing here knows how a draw is bent."""

    def __init__(self, trace, world):
        self.done = [event for event in trace.events if event.happened]
        self.acts = {event[2:7] for event in self.done if event.chance is not None}
        self.minute, self.midnight = world.calendar.minute, world.calendar.midnight

    def fits(self, entries):
        return all(getattr(self, entry.replace("-", "_"))() for entry in entries)

    def list(self):
        return all(("invite", "conference-office", who, "", "conference") in self.acts for who in INVITED)

    def school_came(self):
        return ("attend", "school", "", "", "conference") in self.acts

    def gp_away(self):
        return ("attend", "gp", "", "", "conference") not in self.acts

    def gp_letter(self):
        came = [e.time for e in self.done if (e.act, e.whom, e.occasion) == ("deliver", "gp", "conference")]
        return len(came) == 1 and 0 <= came[0] - self.midnight(LETTER) < DAY

    def not_minuted(self):
        return ("circulate", "conference-office", "health-visitor", "", "conference") not in self.acts

    def police_silent(self):
        said = [e for e in self.done if (e.who, e.item) == ("police-response", "loud-argument")]
        outside = [e for e in said if e.act == "refer" or (e.act == "tell" and e.whom in NOT_POLICE)]
        return all(e.time >= self.minute(STRATEGY) for e in outside)

    def mondays(self):
        return sum(("notice", "school", "", "tired-mondays", visit) in self.acts for visit in MONDAYS) == 2

    def school_told(self):
        told = [e for e in self.done if (e.act, e.who, e.item) == ("tell", "school", "tired-mondays")]
        return any(e.whom in ("social-worker", "health-visitor") and e.time < self.midnight(SPRING) for e in told)

    def worker_away(self):
        return ("attend", "substance-worker", "", "", "review") not in self.acts


def answers(trace, world, routes):
    return [way.read for way in journeys(trace, world, routes, measured(world))]


# --- the weighted runs are the runs that fit ------------------------------------------------------


@pytest.mark.parametrize("part", ["who was told", *(pytest.param(part, marks=pytest.mark.slow) for part in SLOWER)])
def test_weighting_equals_keeping_only_the_runs_that_fit(part):
    """P(record), and a dozen measures given it: by weighting, and by living as usual and keeping what fits."""
    known, number = recorded(*SMALL[part]), 1200 if part in SLOWER else 500
    world, routes = known.world, Routes(known.world)
    kept = [answers(trace, world, routes) for trace in as_usual(number) if Run(trace, world).fits(SMALL[part])]
    kept = np.array(kept, float)
    logs, found = [], []
    for replication in range(number // 2):
        lived = known.live(4, replication)
        logs.append(-inf if lived.ruled_out else lived.chance.log_weight)
        assert lived.ruled_out or Run(lived.trace, world).fits(SMALL[part])
        found.append(kept[0] if lived.ruled_out else answers(lived.trace, world, routes))
    weights, share = Weights(np.array(logs)), len(kept) / number
    mean, scale = weights.relative.mean(), np.exp(np.max(logs))
    error = sqrt((scale * weights.relative.std()) ** 2 / len(logs) + share * (1 - share) / number)
    assert len(kept) > 60 and abs(scale * mean - share) < 4 * error
    varied = np.flatnonzero((kept.mean(axis=0) > 0.02) & (kept.mean(axis=0) < 0.98))[:MEASURES]
    assert len(varied) >= 8
    for column in varied:
        weighted, its_error = weights.mean(np.array(found)[:, column])
        rejected = kept[:, column].mean()
        assert abs(weighted - rejected) < 4 * sqrt(its_error**2 + rejected * (1 - rejected) / len(kept))


def test_a_completed_record_and_one_that_is_not_are_as_likely():
    """What is added spares runs and moves no estimate; nor does what a pilot learned."""
    known = recorded("gp-letter", "school-came", "worker-away", "school-told")
    found = compiled(known.record, known.world, "bare")
    bare = Evidence(tuple(found.statements), tuple(found.windows), first_plan(found.statements, known.world))
    assert len(known.evidence.statements) > len(bare.statements)
    bits = []
    for evidence in (known.evidence, bare):
        known = replace(known, evidence=evidence)
        lives = [known.live(5, replication) for replication in range(250)]
        logs = np.array([-inf if lived.ruled_out else lived.chance.log_weight for lived in lives])
        bits.append((*Weights(logs).bits, np.isfinite(logs).mean()))
    (one, error, alive), (other, its_error, bare_alive) = bits
    assert abs(one - other) < 4 * sqrt(error**2 + its_error**2) and alive > bare_alive + 0.2


# --- twins ----------------------------------------------------------------------------------------


def test_under_the_same_practice_the_twin_lives_the_recorded_run_event_for_event():
    known, lived_again = recorded(), 0
    for replication in range(60):
        lived = known.live(6, replication)
        if lived.ruled_out:
            continue
        twin = live(known.world, lived.chance.twin())
        assert twin.events == lived.trace.events and parting(lived.trace, twin) is None
        assert {kind for _, kind in luck_behind(lived.trace, twin, known.is_documented)} == {"documented", "shared"}
        lived_again += 1
    assert lived_again >= 40


def test_a_never_told_binds_the_recorded_run_and_not_its_twin():
    """A rule has luck of its own: the record says nothing of it."""
    known = recorded("police-silent")
    rule = {"rule-tell.police-response.front-door.violence": 1.0}
    there = known.world.under(known.world.practice.changed(rule))
    told = 0
    for replication in range(40):
        lived = known.live(7, replication)
        if lived.ruled_out:
            continue
        before = known.world.calendar.minute(STRATEGY)
        for trace in (lived.trace, live(there, lived.chance.twin())):
            sent = [
                event
                for event in trace.events
                if event.happened and event.act.endswith("refer") and event.who == "police-response"
                and event.item == "loud-argument" and event.time < before
            ]  # fmt: skip
            assert trace is not lived.trace or not sent
            told += trace is not lived.trace and bool(sent)
    assert told >= 30


def test_raising_a_chance_never_undoes_a_documented_act():
    known = recorded()
    likelier = known.world.under(known.world.practice.changed({"invite": 0.99, "attend": 0.99, "report": 0.99}))
    checked = 0
    for replication in range(40):
        lived = known.live(8, replication)
        if lived.ruled_out:
            continue
        twin = live(likelier, lived.chance.twin())
        outcome = {event[2:7]: event for event in twin.events if event.chance is not None}
        for event in lived.trace.events:
            after = outcome.get(event[2:7])
            if event.happened and after and event.chance is not None and known.is_documented(event[2:7]):
                assert after.happened or after.chance < event.chance
                checked += 1
    assert checked > 100


def test_a_policy_that_touches_nothing_on_the_way_changes_exactly_nothing():
    found = as_recorded(CASE, arms(["P41"])[1:] + arms(["P48"])[1:], most=100, workers=1)
    assert (found.answers("P48") == found.answers()).all() and found.partings("P48") == [("", pytest.approx(1))]
    assert all(luck[2] == 0 for luck in found.luck("P48").values())
    assert found.gained(range(len(found.pairs)), "P48").centre == 0
    pair = found.pairs.index(("neighbour-call", "review"))
    assert not (found.answers("P41") == found.answers()).all() and found.gained([pair], "P41").centre >= 0


# --- the same bytes -------------------------------------------------------------------------------


def said(found):
    return (
        [(run.log, run.ruled_out and run.ruled_out[0]) for run in found.weighed],
        found.kept.tolist(),
        found.weights.logs.tobytes(),
        [(run.recorded.bits.tobytes(), run.twins["P01", "same"].answered.bits.tobytes()) for run in found.followed],
        found.entry_costs,
        found.date_costs.tobytes(),
    )


@pytest.fixture(scope="module")
def usual_answer():
    return said(as_recorded(CASE, arms(["P01"])[1:], most=60, workers=1))


def test_the_number_of_workers_changes_no_byte(usual_answer):
    assert said(as_recorded(CASE, arms(["P01"])[1:], most=60, workers=2)) == usual_answer


def test_the_size_of_a_chunk_changes_no_byte(usual_answer, monkeypatch):
    monkeypatch.setattr(experiments.as_recorded, "CHUNK", 7)
    assert said(as_recorded(CASE, arms(["P01"])[1:], most=60, workers=1)) == usual_answer


def test_the_order_of_rows_and_of_names_changes_no_statement(tmp_path):
    known = documented(CASE)
    text = (experiments.documented.record_path(CASE)).read_text("utf-8")
    head, *rows = text.split("[[entry]]")
    last, *unsaid = rows[-1].split("[[not-expressible]]")
    rows = [*rows[:-1], last]
    turned = head + "".join(f"[[entry]]{row}\n" for row in reversed(rows))
    turned = turned.replace(
        '["school", "gp", "police-child-protection"]', '["police-child-protection", "gp", "school"]'
    )
    assert turned != text and unsaid
    (tmp_path / "turned.toml").write_text(turned, "utf-8")
    other = of_file(tmp_path / "turned.toml", known.world)
    assert other.evidence.statements == known.evidence.statements and other.evidence.windows == known.evidence.windows
    one, two = known.live(9, 3).chance, other.live(9, 3).chance
    assert one.luck == two.luck and one.factors == two.factors


# --- enough, too few, impossible ------------------------------------------------------------------


@pytest.mark.parametrize("enough", [60, pytest.param(400, marks=pytest.mark.slow)])
def test_runs_are_tried_until_there_are_enough(monkeypatch, enough):
    for place in (results.weights, experiments.as_recorded):
        monkeypatch.setattr(place, "ENOUGH", enough)
    found = as_recorded(CASE, most=20_000, workers=1)
    assert not found.too_few and found.all.effective >= enough and found.all.largest <= enough**-0.5
    assert len(found.weighed) < 15 * enough and found.whole == len(found.known.record.entry)
    costs = found.entry_costs
    assert sum(costs.values()) == pytest.approx(found.all.bits[0], abs=0.6)
    assert found.date_costs.sum() == pytest.approx(found.all.bits[0])
    assert list(costs.values()) == sorted(costs.values(), reverse=True) and next(iter(costs)) == "gp-letter"
    spoken = {entry for entries in found.met_on.values() for entry in entries}
    assert spoken == {name for name, bits in costs.items() if bits > 1e-9}
    ended = [run.ruled_out for run in found.weighed if run.ruled_out]
    last = len(found.date_costs) - 1
    assert ended
    for name, minute, _ in ended:  # a day that ends a run says by which entry
        assert name in found.met_on[int(min(minute // DAY, last))]


def test_an_empty_record_leaves_every_run_as_usual():
    """Byte for byte: nothing said, nothing bent, no weight."""
    nothing = documented(CASE, ())
    assert not nothing.evidence.statements and not nothing.evidence.windows
    for replication, usual in enumerate(as_usual(20)):
        lived = nothing.live(3, replication)
        assert lived.trace.events == usual.events and lived.chance.log_weight == 0 and not lived.chance.luck


def test_too_few_runs_give_no_interval():
    found = as_recorded(CASE, most=40, workers=1)
    assert "effective runs" in found.too_few


def test_a_record_that_no_run_can_meet_is_refused_and_what_stands_in_its_way_is_named(tmp_path, monkeypatch):
    practice = load_practice()
    world = World(documented(CASE).world.case, practice)
    path = tmp_path / "rowan-family-record.toml"
    row = 'id = "late"\nwords = "the report came before it was asked for"\nact = "report"\nwho = ["gp"]\n'
    row += 'whom = ["conference-office"]\noccasion = ["conference"]\nhappened = true\narrived_before = 2024-01-12\n'
    path.write_text(
        f'[record]\ncase = "rowan-family"\n[[entry]]\n{row}cite = "invented"\nstatus = "documented"\n', "utf-8"
    )
    known = of_file(path, world)
    lived = [known.live(1, replication) for replication in range(20)]
    assert {(run.ruled_out.entry, run.ruled_out.why) for run in lived} == {("late", "its chance was 0")}
    monkeypatch.setattr(experiments.as_recorded, "documented", lambda _case, _keep=None: known)
    monkeypatch.setattr(experiments.following, "documented", lambda _case, _keep=None: known)
    with pytest.raises(BadInput) as refused:
        as_recorded(CASE, workers=1)
    [fault] = refused.value.faults
    assert "entry late" in str(fault) and "its chance was 0, in 200 of 200 runs" in str(fault)


def test_with_no_item_named_the_entries_kept_tell_of_nobody_telling_anybody():
    """Who was asked, came, reported or was sent minutes: not what was told, nor whether it was read."""
    known = documented("child-s")
    acts = {entry.id: entry.act for entry in known.record.entry}
    assert {"tell", "open"} <= set(acts.values())
    assert {acts[entry] for entry in touching(known, ())} == {"invite", "attend", "report", "circulate", "ask"}


# --- side by side ---------------------------------------------------------------------------------


def test_twins_part_once_and_tell_what_followed():
    found = twins(CASE, arms(["P01"])[-1])
    assert found.parted and found.only_twin
    earliest = min(entry.when for entry in (*found.only_recorded, *found.only_twin))
    assert earliest == found.known.world.calendar.moment(found.parted.minute)
    for row in found.followed:
        assert (row.recorded.read, row.recorded.weighed, row.recorded.reason) != (
            row.twin.read, row.twin.weighed, row.twin.reason,
        )  # fmt: skip
    again = twins(CASE, arms(["P01"])[-1], replication=found.replication)
    assert again.twin.events == found.twin.events


def test_where_a_policy_makes_a_documented_act_likelier_it_is_dealt_afresh_beside():
    """He did not come, at chance p; under the policy it is p'. The same luck brings him in (p' - p) / (1 - p) of the
    runs, as `chance.md` §5 has it, fresh luck in p'."""
    known = recorded("worker-away")
    likelier = Place(known.world, known.world.under(known.world.practice.changed({"attend.any.substance-worker": 0.8})))
    came = ("attend", "substance-worker", "", "", "review")
    same, fresh = [], []
    for replication in range(160):
        lived = known.live(11, replication)
        if came not in lived.chance.luck or lived.ruled_out:
            continue
        moved = likelier.moved(lived)
        assert moved == [came]
        p = next(event.chance for event in lived.trace.events if event[2:7] == came)
        for anew, differences in (((), same), (moved, fresh)):
            twin = live(likelier.world, lived.chance.twin(anew))
            event = next(event for event in twin.events if event[2:7] == came)
            expected = event.chance if anew else (event.chance - p) / (1 - p)
            differences.append((event.happened - expected, expected))
    for differences in (same, fresh):
        error = sqrt(sum(expected * (1 - expected) for _, expected in differences))
        assert len(differences) > 60 and abs(sum(excess for excess, _ in differences)) < 4 * error
    assert np.mean([expected for _, expected in fresh]) > np.mean([expected for _, expected in same]) + 0.1


def test_the_histories_that_are_shown_are_drawn_by_their_weight(monkeypatch):
    """Over many seeds, what is shown has the share that the weighted runs give."""
    known = recorded("gp-letter", "worker-away")
    routes = Routes(known.world)
    logs, reads = [], []
    for replication in range(250):
        lived = known.live(10, replication)
        logs.append(-inf if lived.ruled_out else lived.chance.log_weight)
        reads.append(False if lived.ruled_out else answers(lived.trace, known.world, routes)[0])
    weights = Weights(np.array(logs))
    mean, error = weights.mean(reads)
    shown = []
    monkeypatch.setattr(experiments.twins, "TRIED", 8)
    for seed in range(60):
        _, lived = experiments.twins._drawn(known, 1000 + seed)
        shown.append(answers(lived.trace, known.world, routes)[0])
    assert abs(np.mean(shown) - mean) < 4 * sqrt(error**2 + mean * (1 - mean) / len(shown)) + 0.02
