"""What a nurse sees, asks for and is refused, page by page."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from afterglow.clinic.chart.models import DoseGiven, Rating, Reading
from afterglow.clinic.people.models import Patient, Role, User
from afterglow.clinic.treatment.curves import axis_of
from afterglow.clinic.treatment.models import Acknowledgement, Alarm, Remark, Session
from afterglow.clinic.treatment.services import (
    acknowledge,
    begin_recovery,
    end,
    give_as_planned,
    pause,
    rate,
    remark,
    start,
    tend,
)
from afterglow.clinic.treatment.story import story
from afterglow.core.care.symptoms import Symptom
from tests.clinic.treatment.story import BED, after, go_for_it, monitor, plan_for

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


@pytest.fixture
def today(policy: None, patient: Patient, prescriber: User, nurse: User) -> Session:
    """A session that began ten minutes ago, by the real clock: pages read it themselves."""
    at = now() - timedelta(minutes=10)
    plan = plan_for(patient, prescriber, at=at)
    go_for_it(plan, nurse, at=at)
    begun = start(plan=plan, bed=BED, by=nurse, at=at, fact_id=uuid4())
    assert isinstance(begun, Session), begun
    return begun


@pytest.fixture
def browser(signed_in: SignedIn, nurse: User) -> Client:
    return signed_in(nurse)


def url(name: str, session: Session) -> str:
    return reverse(f"treatment:{name}", args=[session.pk])


def test_the_bedside_shows_patient_phase_dose_and_missing_numbers_as_missing(
    today: Session, browser: Client
):
    page = browser.get(url("bedside", today)).content.decode()
    for words in ("Ada Test", "Before the dose", "35.0", "No reading yet", "The pump is started"):
        assert words in page


def test_the_whole_state_is_there_after_a_reload(today: Session, browser: Client, nurse: User):
    at = now()
    give_as_planned(today, by=nurse, at=at - timedelta(minutes=5), fact_id=uuid4())
    rate(today, scale="cadss-23", value=17, by=nurse, at=at, fact_id=uuid4())
    page = browser.get(url("bedside", today)).content.decode()
    assert "Infusion" in page
    assert '<span data-dose="given">4.4</span>' in page
    assert "<b>17</b>" in page


def test_a_dose_is_started_by_a_tap_and_only_once(today: Session, browser: Client):
    form = {"what": "begin", "fact_id": uuid4()}
    for _ in range(2):
        answer = browser.post(url("give", today), form)
        assert answer.status_code == 302
    assert DoseGiven.objects.count() == 1


def test_a_refusal_is_shown_with_its_cause_remedy_and_code(today: Session, browser: Client):
    answer = browser.post(url("give", today), {"what": "pause", "fact_id": uuid4()})
    assert answer.status_code == 422
    page = answer.content.decode()
    for words in (
        "No dose has been started yet.",
        "Start the planned dose first.",
        "dose-not-begun",
    ):
        assert words in page


def test_the_page_s_own_script_gets_a_sentence_and_the_id_of_the_next_fact(
    today: Session, browser: Client
):
    form = {"scale": "cadss-23", "value": 17, "fact_id": uuid4()}
    answer = browser.post(url("rate", today), form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Dissociation (CADSS) 17 recorded." in answer.content.decode()
    assert answer["Next-Fact-Id"] != str(form["fact_id"])
    assert Rating.objects.get().value == 17


def test_a_typed_pressure_needs_both_numbers_the_right_way_round(today: Session, browser: Client):
    before = Reading.objects.count()
    for typed, said in (
        ({"systolic": 130}, "Enter both numbers of the pressure."),
        ({"systolic": 80, "diastolic": 130}, "must be the higher"),
        ({}, "Enter at least one number."),
        ({"systolic": 1300, "diastolic": 80}, "systolic must be 30 to 350 mmHg, got 1300"),
    ):
        answer = browser.post(url("numbers", today), typed | {"fact_id": uuid4()})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert Reading.objects.count() == before


def test_an_alarm_is_acknowledged_with_a_reason(today: Session, browser: Client, nurse: User):
    tend(now())
    alarm = Alarm.objects.filter(sign="spo2").get()
    to = reverse("treatment:acknowledge", args=[alarm.pk])
    assert browser.post(to, {"fact_id": uuid4()}).status_code == 422
    browser.post(to, {"fact_id": uuid4(), "reason": "Probe reseated"})
    seen = Acknowledgement.objects.get(alarm=alarm)
    assert (seen.reason, seen.recorded_by) == ("Probe reseated", nurse)
    page = browser.get(url("bedside", today)).content.decode()
    assert "Nadia Staff" in page
    assert "Probe reseated" in page


def test_the_patient_s_wish_to_stop_is_one_tap(today: Session, browser: Client, nurse: User):
    give_as_planned(today, by=nurse, at=now(), fact_id=uuid4())
    browser.post(url("remark", today), {"symptom": "asks-to-stop", "fact_id": uuid4()})
    assert Remark.objects.get().symptom == "asks-to-stop"
    assert DoseGiven.objects.filter(rate_mg_per_min=0).exists()


def test_a_page_says_when_nobody_listens_for_silence(today: Session, browser: Client):
    words = "Nobody listens for silence"
    assert words in browser.get(url("bedside", today)).content.decode()
    assert words in browser.get(reverse("treatment:board")).content.decode()
    tend(now())
    assert words not in browser.get(url("bedside", today)).content.decode()


def test_the_board_shows_every_room_with_what_comes_next(today: Session, browser: Client):
    page = browser.get(reverse("treatment:board")).content.decode()
    for words in (BED, "Ada Test", "Next:", "Before the dose"):
        assert words in page


def test_the_start_page_names_what_is_missing(
    policy: None, patient: Patient, prescriber: User, browser: Client
):
    to = reverse("treatment:patient", args=[patient.pk])
    assert "No signed plan" in browser.get(to).content.decode()
    plan_for(patient, prescriber, at=now())
    assert "Not yet go" in browser.get(to).content.decode()


def test_a_start_from_the_page_opens_the_bedside(
    policy: None, patient: Patient, prescriber: User, nurse: User, browser: Client
):
    go_for_it(plan_for(patient, prescriber, at=now()), nurse, at=now())
    to = reverse("treatment:start", args=[patient.pk])
    form = {"bed": "room-2", "fact_id": uuid4()}
    answer = browser.post(to, form)
    session = Session.objects.get()
    assert answer.url == url("bedside", session)
    assert browser.post(to, form).url == url("bedside", session)  # sent twice
    assert Session.objects.count() == 1


def test_roles_that_do_not_treat_are_turned_away(
    today: Session, signed_in: SignedIn, everyone: dict[Role, User]
):
    for role, user in everyone.items():
        client = signed_in(user)
        may_look = role in (Role.PRESCRIBER, Role.NURSE, Role.THERAPIST)
        may_give = role in (Role.PRESCRIBER, Role.NURSE)
        assert (client.get(url("bedside", today)).status_code == 200) == may_look, role
        assert (client.get(url("axis", today)).status_code == 200) == may_look, role
        answer = client.post(url("give", today), {"what": "pause", "fact_id": uuid4()})
        assert (answer.status_code == 403) == (not may_give), role


def test_a_therapist_sees_no_button_for_the_pump(
    today: Session, signed_in: SignedIn, therapist: User
):
    page = signed_in(therapist).get(url("bedside", today)).content.decode()
    assert "The pump is started" not in page


@pytest.mark.parametrize("until", ["not begun", "running", "paused", "all in", "recovery", "ended"])
def test_the_curves_stand_at_every_stage(session: Session, nurse: User, until: str):
    stages = ["not begun", "running", "paused", "all in", "recovery", "ended"]
    reached = stages.index(until)
    fact = {"by": nurse}
    monitor([30], spo2=97, pulse=70, systolic=130, diastolic=80)
    if reached >= 1:
        give_as_planned(session, at=after(minutes=2), fact_id=uuid4(), **fact)
    if until == "paused":
        pause(session, at=after(minutes=12), fact_id=uuid4(), **fact)
    if reached >= 3:
        tend(after(minutes=43))
    if reached >= 4:
        begin_recovery(session, at=after(minutes=44), fact_id=uuid4(), **fact)
    if reached >= 5:
        end(session, at=after(minutes=50), fact_id=uuid4(), **fact)
    session.refresh_from_db()
    axis = axis_of(session, at=after(minutes=51 if reached >= 3 else 13))
    lanes = {lane["id"]: lane for lane in axis["lanes"]}
    assert {p["v"] for p in lanes["pressure"]["points"]} == {130, 80}
    assert len(lanes["dissociation"]["bands"]["p50"]) == len(axis["t_min"])
    given = sum((d["end"] - d["start"]) * d["rate"] for d in axis["doses"]["given"])
    ahead = sum((d["end"] - d["start"]) * d["rate"] for d in axis["doses"]["planned"])
    expected = {"not begun": (0, 35), "running": (9.6, 25.4), "paused": (8.75, 26.25)}
    assert (given, ahead) == pytest.approx(expected.get(until, (35, 0)), abs=0.05)


def test_the_bands_rise_with_the_dose_and_follow_a_pause(session: Session, nurse: User):
    give_as_planned(session, by=nurse, at=after(minutes=2), fact_id=uuid4())
    going = axis_of(session, at=after(minutes=10))
    pause(session, by=nurse, at=after(minutes=10), fact_id=uuid4())
    paused = axis_of(session, at=after(minutes=30))
    median = {
        name: next(x for x in axis["lanes"] if x["id"] == "dissociation")["bands"]["p50"]
        for name, axis in (("going", going), ("paused", paused))
    }
    assert median["going"][0] < 1
    assert median["going"][40] > 5
    assert median["paused"][28] < median["going"][28]


def test_what_happened_is_one_list_with_who_did_it(
    session: Session, browser: Client, nurse: User, prescriber: User
):
    give_as_planned(session, by=nurse, at=after(60), fact_id=uuid4())
    rate(session, scale="moaa-s", value=4, by=nurse, at=after(120), fact_id=uuid4())
    remark(
        session,
        symptom=Symptom.PANIC,
        text="at the window",
        by=nurse,
        at=after(180),
        fact_id=uuid4(),
    )
    acknowledge(
        Alarm.objects.get(code="panic"),
        reason="With the patient", by=prescriber, at=after(190), fact_id=uuid4(),
    )  # fmt: skip
    begin_recovery(session, by=prescriber, at=after(240), fact_id=uuid4())
    told = [(line.what, line.by) for line in story(session) if "No reading" not in line.what]
    assert told == [
        ("Recovery began", "Petra Staff"),
        ("The pump stopped", "Petra Staff"),
        ("Acknowledged, Panic that does not settle: With the patient", "Petra Staff"),
        ("Panic that does not settle at the window", "Nadia Staff"),
        ("Alarm, medium: Panic that does not settle", ""),
        ("Sedation (MOAA/S) 4", "Nadia Staff"),
        ("Dose: 0.875 mg/min from here", "Nadia Staff"),
        ("The watch began", "Nadia Staff"),
    ]
