"""Every page that each role can come to, for patients at every point of care: whole, and fitting.

It walks the demonstration clinic by its own links, as people would.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.house import House, open_house, own_name
from tests.journeys.visitors import DESK, PHONE, TABLET, Visitor, check_page, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ALIKE = 1  # pages of one kind and one patient: the second session looks like the first
NO_PAGE = ("/account/", "/once/", "/static/")
# Half-screened, held, willing, ready, in a session, learned from, not better: each other pages.
MANY = ("LS-1002", "LS-1003", "LS-1005", "LS-1008", "LS-1009", "LS-1010", "LS-1012")
# Whose pages each role opens, and on what. Others differ from a prescriber's by what is missing.
WALKS = {
    "prescriber": (DESK, MANY),
    "nurse": (TABLET, ("LS-1009",)),
    "therapist": (DESK, ("LS-1010",)),
    "front-desk": (DESK, ()),
    "auditor": (DESK, ()),
    "patient": (PHONE, ()),
}
Known = Mapping[str, Any]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Known]]:
    """The demonstration clinic, with a listener that hears no monitor."""
    with open_house(tmp_path_factory.mktemp("demo"), name=own_name("demo")) as house:
        yield house, house.do("demo")


@pytest.mark.parametrize("role", WALKS)
def test_every_page_of_a_role_is_accessible_and_fits(
    role: str, browser: Browser, demo: tuple[House, Known]
) -> None:
    (house, known), (size, numbers) = demo, WALKS[role]
    visitor = sign_in(browser, house, known["users"][role], size)
    patients: Mapping[str, str] = known["patients"]
    seen = walk(visitor, "/", may=lambda path: not UUID.search(path) or not numbers)
    for number in numbers:
        others = set(patients.values()) - {patients[number]}
        seen += walk(visitor, f"/patients/{patients[number]}/", may=only_one_of(others))
    visitor.page.context.close()
    assert not [wrong for _, wrong in seen if wrong], "\n".join(wrong for _, wrong in seen if wrong)
    assert len(seen) >= (3 * len(numbers) or 2), f"Only {len(seen)} pages were found."


@pytest.mark.parametrize("path", ["/account/login/", "/once/used/", "/nowhere/"])
def test_pages_for_nobody_in_particular_fit_too(
    path: str, browser: Browser, demo: tuple[House, Known]
) -> None:
    page = browser.new_context(viewport=PHONE).new_page()
    page.goto(f"{demo[0].site}{path}")
    check_page(page, PHONE)
    page.context.close()


def only_one_of(others: set[str]) -> Callable[[str], bool]:
    """Pages of one patient: they name some id, and nobody else's."""
    return lambda path: bool(found := set(UUID.findall(path))) and not found & others


def walk(visitor: Visitor, start: str, *, may: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Follow links from `start`; each path come to, with what is wrong there or ""."""
    waiting, done, alike = deque([start]), {start}, Counter[str]()
    seen = []
    while waiting:
        path = waiting.popleft()
        kind = UUID.sub("*", path)
        if alike[kind] >= ALIKE:
            continue
        alike[kind] += 1
        seen.append((path, look_at(visitor, path)))
        fresh = [one for one in links(visitor.page) if one not in done and may(one)]
        done.update(fresh)
        waiting.extend(fresh)
    return seen


def look_at(visitor: Visitor, path: str) -> str:
    """What is wrong with the page at `path`, in words; "" when nothing is."""
    answer = visitor.page.goto(f"{visitor.site}{path}")
    if answer is None or answer.status != 200:
        return f"{path} answered {answer.status if answer else 'nothing'}."
    try:
        check_page(visitor.page, visitor.size)
    except AssertionError as error:
        return str(error)
    errors, visitor.errors = visitor.errors, []
    return f"{path}: {errors}" if errors else ""


# Also of links in a picture, whose own `href` is not a text.
ADDRESSES = "all => all.map(a => new URL(a.getAttribute('href'), document.baseURI).href)"


def links(page: Page) -> Iterator[str]:
    """The paths of this site that the page links to, without what is no page."""
    for href in page.locator("a[href]").evaluate_all(ADDRESSES):
        there, here = urlsplit(href), urlsplit(page.url)
        if there.netloc == here.netloc and not there.path.startswith(NO_PAGE):
            yield there.path
