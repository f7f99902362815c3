"""One browser, one house with staff in it, and people who sign in."""

from collections.abc import Callable, Generator, Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.journeys.browser import open_browser
from tests.journeys.house import House, open_house, own_name
from tests.journeys.visitors import DESK, Visitor, sign_in

# A busy machine is slow, not wrong; what must be quick is timed by the story itself.
expect.set_options(timeout=15_000)

Enter = Callable[..., Visitor]
INSIDE = pytest.StashKey[list[Visitor]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say beside a failure what every page showed."""
    report = yield
    if report.failed and call.when == "call":
        for visitor in item.stash.get(INSIDE, []):
            # Asked of the page as it stands: to wait for a part of it could hide the failure.
            main = visitor.page.evaluate("document.querySelector('main')?.innerText ?? ''")
            report.sections.append((visitor.page.url, main[:3000]))
    return report


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its module: while it is open, Django refuses the database in this process."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A clinic with a signed policy, staff, and no patients."""
    with open_house(tmp_path_factory.mktemp("house"), name=own_name("house")) as opened:
        opened.do("open")
        yield opened


@pytest.fixture
def enter(browser: Browser, house: House, request: pytest.FixtureRequest) -> Iterator[Enter]:
    """`enter("marsh")` signs somebody in, in a browser window of their own."""
    inside = request.node.stash[INSIDE] = []

    def come_in(username: str, size: ViewportSize = DESK) -> Visitor:
        visitor = sign_in(browser, house, username, size)
        inside.append(visitor)
        return visitor

    yield come_in
    for visitor in inside:
        visitor.page.context.close()
