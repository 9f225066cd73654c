"""The report as its reader has it: in a real browser, offline, on a screen, on a telephone and on paper."""

import io
import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

REPORTS = ("two cases", *(pytest.param(name, marks=pytest.mark.slow) for name in ("one case", "every case")))
THEMES = ("light", "dark")
SCREENS = {"a laptop": (1366, 768), "a laptop at 200 %": (683, 384), "a telephone": (320, 640)}
MOST_BYTES = 3_000_000
A4_ON_ITS_SIDE = (842, 595)
SECTIONS = [
    "answer",
    "more",
    "cost",
    "holds",
    "in-time",
    "stops",
    "whom",
    "assumption",
    "enough",
    "trust",
    "words",
    "made",
]


@pytest.fixture(params=REPORTS)
def page_path(request, reported):
    return reported(request.param)


def test_it_asks_for_nothing_and_says_nothing(opened, page_path):
    with opened(page_path) as page:
        page.locator("button[data-file]").first.evaluate("button => button.click()")
        page.locator("#theme").click()
        assert page.asked == [page_path.resolve().as_uri()]
        assert page.said == []


def test_it_is_one_file_of_modest_size_with_no_address_in_it(page_path):
    text = page_path.read_text(encoding="utf-8")
    assert page_path.stat().st_size < MOST_BYTES
    assert not re.search(r"(https?:)?//\w", text)
    assert not re.search(r"<(script|link|img|iframe)[^>]*\s(src|href)=", text)


OPEN = """() => {
    for (const one of document.querySelectorAll('details')) one.open = true;
    for (const row of document.querySelectorAll('tbody tr:nth-child(n + 4)')) row.remove();
}"""
"""Every table open, with three rows: the others are made alike."""


def test_axe_finds_nothing(opened, axe, page_path):
    with opened(page_path) as page:
        page.evaluate(OPEN)
        assert axe(page) == []


def test_axe_finds_no_pale_text_in_the_dark(opened, axe, page_path):
    with opened(page_path, color_scheme="dark") as page:
        page.evaluate(OPEN)
        assert axe(page, "color-contrast") == []


@pytest.mark.slow
def test_axe_bites(opened, axe, reported):
    with opened(reported("two cases")) as page:
        page.evaluate(OPEN)
        page.evaluate("document.body.append(document.createElement('button'))")
        page.evaluate("document.querySelector('.answer').style.color = '#bbbbbb'")
        found = axe(page)
        assert any(one.startswith("button-name") for one in found), found
        assert any(one.startswith("color-contrast") for one in found), found


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_stands_out_from_what_lies_behind_it(opened, page_path, theme):
    with opened(page_path, 1366, 30_000, color_scheme=theme) as page:
        assert page.evaluate("seen.texts().length") > 300
        assert page.evaluate("seen.contrasts()") == []


def test_the_look_at_contrast_bites(opened, reported):
    with opened(reported("two cases"), 1366, 30_000) as page:
        page.evaluate("document.querySelector('.finding').style.color = '#999999'")
        page.evaluate("document.querySelector('#more svg.figure text').style.fill = '#aaaaaa'")
        found = page.evaluate("seen.contrasts()")
        assert {one.partition(" ")[0] for one in found} == {"2.85", "2.32"}, found


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_nothing_is_clipped_and_nothing_lies_over_anything(opened, page_path, screen):
    with opened(page_path, *screen) as page:
        assert page.evaluate("seen.clipped()") == []
        assert page.evaluate("seen.overlapping()") == []


def test_the_looks_at_clipping_and_overlap_bite(opened, reported):
    with opened(reported("two cases")) as page:
        page.evaluate("document.querySelector('.answer').style.whiteSpace = 'nowrap'")
        page.evaluate("document.querySelector('#more svg.figure text').setAttribute('transform', 'translate(-60 20)')")
        assert len(page.evaluate("seen.clipped()")) >= 2
        page.evaluate("document.querySelector('.tiles').style.marginTop = '-40px'")
        assert page.evaluate("seen.overlapping()") != []


def test_the_answer_and_its_three_numbers_are_on_the_first_screen(opened, page_path):
    with opened(page_path) as page:
        ends = page.evaluate(
            "[...document.querySelectorAll('.answer, .tile')].map(e => e.getBoundingClientRect().bottom)"
        )
        assert len(ends) == 4 and max(ends) < 768
        assert page.locator(".trio svg").count() == 3
        assert (
            max(page.evaluate("[...document.querySelectorAll('.trio svg')].map(e => e.getBoundingClientRect().top)"))
            < 600
        )


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_no_text_of_a_figure_is_small(opened, page_path, screen):
    with opened(page_path, *screen) as page:
        assert page.evaluate("seen.smallest()") >= 11.25


def test_it_prints_on_a4(opened, page_path):
    pdfium = pytest.importorskip("pypdfium2")
    with opened(page_path) as page:
        paper = pdfium.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        sizes = {tuple(round(side) for side in paper[number].get_size()) for number in range(len(paper))}
        assert sizes == {A4_ON_ITS_SIDE}
        words = [paper[number].get_textpage().get_text_bounded() for number in range(len(paper))]
        assert "Under practice as usual" in words[0] or "under practice as usual" in words[0]
        everything = " ".join(words)
        assert "wider than needed" in everything and "Dark page" not in everything
        first = paper[0].render(scale=1).to_pil().convert("RGB")
        colours = {colour for _, colour in first.getcolors(1_000_000)}
        assert any(blue > red + 60 for red, _, blue in colours), "the marks of the first figure are not on paper"
        assert all(max(low) > 250 for low in [first.getpixel((2, 2)), first.getpixel((800, 590))])


def test_a_page_is_not_cut_off_on_paper(opened, page_path):
    with opened(page_path, 1017, 700) as page:
        page.emulate_media(media="print")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1017
        assert page.evaluate("seen.clipped()") == []


def test_it_is_whole_with_script_off(opened, page_path):
    with opened(page_path, java_script_enabled=False) as page:
        assert [one.get_attribute("id") for one in page.locator("main > section").all()] == SECTIONS
        assert page.locator(".answer").is_visible() and page.locator("button:visible").count() == 0
        summary = page.locator("#more summary").first
        summary.click()
        assert page.locator("#more table").first.is_visible()


def test_a_table_can_be_saved_where_the_page_travels_alone(opened, page_path):
    with opened(page_path, accept_downloads=True) as page:
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        with page.expect_download() as waiting:
            page.locator("#more button[data-file=gains]").click()
        assert waiting.value.suggested_filename == "gains.csv"
        saved = pd.read_csv(waiting.value.path())
    file = pd.read_csv(page_path.parent / "tables" / "gains.csv")
    assert list(saved["policy"]) == list(file["arm"]) and list(saved["title"]) == list(file["title"])
    assert np.allclose(saved["more, per 100"], file["difference"], rtol=1e-5)


def test_a_dark_page_by_the_readers_choice_and_back(opened, reported):
    with opened(reported("two cases")) as page:
        colour = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(colour)
        page.locator("#theme").click()
        assert page.evaluate(colour) != light
        page.locator("#theme").click()
        assert page.evaluate(colour) == light


def test_headings_are_in_order_and_everything_can_be_reached_by_key(opened, page_path):
    with opened(page_path) as page:
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(e => Number(e.tagName[1]))")
        assert levels.count(1) == 1 and all(after - before <= 1 for before, after in pairwise(levels))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        for target in page.evaluate("[...document.querySelectorAll('a[href^=\"#\"]')].map(e => e.hash.slice(1))"):
            assert page.locator(f"#{target}").count() == 1


def test_forced_colours_leave_figures_and_words(opened, reported):
    with opened(reported("two cases"), forced_colors="active") as page:
        text = "getComputedStyle(document.querySelector('svg.figure text')).forcedColorAdjust"
        assert page.evaluate(text) == "none"
        assert page.evaluate("getComputedStyle(document.body).forcedColorAdjust") == "auto"


def svgs(path):
    text = path.read_text(encoding="utf-8")
    return [ElementTree.fromstring(one) for one in re.findall(r"<svg [^>]*class=\"figure\".*?</svg>", text, re.DOTALL)]


def test_every_figure_says_what_it_shows(page_path):
    found = svgs(page_path)
    assert len(found) >= 10
    for svg in found:
        title, described = svg.find("title"), svg.find("desc")
        assert svg.get("role") == "img" and title.text and len(described.text) > 20
        assert {title.get("id"), described.get("id")} == set(svg.get("aria-labelledby").split())
        assert re.search(r"\d", described.text), title.text


def test_ids_are_unique_in_the_page(page_path):
    ids = re.findall(r'\sid="([^"]+)"', page_path.read_text(encoding="utf-8"))
    assert len(ids) == len(set(ids))
