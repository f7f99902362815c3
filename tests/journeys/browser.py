"""A real browser for stories, with an accessibility check on every page it comes to."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
RULES: dict[str, Any] = {
    "preload": False,  # axe would apply our own style sheets inline, which our pages forbid
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}


def chromium_path() -> str:
    """Chromium on this machine. None is a failure, never a skip."""
    named = os.environ.get("AFTERGLOW_CHROMIUM", "")
    for name in (named, *NAMES):
        if name and (path := shutil.which(name)):
            return path
    raise AssertionError(
        "No Chromium on this machine. Run: apt-get install -y --no-install-recommends chromium"
    )


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


def check_accessible(page: Page) -> None:
    """Fail with the rule, the element and the remedy of each violation on the page."""
    found = Axe().run(page, options=RULES)
    wrong = [
        f"{one['id']}: {one['help']}\n    "
        + "\n    ".join(n["html"][:160] for n in one["nodes"][:3])
        for one in found.response["violations"]
    ]
    assert not wrong, f"{page.url} ({page.title()}):\n" + "\n".join(wrong)


# What sticks out, but for what a part of the page scrolls or hides by itself.
TOO_WIDE = """() => {
  const kept = (one) => one && one !== document.body &&
    (getComputedStyle(one).overflowX !== "visible" || kept(one.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
    .filter((one) => !kept(one.parentElement))
    .slice(0, 6).map((one) => one.outerHTML.slice(0, 120));
}"""


# The page, each table within it, and each number of the board.
FITS = """document.documentElement.scrollWidth <= window.innerWidth &&
  [...document.querySelectorAll(".table-scroll, .card-number dd")]
    .every((one) => one.scrollWidth <= one.clientWidth + 1)"""
SETTLED_S = 3  # charts follow a window's size a moment later


def check_fits(page: Page) -> None:
    """Fail when the page, or a table in it, must be scrolled sideways at its present width."""
    until = time.monotonic() + SETTLED_S
    while not page.evaluate(FITS):
        if time.monotonic() > until:
            parts = "\n    ".join(page.evaluate(TOO_WIDE))
            raise AssertionError(f"{page.url} is wider than its window:\n    {parts}")
        page.wait_for_timeout(50)
