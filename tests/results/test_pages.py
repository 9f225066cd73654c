"""What every page is made with: nothing that is shown can become markup, and a figure keeps its meaning."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pytest

from results.colours import MARKERS, PAPER, POLICIES
from results.pages import asset, embedded, environment, inlined, marker_path, theme
from results.plots.house import Drawn, house_style

HOSTILE = "</script><script>alert(1)</script><!-- & “quotes” 'and' \"more\" é \u2028 " + "x" * 200


class Scripts(HTMLParser):
    """What stands in script elements, and how many there are."""

    def __init__(self):
        super().__init__()
        self.found, self.inside = [], False

    def handle_starttag(self, tag, attrs):
        self.inside = tag == "script"
        self.found += [""] if self.inside else []

    def handle_data(self, data):
        if self.inside:
            self.found[-1] += data


def test_embedded_data_comes_back_as_it_was_and_cannot_end_its_element():
    text = embedded({HOSTILE: [1, 2.5, None, HOSTILE]})
    assert not re.search(r"[<>&\u2028\u2029]", text)
    page = Scripts()
    page.feed(f'<script type="application/json">{text}</script><p>after</p>')
    assert len(page.found) == 1
    assert json.loads(page.found[0]) == {HOSTILE: [1, 2.5, None, HOSTILE]}


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ValueError):
        embedded({"share": float("nan")})


def test_what_a_template_prints_is_shown_as_text():
    template = environment("results.report").from_string("<p>{{ words }}</p>")
    assert "<script>" not in template.render(words=HOSTILE)


def drawn(title="Which?"):
    with house_style():
        figure, axes = plt.subplots(figsize=(4, 2))
        axes.plot([0, 1], [0, 1], "o-", color=POLICIES[0].light, clip_on=True)
        axes.set_title(HOSTILE[:60])
    return Drawn(figure, title, "", "")


def test_a_figure_in_a_page_has_ids_of_its_own_and_no_sheet_that_leaks():
    svg = drawn().svg()
    one, other = (inlined(svg, prefix, "Which?", "Policy A adds 10.") for prefix in ("a", "b"))
    ids = [re.findall(r'\sid="([^"]+)"', text) for text in (one, other)]
    assert ids[0] and not set(ids[0]) & set(ids[1])
    for text in (one, other):
        assert "<style" not in text and "<metadata" not in text and "http" not in text
        references = re.findall(r'(?:href="#|url\(#)([^")]+)', text)
        assert references and set(references) <= set(re.findall(r'\sid="([^"]+)"', text))


def test_a_figure_in_a_page_says_what_it_shows_as_text():
    root = ElementTree.fromstring(inlined(drawn().svg(), "a", HOSTILE, HOSTILE))
    assert root.get("role") == "img" and root.get("aria-labelledby") == "a-title a-desc"
    assert root.find("title").text == HOSTILE and root.find("desc").text == HOSTILE


def test_a_figure_in_a_page_takes_the_colours_of_the_theme():
    text = inlined(drawn().svg(), "a", "Which?", "It rises.")
    assert f"var(--{POLICIES[0].name})" in text and f"var(--{PAPER.name})" in text
    assert POLICIES[0].light not in text


def test_the_theme_knows_both_rooms_and_paper():
    text = theme()
    assert text.count(PAPER.dark) == 2 and text.count(PAPER.light) == 2
    assert "@media print" in text


@pytest.mark.parametrize("marker", MARKERS)
def test_every_mark_is_a_closed_path_within_its_box(marker):
    path = marker_path(marker)
    assert path.startswith("M") and path.endswith("Z")
    numbers = [float(number) for number in re.findall(r"-?\d+\.\d+", path)]
    assert max(map(abs, numbers)) == 1


def test_styles_and_scripts_of_a_page_ask_for_nothing_outside():
    files = [asset("results", "page.css"), asset("results.report", "report.css"), asset("results.report", "page.js")]
    for text in files:
        assert not re.search(r"url\(|@import|https?:|\bimport\b|\beval\b|innerHTML", text)
