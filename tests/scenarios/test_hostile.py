"""Files from strangers, meant badly or gone badly wrong: each is refused clearly, in bounded time and memory.

Ordinary slips stand in `test_load.py`. Here is what nobody writes by hand. A refusal is always `BadInput`, each of
its faults with file, row, what was found and what to do; a file that is not refused is a case like any other.
"""

import copy
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.replication import replicate
from scenarios.faults import LONGEST_SHOWN, MOST_SHOWN, BadInput, nearest
from scenarios.load import HERE, case_path, load_case, load_policies, load_practice
from scenarios.schema import MOST_VARIANTS
from scenarios.toml import DEEPEST_NESTING, LONGEST_TEXT, MOST_ROWS, MOST_VALUES, read_toml
from simulation.world import World

ROWAN = case_path("rowan-family")
CASE = ROWAN.read_text("utf-8")
PRACTICE = (HERE / "practice" / "noticing.toml").read_text("utf-8")
POLICY = (HERE / "policies" / "packages.toml").read_text("utf-8")
LEAF = (
    '[notice]\nvalue = {}\nunit = "chance"\nstatus = "found"\nsource = "a table"\nmeaning = "Seeing it at a visit."\n'
)
LEVER = '[P]\ntitle = "Ask all"\nmeaning = "Everybody is asked."\nsource = "here"\neffect = "prior"\nleaves = {}\n'
LOAD = {
    "case": lambda path: load_case(path, load_practice()),
    "policies": lambda path: load_policies(load_practice(), path.parent),
    "practice": lambda path: load_practice.__wrapped__(path.parent),
}
WHOLE = {"case": CASE, "policies": POLICY, "practice": PRACTICE}
GIGABYTE = 2**30


def refusal(load, path):
    """The faults of a refused file, once it is sure that they can be read: few, short, plain and complete."""
    with pytest.raises(BadInput) as refused:
        load(path)
    faults = refused.value.faults
    assert 0 < len(faults) <= MOST_SHOWN + 1
    for fault in faults:
        assert fault.file and fault.row and fault.found and fault.remedy
    assert all(line.isprintable() and len(line) < 5 * LONGEST_SHOWN for line in str(refused.value).split("\n"))
    assert len(str(refused.value).split("\n")) == len(faults)
    return faults


def faults_of(folder, content, kind="case"):
    path = folder / "mine.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return refusal(LOAD[kind], path)


def changed(*edits):
    """The invented family with each (old, new) put in its place, where the old stands first."""
    text = CASE
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def items(number, extra="", start=0):
    """Rows for so many items, each on its own sound; `extra` may say more, with {n} its number and {m} the next."""
    row = '[[item]]\nid = "i{n}"\nwords = "it is so"\ntopic = "home"\npolarity = "risk"\nheld_by = ["gp"]\ncite = "x"\n'
    return "".join((row + extra).format(n=n, m=n + 1) + "\n" for n in range(start, start + number))


def contacts(number, extra="", by="gp"):
    row = '[[contact]]\nid = "c{n}"\nat = 2024-02-01T10:00:00\nkind = "phone"\nby = ["{by}"]\ncite = "x"\n'
    return "".join((row + extra).format(n=n, by=by.format(n=n)) + "\n" for n in range(number))


def variants(number):
    return "".join(f'[[variant]]\nid = "v{n}"\nwords = "a reading"\ncite = "x"\n' for n in range(number))


def knows(who, whom, times=1):
    row = f'[[knows]]\nwho = {json.dumps(who)}\nwhom = {json.dumps(whom)}\nsince = 2024-01-08\ncite = "x"\n'
    return row * times


def roles(number):
    row = '[[role]]\nid = "r{}"\nagency = "elsewhere"\nprofession = "gp"\nwords = "another GP"\ncite = "x"\n'
    return "".join(row.format(n) for n in range(number))


# --- what no file may hold, be it a case, a policy or practice ------------------------------------

DEEP = f"nested more than {DEEPEST_NESTING} deep"
ANYWHERE = {
    "arrays in arrays": ("x = " + "[" * 100_000, DEEP),
    "arrays in arrays that end": ("x = " + "[" * 40 + "]" * 40, DEEP),
    "inline tables": ("x = " + "{a = " * 5000 + "1" + "}" * 5000, DEEP),
    "tables in tables": ("".join(f"[{'.'.join('a' * n)}]\n" for n in range(1, 40)), DEEP),
    "a dotted key": (".".join("a" * 200_000) + " = 1", DEEP),
    "a dotted key, quoted": (".".join(['"#"'] * 200_000) + " = 1", DEEP),
    "a dotted key, spaced": (" . ".join("a" * 200_000) + " = 1", DEEP),
    "a dotted key after a text of five quotes": ('x = {a = """b""""", ' + ".".join("a" * 90_000) + " = 1}", DEEP),
    "a dotted header": (f"[[{'.'.join('a' * 200_000)}]]", DEEP),
    "a NUL byte": ('x = "\x00"', "Illegal character"),
    "a NUL byte, escaped": (r'x = "\u0000"', "a control character '\\x00'"),
    "an escape sequence": (r'x = "\u001b[2J"', "a control character '\\x1b'"),
    "an escape sequence for a key": (r'"\u001b[2J" = 1', "a control character '\\x1b'"),
    "text that runs backwards": ('x = "\u202egnorw"', "a control character '\\u202e'"),
    "half a character": (r'x = "\ud800"', "not readable as TOML"),
    "bytes that are no text": (b"x = '\xff\xfe'", "not UTF-8 text"),
    "a wide encoding": ("x = 1".encode("utf-16"), "not UTF-8 text"),
    "two byte order marks": (b"\xef\xbb\xbf\xef\xbb\xbfx = 1", "not readable as TOML"),
    "a key twice": ("x = 1\nx = 2", "Cannot overwrite a value"),
    "a key without a name": ('"" = 1', "a key without a name"),
    "a table twice": ("[x]\n[x]", "Cannot declare ('x',) twice"),
    "a number of thousands of digits": ("x = 1" + "0" * 5000, "not readable as TOML"),
    "a number printed by no one": ("x = 1" + "0" * 4000, "a number of more than 15 digits"),
    "a number in hexadecimals": ("x = 0x" + "f" * 1_000_000, "a number of more than 15 digits"),
    "a day that is none": ("x = 2024-02-30", "not readable as TOML"),
    "the year 0": ("x = 0000-01-01", "not readable as TOML"),
    "a long text": (f'x = "{"a" * 900_000}"', f"a text of 900,000 letters. Keep to {LONGEST_TEXT:,}"),
    "a long key": (f"{'a' * 900_000} = 1", "a text of 900,000 letters"),
    "a long list": (f"x = [{'1,' * 50_000}]", f"holds 50,000 rows. Keep to {MOST_ROWS:,}"),
    "many keys": ("".join(f"k{n} = 1\n" for n in range(5000)), "holds 5,000 rows"),
    "many values": ("x = [" + "{}," * 101_000 + "]", f"Keep to {MOST_VALUES:,}"),
    "a million rows": ("[[item]]\n" * 1_000_000, "larger than 2,000,000 bytes"),
    "nothing": ("", ""),
    "a comment alone": ("# nothing", ""),
}


@pytest.mark.parametrize("kind", LOAD)
@pytest.mark.parametrize("why", ANYWHERE)
def test_what_no_file_may_hold_is_refused(tmp_path, kind, why):
    content, found = ANYWHERE[why]
    faults = faults_of(tmp_path, content, kind)
    assert found in "\n".join(str(fault) for fault in faults)


@pytest.mark.parametrize("kind", LOAD)
@pytest.mark.parametrize("junk", ["3", '"a"', "[]", "[[1]]", "true", "nan", "2024-01-01", "10:00:00", "{a = {a = 1}}"])
def test_a_value_where_a_table_should_stand_is_refused(tmp_path, kind, junk):
    name = {"case": "contact", "policies": "P", "practice": "profession"}[kind]
    if (kind, junk) == ("case", "[]"):
        name = "case"
    text = WHOLE[kind].replace("[[contact]]", "[[other]]")
    assert faults_of(tmp_path, f"{name} = {junk}\n{text}", kind)


def test_what_is_no_file_is_refused_at_once(tmp_path):
    """In a process of its own, since what is wrong here would never come back."""
    (tmp_path / "folder.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "zeros.toml").symlink_to("/dev/zero")
    (tmp_path / "circle.toml").symlink_to(tmp_path / "circle.toml")
    (tmp_path / "piped.toml").symlink_to(tmp_path / "pipe.toml")
    odd = [
        "/dev/zero",
        "/dev/stdin",
        "/proc/self/mem",
        "a" * 5000 + ".toml",
        "nul\0.toml",
        "/",
        "..",
        "\udcff\x1b.toml",
    ]
    paths = [*map(str, sorted(tmp_path.iterdir())), *odd]
    code = (
        "import sys, json\nfrom pathlib import Path\n"
        "from scenarios.load import check_file, load_policies, load_practice\n"
        "from scenarios.faults import BadInput\n"
        "for given in json.loads(sys.argv[1]):\n"
        "    try: check_file(Path(given))\n"
        "    except BadInput as bad: print(bad)\n"
        "try: load_practice(Path(sys.argv[2]))\n"
        "except BadInput as bad: print(bad)\n"
        "try: load_policies(load_practice(), Path(sys.argv[2]))\n"
        "except BadInput as bad: print(bad)\n"
    )
    said = bounded(code, json.dumps(paths), str(tmp_path)).splitlines()
    assert len(said) == len(paths) + 2
    assert all(line.isprintable() and len(line) < 3 * LONGEST_SHOWN for line in said)
    assert all("Check the path." in line or "not UTF-8" in line for line in said), said


def bounded(code, *words, memory=GIGABYTE, seconds=120):
    """What a program prints that is given so much memory and so long."""
    import resource

    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
        cwd=HERE.parent,
        stdin=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory)),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


# --- what no case may hold ------------------------------------------------------------------------

PATHS = [
    "../../etc",
    "/etc/passwd",
    "a/b",
    "..",
    ".",
    "-rf",
    "a\nb",
    "C:\\a",
    "a b",
    "a\u00a0b",
    "ａ",
    "",
    " ",
    "a" * 61,
]
CASES = {
    "ids that cannot be hashed": (
        [('id = "gp"', 'id = ["gp", {a = 1}]'), ('id = "nan-stays"', "id = {}")], "role row 8 id", "this is no text"),
    "an id that is a day": ([('id = "gp"', "id = 2024-01-01")], "role row 8 id", "this is no text"),
    "rows without an id": ([('id = "gp"\n', ""), ('id = "housing"\n', "")], "role row 8 id", "it is missing"),
    "a list for a text": (
        [('title = "The Rowan family (invented)"', 'title = ["a"]')], "case title", "this is no text"),
    "a text for a list": (
        [('by = ["health-visitor"]\nitems', 'by = "health-visitor"\nitems')], "contact home-16-jan by", "no list"),
    "a word for yes": (
        [("case_holder = true", 'case_holder = "yes"')], "role social-worker case_holder", "neither true"),
    "a number for yes": (
        [("case_holder = true", "case_holder = 1")], "role social-worker case_holder", "neither true"),
    "yes for a number": ([("needs = 2", "needs = true")], "item good-weeks-and-bad needs", "no whole number"),
    "a text for a number": ([("needs = 2", 'needs = "2"')], "item good-weeks-and-bad needs", "no whole number"),
    "a number without end": ([("needs = 2", "needs = inf")], "item good-weeks-and-bad needs", ""),
    "a number that is none": ([("needs = 2", "needs = nan")], "item good-weeks-and-bad needs", ""),
    "a day for a moment": (
        [("at = 2024-01-11T15:30:00", "at = 2024-01-11")], "contact home-11-jan at", "no day with"),
    "an hour for a moment": (
        [("at = 2024-01-11T15:30:00", "at = 15:30:00")], "contact home-11-jan at", "no day with"),
    "a moment for a day": ([("since = 2024-01-08", "since = 2024-01-08T10:00:00")], "knows row 1 since", "no day"),
    "an acquaintance that ends before it began": (
        [("since = 2024-01-08", "since = 2024-01-08\nuntil = 2024-01-07")], "knows row 1 until", "before 2024-01-08"),
    "a number for a moment": (
        [("at = 2024-01-11T15:30:00", "at = 1705000000")], "contact home-11-jan at", "no day with"),
    "the last minute there is": (
        [("2024-05-08T10:00", "9999-12-31T23:59")], "meeting review at", "9999-12-31 23:59 lies outside the window"),
    "the last minute there is, in its window": (
        [("start = 2024-01-08\nend = 2024-05-17", "start = 9999-01-08\nend = 9999-12-31"),
         ("2024-05-08T10:00", "9999-12-31T23:59")], "case start", "9999-01-08 is not of our time"),
    "the first day there is": (
        [("2024-01-11T15:30", "0001-01-01T00:00")], "contact home-11-jan at", "0001-01-01 00:00 lies outside"),
    "a window of all time": (
        [("start = 2024-01-08\nend = 2024-05-17", "start = 0001-01-01\nend = 9999-12-31")], "case end", "ten years"),
    "an offset beyond the first day": (
        [("2024-01-11T15:30:00", "0001-01-01T00:00:00+14:00")], "contact home-11-jan at", "a time zone is given"),
    "an offset beyond the last": (
        [("2024-05-08T10:00:00", "9999-12-31T23:59:59-12:00")], "meeting review at", "a time zone is given"),
    "a name given twice": (
        [('by = ["health-visitor"]\nitems', 'by = ["health-visitor", "health-visitor"]\nitems')],
        "contact home-16-jan by", "'health-visitor' stands twice"),
    "a role that covers for itself": (
        [("# --- Decisions", '[[away]]\nrole = "gp"\nfirst = 2024-02-01\nlast = 2024-02-09\ncover = "gp"\n'
          'cite = "x"\n# ---')], "away row 1 cover", "'gp' covers for herself"),
    "nothing to count": (
        [('critical = "yes"', 'critical = "no"')] * CASE.count('critical = "yes"'), "item", "nothing to count"),
    "no decisions": ([(CASE[CASE.index("[[decision]]"):], "")], "decision", "it is missing"),
}  # fmt: skip
BIG = {
    "more variants than are read": (variants(MOST_VARIANTS + 1), "variant", "Keep to 20"),
    "thousands of variants": (variants(3000), "variant", "holds 3,000 rows"),
    "more items than are read": (items(1500), "item", "holds 1,511 rows"),
    "a chain of composites": (
        items(900, 'parts = ["i{m}", "nan-stays"]\nneeds = 2\n') + items(1, start=900),
        "item i0 parts", "more than 200 parts"),
    "a chain that cannot be held": (
        items(5000, 'parts = ["i{m}", "nan-stays"]\nneeds = 2\n'), "item", "holds 5,011 rows"),
    "composites that double at every step": (
        "".join(items(2, f'parts = ["i{2 * n + 2}", "i{2 * n + 3}"]\nneeds = 2\n', 2 * n) for n in range(100))
        + items(2, start=200),
        "item i0 parts", "more than 200 parts"),
    "a circle of composites": (
        items(400, 'parts = ["i{m}", "nan-stays"]\nneeds = 2\n')
        + items(1, 'parts = ["i0", "nan-stays"]\nneeds = 2\n', 400),
        "item i0 parts", "it is a part of itself"),
    "everybody knows everybody": (
        roles(600) + knows([f"r{n}" for n in range(600)], [f"r{n}" for n in range(600)]), "knows", "250,000 pairs"),
    "the same acquaintance again and again": (
        roles(50) + knows([f"r{n}" for n in range(50)], [f"r{n}" for n in range(50)], 500), "knows", "250,000 pairs"),
    "one name thousands of times": (knows(["gp"] * 3000, ["school"] * 3000), "knows row 15 who", "holds 3,000 rows"),
    "thousands of meetings": (
        "".join(f'[[meeting]]\nid = "m{n}"\n' for n in range(3000)), "meeting", "holds 3,005 rows"),
}  # fmt: skip


@pytest.mark.parametrize("why", CASES)
def test_what_no_case_may_say_is_refused(tmp_path, why):
    edits, row, found = CASES[why]
    faults = faults_of(tmp_path, changed(*edits))
    assert any(fault.row == row and found in fault.found for fault in faults), [str(fault) for fault in faults]


@pytest.mark.parametrize("why", BIG)
def test_what_no_case_may_hold_is_refused(tmp_path, why):
    more, row, found = BIG[why]
    faults = faults_of(tmp_path, CASE + more)
    assert any(fault.row == row and found in str(fault) for fault in faults), [str(fault) for fault in faults][:5]


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("old", ['id = "rowan-family"', 'agency = "gp-practice"', 'id = "nan-stays"'])
def test_a_name_is_never_a_path(tmp_path, name, old):
    given = f"{old.split(' = ')[0]} = {json.dumps(name)}"
    assert any("this is no id" in fault.found for fault in faults_of(tmp_path, changed((old, given))))


def test_rows_without_an_id_are_no_reason_to_find_fault_with_others(tmp_path):
    """An item without its id is not "an id that stands twice", nor are its neighbours out of sight for it."""
    faults = faults_of(tmp_path, changed(('id = "home-11-jan"\n', ""), ('id = "home-16-jan"\n', "")))
    assert [(fault.row, fault.found) for fault in faults] == [
        (f"contact row {number} id", "it is missing") for number in (1, 3)
    ]


# --- the report is bounded too --------------------------------------------------------------------


def test_the_first_faults_are_shown_and_the_rest_are_counted(tmp_path):
    faults = faults_of(tmp_path, CASE + contacts(900, by="gpp{n}"))
    assert len(faults) == MOST_SHOWN + 1 and all("there is no role" in fault.found for fault in faults[:-1])
    assert faults[-1].found == "and 850 more faults" and faults[0].remedy == "Did you mean gp?"


def test_as_many_faults_as_are_shown_need_no_counting(tmp_path):
    faults = faults_of(tmp_path, CASE + contacts(MOST_SHOWN, by="gpp{n}"))
    assert len(faults) == MOST_SHOWN and all("there is no role" in fault.found for fault in faults)


def test_each_row_faulty_in_every_way_ends_in_a_page(tmp_path):
    text = CASE + "".join(f"[[{table}]]\n" * 500 for table in ("role", "item", "meeting", "decision", "transition"))
    assert faults_of(tmp_path, text)[-1].found.endswith("more faults")


def test_names_that_nearly_fit_are_looked_for_only_where_somebody_reads_it(tmp_path):
    long = [f"{n:03}" + "abcdefghij-" * 5 for n in range(120)]
    text = CASE + roles(1) + "".join(knows([f"x{name}" for name in long[:90]], ["gp"]) for _ in range(200))
    text += "".join(
        f'[[role]]\nid = "{name}"\nagency = "a"\nprofession = "gp"\nwords = "w"\ncite = "x"\n' for name in long
    )
    assert faults_of(tmp_path, text)[-1].found.endswith("more faults")
    assert nearest("a" * 100_000, ["a" * 100_001, "b"]) == "Allowed: b."


# --- variants, ranges, hand-overs -----------------------------------------------------------------

READING = '[[variant]]\nid = "other"\nwords = "another reading"\ncite = "x"\n'
CONTACT = '[[contact]]\nid = "{id}"\nat = 2024-02-01T10:00:00\nkind = "phone"\nby = ["{by}"]\ncite = "x"\n'
MOVED = '[[transition]]\nid = "t"\nwords = "it moves"\nat = 2024-02-01T10:00:00\nkind = "transfer"\ncite = "x"\n'
RANGE = CONTACT.format(id="x", by="gp")
MINE = {
    "earliest alone": (RANGE + "earliest = 2024-02-01\n", "contact x", "has one of earliest and latest"),
    "latest alone": (RANGE + "latest = 2024-02-01\n", "contact x", "has one of earliest and latest"),
    "a range beside its day": (
        RANGE + "earliest = 2024-02-02\nlatest = 2024-02-03\n", "contact x", "does not enclose 2024-02-01"),
    "a range turned round": (
        RANGE + "earliest = 2024-02-03\nlatest = 2024-01-30\n", "contact x", "does not enclose 2024-02-01"),
    "a range of all time": (
        RANGE + "earliest = 0001-01-01\nlatest = 9999-12-31\n", "contact x", "within the window"),
    "a range of moments": (
        RANGE + "earliest = 2024-02-01T10:00:00\nlatest = 2024-02-03\n", "contact x earliest", "this is no day"),
    "something unknown sought": (RANGE + 'sought = ["nothing"]\n', "contact x sought", "there is no item 'nothing'"),
    "a reading nobody introduced": (
        READING + RANGE + 'variant = "othr"\n', "contact x variant", "there is no variant 'othr'. Did you mean other?"),
    "a reading by number": (READING + RANGE + "variant = 3\n", "contact x variant", "there is no variant 3"),
    "a reading by list": (READING + RANGE + 'variant = ["other"]\n', "contact x variant", "there is no variant ["),
    "a reading introduced twice": (READING * 2, "variant other", "this id stands twice"),
    "a row that breaks one reading": (
        READING + CONTACT.format(id="home-11-jan", by="gpp") + 'variant = "other"\n',
        "contact home-11-jan by (in variant other)", "there is no role 'gpp'. Did you mean gp?"),
    "a row twice in one reading": (
        READING + (RANGE + 'variant = "other"\n') * 2, "contact x (in variant other)", "this id stands twice"),
    "hands nobody has": (MOVED + 'who = ["gpp"]\nwhom = ["school"]\n', "transition t who", "there is no role 'gpp'"),
    "a hand-over to nobody": (MOVED + 'who = ["gp"]\n', "transition t whom", "it is missing. Give both"),
    "a hand-over from nobody": (MOVED + 'whom = ["gp"]\n', "transition t who", "it is missing. Give both"),
    "a hand-over to herself": (
        MOVED + 'who = ["gp", "school"]\nwhom = ["gp"]\n', "transition t whom", "'gp' hands over to herself"),
    "a hand-over of another kind": (MOVED.replace("transfer", "promotion"), "transition t kind", "an unknown word"),
    "a hand-over after the end": (MOVED.replace("2024", "2025"), "transition t at", "lies outside the window"),
    "cover by nobody known": (
        '[[away]]\nrole = "gp"\nfirst = 2024-02-01\nlast = 2024-02-09\ncover = "gpp"\ncite = "x"\n',
        "away row 1 cover", "there is no role 'gpp'"),
}  # fmt: skip


@pytest.mark.parametrize("why", MINE)
def test_ranges_readings_and_hand_overs_are_checked(tmp_path, why):
    more, row, found = MINE[why]
    [fault] = faults_of(tmp_path, CASE + more)
    assert fault.row == row and found in str(fault), str(fault)


def test_a_fault_of_one_reading_is_told_as_such_and_asked_for_or_not(tmp_path):
    """What only the other reading loses is not said of the reading that has it."""
    emptied = CONTACT.format(id="rent-call-1-feb", by="housing") + 'variant = "other"\n'
    path = tmp_path / "mine.toml"
    path.write_text(CASE + READING + emptied, "utf-8")
    for name in ("", "other"):
        [fault] = refusal(lambda path, name=name: load_case(path, load_practice(), name), path)
        assert fault.row == "item arrears (in variant other)" and fault.found == "nobody could ever see it"


def test_an_unknown_reading_is_refused(tmp_path):
    [fault] = refusal(lambda path: load_case(path, load_practice(), "../other"), ROWAN)
    assert fault.found == "there is no such reading"


# --- practice and policies ------------------------------------------------------------------------

NUMBERS = ["true", '"0.5"', "[0.5]", "{a = 1}", "nan", "-nan", "inf", "-inf", "-0.1", "1e400", "10:00:00", "2024-01-01"]


@pytest.mark.parametrize("number", NUMBERS)
def test_only_a_number_is_a_number(tmp_path, number):
    assert faults_of(tmp_path, LEAF.format(number), "practice")
    assert faults_of(tmp_path, LEAF.format("0.5") + f"range = [0.1, {number}]\n", "practice")
    assert faults_of(tmp_path, LEVER.format(f'{{"raise" = {number}}}'), "policies")
    assert faults_of(tmp_path, LEVER.format('{"raise" = 1}') + f"adherence = {number}\n", "policies")


WRONG = {
    "a number in the open": ("practice", "x = 3\n" + LEAF.format("0.5"), "x: is no table"),
    "a list of professions": ("practice", "[[profession]]\na = 1", "profession: is no table"),
    "a profession that is a text": ("practice", '[profession]\ngp = "x"', "profession gp: is no table"),
    "a profession with a path for a name": (
        "practice", '[profession."../gp"]\nkind = "adult-facing"\nhours = "office"\nmeaning = "x"', "is no name"),
    "a leaf that forgot its value": (
        "practice", LEAF.format("0.5").replace("value = 0.5\n", ""), "leaf notice value: it is missing"),
    "a leaf with nothing in it": ("practice", "[notice]\n", "leaf notice value: it is missing"),
    "a leaf with a table for its value": ("practice", "[notice.value.value]\nvalue = 1", "leaf notice value"),
    "a leaf without a name": ("practice", "[notice.\"\"]\nvalue = 1", "a key without a name"),
    "a word that is a path": ("practice", LEAF.format("0.5").replace("[notice]", '[minutes."../x"]'), "is no name"),
    "a leaf with an unhashable unit": (
        "practice", LEAF.format("0.5").replace('"chance"', '["chance"]'), "leaf notice unit: an unknown word"),
    "a range of three": ("practice", LEAF.format("0.5") + "range = [0, 0.5, 1]\n", "leaf notice range"),
    "thousands of unknown leaves": (
        "practice", "".join(LEAF.format("0.5").replace("notice", f"notice.gpp{n}") for n in range(900)), "more faults"),
    "a policy with a path for a name": (
        "policies", LEVER.format('{"raise" = 1}').replace("[P]", '["../../etc"]'), "'../../etc' is no name"),
    "a policy that is a list": ("policies", "[[P]]\ntitle = 1", "policy P: "),
    "leaves that are a list": ("policies", LEVER.format('["raise"]'), "policy P leaves"),
    "thousands of unknown levers": (
        "policies", LEVER.format("{" + ", ".join(f'"raisse{n}" = 1' for n in range(900)) + "}"), "and 850 more faults"),
}  # fmt: skip


@pytest.mark.parametrize("why", WRONG)
def test_what_no_practice_or_policy_may_say_is_refused(tmp_path, why):
    kind, text, found = WRONG[why]
    assert found in "\n".join(str(fault) for fault in faults_of(tmp_path, text, kind))


def test_a_policy_stands_once_in_all_files(tmp_path):
    (tmp_path / "a.toml").write_text(LEVER.format('{"raise" = 1}'))
    (tmp_path / "b.toml").write_text(LEVER.format('{"raise" = 0.5}'))
    [fault] = refusal(lambda path: load_policies(load_practice(), path), tmp_path)
    assert str(fault) == "b.toml: policy P: it stands in a.toml too. Remove one."


# --- what is large and sound ----------------------------------------------------------------------


def test_a_case_ten_times_the_longest_review_is_read(tmp_path):
    text = CASE + roles(480) + items(880) + contacts(580, 'items = ["i{n}"]\n')
    text += "".join(knows([f"r{n}" for n in range(start, start + 48)], ["gp", "school"]) for start in range(0, 480, 48))
    meeting = CASE[CASE.index("[[meeting]]") :].split("\n\n")[0]
    text += "".join(meeting.replace('id = "strategy"', f'id = "again-{n}"') + "\n" for n in range(245))
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    case = load_case(tmp_path / "mine.toml", load_practice())
    assert (len(case.role), len(case.item), len(case.meeting)) == (492, 891, 250)


def test_dots_in_texts_and_comments_are_no_keys(tmp_path):
    dots = "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o"
    text = changed(("Invented for teaching;", dots)) + f"# {dots}\n"
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    assert dots in load_case(tmp_path / "mine.toml", load_practice()).case.source


# --- what nobody thought of -----------------------------------------------------------------------

NAMES = sorted(
    {row["id"] for rows in read_toml(ROWAN).values() if isinstance(rows, list) for row in rows if "id" in row}
)
KEYS = [
    "variant",
    "earliest",
    "latest",
    "sought",
    "cover",
    "who",
    "whom",
    "silence",
    "parts",
    "needs",
    "at",
    "x",
    "",
    "a.b",
]
ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))])
SCALARS = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(
        [date.min, date.max, datetime.min, datetime.max, 10**15, 10**400, -1, "", "../x", "\u202e", "\x00"]
    ),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.dates(),
    st.datetimes(timezones=ZONES),
    st.times(),
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*KEYS, "id"]), inner, max_size=4),
    max_leaves=8,
)


def as_toml(value):
    """A value as TOML would have it."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case datetime() | date() | time():
            return value.isoformat()
        case dict():
            return "{" + ", ".join(f"{as_toml(key)} = {as_toml(part)}" for key, part in value.items()) + "}"
        case list():
            return "[" + ", ".join(as_toml(part) for part in value) + "]"
    return str(value)


def places(value):
    """Every table and list of a document, with the key or number of each thing in it."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield value, key
            yield from places(part)


@st.composite
def documents(draw, valid):
    """A valid document, a few of whose parts were dropped, doubled, swapped or replaced."""
    document = copy.deepcopy(valid)
    for _ in range(draw(st.integers(1, 4))):
        holder, key = draw(st.sampled_from([*places(document)] or [(document, "x")]))
        match draw(st.sampled_from(["drop", "double", "swap", "replace", "replace", "add"])):
            case "drop":
                holder.pop(key, None) if isinstance(holder, dict) else holder.pop(key)
            case "double" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
            case "swap":
                other, there = draw(st.sampled_from([*places(document)] or [(document, "x")]))
                holder[key] = copy.deepcopy(other.get(there) if isinstance(other, dict) else other[there]) or ""
            case "replace":
                holder[key] = draw(JUNK)
            case _ if isinstance(holder, list):
                holder.append(draw(JUNK))
            case _:
                holder[draw(st.sampled_from(KEYS))] = draw(JUNK)
    return "\n".join(f"{as_toml(key)} = {as_toml(part)}" for key, part in document.items())


@st.composite
def scribbles(draw, text):
    """The bytes of a valid file, with a few cuts, copies and insertions."""
    content = text.encode()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 60)))
        put = draw(
            st.binary(max_size=6) | st.sampled_from([b'"', b"'''", b"[[", b"]", b"\n", b"\r", b"=", b".", b"0x"])
        )
        content = content[:start] + put + content[draw(st.sampled_from([start, end])) :]
    return content


def read_or_refused(folder, content, kind):
    """What is read of the content, and the faults it is refused for. Any other exception is a fault of ours."""
    path = folder / "mine.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        return LOAD[kind](path), []
    except BadInput:
        return None, refusal(LOAD[kind], path)


PARSED = {"case": read_toml(ROWAN)} | {
    kind: read_toml(HERE / kind / name) for kind, name in (("policies", "packages.toml"), ("practice", "noticing.toml"))
}
ANY_KIND = st.sampled_from(["case", "case", "case", "policies", "practice"])
MISSHAPEN = ANY_KIND.flatmap(lambda kind: st.tuples(st.just(kind), documents(PARSED[kind]) | scribbles(WHOLE[kind])))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hostile")


@given(MISSHAPEN)
@settings(max_examples=80)
def test_a_misshapen_file_is_read_or_refused(folder, misshapen):
    kind, content = misshapen
    read, faults = read_or_refused(folder, content, kind)
    assert (read is None) == bool(faults)


@pytest.mark.slow
@given(MISSHAPEN)
@settings(max_examples=6000)
def test_any_misshapen_file_is_read_or_refused(folder, misshapen):
    kind, content = misshapen
    read, faults = read_or_refused(folder, content, kind)
    assert (read is None) == bool(faults)


@pytest.mark.slow
@given(documents(PARSED["case"]))
@settings(max_examples=800)
def test_a_misshapen_case_that_is_read_can_be_lived(folder, document):
    case, faults = read_or_refused(folder, document, "case")
    assert faults or len(replicate(World(case, load_practice()), 1, 0))


LARGE = {
    "dots": lambda: ".".join("a" * 999_000) + " = 1",
    "quoted dots": lambda: '"#".' * 490_000 + '"#" = 1',
    "quotes": lambda: '"' * 1_990_000,
    "escapes": lambda: 'x = """' + '\\"""' * 490_000,
    "empty tables": lambda: "".join(f"[{n:x}]\n" for n in range(240_000)),
    "dotted keys": lambda: "".join(f"{n:x}.b = 1\n" for n in range(150_000)),
    "empty rows": lambda: "x = [" + "{}," * 660_000 + "]",
    "rows": lambda: "[[item]]\n" * 220_000,
    "lists": lambda: "x = [" + "[]," * 660_000 + "]",
    "digits": lambda: "x = 0x" + "f" * 1_990_000,
    "rows of nothing": lambda: CASE + "".join(
        f"[[{table}]]\n" * 980 for table in ("role", "file", "item", "contact", "meeting", "decision", "away")
    ),
    "lists of numbers": lambda: CASE + "".join(knows([1] * 990, [1] * 990) for _ in range(49)),
    "names that stand nowhere": lambda: CASE + "".join(knows([f"x{n}" for n in range(990)], ["gp"]) for _ in range(90)),
    "faults in every reading": lambda: CASE + variants(20) + "".join(
        CONTACT.format(id=f"c{n}", by="gp") + f'variant = "v{n % 20}"\nitems = ["x{n}"]\n' for n in range(980)
    ) + items(980, 'parts = ["i{m}", "nan-stays"]\nneeds = 2\n'),
    "all that may be": lambda: CASE + variants(20) + roles(980) + items(980) + contacts(980, 'items = ["i{n}"]\n'),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("why", LARGE)
def test_the_largest_files_are_read_in_a_gigabyte_and_two_minutes(tmp_path, why):
    path = tmp_path / "mine.toml"
    path.write_text(LARGE[why](), "utf-8")
    code = (
        "import sys\nfrom pathlib import Path\nfrom scenarios.load import check_file\n"
        "from scenarios.faults import BadInput\n"
        "try: print(check_file(Path(sys.argv[1])))\n"
        "except BadInput as bad: print(bad)\n"
    )
    said = bounded(code, str(path)).splitlines()
    assert 0 < len(said) <= MOST_SHOWN + 1
    assert ("no fault found" in said[0]) == (why == "all that may be")


def test_a_refusal_comes_whole_from_another_process():
    import pickle

    from scenarios.faults import BadInput, Fault, nearest

    bad = BadInput([Fault("a.toml", "row", "an unknown word", lambda: nearest("rase", ["raise"]))])
    came = pickle.loads(pickle.dumps(bad))
    assert str(came) == str(bad) and came.faults[0].remedy == "Did you mean raise?"
