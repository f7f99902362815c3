"""Step 1 and 2: a person arrives, is asked, judged, and consents."""

import re
from datetime import date

from playwright.sync_api import Page, expect

from tests.journeys.visitors import Visitor

SAYS_YES = ("Able to decide about this treatment", "An adult who will take the patient home")
NUMBERS = {
    "Systolic pressure at rest": "121",
    "Diastolic pressure at rest": "77",
    "Adequate antidepressant trials in this episode": "3",
    "PHQ-9 total at screening": "19",
}


def admit(
    at_desk: Visitor, *, number: str, given: str, family: str, born: date, sex: str = "Female"
) -> None:
    """Fill in who somebody is."""
    page = at_desk.open("/people/admit/")
    at_desk.look_around()
    page.get_by_label("Patient number").fill(number)
    page.get_by_label("Given name").fill(given)
    page.get_by_label("Family name").fill(family)
    page.get_by_label("Birth date").fill(f"{born:%Y-%m-%d}")
    page.get_by_label(sex, exact=True).check()
    page.get_by_role("button", name="Admit").click()


def find(clinician: Visitor, name: str) -> None:
    """Look a patient up in the list and open their chart."""
    page = clinician.open("/patients/")
    page.get_by_role("searchbox", name="Name or number").fill(name)
    page.get_by_role("button", name="Search").click()
    clinician.look_around()
    page.get_by_role("link", name=re.compile(f"{name}$")).first.click()
    expect(page.get_by_role("heading", name="Chart", exact=True)).to_be_visible()


def answer_questions(nurse: Visitor) -> None:
    """Every screening question that is asked: no, but for the few that are good to be yes."""
    page = nurse.page
    expect(page.get_by_role("button", name="Store and judge")).to_be_visible()  # all are there
    asked = page.get_by_role("radiogroup").all()  # without what hangs on another question
    assert len(asked) > 30, "The screening questions are not there."
    for question in asked:
        good = any(question.get_by_text(words).count() for words in SAYS_YES)
        question.get_by_label("Yes" if good else "No", exact=True).check()
    for label, value in NUMBERS.items():
        page.get_by_label(re.compile(f"^{label}")).fill(value)
    nurse.look_around()
    page.get_by_role("button", name="Store and judge").click()


def print_name(page: Page, name: str) -> None:
    """The patient reads the text and prints their name under it."""
    page.get_by_label("Yes, after asking me").check()
    page.get_by_label("The patient prints their full name").fill(name)
    page.get_by_role("button", name="Sign", exact=True).click()
