"""One patient's whole course, on real parts: a database, a site, a listener, a browser, a monitor.

Read this first. Each chapter is a step of care; how a page is used stands in steps/.
"""

import re
from datetime import date, timedelta
from statistics import median

import pytest
from playwright.sync_api import expect

from tests.journeys.bedside_monitor import Bed, bed_in
from tests.journeys.conftest import Enter
from tests.journeys.house import House
from tests.journeys.steps import arriving, following, leaving, planning, preparing, treating
from tests.journeys.visitors import PHONE, TABLET, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

ADA, NUMBER, ROOM = "Ada Winter", "AG-2001", "Room 1"
CADSS = {10: 30, 20: 55, 35: 68}  # minutes after the pump's start -> what the nurse hears


def test_one_patient_from_arrival_to_the_next_dose(enter: Enter, house: House) -> None:
    nurse, prescriber, bed = enter("adeyemi", TABLET), enter("marsh"), bed_in(house, ROOM)
    she_arrives_at_the_desk(enter("desk"))
    she_is_screened_and_consents(nurse, prescriber)
    first = a_dose_is_planned_and_signed(prescriber)
    she_is_prepared_and_checked_by_two(nurse, prescriber, house)
    the_watch_begins_and_the_page_is_live(nurse, bed)
    the_infusion_runs_and_an_alarm_is_answered(nurse, bed, first)
    the_monitor_falls_silent_and_the_page_says_so(nurse, bed)
    she_recovers_and_leaves_when_every_criterion_is_met(nurse, bed)
    she_answers_nine_questions_at_home(enter, house)
    the_next_proposal_has_learned_from_her(enter("marsh"), first)
    the_record_is_whole(house)


def she_arrives_at_the_desk(desk: Visitor) -> None:
    # given the front desk, when Ada's details are entered
    arriving.admit(desk, number=NUMBER, given="Ada", family="Winter", born=date(1987, 3, 14))
    # then she is admitted, and the desk is back at its own page
    expect(desk.page.get_by_text("Ada is admitted.")).to_be_visible()
    expect(desk.page.get_by_role("heading", name="Desk")).to_be_visible()


def she_is_screened_and_consents(nurse: Visitor, prescriber: Visitor) -> None:
    # given her chart
    arriving.find(nurse, "Winter, Ada")
    nurse.look_around()
    # when the nurse asks every question
    nurse.page.get_by_role("link", name="Screening").first.click()
    nurse.page.get_by_role("link", name="Answer the questions").click()
    arriving.answer_questions(nurse)
    # then she is judged, with every reason, and nothing can be planned before she consents
    verdict = nurse.page.get_by_role("heading", name="Nothing found against treatment")
    expect(verdict).to_be_visible()
    nurse.look_around()
    arriving.find(prescriber, "Winter, Ada")
    prescriber.page.get_by_role("link", name="Screening").first.click()
    prescriber.page.get_by_role("link", name="Open consent").click()
    prescriber.look_around()
    arriving.print_name(prescriber.page, ADA)
    expect(prescriber.page.get_by_text("Consent stands")).to_be_visible()


def a_dose_is_planned_and_signed(prescriber: Visitor) -> planning.Shown:
    # given her weight, and her pressure and pulse at rest
    arriving.find(prescriber, "Winter, Ada")
    page = planning.open_plan(prescriber)
    planning.measure(page, Weight="68", Systolic="121", Diastolic="77", Pulse="68")
    # when the model is asked
    proposed = planning.ask_the_model(page)
    prescriber.look_around()
    # then the bands and the chances follow the dials
    stronger = planning.turn(page, dose_mg=proposed.dose_mg + 4, minutes=proposed.minutes)
    slower = planning.turn(page, dose_mg=proposed.dose_mg + 4, minutes=proposed.minutes + 20)
    assert planning.chance(stronger, "Dissociation") > planning.chance(proposed, "Dissociation")
    assert planning.chance(slower, "Dissociation") < planning.chance(stronger, "Dissociation")
    # and so does the answer to how high, for how long, and when it is gone
    assert planning.gone_min(stronger) > planning.gone_min(proposed)
    assert "Therapeutic" in stronger.high
    # and each option of the trade-off can be walked to by the arrow keys, and shown
    planning.walk_the_curve(page)
    # and what the prescriber signs, with the reason, is what stood on the dials
    given = planning.turn(page, dose_mg=proposed.dose_mg, minutes=40)
    planning.sign(page, because="Forty minutes is what the room is booked for.")
    signed = f"{given.dose_mg:g} mg over {given.minutes:g} min"
    expect(page.get_by_label("Signed plan")).to_contain_text(signed)
    prescriber.look_around()
    return given


def she_is_prepared_and_checked_by_two(nurse: Visitor, prescriber: Visitor, house: House) -> None:
    # given the signed plan, when the nurse prepares and checks
    prescriber.page.get_by_role("link", name="Prepare the session").click()
    nurse.page.goto(prescriber.page.url)
    preparing.set_and_setting(nurse, intention="To feel light again.", music="Cello, slow")
    preparing.check(nurse, at=house.now())
    # then one signature is not enough for a drug into a vein
    expect(nurse.page.get_by_text("Another member of staff looks")).to_be_visible()
    expect(nurse.page.get_by_role("link", name="Go to the session")).to_have_count(0)
    # and with the prescriber's it is a go
    prescriber.page.reload()
    prescriber.look_around()
    preparing.sign_second(prescriber)
    nurse.page.reload()


def the_watch_begins_and_the_page_is_live(nurse: Visitor, bed: Bed) -> None:
    # given a room, when the watch begins and its monitor sends
    treating.start(nurse, room=ROOM)
    page = nurse.page
    bed.send()
    expect(treating.tile(page, "Saturation")).to_contain_text("98")
    expect(treating.tile(page, "Blood pressure")).to_contain_text("121")
    # then each number is on the page within a second, and the page was never loaded again
    page.evaluate("window.sameDocument = true")
    waits = [treating.seconds_until_seen(page, bed, pulse) for pulse in (71, 73, 75, 77, 79)]
    assert median(waits) < 1.0, waits
    assert page.evaluate("window.sameDocument") is True
    nurse.look_around()
    # and how she is before the dose is rated
    treating.rate_sedation(page, 5)
    treating.rate_dissociation(page, 0)
    treating.rate_six(page, 0)


def the_infusion_runs_and_an_alarm_is_answered(
    nurse: Visitor, bed: Bed, plan: planning.Shown
) -> None:
    page = nurse.page
    # given the pump, set by hand and recorded
    treating.start_the_pump(page)
    bed.dose(mg=plan.dose_mg, over_min=plan.minutes)
    begun_at = bed.house.now()
    for minute, cadss in CADSS.items():
        bed.live(minutes=minute - (bed.house.now() - begun_at) / timedelta(minutes=1))
        treating.rate_dissociation(page, cadss)
        treating.rate_sedation(page, 5)
    # when the nurse asks how soon it would be over, then each way has its time
    ahead = treating.ask_ahead(page, below=4)
    for way in ("Pause now", "Half the rate from now", "Go on as now"):
        expect(ahead.get_by_role("row").filter(has_text=way)).to_contain_text("min")
    # and the page says that she is far from what was expected of her
    expect(ahead).to_contain_text("The rating of 68")
    expect(ahead).to_contain_text("do not rely on these times")
    # when her saturation falls
    bed.send(spo2_percent=86)
    # then the page says what, how bad and since when
    alarms = page.get_by_role("region", name="Alarms")
    alarm = alarms.get_by_role("article").filter(has_text="Saturation 86 %")
    expect(alarm).to_contain_text("High")
    expect(alarm).to_contain_text("since")
    nurse.look_around()
    # and a person answers it
    treating.acknowledge(page, "Saturation 86 %", found="With the patient")
    expect(alarm).to_contain_text("by Joy Adeyemi")
    bed.send()
    expect(alarm).to_have_count(0)


def the_monitor_falls_silent_and_the_page_says_so(nurse: Visitor, bed: Bed) -> None:
    # given numbers that look alive, when the monitor stops
    bed.house.later(seconds=90)
    # then they are covered, in words
    cover = nurse.page.get_by_role("alert").filter(has_text="No readings since")
    expect(cover).to_contain_text("Look at the patient.")
    # and come back when it is heard again
    bed.send()
    expect(cover).to_have_count(0)


def she_recovers_and_leaves_when_every_criterion_is_met(nurse: Visitor, bed: Bed) -> None:
    page, house = nurse.page, bed.house
    # given the end of the infusion
    bed.live(minutes=7)
    expect(page.get_by_text("Dose is in")).to_be_visible()
    treating.begin_recovery(page)
    # when somebody wishes to leave after half an hour
    bed.live(minutes=30)
    page.get_by_role("link", name="Check whether to leave").click()
    leaving.book(page, at=house.now() + timedelta(days=1))
    leaving.look(page, cadss6=4)
    # then they may not, and every criterion says why
    expect(page.get_by_role("heading", name="Not yet")).to_be_visible()
    expect(page.get_by_role("button", name="The patient leaves now")).to_have_count(0)
    nurse.look_around()
    # and an hour after the infusion they may
    bed.live(minutes=32)
    leaving.look(page, cadss6=0)
    expect(page.get_by_role("heading", name="Every criterion is met")).to_be_visible()
    leaving.sign(page, name="Joy Adeyemi")
    expect(page.get_by_role("heading", name="The patient has left")).to_be_visible()
    expect(page.get_by_text("Tom, her brother").first).to_be_visible()
    nurse.look_around()


def she_answers_nine_questions_at_home(enter: Enter, house: House) -> None:
    # given two days, and Ada's own phone
    house.later(days=2)
    house.do("account", NUMBER)
    patient = enter(NUMBER, PHONE)
    patient.look_around()
    # when she answers, then she is thanked, and is told no dose
    following.answer_nine(patient, often=6)
    patient.look_around()
    assert not re.search(r"\d\s?mg\b", patient.page.get_by_role("main").inner_text())


def the_next_proposal_has_learned_from_her(prescriber: Visitor, first: planning.Shown) -> None:
    # given her score and her session
    arriving.find(prescriber, "Winter, Ada")
    page = planning.open_plan(prescriber)
    # when the model is asked again
    second = planning.ask_the_model(page)
    prescriber.look_around()
    # then it proposes less than to the stranger she was, and shows what moved
    assert second.dose_mg / second.minutes < first.dose_mg / first.minutes
    learned = page.get_by_role("region", name="Before and after learning")
    rows = [row.inner_text().split("\t") for row in learned.get_by_role("row").all()[1:]]
    assert any(before != now for _, before, now in rows), rows
    expect(page.get_by_role("region", name="Sessions the model learned from")).to_contain_text("68")


def the_record_is_whole(house: House) -> None:
    assert "; 0 flaws." in house.run("verify")
    assert "differs" not in house.run("replay")
