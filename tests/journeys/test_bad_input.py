"""What cannot be is refused in a sentence: what is wrong, and what to do. Nothing is kept."""

import re
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.bedside_monitor import AT_REST, bed_in, exchange
from tests.journeys.conftest import Enter
from tests.journeys.house import House
from tests.journeys.steps import arriving, planning, treating
from tests.journeys.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]


@pytest.fixture
def prescriber(enter: Enter) -> Visitor:
    return enter("marsh")


def told(page: Page) -> Locator:
    """What the page says is wrong."""
    return page.get_by_role("alert").first


def test_somebody_born_next_year_is_not_admitted(prescriber: Visitor, house: House) -> None:
    born = date(house.now().year + 1, 1, 1)
    arriving.admit(prescriber, number="AG-3001", given="Otto", family="Later", born=born)
    says = told(prescriber.page)
    expect(says).to_contain_text(f"The birth date {born:%d %b %Y} lies in the future.")
    expect(says).to_contain_text("Read the date from a document")
    expect(prescriber.page.get_by_label("Given name")).to_have_value("Otto")  # nothing is lost
    prescriber.look_around()
    assert house.do("facts", "AG-3001") == {}


def test_a_weight_nobody_has_is_not_recorded(prescriber: Visitor, house: House) -> None:
    who = house.do("patient", "AG-3002", "Ida", "Stone", "screened")
    before = house.do("facts", "AG-3002")
    page = prescriber.open(f"/planning/{who['id']}/")
    planning.measure(page, Weight="7000", Systolic="121", Diastolic="77")
    expect(told(page)).to_contain_text("Weight must be 10 to 400 kg, got 7000.")
    expect(page.get_by_label(re.compile("^Weight"))).to_have_value("7000")
    prescriber.look_around()
    # and the pressure that was entered beside it is not half a measurement
    assert house.do("facts", "AG-3002") == before


def test_no_session_starts_without_a_signed_plan(prescriber: Visitor, house: House) -> None:
    who = house.do("patient", "AG-3003", "Jan", "Frost", "screened")
    before = house.do("facts", "AG-3003")
    page = prescriber.open(f"/sessions/patient/{who['id']}/")
    expect(page.get_by_role("main")).to_contain_text(
        "A session starts under a plan that a prescriber has signed."
    )
    expect(page.get_by_role("link", name="Open the plan")).to_be_visible()
    expect(page.get_by_role("button", name="Start the watch")).to_have_count(0)
    prescriber.look_around()
    assert house.do("facts", "AG-3003") == before


def test_a_second_start_shows_the_session_that_runs(enter: Enter, house: House) -> None:
    who = house.do("patient", "AG-3004", "Mia", "Holt", "ready")
    one, other = enter("adeyemi"), enter("marsh")
    for visitor, room in ((one, "Room 4"), (other, "Room 5")):
        visitor.open(f"/sessions/patient/{who['id']}/").get_by_label("Room").fill(room)
    one.page.get_by_role("button", name="Start the watch").click()
    expect(one.page.get_by_role("region", name="Alarms")).to_be_visible()
    before = house.do("facts", "AG-3004")
    other.page.get_by_role("button", name="Start the watch").click()
    expect(other.page.get_by_role("status").first).to_contain_text("already begun, in Room 4")
    assert other.page.url == one.page.url
    assert house.do("facts", "AG-3004") == before


def test_no_more_than_the_plan_is_given(prescriber: Visitor, house: House) -> None:
    who = house.do("patient", "AG-3005", "Leo", "Brand", "ready")
    page = prescriber.open(f"/sessions/patient/{who['id']}/")
    page.get_by_label("Room").fill("Room 6")
    page.get_by_role("button", name="Start the watch").click()
    treating.start_the_pump(page)
    before = house.do("facts", "AG-3005")
    page.get_by_text("Slower rate or a push").click()
    page.get_by_label("Push from the planned amount").fill("500")
    page.get_by_label("Over, minutes").fill("1")
    page.get_by_role("button", name="It was given").click()
    says = page.get_by_role("status").filter(has_text="mg")
    expect(says).to_contain_text("500 mg")
    expect(says).to_contain_text("plan")
    prescriber.look_around()
    assert house.do("facts", "AG-3005") == before


@pytest.mark.parametrize(
    "sent",
    [
        b"\x0bGET / HTTP/1.1\x1c\r",
        b"\x0bMSH|^~\\&|\x1c\r",
        b"\x0b\xff\xfe\x00\x01\x02\x1c\r",
        b"\x0bPID|1||5\rMSH|^~\\&|X|||||ORU^R01|7|P|2.6\r\x1c\r",
    ],
    ids=["a web request", "half a header", "bytes", "segments in disorder"],
)
def test_what_is_not_hl7_is_answered_in_a_sentence(sent: bytes, house: House) -> None:
    answer = exchange(house.monitor_port, sent)
    code, _, sentence = answer.split("MSA|")[1].split("\r")[0].partition("|")
    assert code in ("AR", "AE")
    assert re.search(r"\|.+\. .+\.", "|" + sentence), answer  # what is wrong. What to do.


def test_numbers_from_an_empty_room_are_refused_by_name(house: House) -> None:
    bed = bed_in(house, "Room 99")
    answer = bed.send(pulse_per_min=AT_REST.pulse_per_min)
    assert "MSA|AR|" in answer
    assert "Room 99" in answer
