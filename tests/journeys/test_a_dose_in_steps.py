"""A step-down from the prescriber's dial to the nurse's hand: each change told, set, confirmed."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.bedside_monitor import Bed, bed_in
from tests.journeys.conftest import Enter
from tests.journeys.house import House
from tests.journeys.steps import planning, preparing, treating
from tests.journeys.visitors import TABLET, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

ROOM = "Room 3"


def test_a_step_down_is_signed_told_and_given(enter: Enter, house: House) -> None:
    made = house.do("patient", "AG-2007", "Ines", "Falk", "consenting")
    nurse, prescriber, bed = enter("adeyemi", TABLET), enter("marsh"), bed_in(house, ROOM)
    a_prescriber_chooses_a_step_down_and_signs_it(prescriber, made["id"])
    the_nurse_reads_the_steps_and_starts_the_first(nurse, prescriber, bed)
    a_change_that_is_due_is_told_until_it_is_confirmed(nurse, bed)
    a_pause_puts_the_steps_off_until_they_are_taken_up_again(nurse, bed)
    assert "; 0 flaws." in house.run("verify")


def a_prescriber_chooses_a_step_down_and_signs_it(prescriber: Visitor, patient_id: str) -> None:
    # given a proposal at a constant rate
    prescriber.open(f"/planning/{patient_id}/")
    page = prescriber.page
    planning.measure(page, Weight="68", Systolic="121", Diastolic="77", Pulse="68")
    planning.ask_the_model(page)
    constant = planning.turn(page, dose_mg=36, minutes=60)
    # when another shape is chosen, then the chances, the high and the steps follow it
    down = planning.shape(page, "Step-down", dose="36 mg over 60 min, step-down")
    assert down.risk != constant.risk
    assert down.high != constant.high
    assert "Step 2, from minute 20" in down.figures
    prescriber.look_around()
    # and the signed order names each step
    planning.sign(page, because="Calmer towards the end.")
    order = page.get_by_label("Signed plan")
    expect(order).to_contain_text("36 mg over 60 min, step-down")
    expect(order.get_by_role("listitem")).to_have_count(3)
    expect(order).to_contain_text("From minute 20: 0.600 mg/min = 50.0 mL/h")
    prescriber.look_around()


def the_nurse_reads_the_steps_and_starts_the_first(
    nurse: Visitor, prescriber: Visitor, bed: Bed
) -> None:
    # given the signed plan, checked by two
    prescriber.page.get_by_role("link", name="Prepare the session").click()
    nurse.page.goto(prescriber.page.url)
    expect(nurse.page.get_by_text("From minute 40: 0.300 mg/min = 25.0 mL/h")).to_be_visible()
    preparing.set_and_setting(nurse, intention="To sleep again.", music="Piano")
    preparing.check(nurse, at=bed.house.now())
    prescriber.page.reload()
    preparing.sign_second(prescriber)
    nurse.page.reload()
    treating.start(nurse, room=ROOM)
    bed.send()
    expect(treating.tile(nurse.page, "Saturation")).to_contain_text("98")  # the page is live
    # when the pump is started at the first step
    treating.start_the_pump(nurse.page)
    bed.dose(mg=36, over_min=60)
    # then the page says what comes next, and when
    following = change(nurse.page)
    expect(following).to_contain_text("in 20 min")
    expect(following).to_contain_text("0.600 mg/min = 50.0 mL/h")
    expect(following.get_by_role("button")).to_have_count(0)
    nurse.look_around()


def a_change_that_is_due_is_told_until_it_is_confirmed(nurse: Visitor, bed: Bed) -> None:
    page = nurse.page
    # given the twenty minutes, and one more
    bed.live(minutes=21)
    # then the page says so in words, above the numbers and at the dose
    alarms = page.get_by_role("region", name="Alarms")
    told = alarms.get_by_role("article").filter(has_text="Set the pump to step 2 now: 0.600 mg/min")
    expect(told).to_be_visible()
    expect(change(page)).to_contain_text("Change the pump now")
    expect(change(page)).to_contain_text("late")
    nurse.look_around()
    # when the nurse has set it and confirms
    change(page).get_by_role("button", name="The pump is set to it").click()
    # then the alarm ends, and the next change has its own time
    expect(told).to_have_count(0)
    expect(change(page)).to_contain_text("0.300 mg/min = 25.0 mL/h")
    expect(change(page)).to_contain_text(re.compile(r"in 1\d min"))


def a_pause_puts_the_steps_off_until_they_are_taken_up_again(nurse: Visitor, bed: Bed) -> None:
    page = nurse.page
    # given a pause, when the time of the next change passes
    page.get_by_role("button", name="The pump is paused").click()
    bed.live(minutes=25)
    # then nothing is asked for, and the page says that the steps are off
    off = page.get_by_role("region", name="The steps are off")
    expect(off).to_contain_text("Nothing goes on by itself")
    expect(off).to_contain_text("0.600 mg/min")
    expect(page.get_by_text("Set the pump to step 3 now")).to_have_count(0)
    nurse.look_around()
    # and they go on with what is left, once somebody confirms it
    off.get_by_role("button", name="The pump is set to it: the steps go on").click()
    expect(off).to_have_count(0)
    expect(change(page)).to_contain_text("0.300 mg/min = 25.0 mL/h")


def change(page: Page) -> Locator:
    """What the pump is to be set to next."""
    return page.locator(".change[data-change-at]")
