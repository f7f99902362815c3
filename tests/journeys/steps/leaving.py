"""Step 6: the criteria, the next contact, the signature."""

import re
from datetime import datetime

from playwright.sync_api import Locator, Page

STEADY = ("Steady gait?", "Knows person, place and time?")
ARRANGED = (
    "Is an adult taking the patient home?",
    "Written instructions handed over and explained?",
)


def look(page: Page, *, cadss6: int) -> None:
    """Enter what is seen now."""
    for question in (*STEADY, *ARRANGED):
        group = page.get_by_role("group", name=re.compile(f"^{re.escape(question)}"))
        group.get_by_label("Yes", exact=True).check()
    page.get_by_label(re.compile("^Suicide risk now")).select_option("None")
    page.get_by_label(re.compile(r"^Sedation \(MOAA/S\)")).fill("5")
    page.get_by_label(re.compile(r"^Dissociation \(CADSS-6\)")).fill(str(cadss6))
    page.get_by_label(re.compile("^Nausea")).fill("1")
    page.get_by_label(re.compile("^Their name")).fill("Tom, her brother")
    page.get_by_role("button", name="Record and judge").click()


def book(page: Page, *, at: datetime) -> None:
    """When the clinic calls next."""
    page.get_by_label("When").fill(f"{at:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Book", exact=True).click()


def criterion(page: Page, text: str) -> Locator:
    """One line of the criteria, with its value."""
    return page.get_by_role("listitem").filter(has_text=text).first


def sign(page: Page, *, name: str) -> None:
    page.get_by_label("Print your name").fill(name)
    page.get_by_role("button", name="The patient leaves now").click()
