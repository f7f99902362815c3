"""The pages before a session, as a nurse and others use them."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import now

from afterglow.clinic.chart.services import answer
from afterglow.clinic.people.models import Role
from afterglow.clinic.planning.body import MEDICINES
from afterglow.clinic.preparation.models import GoNoGo, Preparation
from tests.clinic.walk import planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(policy, patient, nurse, prescriber):
    return planned(patient, nurse, prescriber, at=now())


def address(plan) -> str:
    return reverse("preparation:checks", args=[plan.patient_id])


VITALS = {"systolic": "124", "diastolic": "79", "pulse": "70", "spo2": "98"}


def enter(client, plan, **changes):
    return client.post(address(plan), {"fact_id": uuid4(), **VITALS, **changes})


def test_without_a_plan_the_page_leads_to_planning(policy, patient, signed_in, nurse):
    shown = signed_in(nurse).get(reverse("preparation:checks", args=[patient.pk]))
    assert "No plan stands" in shown.content.decode()


def test_a_nurse_checks_and_reads_what_is_still_missing(plan, signed_in, nurse):
    client = signed_in(nurse)
    assert enter(client, plan).status_code == 302
    shown = client.get(address(plan)).content.decode()
    assert "Not complete yet" in shown
    assert "Still to settle" in shown
    assert "not asked" in shown
    assert "mL/h" in shown


def test_half_a_pressure_comes_back_with_words(plan, signed_in, nurse):
    answer = enter(signed_in(nurse), plan, diastolic="")
    assert answer.status_code == 422
    assert "half of one is not a pressure" in answer.content.decode()
    assert GoNoGo.objects.count() == 0


def test_an_impossible_pulse_comes_back_with_the_range(plan, signed_in, nurse):
    answer = enter(signed_in(nurse), plan, pulse="7000")
    assert answer.status_code == 422
    assert "Pulse must be" in answer.content.decode()
    assert GoNoGo.objects.count() == 0


def test_a_therapist_signs_second_and_does_not_enter_numbers(plan, signed_in, nurse, therapist):
    enter(signed_in(nurse), plan)
    client, first = signed_in(therapist), GoNoGo.objects.get()
    assert "not-at-the-bed" in enter(client, plan).content.decode()
    second = reverse("preparation:second", args=[first.pk])
    assert client.post(second, {"fact_id": uuid4()}).status_code == 302
    assert len(GoNoGo.objects.latest("recorded_at").signers) == 2


@pytest.mark.parametrize("role", [Role.NURSE, Role.THERAPIST, Role.FRONT_DESK, Role.PATIENT])
def test_only_a_prescriber_reaches_an_override(plan, signed_in, everyone, nurse, role):
    enter(signed_in(nurse), plan, systolic="171")
    over = reverse("preparation:override", args=[GoNoGo.objects.get().pk])
    form = {"fact_id": uuid4(), "check_id": "pressure", "reason": "Fine."}
    assert signed_in(everyone[role]).post(over, form).status_code == 403


def test_a_prescriber_goes_on_despite_a_hold_and_the_reason_is_read(
    plan, signed_in, nurse, prescriber
):
    enter(signed_in(nurse), plan, systolic="171")
    client = signed_in(prescriber)
    over = reverse("preparation:override", args=[GoNoGo.objects.get().pk])
    client.post(over, {"fact_id": uuid4(), "check_id": "pressure", "reason": "White coat."})
    assert "White coat." in client.get(address(plan)).content.decode()


def test_set_and_setting_is_kept_and_an_empty_field_was_not_asked(
    policy, patient, signed_in, nurse
):
    form = {"fact_id": uuid4(), "intention": "To sleep again.", "fear": "6", "touch": "ask"}
    prepare = reverse("preparation:prepare", args=[patient.pk])
    assert signed_in(nurse).post(prepare, form).status_code == 302
    kept = Preparation.objects.get()
    assert (kept.intention, kept.fear, kept.touch) == ("To sleep again.", 6, "ask")
    assert (kept.calm, kept.headphones) == (None, None)


def test_a_mood_outside_the_scale_is_refused(policy, patient, signed_in, nurse):
    prepare = reverse("preparation:prepare", args=[patient.pk])
    answer = signed_in(nurse).post(prepare, {"fact_id": uuid4(), "calm": "11"})
    assert answer.status_code == 422
    assert Preparation.objects.count() == 0


def test_the_checks_say_at_the_top_which_medicines_the_plan_does_not_know(plan, signed_in, nurse):
    assert "Medicines have changed" not in signed_in(nurse).get(address(plan)).content.decode()
    told = {"question": MEDICINES, "said": ["rifampicin"], "by": nurse, "at": now()}
    answer(patient=plan.patient, **told, fact_id=uuid4())
    shown = signed_in(nurse).get(address(plan)).content.decode()
    assert "Medicines have changed since it was proposed: then not asked; now rifampicin." in shown
