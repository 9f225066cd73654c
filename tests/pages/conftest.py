"""What the tests of pages share: a real browser that is offline, what it asked for and said, and three sharp looks at
what it shows: axe, contrast, and what is clipped or lies over something else."""

import os
import shutil
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
from turning import CASE, DAYS, MOST, POLICIES

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SEEN = (HERE / "seen.js").read_text(encoding="utf-8")


def absent(reason):
    """Skip, or where a browser is required (continuous integration), fail."""
    if os.environ.get("SAFEGUARDING_BROWSER") == "required":
        pytest.fail(f"a browser is required here: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium or another that is installed, driven by Playwright, by its path."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent('playwright is not installed: pip install -e ".[test,pages]"')
    path = os.environ.get("SAFEGUARDING_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        absent(f"none of {', '.join(BROWSERS)} is installed, and SAFEGUARDING_CHROMIUM names none")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def opened(chromium):
    """Open a file as a double click would, with no network; what it asks for and what it says is kept on the page."""

    @contextmanager
    def look(path, width=1366, height=768, **context):
        made = chromium.new_context(viewport={"width": width, "height": height}, offline=True, **context)
        page = made.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(Path(path).resolve().as_uri())
        if context.get("java_script_enabled", True):
            page.evaluate(SEEN)
        yield page
        made.close()

    return look


@pytest.fixture(scope="session")
def axe():
    """What axe-core, as the pinned package carries it, finds against WCAG 2.2 AA and good practice: a line for each."""
    try:
        import axe_playwright_python
    except ImportError:
        absent('axe-core is not installed: pip install -e ".[test,pages]"')
    script = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

    def run(page, *rules):
        page.evaluate(script)
        found = page.evaluate("wanted => axe.run(document, { runOnly: wanted })", list(rules) or TAGS)
        return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]

    return run


SMALL = {"replications": 12, "draws": 3, "per_draw": 4}
"""Runs enough for every figure to have something to show."""


@contextmanager
def undrawn():
    """Runs without the figures that a comparison leaves beside its tables: no report reads them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.compare.draw_figures", lambda _: None)
        yield


@pytest.fixture(scope="session")
def compared(tmp_path_factory):
    """A finished comparison in a directory of its own, made once for each question that is asked."""
    from experiments.compare import arms, perform
    from experiments.design import Experiment

    @cache
    def run(case="rowan-family", policies=("push", "pull", "P46"), **counts):
        root = tmp_path_factory.mktemp("run") / case
        experiment = Experiment("compare", case, arms(list(policies)), 1, **(SMALL | counts))
        with undrawn():
            return perform(experiment, root, workers=1).root

    return run


@pytest.fixture(scope="session")
def swept(tmp_path_factory):
    """A finished sweep over one leaf."""
    from experiments.compare import perform
    from experiments.design import Experiment
    from experiments.sweep import grid

    root = tmp_path_factory.mktemp("run") / "sweep"
    asked = Experiment("sweep", "rowan-family", grid(["raise=0.05,0.6"]), 1, **SMALL)
    with undrawn():
        return perform(asked, root, workers=1).root


@pytest.fixture(scope="session")
def robust(tmp_path_factory):
    """The same policies as `compared` has, in worlds of their own."""
    from experiments.robustness import perform, question

    root = tmp_path_factory.mktemp("run") / "robustness"
    asked = question("rowan-family", ["push", "pull", "P46"], worlds=5, per_world=4, root=root)
    return perform(asked, workers=1).root


@pytest.fixture(scope="session")
def across_cases(tmp_path_factory):
    """A directory as `compare --all` leaves it, of one case."""
    from experiments.across import compare_all, design

    root = tmp_path_factory.mktemp("run") / "all"
    with undrawn():
        return compare_all(design(["push"], None, ["rowan-family"], **SMALL), root, workers=1).root


@pytest.fixture(scope="session")
def reported(compared, swept, tmp_path_factory):
    """Reports, each built once: of one case with a sweep beside it, of two cases, and of all cases as published."""
    from experiments.across import compare_all, design
    from results.report.build import build

    def every_case():
        several = design([], replications=3, draws=2, per_draw=2)
        with undrawn():
            return compare_all(several, tmp_path_factory.mktemp("run") / "every", workers=1).root

    of = {
        "one case": lambda: [compared(), swept],
        "two cases": lambda: [compared(), compared("child-e", replications=4, draws=2, per_draw=2)],
        "every case": lambda: [every_case()],
    }

    @cache
    def make(name):
        return build(of[name](), tmp_path_factory.mktemp("report") / "report")

    return make


@pytest.fixture
def turned(opened):
    """Open a replay as `opened` does, at an address in it, for as long as the test lasts."""
    with ExitStack() as stack:

        def look(path, width=1366, height=768, at="", **context):
            page = stack.enter_context(opened(path, width, height, reduced_motion="reduce", **context))
            if at:
                page.goto("about:blank")
                page.goto(Path(path).resolve().as_uri() + at)
            return page

        yield look


@pytest.fixture(scope="session")
def once():
    """A replay and the weighed record that its days are drawn from, each worked out once."""
    from experiments.as_recorded import record_weighed
    from experiments.pilot import piloted
    from experiments.replay import replayed

    def make(case, policies, days, most, **pilots):
        found = []

        def kept(*arguments):
            found.append(record_weighed(*arguments))
            return found[0]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("experiments.replay.record_weighed", kept)
            patch.setattr("experiments.as_recorded.piloted", lambda known, seed: piloted(known, seed, **pilots))
            return replayed(case, policies, None, days, 1, 1, most=most), found[0]

    return make


@pytest.fixture(scope="session")
def lived_once(once):
    """The replay of the invented family and its weighed record."""
    return once(CASE, POLICIES, DAYS, MOST, rounds=2, runs=15)


@pytest.fixture(scope="session")
def replay(lived_once):
    """The replay of the invented family: days that fit its record, and days as usual."""
    return lived_once[0]


@pytest.fixture(scope="session")
def file(replay, tmp_path_factory):
    """Its page."""
    from results.replay.build import write

    return write(replay, tmp_path_factory.mktemp("replay"))[0]
