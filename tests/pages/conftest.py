"""A browser, and the pages opened in it from disk with no network."""

import os
import shutil

import pytest
from turning import CASE, DAYS, POLICIES

from experiments.replay import replayed
from results.replay.build import write

PLACES = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium, driven by its path. Skipped where there is none; required where CI is set."""
    found = next((path for name in PLACES if name and (path := shutil.which(name))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        found = None
    if not found:
        if os.environ.get("CI"):
            pytest.fail("no Chromium, or no playwright: install both")
        pytest.skip("no Chromium on the path, or no playwright: the pages extra and a browser are needed")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser):
    """Open a file offline, at a size, with or without script; its requests and messages are kept on it."""
    contexts = []

    def make(path, width=1366, height=768, script=True, hash=""):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            offline=True,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.requests, page.messages = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("console", lambda message: page.messages.append(message.text))
        page.on("pageerror", lambda error: page.messages.append(str(error)))
        page.goto(f"file://{path}{hash}")
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def replay():
    return replayed(CASE, POLICIES, None, DAYS, 1, 1)


@pytest.fixture(scope="session")
def file(replay, tmp_path_factory):
    return write(replay, tmp_path_factory.mktemp("replay"))[0]
