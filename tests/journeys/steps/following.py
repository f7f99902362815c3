"""Step 7: nine questions on the patient's own phone."""

from playwright.sync_api import expect

from tests.journeys.visitors import Visitor


def answer_nine(patient: Visitor, *, often: int) -> None:
    """The first `often` items on several days, the others not at all."""
    page = patient.page
    page.get_by_role("link", name="Answer nine questions").click()
    patient.look_around()
    items = page.get_by_role("group").filter(has_text="Several days")
    expect(items).to_have_count(9)
    for number, item in enumerate(items.all()):
        item.get_by_label("Several days" if number < often else "Not at all").check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("Thank you. Your team can see your answers.")).to_be_visible()
