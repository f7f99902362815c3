"""People of a story, each at a browser of their own."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, ViewportSize

from tests.journeys.browser import check_accessible, check_fits
from tests.journeys.house import House

DESK = ViewportSize(width=1440, height=900)
TABLET = ViewportSize(width=820, height=1180)
PHONE = ViewportSize(width=390, height=844)
WIDTHS = (DESK, TABLET, PHONE)


@dataclass(slots=True, kw_only=True)
class Visitor:
    """Somebody signed in, the page before them, and what went wrong behind it."""

    page: Page
    site: str
    size: ViewportSize
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a page of the clinic."""
        self.page.goto(f"{self.site}{path}")
        return self.page

    def look_around(self) -> None:
        """The page that is open: accessible, fits any window, without an error in a script."""
        check_page(self.page, self.size)
        assert not self.errors, f"{self.page.url}: {self.errors}"


def check_page(page: Page, size: ViewportSize) -> None:
    """Accessible at `size`, and no sideways scroll at any size."""
    check_accessible(page)
    for one in WIDTHS:
        page.set_viewport_size(one)
        check_fits(page)
    page.set_viewport_size(size)


def sign_in(browser: Browser, house: House, username: str, size: ViewportSize = DESK) -> Visitor:
    """Open a window of this size and come in by a one-time link."""
    page = browser.new_context(viewport=size, locale="en-GB").new_page()
    visitor = Visitor(page=page, site=house.site, size=size)
    page.on("pageerror", lambda error: visitor.errors.append(str(error)))
    page.on("console", lambda said: _keep_refused(visitor, said.text))
    page.set_default_timeout(20_000)
    visitor.open(house.do("link", username)["path"])
    page.get_by_role("button", name="Sign in").click()
    return visitor


def _keep_refused(visitor: Visitor, said: str) -> None:
    if "Content Security Policy" in said:
        visitor.errors.append(said)
