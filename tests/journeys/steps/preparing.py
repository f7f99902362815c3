"""Step 4: set and setting, and go or no-go with two signatures."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.visitors import Visitor

MEASURED = {
    "Systolic pressure": "121",
    "Diastolic pressure": "77",
    "Pulse": "68",
    "Saturation": "98",
    "Breathing": "14",
    "Temperature": "36.6",
    "Weight": "68",
}
NO = ("Any change of medicines", "Alcohol", "Cannabis", "A benzodiazepine", "A stimulant",
      "Could the patient be pregnant")  # fmt: skip
YES = ("Cannula in place", "Bladder emptied", "Phone off")


def set_and_setting(nurse: Visitor, *, intention: str, music: str) -> None:
    """What the patient hopes for, and the room."""
    page = nurse.page
    page.get_by_role("link", name="Set and setting").click()
    page.get_by_label(re.compile("^Intention")).fill(intention)
    page.get_by_label(re.compile("^Music")).fill(music)
    nurse.look_around()
    page.get_by_role("button", name="Record", exact=True).click()


def check(nurse: Visitor, *, at: datetime) -> None:
    """Measure, ask, and sign as the first person."""
    page = nurse.page
    form = page.locator("form.checks-form")
    for label, value in MEASURED.items():
        form.get_by_label(re.compile(f"^{label}, ")).fill(value)
    form.get_by_label("Last food").fill(_local(at - timedelta(hours=9)))
    form.get_by_label("Last drink").fill(_local(at - timedelta(hours=3)))
    for words, answer in (*((one, "No") for one in NO), *((one, "Yes") for one in YES)):
        form.get_by_role("group", name=re.compile(f"^{words}")).get_by_label(
            answer, exact=True
        ).check()
    form.get_by_role("group", name=re.compile("^C-SSRS")).get_by_label("None").check()
    form.get_by_label(re.compile("^Who takes the patient home")).fill("Tom, her brother")
    page.get_by_role("button", name="Check and sign").click()


def sign_second(prescriber: Visitor) -> None:
    """Another person looks at the checks and signs them."""
    page = prescriber.page
    page.get_by_role("button", name="Sign as the second person").click()
    expect(page.get_by_role("heading", name="Go", exact=True)).to_be_visible()


def _local(at: datetime) -> str:
    """As a datetime-local field takes it, in the clinic's zone."""
    from zoneinfo import ZoneInfo

    return at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M")
