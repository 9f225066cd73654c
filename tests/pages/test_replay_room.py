"""The replay on a projector, on paper, in the dark, and for who cannot see it."""

import re

import pytest
from turning import CROWDED, show, step_of, turn

from results.colours import THEME, contrast
from results.replay.build import pack

SEEN = [step_of("care"), step_of("pause", 1), step_of("reveal"), step_of("policies"), step_of("days")]
"""A slice of the steps; every step of every case is looked at in the slow tests."""
STEPS = range(1, step_of("questions") + 1)
MARKED = ("ink", "quiet", "blue", "lost")
"""The colours that marks and words are drawn in, on paper or on the faint ground of the decision-maker's lane."""


# --- who cannot see it, or sees little ------------------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "steps"), [("light", SEEN[1:3]), ("dark", SEEN[3:])])
def test_axe_finds_nothing(turned, axe, file, theme, steps):
    page = turned(file)
    if theme == "dark":
        page.click("#dark")
    for step in steps:
        turn(page, step, policy=2)
        assert axe(page) == [], step
        assert page.evaluate("seen.contrasts()") == [], step


def test_axe_finds_nothing_in_the_dialogs(turned, axe, file):
    page = turned(file)
    turn(page, step_of("pause"))
    page.click("#open-ask")
    assert axe(page) == []
    page.click("#ask header button")
    turn(page, step_of("where", 1))
    page.click("#open-table")
    assert axe(page) == []


def test_axe_finds_what_is_planted(turned, axe, file):
    page = turned(file)
    page.evaluate("document.getElementById('scene').append(document.createElement('button'))")
    page.evaluate(
        "document.getElementById('status').insertAdjacentHTML('afterend', '<p style=\"color:#bbb\">pale</p>')"
    )
    assert {"button-name", "color-contrast"} <= {line.split(":")[0] for line in axe(page)}


def too_pale(theme):
    """Which of the colours in use stand out too little: words 4.5 to 1, what is only drawn 3 to 1."""
    value = {colour.name: getattr(colour, theme) for colour in THEME}
    grounds = {"paper": value["paper"], "faint": value["faint"]}
    needed = {name: 3.0 if name == "lost" else 4.5 for name in MARKED}
    return [
        (name, ground)
        for name in MARKED
        for ground, behind in grounds.items()
        if contrast(value[name], behind) < needed[name]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_marks_stand_out(theme):
    assert too_pale(theme) == []


def test_a_pale_word_is_found(monkeypatch):
    pale = tuple(colour._replace(light="#aaaaaa") if colour.name == "quiet" else colour for colour in THEME)
    monkeypatch.setitem(globals(), "THEME", pale)
    assert ("quiet", "paper") in too_pale("light")


def test_the_page_uses_no_other_colours(file):
    style = re.search(r"<style>(.*?)</style>", file.read_text(encoding="utf-8"), re.S).group(1)
    rules = style[style.index("*, *::before") :]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s}])", rules) == []


# --- in a room -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1366, 1024])
def test_everything_fits_the_projector(turned, file, width):
    page = turned(file, width, 768)
    for step in STEPS:
        turn(page, step, policy=2)
        assert page.evaluate(CROWDED) == [], step


def test_type_is_as_large_as_its_room(turned, file):
    page = turned(file)
    sizes = set()
    for step in STEPS:
        turn(page, step)
        sizes.add(page.evaluate("parseFloat(getComputedStyle(document.getElementById('scene')).fontSize)"))
    assert min(sizes) >= 16 and max(sizes) == 24


def test_the_measure_of_fit_finds_what_is_planted(turned, file):
    page = turned(file, 1024, 768)
    planted = "<p style='font-size:12px;position:absolute;left:2000px'>small</p>"
    page.evaluate("planted => { document.getElementById('scene').innerHTML = planted; }", planted)
    assert {words.split(":")[0] for words in page.evaluate(CROWDED)} >= {"small 12", "outside"}


@pytest.mark.parametrize("width", [320, 640])
def test_a_narrow_window_reflows(turned, file, width):
    page = turned(file, width, 640)
    for step in SEEN:
        turn(page, step)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, step
        assert page.locator("#next").is_visible()


def test_the_dark_room_keeps_the_view(turned, file):
    page = turned(file)
    show(page, "reveal", 1)
    before = page.evaluate("location.hash"), page.inner_text("main")
    page.click("#dark")
    assert page.get_attribute("html", "data-theme") == "dark"
    assert (page.evaluate("location.hash"), page.inner_text("main")) == before


# --- on paper ------------------------------------------------------------------------------------------------------


def test_the_handout_is_two_landscape_pages_with_bars_and_no_notes(turned, file, replay, tmp_path):
    pdfium = pytest.importorskip("pypdfium2")
    page = turned(file)
    page.click("#dark")
    show(page, "policies", policy=2)
    printed = tmp_path / "handout.pdf"
    page.pdf(path=printed, prefer_css_page_size=True)
    paper = pdfium.PdfDocument(printed)
    assert len(paper) == 2
    assert all(sheet.get_width() > sheet.get_height() for sheet in paper)
    words = "\n".join(sheet.get_textpage().get_text_range() for sheet in paper)
    for control in ("Another day", "Dark room", "Next", "minutes", "When the room says"):
        assert control not in words
    assert "Where it stopped" in words and "Questions to discuss" in words
    blue = next(colour.light for colour in THEME if colour.name == "blue")
    wanted = tuple(int(blue[place : place + 2], 16) for place in (1, 3, 5))
    lanes, bars = (sheet.render(scale=1, rev_byteorder=True).to_numpy()[:, :, :3] for sheet in paper)
    assert (bars == wanted).all(axis=2).sum() > 2000
    assert (lanes < 60).all(axis=2).sum() > 2000


def test_facilitator_notes_are_in_the_pack_alone(file, replay):
    notes = pack(replay)
    for words in ("When the room says", "From blame to curiosity", "Timing:"):
        assert words in notes and words not in file.read_text(encoding="utf-8")
    assert replay.world.case.case.care_note in notes
