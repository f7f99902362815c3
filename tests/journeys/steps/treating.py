"""Step 5: the monitored session, at the bedside page."""

import re
import time

from playwright.sync_api import Locator, Page, expect

from tests.journeys.bedside_monitor import Bed
from tests.journeys.visitors import Visitor


def start(nurse: Visitor, *, room: str) -> None:
    """Open the watch in a room."""
    page = nurse.page
    page.get_by_role("link", name="Go to the session").click()
    page.get_by_label(re.compile("^Room")).fill(room)
    nurse.look_around()
    page.get_by_role("button", name="Start the watch").click()
    expect(page.get_by_role("region", name="Alarms")).to_be_visible()


def tile(page: Page, label: str) -> Locator:
    """One number with its limits."""
    return page.get_by_role("group", name=label, exact=True)


def seconds_until_seen(page: Page, bed: Bed, pulse: int) -> float:
    """Send one pulse and wait until the page shows it."""
    sent = time.monotonic()
    bed.send(pulse_per_min=pulse)
    expect(tile(page, "Pulse")).to_contain_text(str(pulse))
    return time.monotonic() - sent


def start_the_pump(page: Page) -> None:
    """Record that the pump runs, after being asked."""
    page.get_by_role("button", name="The pump is started").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes, it runs").click()
    expect(page.get_by_role("button", name="The pump is paused")).to_be_visible()


def rate_dissociation(page: Page, score: int) -> None:
    """Tap the ten, tap the score."""
    pad = page.get_by_role("group", name=re.compile("0 to 92$"))
    ten = score // 10 * 10
    pad.get_by_role("radio", name=re.compile(rf"^{ten}–")).check()
    pad.get_by_role("button", name=f"Record {score}", exact=True).click()
    expect(page.get_by_role("status").filter(has_text=f"(CADSS) {score} recorded")).to_be_visible()


def rate_sedation(page: Page, score: int) -> None:
    """Tap the level, tap record."""
    pad = page.get_by_role("group", name=re.compile("0 to 5$"))
    pad.get_by_role("radio", name=re.compile(f"^{score}")).check()
    pad.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_role("status").filter(has_text=f"(MOAA/S) {score} recorded")).to_be_visible()


def rate_six(page: Page, score: int) -> None:
    """The short scale, folded until it is wanted."""
    page.get_by_text("CADSS-6").first.click()
    pad = page.get_by_role("group", name=re.compile("0 to 24$"))
    pad.get_by_role("button", name=f"Record {score}", exact=True).click()
    expect(
        page.get_by_role("status").filter(has_text=f"(CADSS-6) {score} recorded")
    ).to_be_visible()


def ask_ahead(page: Page, *, below: int) -> Locator:
    """What pausing or slowing now would do, for another score; the panel, answered."""
    panel = page.get_by_role("region", name="If the dose changes now")
    panel.get_by_label("When is dissociation (CADSS) below").select_option(str(below))
    expect(panel.get_by_text(f"Below {below} for good")).to_be_visible()
    return panel


def acknowledge(page: Page, what: str, *, found: str) -> None:
    """Answer an alarm with what was found or done."""
    alarm = page.get_by_role("region", name="Alarms").get_by_role("article").filter(has_text=what)
    alarm.get_by_role("button", name=re.compile(f"^{found}")).click()


def begin_recovery(page: Page) -> None:
    """No more drug today."""
    page.get_by_role("button", name="Begin recovery").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes, no more drug today").click()
    expect(page.get_by_role("link", name="Check whether to leave")).to_be_visible()
