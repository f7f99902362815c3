"""A dose is advised by the model and signed by a person; nothing unsigned can be given."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from afterglow.clinic.planning.models import Plan, Proposal
from afterglow.clinic.planning.queries import signed_plan, unused_plan
from afterglow.clinic.planning.services import countersign, propose
from afterglow.clinic.planning.signing import advice_of
from afterglow.clinic.screening.services import withdraw
from afterglow.core.refusal import Refusal
from tests.clinic.conftest import NINE
from tests.clinic.walk import measured, planned, proposed, screened, signed

pytestmark = pytest.mark.django_db
LATER = NINE + timedelta(minutes=10)


def test_the_proposal_signed_as_it_stands_becomes_the_plan(ready, nurse, prescriber):
    proposal = proposed(ready, nurse, at=NINE)
    plan = signed(proposal, prescriber, at=LATER)
    advised = advice_of(proposal)
    assert advised is not None
    assert (plan.amount_mg, plan.duration_min) == (advised.chosen.dose_mg, advised.chosen.minutes)
    assert (plan.signed_as, plan.weight_kg) == ("Petra Staff", 70.0)
    assert signed_plan(ready) == plan


def test_the_first_of_six_visits_is_the_day_that_was_chosen(ready, nurse, prescriber):
    plan = signed(proposed(ready, nurse, at=NINE), prescriber, at=LATER)
    assert plan.series[0] == "2030-01-07"
    assert len(plan.series) == 6


def test_a_proposal_alone_is_no_plan(ready, nurse):
    proposed(ready, nurse, at=NINE)
    assert signed_plan(ready) is None


def test_asking_twice_with_the_same_form_asks_once(ready, nurse):
    form = uuid4()
    first = propose(patient=ready, by=nurse, at=NINE, fact_id=form)
    assert propose(patient=ready, by=nurse, at=LATER, fact_id=form) == first
    assert Proposal.objects.count() == 1


def test_sending_the_signature_twice_signs_once(ready, nurse, prescriber):
    proposal, form = proposed(ready, nurse, at=NINE), uuid4()
    first = signed(proposal, prescriber, at=LATER, fact_id=form)
    assert signed(proposal, prescriber, at=LATER, fact_id=form) == first
    assert Plan.objects.count() == 1


def test_another_dose_needs_a_reason(ready, nurse, prescriber):
    proposal = proposed(ready, nurse, at=NINE)
    refusal = signed(proposal, prescriber, at=LATER, amount_mg=21.0)
    assert refusal.code == "reason-missing"
    assert "21 mg" in refusal.because
    plan = signed(proposal, prescriber, at=LATER, amount_mg=21.0, differs_because="First time.")
    assert plan.differs_because == "First time."


@pytest.mark.parametrize("who", ["nurse", "therapist"])
def test_only_a_prescriber_signs(ready, nurse, request, who):
    refusal = signed(proposed(ready, nurse, at=NINE), request.getfixturevalue(who), at=LATER)
    assert refusal.code == "not-a-prescriber"
    assert Plan.objects.count() == 0


def test_a_patient_who_was_never_screened_is_not_planned_for(policy, patient, nurse, prescriber):
    measured(patient, nurse, at=NINE)
    refusal = signed(proposed(patient, nurse, at=NINE), prescriber, at=LATER)
    assert refusal.code == "not-assessed"


def test_screening_that_has_gone_stale_stops_a_signature(ready, nurse, prescriber):
    from afterglow.clinic.screening import queries, services

    proposal = proposed(ready, nurse, at=NINE)
    last = queries.newest_intake(ready)
    answers = {**queries.answers(ready), "aneurysm": "yes"}
    services.answer(
        patient=ready, answers=answers, by=nurse, at=LATER, fact_id=uuid4(), after=last.pk
    )
    assert signed(proposal, prescriber, at=LATER).code == "assessment-out-of-date"


def test_withdrawn_consent_stops_a_signature(ready, nurse, prescriber):
    proposal = proposed(ready, nurse, at=NINE)
    withdraw(patient=ready, remark="", by=nurse, at=LATER, fact_id=uuid4())
    assert signed(proposal, prescriber, at=LATER).code == "no-consent"


def test_a_new_weight_makes_the_proposal_old(ready, nurse, prescriber):
    proposal = proposed(ready, nurse, at=NINE)
    measured(ready, nurse, at=LATER, weight=61.0)
    assert signed(proposal, prescriber, at=LATER).code == "proposal-outdated"


@pytest.mark.parametrize("days", [-1, 400])
def test_an_impossible_day_is_refused(ready, nurse, prescriber, days):
    day = (NINE + timedelta(days=days)).date()
    refusal = signed(proposed(ready, nurse, at=NINE), prescriber, at=LATER, planned_for=day)
    assert refusal.code == "impossible-day"
    assert f"{day:%d %b %Y}" in refusal.because


def test_a_slip_in_the_decimal_point_is_refused(ready, nurse, prescriber):
    proposal = proposed(ready, nurse, at=NINE)
    dose = 10 * advice_of(proposal).chosen.dose_mg
    refusal = signed(
        proposal, prescriber, at=LATER, amount_mg=dose, made_up_to_ml=100.0, differs_because="More."
    )
    assert refusal.code == "dose-over-calculated"
    assert Plan.objects.count() == 0


def test_too_little_volume_for_the_dose_is_refused(ready, nurse, prescriber):
    refusal = signed(proposed(ready, nurse, at=NINE), prescriber, at=LATER, made_up_to_ml=1.0)
    assert refusal.code == "volume-too-small"


def over_the_ceiling(proposal, by, **more):
    return signed(
        proposal,
        by,
        at=LATER,
        amount_mg=77.0,
        intended_mg_per_kg=1.1,
        differs_because="No response to 0.5 to 1.0 mg/kg.",
        **more,
    )


def test_a_dose_above_the_ceiling_waits_for_a_second_prescriber(ready, nurse, prescriber, second):
    plan = over_the_ceiling(proposed(ready, nurse, at=NINE), prescriber)
    assert plan.needs_second
    assert signed_plan(ready) is None
    countersign(plan=plan, by=second, at=LATER, fact_id=uuid4())
    assert signed_plan(ready) == plan


def test_nobody_is_their_own_second_prescriber(ready, nurse, prescriber):
    plan = over_the_ceiling(proposed(ready, nurse, at=NINE), prescriber)
    assert countersign(plan=plan, by=prescriber, at=LATER, fact_id=uuid4()).code == (
        "second-signer-is-first"
    )
    assert countersign(plan=plan, by=nurse, at=LATER, fact_id=uuid4()).code == "not-a-prescriber"
    assert signed_plan(ready) is None


def test_a_newer_plan_replaces_the_one_its_signer_saw(ready, nurse, prescriber, second):
    proposal = proposed(ready, nurse, at=NINE)
    first = signed(proposal, prescriber, at=LATER)
    newer = signed(proposal, second, at=LATER, instead_of=first.pk)
    assert signed_plan(ready) == newer
    assert newer.corrects == first


def test_a_prescriber_who_did_not_see_the_others_plan_is_refused(ready, nurse, prescriber, second):
    proposal = proposed(ready, nurse, at=NINE)
    signed(proposal, prescriber, at=LATER)
    refusal = signed(proposal, second, at=LATER)
    assert refusal.code == "plan-changed"
    assert "Petra Staff" in refusal.because


def test_the_database_lets_only_one_plan_replace_another(ready, nurse, prescriber):
    proposal = proposed(ready, nurse, at=NINE)
    first = signed(proposal, prescriber, at=LATER)
    signed(proposal, prescriber, at=LATER, instead_of=first.pk)
    stray = Plan.objects.get(pk=first.pk)
    stray.pk, stray.corrects_id = uuid4(), first.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        stray.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_of_two_prescribers_at_the_same_moment_one_is_told(policy, patient, nurse, prescriber):
    from tests.clinic.conftest import Role, staff

    second = staff(Role.PRESCRIBER, "Sam")
    screened(patient, nurse, at=NINE)
    measured(patient, nurse, at=NINE)
    proposal = proposed(patient, nurse, at=NINE)
    together, said = Barrier(2), []

    def press(by):
        together.wait()
        said.append(signed(proposal, by, at=LATER))
        connection.close()

    threads = [Thread(target=press, args=(by,)) for by in (prescriber, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in said) == ["Plan", "Refusal"]
    assert Plan.objects.count() == 1


def test_a_plan_used_by_a_session_no_longer_stands(policy, patient, nurse, prescriber):
    from afterglow.clinic.chart.models import Encounter
    from afterglow.clinic.treatment.models import Session

    plan = planned(patient, nurse, prescriber, at=NINE)
    encounter = Encounter.objects.create(patient=patient, kind="session", happened_at=LATER)
    Session.objects.create(
        encounter=encounter,
        patient=patient,
        plan=plan,
        bed="1",
        started_at=LATER,
        silent_after=LATER,
    )
    assert unused_plan(patient) is None


@pytest.mark.parametrize(("kg", "code"), [(8.0, None), (700.0, None), (20.0, "weight-implausible")])
def test_a_wrong_weight_never_reaches_the_model(policy, patient, nurse, kg, code):
    from afterglow.core.errors import BadInput

    measured(patient, nurse, at=NINE)
    if code is None:
        with pytest.raises(BadInput, match="kg"):
            measured(patient, nurse, at=LATER, weight=kg)
        return
    measured(patient, nurse, at=LATER, weight=kg)
    refusal = propose(patient=patient, by=nurse, at=LATER, fact_id=uuid4())
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert Proposal.objects.count() == 0
