"""Two questions of how far to trust it, and what the page must say of itself: limits, validity, how it was made."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pandas as pd

from results.findings import POLICY, enough, factors_say, guesses_say, hangs_on
from results.plots import courses, ends, tornado
from results.plots.house import SIMULATED, Drawn
from results.report import together
from results.report.choosing import AGAIN, CASE, heads
from results.report.data import AS_DOCUMENTED, FACTS, MARKS, NOT_SO, Data
from results.report.show import LEVEL, MOVED, Column, Listing, Picture, Section, banded, wide
from results.report.together import Left
from results.report.tracing import _short


def assumption(data: Data) -> Section:
    """Which assumption matters?"""
    question = "Which assumption matters?"
    if not any(map(data.has, ("ends", "guesses", "sensitivity"))):
        case = shlex.quote(str(data.mains[0].about["id"]))
        missing = (
            "Nothing was varied by itself in these runs. Each of these varies it; give its directory to the report."
        )
        verbs = (f"assumptions {case}", f"depends {case}", f"sweep {case} raise=0.08,0.35", f"sensitivity {case}")
        commands = "\n".join(f"safeguarding {verb}" for verb in verbs)
        return Section("assumption", question, missing=missing, command=commands)
    found = [*_guesses(data), *_ends(data)]
    findings = [*(words for _, words in found), *_factors(data)]
    foot = (
        f"{tornado.HOW} Where one thing alone was varied, each end is named with what was set there; thick: chance, "
        "the simultaneous 95 % interval; thin, with ends: not knowing, the range over draws of all other unmeasured "
        f"habits, where it was run; hollow: not clear. {SIMULATED}"
    )
    return Section("assumption", question, findings, [picture for picture, _ in found], foot, _varied(data))


def _guesses(data: Data) -> Iterator[tuple[Picture, str]]:
    """All guessed numbers drawn together, case by case: the figure, and what it says."""
    for place, case in enumerate(_cases(data, "guesses")):
        table = data.one("guesses", case)
        said = f"{case}: {guesses_say(table)}"
        question = f"{case}: which guess moves what?"
        drawn = tornado.tornado(table, question, said, int(table["draws"].iloc[0]), int(table["runs"].iloc[0]))
        yield Picture(f"7-guesses-{place + 1}", drawn, said, f"{case}: all guesses drawn together"), said


def _ends(data: Data) -> Iterator[tuple[Picture, str]]:
    """What was varied alone, case by case: the figure, and what it says."""
    for place, case in enumerate(_cases(data, "ends")):
        table = data.one("ends", case)
        said = f"{case}: {hangs_on(table)}"
        drawn = Drawn(ends.ends(table), f"{case}: which assumption matters?", said, SIMULATED)
        yield Picture(f"7-ends-{place + 1}", drawn, said, f"{case}: one thing varied alone"), said


def _factors(data: Data) -> Iterator[str]:
    """What a sensitivity design says, case by case."""
    for case in _cases(data, "sensitivity"):
        yield f"{case}: {factors_say(data.one('sensitivity', case))}"


def _cases(data: Data, name: str) -> list[str]:
    return list(dict.fromkeys(data.sheets[name]["case"])) if data.has(name) else []


def _varied(data: Data) -> list[Listing]:
    """The tables behind both."""
    listings = []
    if data.has("guesses"):
        columns = [
            CASE,
            Column("leaf", "guess"),
            Column("answer", "answer"),
            Column("meaning", "what it is"),
            Column("from", "range from", plain_number),
            Column("to", "to", plain_number),
            Column("moved", "moved, per 100", MOVED),
            Column("low", "chance from", MOVED),
            Column("high", "to", MOVED),
        ]
        table = data.sheets["guesses"]
        shown = table.groupby(["case", "answer"], sort=False).head(tornado.SHOWN)
        listings.append(Listing("guesses", "How far each guess moves each answer, the strongest", columns, shown, 2))
    if data.has("sensitivity"):
        columns = [
            CASE,
            Column("factor", "factor"),
            Column("leaves", "numbers in it"),
            Column("effect", "effect over its range", LEVEL),
            Column("p", "chance of as much by luck", plain_number),
            Column("told", "told from nothing"),
        ]
        factors = data.sheets["sensitivity"]
        table = factors.assign(told=factors["clear"].map({True: "yes", False: "no"}))
        listings.append(Listing("sensitivity", "How far each factor moves the answer", columns, table, 2))
    if data.has("ends"):
        columns = [
            CASE,
            Column("about", "what was varied"),
            Column("end", "to"),
            Column("answer", "answer"),
            Column("moved", "moved, per 100", MOVED),
            *banded("moved_low", "moved_high"),
        ]
        listings.append(Listing("ends", "How far the answer moves at each end", columns, data.sheets["ends"], 2))
    return listings


def plain_number(value: float) -> str:
    """A number as it stands in practice."""
    return f"{float(value):.3g}"


def runs_enough(data: Data) -> Section:
    """How many runs are enough?"""
    question = "How many runs are enough?"
    cases = [case for case in data.cases if data.has("precision", case)]
    if not cases:
        return Section("enough", question, missing=AGAIN, command=data.mains[0].command)
    left = {case: Left.of(best, data.one("precision", case)) for case in cases if (best := data.foremost(case))}
    findings = [enough(*one) for one in left.values()] if data.alone else together.enough(left)
    foot = (
        f"Chance: half the width of each {data.what}’s own 95 % interval of the paired difference, over the first so "
        "many runs. Dotted: not knowing, half the range over draws of practice’s unmeasured habits for the "
        f"{data.what} that adds most, which does not depend on these runs. A {data.what} under which no run differs is "
        f"left out; the table has every line, also where a grey one begins above the figure. {SIMULATED}"
    )
    panels = [panel for case in cases if len((panel := _panel(data, case)).table)]
    if not panels:
        missing = (
            f"No {data.what} here changes any run, so there is nothing that further runs could narrow. Another may:"
        )
        return Section("enough", question, missing=missing, command=f"safeguarding compare {data.mains[0].case}")
    drawn = Drawn(courses.runs_enough(panels, data.looks, _short(data)), question, " ".join(findings), foot)
    counts = sorted(data.sheets["precision"]["runs"].unique())
    names = {count: f"{count} runs" for count in counts}
    spread = wide(data.sheets["precision"], ["case", "arm", "not_knowing_half"], "runs", "half_width", names)
    columns = [
        *heads(data),
        *(Column(count, name, LEVEL) for count, name in names.items()),
        Column("not_knowing_half", "not knowing", LEVEL),
    ]
    listing = Listing("precision", "Half the width of each band, per 100", columns, spread, len(heads(data)))
    return Section("enough", question, findings, [Picture("8-runs-enough", drawn, " ".join(findings))], foot, [listing])


def _panel(data: Data, case: str) -> courses.Course:
    """A case's lines, without those of policies under which no run differs."""
    moved = [one.arm for one in data.contrasts[case] if one.reach.centre]
    table = data.one("precision", case)
    banded = [arm for arm in data.banded(case) if arm in moved]
    return courses.Course(case, table[table["arm"].isin(moved)], data.followed(case), banded)


# --- what the page says of itself ------------------------------------------------------------------------------------


def validity(data: Data) -> list[str]:
    """What speaks for and against it, in sentences."""
    said = []
    if data.has("ladder"):
        hold, fall, rest = (data.count("", mark) for mark in MARKS)
        said.append(
            f"Of the questions that the command “validity” puts to the model, {hold} hold, {fall} {_do(fall)} not, "
            f"and to {rest} reality gives no answer: the table has each."
        )
    else:
        said.append(
            "The ladder of tests is not here: safeguarding validity climbs it; give its directory to the report."
        )
    for case in data.cases:
        if data.has("documented", case):
            facts, met, rest = (data.count(case, what) for what in (FACTS, AS_DOCUMENTED, NOT_SO))
            said.append(
                f"{case}: of {facts} documented facts that a run can show, {_come(met)} about with practice as usual "
                f"as often, or as seldom, as the review has it; {rest} {_do(rest)} not. No pass, no fail: the table "
                "has each."
            )
        else:
            said.append(f"{case}: there are no documented facts to compare with.")
    return [*said, *_nulls(data)]


def _come(count: int) -> str:
    return f"{count} comes" if count == 1 else f"{count} come"


def _do(count: int) -> str:
    return "does" if count == 1 else "do"


def _nulls(data: Data) -> list[str]:
    """Policies that can move no information here: what they are said to do is a check. Points of a design are none."""
    if data.what != POLICY:
        return []
    still = {one.arm: one.title for found in data.contrasts.values() for one in found if one.effect == "none"}
    moved = [
        arm for found in data.contrasts.values() for one in found if (arm := one.arm) in still and one.reach.centre
    ]
    if not still:
        return ["No policy that can do nothing here was run beside the others, as a check."]
    names = ", ".join(f"{title} ({arm})" for arm, title in still.items())
    return [
        f"A policy with no route in this model, run as a check, moves {'something' if moved else 'nothing'}: {names}."
    ]


def documented(data: Data) -> Listing:
    """The reviews' facts beside practice as usual."""
    columns = [
        *([] if data.alone else [CASE]),
        Column("target", "fact"),
        Column("words", "what the review documents"),
        Column("cite", "where"),
        Column("expected", "expected in"),
        Column("expected_share", "share of runs", _per_cent),
        Column("share_as_usual", "as usual", _per_cent),
    ]
    heading = "What the review documents, beside practice as usual"
    return Listing("documented", heading, columns, data.sheets["documented"], 1 if data.alone else 2)


def _per_cent(value: float) -> str:
    return f"{float(value):.0%}"


def ladder(data: Data) -> Listing:
    """Every question put to the model, and whether it holds."""
    columns = [
        Column("question", "question"),
        Column("asked", "what counts"),
        Column("found", "what was found"),
        Column("mark", "so"),
    ]
    return Listing("ladder", "Is it true? Every question put to the model", columns, data.sheets["ladder"])


def made(data: Data) -> Listing:
    """How each case's runs were made."""
    columns = [*([] if data.alone else [CASE]), Column("what", "what"), Column("is", "is")]
    return Listing("made", "How these runs were made", columns, data.sheets["made"], 1 if data.alone else 2)


def unended(data: Data) -> Listing:
    """Runs that did not end."""
    columns = [
        *heads(data),
        Column("draw", "draw"),
        Column("replication", "replication"),
        Column("reproduce", "command that runs it again"),
    ]
    table: pd.DataFrame = data.sheets["failures"]
    return Listing("failures", "Runs that did not end", columns, table, len(heads(data)))
