"""A bad file is refused before anything runs: file, row, what was found, what to do. All faults in one go."""

from pathlib import Path

import pytest

from scenarios.faults import BadInput, nearest
from scenarios.load import case_called, case_path, check_file, load_case, load_policies, load_practice
from scenarios.toml import LARGEST_FILE, read_toml

CASE = case_path("rowan-family").read_text("utf-8")
LEAF = (
    '[notice]\nvalue = 0.5\nunit = "chance"\nstatus = "found"\nsource = "a table"\nmeaning = "Seeing it at a visit."\n'
)
POLICY = '[P]\ntitle = "Ask all"\nmeaning = "Everybody is asked."\nsource = "here"\neffect = "prior"\n'
AWAY = '\n[[away]]\nrole = "gp"\nfirst = {}\nlast = {}\ncite = "invented"\n'


def refused(load, *given):
    """The faults of a file, each as its four parts."""
    with pytest.raises(BadInput) as refusal:
        load(*given)
    faults = refusal.value.faults
    assert str(refusal.value) == "\n".join(f"{f.file}: {f.row}: {f.found}. {f.remedy}" for f in faults)
    return [(f.file, f.row, f.found, f.remedy) for f in faults]


def faults_of(folder, content, load=lambda path: load_case(path, load_practice())):
    """What is wrong with a file of this content."""
    path = folder / "mine.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return refused(load, path)


def changed(*edits):
    """The invented family with each (old, new) put in its place, where the old stands first."""
    text = CASE
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


UNREADABLE = {
    "an equals sign short": (changed(('title = "The', 'title "The')), "line 10", "Expected '='", "Mend it"),
    "a row that is a table": (changed(("[[role]]", "[role]")), "line 30", "not readable as TOML", "Mend it"),
    "a NUL byte": (changed(('title = "The', 'title = "The\x00')), "line 10", r"Illegal character '\x00'", "Mend it"),
    "bytes that are no text": (b"\x00\x9f\x92\x96", "file", "not UTF-8 text", "Save it as UTF-8."),
    "another encoding": (CASE.replace("Rowan", "Rówan").encode("latin-1"), "file", "not UTF-8 text", "Save it as"),
    "a wide encoding": (CASE.encode("utf-16"), "file", "not UTF-8 text", "Save it as UTF-8."),
    "brackets in brackets": ("x = " + "[" * 20 + "]" * 20, "file", "nested more than 12 deep", "plain table"),
    "brackets without end": ("x = " + "[" * 9000 + "]" * 9000, "file", "nested more than 12 deep", "plain table"),
    "tables in tables": ("x = " + "{a = " * 40 + "1" + "}" * 40, "file", "nested more than 12 deep", "plain table"),
    "a key of many parts": (".".join("a" * 200_000) + " = 1", "file", "nested more than 12 deep", "plain table"),
    "a number of many digits": ("x = 1" + "0" * 9000, "file", "not readable as TOML", "Mend it"),
    "a huge file": ("#" * (LARGEST_FILE + 1), "file", "larger than 2,000,000 bytes", "Keep to one family"),
}


@pytest.mark.parametrize("why", UNREADABLE)
def test_what_cannot_be_read_is_refused_with_one_fault(tmp_path, why):
    content, row, found, remedy = UNREADABLE[why]
    [fault] = faults_of(tmp_path, content)
    assert fault[:2] == ("mine.toml", row)
    assert found in fault[2] and remedy in fault[3]


@pytest.mark.parametrize(
    ("path", "found"), [("nowhere.toml", "not there"), (".", "not a file"), ("/dev/zero", "not a")]
)
def test_what_is_no_file_is_refused(tmp_path, path, found):
    [(_, row, what, remedy)] = refused(read_toml, tmp_path / path)
    assert (row, remedy) == ("file", "Check the path.") and what.startswith(found)


def test_notepads_byte_order_mark_does_no_harm(tmp_path):
    (tmp_path / "mine.toml").write_bytes(b"\xef\xbb\xbf" + CASE.encode())
    assert load_case(tmp_path / "mine.toml", load_practice()).case.id == "rowan-family"


def test_brackets_in_words_are_not_nesting(tmp_path):
    (tmp_path / "mine.toml").write_text(changed(("Invented for teaching;", "See " + "[" * 30)), "utf-8")
    assert load_case(tmp_path / "mine.toml", load_practice()).case.source.startswith("See [[")


FAULTY = {
    "an unknown role": (
        [('by = ["health-visitor"]\nitems', 'by = ["health-visiter"]\nitems')],
        ("contact home-16-jan by", "there is no role 'health-visiter'", "Did you mean health-visitor?"),
    ),
    "an unknown decision": (
        [('bears_on = ["conference", "review"]', 'bears_on = ["conference", "revue"]')],
        ("item nan-stays bears_on", "there is no decision 'revue'", "Did you mean review?"),
    ),
    "an unknown meeting": (
        [('meeting = "review"', 'meeting = "summit"')],
        ("decision review meeting", "there is no meeting 'summit'", "Allowed: conference, core-group-1"),
    ),
    "an unknown source of silence": (
        [("[[item]]\nid = \"home-warm\"", "[item.silence]\nsource = [\"polise\"]\ntopics = [\"violence\"]\n"
          "since = 2024-02-01\n\n[[item]]\nid = \"home-warm\"")],
        ("item nan-stays silence.source", "there is no role 'polise'", ""),
    ),
    "an unknown profession": (
        [('profession = "gp"', 'profession = "general-practitioner"')],
        ("role gp profession", "unknown profession 'general-practitioner'", ""),
    ),
    "an unknown kind of meeting": (
        [('kind = "review-conference"', 'kind = "review-conferense"')],
        ("meeting review kind", "unknown kind 'review-conferense'", "Did you mean review-conference?"),
    ),
    "an unknown topic": (
        [('topic = "tenancy"', 'topic = "tenancies"')],
        ("item arrears topic", "an unknown word (found 'tenancies')", "Did you mean tenancy?"),
    ),
    "an unknown key": (
        [('words = "the conference chair"', 'words = "the conference chair"\nlikes = "tea"')],
        ("role chair likes", "there is no such key (found 'tea')", "Remove it, or check its spelling."),
    ),
    "a chance in a case": (
        [('topic = "tenancy"', 'topic = "tenancy"\nchance = 0.4')],
        ("item arrears chance", "there is no such key (found '0.4')", "Remove it, or check its spelling."),
    ),
    "a key short": ([('topic = "tenancy"\n', "")], ("item arrears topic", "it is missing", "Add it.")),
    "a row without its citation": (
        [('words = "the conference chair"\ncite', 'words = "the conference chair"\n#')],
        ("role chair cite", "it is missing", "Add it."),
    ),
    "an id that is no id": (
        [('id = "rowan-family"', 'id = "../../rowan"')],
        ("case id", "this is no id (found '../../rowan')", "Use letters, digits and hyphens"),
    ),
    "an id that stands twice": (
        [('id = "home-30-jan"', 'id = "home-11-jan"')],
        ("contact home-11-jan", "this id stands twice", "Give one of them another id."),
    ),
    "a desk nobody sits at": (
        [('desk_agency = "childrens-social-care"', 'desk_agency = "childrens-socialcare"')],
        ("case desk_agency", "no role is of the agency", "Did you mean childrens-social-care?"),
    ),
    "a date outside the window": (
        [("2024-01-11T15:30", "2023-01-11T15:30")],
        ("contact home-11-jan at", "2023-01-11 15:30 lies outside the window", "Use 2024-01-08 to 2024-05-17."),
    ),
    "a meeting that outlasts the window": (
        [("2024-05-08T10:00", "2024-05-17T23:00")],
        ("meeting review at", "2024-05-18 01:00 lies outside the window", "Use 2024-01-08 to 2024-05-17."),
    ),
    "a date that is none": (
        [("at = 2024-01-11T15:30:00", 'at = "next Monday"')],
        ("contact home-11-jan at", "this is no day with its hour (found 'next Monday')", "2024-01-31T15:30:00"),
    ),
    "a time zone": (
        [("2024-01-11T15:30:00", "2024-01-11T15:30:00Z")],
        ("contact home-11-jan at", "a time zone is given", "Write local time without one."),
    ),
    "a time zone in a second place": (
        [("convened = 2024-01-22T10:00:00", "convened = 2024-01-22T10:00:00Z")],
        ("meeting strategy convened", "a time zone is given", "Write local time without one."),
    ),
    "a meeting convened after it happens": (
        [("convened = 2024-01-22T10:00", "convened = 2024-02-22T10:00")],
        ("meeting strategy convened", "2024-02-22 10:00 is later than it takes place", "Say from when"),
    ),
    "a window that ends before it starts": (
        [("end = 2024-05-17", "end = 2023-05-17")],
        ("case end", "2023-05-17 is not after 2024-01-08", "Check both dates."),
    ),
    "a window of a century": (
        [("end = 2024-05-17", "end = 2124-05-17")],
        ("case end", "longer than ten years", "Choose the part of the story"),
    ),
    "a day to count from that has no name": (
        [("end = 2024-05-17", "end = 2024-05-17\nday_zero = 2024-02-01")],
        ("case day_zero_words", "it is missing", "Give both the day and what happened on it, or neither."),
    ),
    "a name for no day": (
        [("end = 2024-05-17", 'end = 2024-05-17\nday_zero_words = "the birth"')],
        ("case day_zero", "it is missing", "Give both the day and what happened on it, or neither."),
    ),
    "a day to count from outside the window": (
        [("end = 2024-05-17", 'end = 2024-05-17\nday_zero = 2023-02-01\nday_zero_words = "the birth"')],
        ("case day_zero", "2023-02-01 lies outside the window", "Use 2024-01-08 to 2024-05-17."),
    ),
    "leave that ends before it starts": (
        [("# --- Decisions", AWAY.format("2024-02-02", "2024-02-01") + "# ---")],
        ("away row 1 last", "2024-02-02 to 2024-02-01 is no leave", "Give its first and its last day."),
    ),
    "leave of ages": (
        [("# --- Decisions", AWAY.format("0001-01-01", "9999-12-31") + "# ---")],
        ("away row 1 last", "is no leave", "Give its first and its last day."),
    ),
    "an item nobody could see": (
        [('items = ["arrears"]', "items = []")],
        ("item arrears", "nobody could ever see it", "Name it in a contact"),
    ),
    "a composite of itself": (
        [('parts = ["nan-stays"', 'parts = ["good-weeks-and-bad"')],
        ("item good-weeks-and-bad parts", "it is a part of itself", "Break the circle."),
    ),
    "more parts needed than there are": (
        [("needs = 2", "needs = 7")],
        ("item good-weeks-and-bad needs", "7 of 4 parts", "Give a number from 2 to the number of parts."),
    ),
    "a decision in the air": (
        [('kind = "review-conference"\nmeeting = "review"', 'kind = "review-conference"')],
        ("decision review", "has no meeting and no at, lead, convened", "Name its meeting"),
    ),
    "a decision with two times": (
        [('meeting = "review"', 'meeting = "review"\nat = 2024-05-08T10:00:00')],
        ("decision review", "has a meeting and its own time or lead", "Leave at, lead and convened to the meeting."),
    ),
}  # fmt: skip


@pytest.mark.parametrize("why", FAULTY)
def test_each_fault_says_where_what_and_what_to_do(tmp_path, why):
    edits, (row, found, remedy) = FAULTY[why]
    [(file, where, what, advice)] = faults_of(tmp_path, changed(*edits))
    assert (file, where) == ("mine.toml", row)
    assert found in what and remedy in advice
    assert advice


def test_a_circle_of_composites_is_found_from_each_of_its_items(tmp_path):
    circle = ('topic = "tenancy"', 'topic = "tenancy"\nparts = ["good-weeks-and-bad", "low-mood"]\nneeds = 2')
    faults = faults_of(tmp_path, changed(circle, ('parts = ["nan-stays"', 'parts = ["arrears"')))
    rows = [row for _, row, found, _ in faults if found == "it is a part of itself"]
    assert rows == ["item arrears parts", "item good-weeks-and-bad parts"]


def test_all_faults_come_in_one_go(tmp_path):
    """Faults in rows of their own, faults between rows, dates, references and ids, in one refusal."""
    names = [
        "an unknown topic",
        "an unknown key",
        "an unknown profession",
        "an unknown role",
        "an unknown decision",
        "an id that stands twice",
        "a time zone in a second place",
        "a meeting that outlasts the window",
        "leave that ends before it starts",
    ]
    faults = faults_of(tmp_path, changed(*(edit for name in names for edit in FAULTY[name][0])))
    assert {row for _, row, _, _ in faults} == {FAULTY[name][1][0] for name in names}
    assert len(faults) == len(names)


def test_a_faulty_row_does_not_make_its_neighbours_look_faulty(tmp_path):
    faults = faults_of(
        tmp_path, changed(('words = "the housing officer"', "words = 3"), ('kind = "phone"', "kind = 1"))
    )
    assert [row for _, row, _, _ in faults] == ["role housing words", "contact rent-call-1-feb kind"]


@pytest.mark.parametrize("content", ["", "case = 3\nrole = 'x'", "role = [1, 2]", "[case]\nid = 'a'"])
def test_a_file_that_is_hardly_a_case_is_refused_and_not_tripped_over(tmp_path, content):
    assert all(fault[3] for fault in faults_of(tmp_path, content))


# --- practice and policies -------------------------------------------------------------------------


def practice_faults(folder, text):
    return faults_of(folder, text, lambda path: load_practice(path.parent))


LEAVES = {
    "a chance of 1.2": (LEAF.replace("0.5", "1.2"), "leaf notice", "1.2 is no chance", ""),
    "a chance that is no number": (LEAF.replace("0.5", "nan"), "leaf notice", "nan is no chance", ""),
    "half a yes": (LEAF.replace('"chance"', '"yes/no"'), "leaf notice", "0.5 is neither yes (1) nor no (0)", ""),
    "odds of nothing": (
        LEAF.replace('"chance"', '"odds ratio"').replace("0.5", "0"), "leaf notice", "0 is no odds ratio", ""),
    "a value outside its range": (LEAF + "range = [0.6, 0.9]\n", "leaf notice", "lies outside its range", ""),
    "a guess without a range": (LEAF.replace("found", "prior"), "leaf notice", "a prior needs a range", ""),
    "a leaf without its source": (LEAF.replace('source = "a table"\n', ""), "leaf notice source", "it is missing", ""),
    "an unknown unit": (LEAF.replace('"chance"', '"chances"'), "leaf notice unit", "an unknown word", "mean chance?"),
    "an unknown family": (
        LEAF.replace("[notice]", "[notise]"), "leaf notise", "unknown family 'notise'", "Did you mean notice?"),
    "an unknown profession": (
        LEAF.replace("[notice]", "[notice.statutery]"), "leaf notice.statutery", "unknown role", "mean statutory?"),
    "too many parts": (
        LEAF.replace("[notice]", "[notice.any.any.risk]"), "leaf notice.any.any.risk", "too many parts", "has 2."),
    "an end that says nothing": (
        LEAF.replace("[notice]", "[notice.gp.any]") + '[profession.gp]\nkind = "adult-facing"\nhours = "office"\n'
        'meaning = "Sees the adults."\n', "leaf notice.gp.any", "it ends in 'any'", "Leave that out"),
    "an unknown kind of profession": (
        '[profession.vet]\nkind = "animal-facing"\nhours = "office"\nmeaning = "Sees pets."\n',
        "profession vet kind", "an unknown word (found 'animal-facing')", "Did you mean"),
}  # fmt: skip


@pytest.mark.parametrize("why", LEAVES)
def test_a_faulty_leaf_is_refused(tmp_path, why):
    text, row, found, remedy = LEAVES[why]
    [(file, where, what, advice)] = practice_faults(tmp_path, text)
    assert (file, where) == ("mine.toml", row) and found in what and remedy in advice


def test_all_faulty_leaves_come_in_one_go(tmp_path):
    first = LEAF.replace("0.5", "1.2")
    second = LEAF.replace("[notice]", "[record]").replace("found", "prior")
    assert [row for _, row, _, _ in practice_faults(tmp_path, first + second)] == ["leaf notice", "leaf record"]


POLICIES = {
    "a chance of 1.2": ('leaves = { "raise" = 1.2 }', "policy P raise", "1.2 is no chance", "unit is chance"),
    "an unknown leaf": (
        'leaves = { "rule-tell.any.alocated-social-worker.risk" = 1 }',
        "policy P rule-tell.any.alocated-social-worker.risk",
        "there is no such leaf of practice",
        "Did you mean rule-tell.any.allocated-social-worker.risk?",
    ),
    "adherence of 1.2": ('adherence = 1.2\nleaves = { "raise" = 1 }', "policy P adherence", "it is too large", ""),
    "nothing at all": ("", "policy P", "changes no leaf", "Say in no_route why"),
    "an unknown key": ('leaves = { "raise" = 1 }\ncosts = 3', "policy P costs", "there is no such key", "Remove it"),
}


@pytest.mark.parametrize("why", POLICIES)
def test_a_faulty_policy_is_refused(tmp_path, why):
    text, row, found, remedy = POLICIES[why]
    [(file, where, what, advice)] = faults_of(
        tmp_path, POLICY + text, lambda path: load_policies(load_practice(), path.parent)
    )
    assert (file, where) == ("mine.toml", row) and found in what and remedy in advice


def test_all_faulty_policies_come_in_one_go(tmp_path):
    text = POLICY + 'leaves = { "raise" = 1.2, "rase" = 1 }\n' + POLICY.replace("[P]", "[Q]")
    rows = [row for _, row, _, _ in faults_of(tmp_path, text, check_file)]
    assert rows == ["policy P raise", "policy P rase", "policy Q"]


# --- asking for what there is ----------------------------------------------------------------------


def test_a_case_is_asked_for_by_name_or_by_path():
    assert case_path("child-s").name == "child-s.toml"
    assert case_path("my/own.toml") == Path("my/own.toml")
    assert refused(case_path, "rowan-famly") == [
        ("request", "case rowan-famly", "there is no such case", "Did you mean rowan-family?")
    ]


def test_the_nearest_name_is_offered_only_if_it_is_near():
    assert nearest("helth-visitor", ["gp", "health-visitor"]) == "Did you mean health-visitor?"
    assert nearest("x", "ba") == "Allowed: a, b."
    assert nearest("x", [f"name-{n}" for n in range(20)]).endswith(" ….")


def test_a_case_is_called_in_the_reading_asked_for(practice):
    other = case_called("child-s@may-dates-one-day-earlier", practice)
    usual = case_called("child-s", practice)
    moved = {row.id for row, was in zip(other.contact, usual.contact, strict=False) if row != was}
    assert {row.id for row in other.contact} == {row.id for row in usual.contact} and moved
    with pytest.raises(BadInput, match="no such reading"):
        case_called("child-s@may-dates", practice)
