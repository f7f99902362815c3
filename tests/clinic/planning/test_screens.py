"""The planning page: what each role sees, and what the dose designer answers."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import now

from afterglow.clinic.people.models import Role
from afterglow.clinic.planning.models import Plan, Proposal
from afterglow.clinic.planning.risk import percent
from afterglow.clinic.planning.signing import advice_of
from afterglow.clinic.record.models import Look
from tests.clinic.planning.asking import bands, page
from tests.clinic.walk import measured, proposed, treated

pytestmark = pytest.mark.django_db


def sign(client, proposal, **changes):
    chosen = advice_of(proposal).chosen
    form = {
        "fact_id": uuid4(),
        "instead_of": "",
        "dose_mg": chosen.dose_mg,
        "minutes": chosen.minutes,
        "profile": "constant",
        "concentration_mg_per_ml": "10",
        "made_up_to_ml": "50",
        "planned_for": now().date().isoformat(),
        "differs_because": "",
        "intended_mg_per_kg": "",
    }
    return client.post(reverse("planning:sign", args=[proposal.pk]), form | changes)


def test_the_page_shows_the_proposal_its_reasons_and_its_limits(today, signed_in, prescriber):
    shown = page(signed_in(prescriber), today.patient)
    advice = advice_of(today)
    assert f"The model proposes {advice.chosen.dose_mg:g} mg" in shown
    assert advice.reasons[0] in shown
    assert "own default" in shown
    assert "Ekstrand" in shown
    assert f"afterglow replay {today.pk}" in shown


def test_a_look_at_the_plan_is_remembered_and_a_turn_of_the_dial_adds_none(
    today, signed_in, prescriber
):
    client = signed_in(prescriber)
    page(client, today.patient)
    for dose_mg in (30, 31, 32):
        bands(client, today, dose_mg=dose_mg, minutes=40)
    assert Look.objects.filter(patient=today.patient, page="plan").count() == 1


def test_the_designer_answers_with_bands_chances_and_figures(today, signed_in, nurse):
    answer = bands(signed_in(nurse), today, dose_mg=35, minutes=40)
    said = json.loads(answer.content)
    assert answer.status_code == 200
    assert [lane["id"] for lane in said["axis"]["lanes"]] == [
        "concentration",
        "dissociation",
        "pressure",
    ]
    for lane in said["axis"]["lanes"]:
        assert len(lane["bands"]["p95"]) == len(said["axis"]["t_min"])
    assert [(row["label"], row["limit"]) for row in said["risk"]] == [
        ("Dissociation above 40", "10 %"),
        ("Systolic above 180 mmHg", "5.0 %"),
        ("MOAA/S 2 or below", "5.0 %"),
        ("In any 7 days", "5 mg/kg"),
    ]
    assert said["risk"][3]["value"] == "0.5 mg/kg"
    assert all(row["source"] and row["grade"] for row in said["risk"])
    assert said["refusal"] is None


def test_the_dialled_doses_sedation_is_that_of_the_same_option_in_the_proposal(
    today, signed_in, nurse
):
    chosen = advice_of(today).chosen
    asked = {"dose_mg": chosen.dose_mg, "minutes": chosen.minutes}
    said = json.loads(bands(signed_in(nurse), today, **asked).content)
    assert said["risk"][2]["value"] == percent(chosen.sedation_chance)
    by_model = [words for key, words in said["voices"].items() if key.endswith("-sedation")]
    assert percent(chosen.sedation_chance) in by_model
    assert all(by_model)


def test_too_short_a_dose_says_that_its_sedation_is_not_worked_out(today, signed_in, nurse):
    said = json.loads(bands(signed_in(nurse), today, dose_mg=5, minutes=1).content)
    assert said["risk"][2]["value"] == "not worked out"


def test_more_drug_means_higher_bands_and_a_greater_chance(today, signed_in, nurse):
    client = signed_in(nurse)
    low, high = (
        json.loads(bands(client, today, dose_mg=dose, minutes=40).content) for dose in (20, 60)
    )

    def peak(said):
        return max(said["axis"]["lanes"][1]["bands"]["p50"])

    assert peak(high) > peak(low)


def test_the_pump_is_set_for_the_vial_that_was_chosen(today, signed_in, nurse):
    answer = bands(
        signed_in(nurse),
        today,
        dose_mg=35,
        minutes=40,
        concentration_mg_per_ml=10,
        made_up_to_ml=50,
    )
    figures = {one["label"]: one["value"] for one in json.loads(answer.content)["figures"]}
    assert figures["Draw up"] == "3.50 mL"
    assert figures["Pump rate"] == "75.0 mL/h"


def test_a_dose_above_the_ceiling_says_who_else_must_sign(today, signed_in, nurse):
    said = json.loads(bands(signed_in(nurse), today, dose_mg=77, minutes=40).content)
    figures = {one["label"]: one for one in said["figures"]}
    assert figures["Signatures"]["value"] == "two prescribers"
    assert "1.1 mg/kg" in figures["Signatures"]["warn"]


@pytest.mark.parametrize(
    ("dose_mg", "minutes", "code"),
    [("lots", "40", "not-a-number"), ("", "", "not-a-number"), ("35000", "40", "not-meant"),
     ("35", "-5", "not-meant"), ("nan", "40", "not-meant"), ("35", "inf", "not-meant")],
)  # fmt: skip
def test_nonsense_is_answered_in_words(today, signed_in, nurse, dose_mg, minutes, code):
    answer = bands(signed_in(nurse), today, dose_mg=dose_mg, minutes=minutes)
    refusal = json.loads(answer.content)["refusal"]
    assert (answer.status_code, refusal["code"]) == (422, code)
    assert refusal["because"]
    assert refusal["remedy"]


def test_a_prescriber_signs_on_the_page(today, signed_in, prescriber):
    answer = sign(signed_in(prescriber), today)
    assert answer.status_code == 302
    assert Plan.objects.get().signed_as == "Petra Staff"


def test_another_dose_without_a_reason_comes_back_with_the_entry_kept(today, signed_in, prescriber):
    answer = sign(signed_in(prescriber), today, dose_mg="22.5")
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "reason-missing" in shown
    assert 'value="22.5"' in shown
    assert Plan.objects.count() == 0


def test_an_empty_vial_is_not_guessed(today, signed_in, prescriber):
    answer = sign(signed_in(prescriber), today, concentration_mg_per_ml="")
    assert answer.status_code == 422
    assert Plan.objects.count() == 0


@pytest.mark.parametrize("role", [Role.NURSE, Role.THERAPIST])
def test_others_look_and_cannot_sign(today, signed_in, everyone, role):
    client = signed_in(everyone[role])
    assert "Only a prescriber signs" in page(client, today.patient)
    assert sign(client, today).status_code == 403
    assert Plan.objects.count() == 0


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.PATIENT])
def test_the_desk_and_the_patient_never_see_a_dose(today, signed_in, everyone, role):
    client = signed_in(everyone[role])
    assert client.get(reverse("planning:plan", args=[today.patient.pk])).status_code == 403
    assert bands(client, today, dose_mg=35, minutes=40).status_code == 403


def test_nothing_measured_asks_for_a_weight_and_takes_it(policy, patient, signed_in, nurse):
    client = signed_in(nurse)
    assert "weight-missing" in page(client, patient)
    form = {"fact_id": uuid4(), "weight": "70", "systolic": "120", "diastolic": "80", "pulse": "66"}
    client.post(reverse("planning:measure", args=[patient.pk]), form)
    shown = page(client, patient)
    assert "weight-missing" not in shown
    assert "Propose a dose" in shown


def test_an_impossible_weight_is_said_in_words_and_not_stored(policy, patient, signed_in, nurse):
    client = signed_in(nurse)
    form = {"fact_id": uuid4(), "weight": "70000"}
    answer = client.post(reverse("planning:measure", args=[patient.pk]), form)
    assert answer.status_code == 422
    assert "kg, got 70000" in answer.content.decode()
    assert "weight-missing" in page(client, patient)


def test_asking_the_model_is_a_button_pressed_once(policy, patient, signed_in, nurse):
    at = now()
    measured(patient, nurse, at=at)
    client, form = signed_in(nurse), {"fact_id": uuid4()}
    for _ in range(2):
        client.post(reverse("planning:propose", args=[patient.pk]), form)
    assert Proposal.objects.count() == 1


def test_an_old_proposal_can_be_looked_at_and_not_signed(today, signed_in, prescriber, nurse):
    measured(today.patient, nurse, at=now(), weight=60.0)
    shown = page(signed_in(prescriber), today.patient)
    assert "no longer current" in shown
    assert "Sign this dose" not in shown


def test_what_was_learned_is_shown_beside_what_was_believed(
    policy, patient, signed_in, prescriber, nurse
):
    at = now()
    from datetime import timedelta

    measured(patient, nurse, at=at - timedelta(days=3, hours=1))
    treated(patient, at=at - timedelta(days=3), cadss=((20.0, 44.0), (40.0, 58.0)))
    measured(patient, nurse, at=at)
    made = proposed(patient, nurse, at=at)
    shown = page(signed_in(prescriber), patient)
    assert "Before any session" in shown
    assert "before learning" in shown
    said = json.loads(bands(signed_in(prescriber), made, dose_mg=35, minutes=40).content)
    assert said["axis"]["lanes"][1]["more"][0]["name"] == "before learning"


def test_without_a_signed_policy_nothing_is_planned(patient, signed_in, prescriber):
    answer = signed_in(prescriber).get(reverse("planning:plan", args=[patient.pk]))
    assert answer.status_code == 503
    assert "No safety policy is signed" in answer.content.decode()
