"""A record: what a row may say, what it is refused for, and what it comes to."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from math import inf

import pytest

from experiments.documented import documented, exceptions, of_file
from experiments.replication import replicate
from scenarios.faults import BadInput
from scenarios.load import case_names, case_path, load_case
from scenarios.record import ACTS, record_path
from simulation.evidence import Span
from simulation.reachable import CHECKS, why_never
from simulation.world import World

WITH_RECORDS = [name for name in case_names() if record_path(name).exists()]


@pytest.fixture(scope="module")
def rowan_world(rowan, practice):
    return World(rowan, practice)


@pytest.fixture
def read(tmp_path, rowan_world):
    """The record that these rows make, each a plain act with its own words and cite."""

    def make(*acts, case="rowan-family"):
        path = tmp_path / "record.toml"
        path.write_text(rows(acts, case), "utf-8")
        return of_file(path, rowan_world)

    return make


def rows(acts, case="rowan-family"):
    """A record file of these acts."""
    text = f'[record]\ncase = "{case}"\n'
    for number, act in enumerate(acts):
        kept = "".join(f"{line}\n" for line in act.split("; "))
        named = "" if "id = " in act else f'id = "e{number}"\n'
        words = 'words = "something was done"\ncite = "invented"\nstatus = "documented"\n'
        text += f"\n[[entry]]\n{named}{words}{kept}"
    return text


def row(act, more="", **fields):
    """A row as its lines: names of a field stand apart by blanks."""
    lists = [f"{name} = {json.dumps(names.split())}" for name, names in fields.items()]
    return "; ".join([f'act = "{act}"', *lists, *filter(None, [more])])


def invite(more="", who="conference-office", whom="school", occasion="conference"):
    return row("invite", more, who=who, whom=whom, occasion=occasion)


def tell(more, **fields):
    return row("tell", more, **({"who": "school", "whom": "social-worker", "item": "tired-mondays"} | fields))


YES, NO = "happened = true", "happened = false"


# --- the records that come with the cases ----------------------------------------------------------


@pytest.mark.parametrize("case", WITH_RECORDS)
def test_every_record_is_sound_and_cites_every_row(case):
    known = documented(case)
    rows = tomllib.loads(record_path(case).read_text("utf-8"))["entry"]
    assert known.record.record.case == case and known.record.entry
    for entry in (*known.record.entry, *known.record.unsaid):
        first = entry.words.split()[0]
        assert entry.cite and (first.isupper() or first[0].islower()) and not entry.words.endswith(".")
    assert not any(isinstance(value, float) for row in rows for value in row.values()), "a record holds no chance"


@pytest.mark.parametrize("case", WITH_RECORDS)
def test_a_record_says_nothing_a_target_asks_of_a_head(case):
    """What was known, weighed or concluded is what the record must not state: its acts are what people do."""
    assert {way.act for entry in documented(case).record.entry for way in entry.ways} <= set(ACTS)
    assert not {"weigh", "decide", "hold", "recognise"} & {way for act in ACTS.values() for way in act.ways}


@pytest.mark.parametrize("case", ["rowan-family", "child-s"])
def test_no_run_makes_a_draw_that_is_said_to_be_impossible(case, practice):
    world = World(load_case(case_path(case), practice), practice)
    for replication in range(4 if case == "child-s" else 60):
        for event in replicate(world, 11, replication).events:
            if event.chance is not None and event.act in CHECKS:
                assert not why_never(world, event[2:7]), event


# --- what a row comes to ----------------------------------------------------------------------------


def test_listed_names_mean_each_and_an_agency_all_its_roles_at_once(read):
    known = read(
        invite(YES, whom="school gp"),
        row("pass-on", NO, who="police", whom="childrens-social-care", item="loud-argument"),
    )
    one, two, never = (statement for statement in known.evidence.statements if not statement.need)
    assert [statement.spans[0].whom for statement in (one, two)] == [frozenset({"gp"}), frozenset({"school"})]
    told, referred = never.spans
    assert told.who == {"police-response", "police-child-protection"} and "chair" in told.whom
    assert referred.acts == {"refer", "rule-refer"} and referred.whom == {"childrens-social-care"}
    assert (never.least, never.most) == (0, 0) and not never.closed


def test_what_is_left_out_is_anybody_and_what_happened_may_be_any_of_it(read):
    known = read(row("tell", f"{YES}; until = 2024-03-01", whom="social-worker", item="arrears"))
    [statement] = (one for one in known.evidence.statements if not one.need)
    until = known.world.calendar.midnight(known.record.entry[0].until)
    acts, whom, item = frozenset({"tell", "rule-tell"}), frozenset({"social-worker"}), frozenset({"arrears"})
    assert statement.spans == (Span(acts, None, whom, item, None, -inf, until),)
    assert (statement.least, statement.most) == (1, inf) and not statement.closed and statement.due < inf


def test_counts_and_windows(read):
    known = read(
        row("notice", "count = 1", who="school", item="tired-mondays", occasion="school-22-jan school-4-mar"),
        invite("arrived_from = 2024-01-29"),
    )
    [count] = known.evidence.statements
    assert (count.least, count.most, len(count.spans)) == (1, 1, 2) and count.closed
    [window] = known.evidence.windows
    assert window.end == inf and window.start == known.world.calendar.midnight(known.record.entry[1].arrived_from)


def test_what_must_have_gone_before_is_added_and_what_that_needs(read):
    known = read(row("open-minutes", YES, who="school", occasion="conference"))
    added = {frozenset(one.spans[0].acts) for one in known.added}
    assert added == {frozenset({"circulate"}), frozenset({"invite", "rule-invite"})}
    [window] = known.evidence.windows
    assert window.end == known.world.gatherings["conference"].start + 1, "an invitation that comes later brings nobody"


def test_told_needs_recognised_and_not_told_before(read):
    known = read(tell(YES, occasion="school-15-jan"))
    recognised, before = known.added
    assert recognised.spans[0].acts == {"recognise"} and recognised.closed, "first seen there: nowhere else before"
    assert before.most == 0 and before.spans[0].occasion is None
    later = read(tell(YES, occasion="school-22-jan")).added
    assert {next(iter(one.spans[0].acts)) for one in later if one.least} == {"recognise", "notice"}
    assert not next(one for one in later if one.spans[0].acts == {"recognise"}).closed


def test_an_exception_within_a_never_is_told(read):
    never = row("tell", f'{NO}; id = "never"', who="school", whom="social-worker")
    known = read(never, tell(f'{YES}; id = "but"', occasion="school-15-jan"))
    assert exceptions(known.evidence) == [("but", "never")]


def test_what_is_so_in_every_run_costs_nothing_and_is_told(read):
    known = read(invite(NO, whom="housing"))
    assert known.found.idle == ["e0"] and not known.evidence.statements


# --- what a row is refused for ------------------------------------------------------------------------

REFUSED = {
    row("invit", YES): ("unknown act 'invit'", "Did you mean invite?"),
    invite(YES, whom="skool"): ("no role 'skool'", "Did you mean school?"),
    invite(YES, occasion="confrence"): ("no meeting", "Did you mean conference?"),
    row("invite", YES, item="arrears"): ("invite has no item", "Leave it out."),
    row("refer", YES, whom="chair"): ("refer has no whom", "Leave it out."),
    row("hand-over", YES, occasion="strategy"): ("no transition", ""),
    invite(): ("neither that it happened", ""),
    invite(f"{YES}; count = 1"): ("both", ""),
    invite("happened = 1"): ("neither true nor false", ""),
    invite(f"{NO}; any = true"): ("`any` goes with", ""),
    invite(f"{NO}; arrived_from = 2024-02-01"): ("did not arrive", ""),
    invite(f"{YES}; arrived_from = 2025-02-01"): ("outside the window", "Use 2024-01-08"),
    invite(f"{YES}; arrived_from = 2024-02-02; arrived_before = 2024-02-02"): ("is not after", ""),
    tell(f"{YES}; chance = 0.5"): ("no such key", ""),
    row("attend", f"{YES}; arrived_from = 2024-02-01", who="school", occasion="conference"): ("never arrives", ""),
    row("attend", YES, who="chair", occasion="conference"): ("never be drawn", "chair decides"),
    invite(YES, who="chair"): ("never be drawn", "conference-office calls"),
    tell(YES, who="housing", whom="gp", occasion="strategy"): ("never be drawn", "does not know gp"),
    row("notice", YES, who="school", item="tired-mondays", occasion="school-15-jan"): ("never", "nothing is drawn"),
    row("open-file", YES, who="gp", whom="case-file", occasion="conference"): ("never be drawn", "does not decide"),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_a_row_is_refused_with_the_reason_and_what_to_do(read, wrong):
    found, remedy = REFUSED[wrong]
    with pytest.raises(BadInput) as refused:
        read(wrong)
    [fault] = refused.value.faults
    assert found in fault.found + fault.row and remedy in fault.remedy and "e0" in fault.row, str(fault)


@pytest.mark.parametrize(
    "earlier",
    [
        pytest.param("school-15-jan", id="on its day"),
        pytest.param("school-22-jan", id="on any day of its range"),
    ],
)
def test_who_could_ask_before_asks_then_or_never(tmp_path, rowan, practice, earlier):
    """Whether she asks is settled the first time she could: a row that has her ask later says so, and so does one that
    has her tell what only asking there would have brought."""
    later, ranges = "school-4-mar", {"earliest": date(2024, 1, 21), "latest": date(2024, 1, 30)}
    changed = [
        contact.model_copy(
            update={"sought": (*contact.sought, "arrears")} | (ranges if contact.id == "school-22-jan" else {})
        )
        if contact.id in (earlier, later)
        else contact
        for contact in rowan.contact
    ]
    world = World(rowan.model_copy(update={"contact": tuple(changed)}), practice)
    asked = ("seek", "school", "", "arrears", later)
    assert not why_never(world, (*asked[:4], earlier))
    assert f"before, at {earlier}" in why_never(world, asked)
    made = {event[2:7] for number in range(30) for event in replicate(world, 1, number).events if event.act == "seek"}
    assert made == {(*asked[:4], earlier)}, "no run asks later"
    for act, said in (
        (row("seek", YES, who="school", item="arrears", occasion=later), "never be drawn"),
        (row("tell", YES, who="school", whom="social-worker", item="arrears", occasion=later), "needs"),
    ):
        (tmp_path / "record.toml").write_text(rows([act]), "utf-8")
        with pytest.raises(BadInput) as refused:
            of_file(tmp_path / "record.toml", world)
        [fault] = refused.value.faults
        assert said in fault.found and "settled the first time she could" in fault.remedy, str(fault)


def test_all_faults_are_told_at_once(read):
    rows = list(REFUSED)[:4]
    with pytest.raises(BadInput) as refused:
        read(*rows, invite(YES), invite(f'{YES}; id = "e0"'), case="other")
    said = [fault.row for fault in refused.value.faults]
    assert {"record case", "entry e0", "entry e0 act"} <= set(said) and len(said) >= 6


def test_two_rows_that_cannot_both_be_true_are_refused(read):
    with pytest.raises(BadInput, match="says that it happened"):
        read(invite(YES), invite(NO))
    with pytest.raises(BadInput, match="needs it to have happened"):
        read(row("attend", YES, who="school", occasion="conference"), invite(NO))


def test_a_case_without_a_record_says_which_have_one():
    with pytest.raises(BadInput, match="it has no record"):
        documented(str(case_path("rowan-family")))


def test_every_act_of_a_record_can_be_checked():
    assert {way for act in ACTS.values() for way in act.ways} | {"recognise"} == set(CHECKS)
