"""The figures of a report as files, for one case and for five, with few policies and with many: nothing small, nothing
cut off, nothing over anything else, and the same bytes again."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from results.plots.heat import BLUES
from results.plots.house import WIDE, save
from results.report import choosing, tracing, trusting
from results.report.data import ROWS, Data
from results.report.opening import overview
from results.report.reading import Reading
from simulation.reasons import STAGES

BANDS = ("chance_low", "chance_high", "not_knowing_low", "not_knowing_high")
PREFIXES = ("", "hours_", "weighed_", "wider_")
SUBJECTS = ("the child", "the adults", "the home", "services")


def spread(centre, half=2.0):
    """A number and both bands about it."""
    return [centre, centre - half, centre + half, centre - 2 * half, centre + 3 * half]


def comparison(arms, luck):
    rows = []
    for number, arm in enumerate(arms):
        row = {"arm": arm, "title": f"A policy of number {number} with a title that is rather long", "draws": 20}
        row |= {"effect_rests_on": "prior", "reach_per_100": 60.0, "paired_runs": 400, "finding": "more"}
        for prefix, size in zip(PREFIXES, (20, 300, 10, 90), strict=True):
            row |= dict(
                zip([f"{prefix}difference", *(prefix + b for b in BANDS)], spread(size * luck.random()), strict=True)
            )
        rows.append(row)
    return pd.DataFrame(rows)


def measured(arms, measures, size, luck):
    """A table of differences."""
    rows = []
    for measure in measures:
        for arm in ("usual", *arms):
            level, moved = spread(size * luck.random()), spread(size * luck.random() / 4)
            rows.append((arm, measure, "per 100", 400, 20, *level, *moved))
    names = ["arm", "measure", "unit", "runs", "draws"]
    names += ["level", *(f"level_{band}" for band in BANDS), "difference", *BANDS]
    return pd.DataFrame(rows, columns=names)


def reading(title, arms, decisions=17, weeks=40):
    """A finished run of one case, its tables made up: the same for the same title."""
    luck = np.random.default_rng([*title.encode()])
    items = [f"F{number:02d}" for number in range(20)]
    agencies = [f"a-service-of-the-county-{number}" for number in range(14)]
    runs = [
        (draw, run, arm, luck.random(), 60 * luck.random())
        for draw in range(5)
        for run in range(12)
        for arm in ("usual", *arms)
    ]
    known = pd.DataFrame({"decision": [f"D{n}" for n in range(decisions)], "words": "a conference of some length"})
    known = known.assign(lead="the chair", agency=agencies[0], on="1 Jan", week=luck.random(decisions) * weeks)
    seen = [(item, agency, 100 * luck.random(), 0.0, 100.0, 400) for item in items for agency in agencies]
    held = pd.DataFrame(seen, columns=["item", "agency", "per_100", "not_knowing_low", "not_knowing_high", "runs"])
    tables = {
        "comparison": comparison(arms, luck),
        "differences": measured(arms, ("reach", "hours", "load", "signal", "wider"), 80, luck),
        "runs": pd.DataFrame(runs, columns=["draw", "replication", "arm", "reach", "hours"]),
        "weeks": measured(arms, [str(week) for week in range(weeks)], 90, luck),
        "stages": measured(arms, STAGES, 90, luck),
        "subjects": measured(arms, SUBJECTS, 90, luck),
        "case_decisions": known,
        "decisions": known.assign(line="scored"),
        "case_items": pd.DataFrame(
            {"item": items, "words": "several callers reported a woman " * 3, "core": True, "week": 1}
        ),
        "held": held,
    }
    about = {"id": title, "title": title, "source": "invented", "care_note": "None.", "start": "2020-01-01"}
    asked = {"question": "compare", "case": {"case": about}, "arms": [], "seed": 1, "replications": 400, "draws": 20}
    made = Reading(None, {"experiment": asked | {"per_draw": 12, "practice": {}}, "made": {}}, title)
    made._tables.update({name: tables.get(name) for name in (*tables, "targets", "failures", "reasons")})
    for name in ("dependence", "assumptions", "sensitivity", "robustness", "regrets"):
        made._tables[name] = None
    return made


SIZES = {"1 case, 1 policy": (1, 1), "2 cases, 3 policies": (2, 3)}
LARGE = {"2 cases, 13 policies": (2, 13), "1 case, 40 policies": (1, 40), "6 cases, 16 policies": (6, 16)}
"""Cases and policies: what is looked at with every change, and what before an issue is called resolved."""


@pytest.fixture(scope="module", params=[*SIZES, *(pytest.param(name, marks=pytest.mark.slow) for name in LARGE)])
def drawn(request):
    """Every figure by name with its texts and their places, as a page shows it and as its file does."""
    cases, policies = (SIZES | LARGE)[request.param]
    arms = [f"policy-{number}" for number in range(policies)]
    data = Data([reading(f"Child {chr(65 + number)}", arms) for number in range(cases)], [])
    sections = [choosing.more, choosing.cost, choosing.holds, tracing.in_time, tracing.stops, tracing.whom]
    pictures = [picture for make in (*sections, trusting.runs_enough) for picture in make(data).pictures]
    shown = {one.name: Seen(one.drawn.figure) for one in (*pictures, *overview(data))}
    return shown, {one.name: (one.drawn, Seen(one.drawn.whole())) for one in pictures}


class Seen:
    """A figure's frame and size, and each text that is drawn with its place."""

    def __init__(self, figure):
        self.texts = [(text.get_text(), box(text), text) for text in texts(figure)]
        self.frame, self.wide = figure.bbox.padded(1), figure.get_figwidth()


def texts(figure):
    """Every text that is drawn. Ticks beyond an axis's ends are made and not drawn."""
    figure.draw_without_rendering()
    found = [*figure.texts, *(axes_text for axes in figure.axes for axes_text in of_axes(axes))]
    return [text for text in found if text.get_text().strip() and text.get_visible()]


def of_axes(axes):
    yield from (*axes.texts, axes.title, axes._left_title)
    for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
        yield axis.label
        low, high = sorted(axis.get_view_interval())
        for place, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True):
            if low <= place <= high:
                yield label


def box(text):
    return Text.get_window_extent(text)


def test_no_text_is_smaller_than_nine_points(drawn):
    for name, seen in drawn[0].items():
        small = [words for words, _, text in seen.texts if text.get_fontsize() < 9]
        assert not small, (name, small)


def test_no_text_lies_over_another(drawn):
    for name, seen in drawn[0].items():
        level = [(words, place.padded(-1)) for words, place, text in seen.texts if not text.get_rotation() % 90]
        over = [(a, b) for (a, one), (b, other) in combinations(level, 2) if one.overlaps(other)]
        assert not over, (name, over[:5])


def test_every_figure_has_the_size_of_a_page_and_holds_all_its_text(drawn):
    shown, whole = drawn
    for name, seen in (shown | {name: seen for name, (_, seen) in whole.items()}).items():
        out = [
            words
            for words, place, _ in seen.texts
            if not seen.frame.contains(*place.min) or not seen.frame.contains(*place.max)
        ]
        assert not out, (name, out[:5])
        assert seen.wide <= WIDE


def test_what_is_said_with_a_figure_is_said_in_its_file(drawn):
    for said, seen in drawn[1].values():
        words = " ".join(words for words, _, _ in seen.texts).replace("\n", " ")
        assert said.question in words and "Simulated" in words


def test_many_policies_are_shown_as_many_as_have_room_and_said_to_be():
    data = Data([reading("Child A", [f"policy-{number}" for number in range(40)])], [])
    assert len(data.shown) == ROWS
    assert f"{ROWS} of 40 policies" in choosing.more(data).caption
    assert len(choosing.more(data).listings[0].rows) == 40


def test_the_same_numbers_give_the_same_bytes(tmp_path):
    files = []
    for folder in ("one", "other"):
        data = Data([reading("Child A", ["push", "pull"])], [])
        for make in (choosing.more, tracing.stops):
            for picture in make(data).pictures:
                save(picture.drawn.whole(), tmp_path / folder, picture.name, cut=False)
        files.append({path.name: path.read_bytes() for path in sorted((tmp_path / folder).iterdir())})
    assert len(files[0]) == 4 and files[0] == files[1]


def test_the_map_goes_from_pale_to_dark():
    lightness = [sum(BLUES(share)[:3]) for share in np.linspace(0, 1, 11)]
    assert lightness == sorted(lightness, reverse=True)
