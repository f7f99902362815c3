"""What the PHQ-9 taught: shown beside the dose, marked exploratory, and part of the proposal."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.planning.mood import mood_taught
from afterglow.clinic.planning.queries import inputs_of
from afterglow.clinic.planning.replay import replay
from afterglow.clinic.planning.shaped import Shaped
from afterglow.clinic.planning.signing import advice_of
from afterglow.core.dosing.benefit import Whose
from tests.clinic.conftest import NINE
from tests.clinic.planning.asking import page
from tests.clinic.walk import measured, proposed, scored, treated

pytestmark = pytest.mark.django_db
AFTER = NINE + timedelta(days=7)


def after_one_session(patient, nurse, *, total: float, begun_at=NINE):
    """A score before, a session, a score two days later, and a proposal after a week."""
    scored(patient, 20, at=begun_at - timedelta(days=2))
    treated(patient, at=begun_at + timedelta(hours=1), cadss=((40.0, 20.0),))
    scored(patient, total, at=begun_at + timedelta(days=2))
    week_later = begun_at + timedelta(days=7)
    measured(patient, nurse, at=week_later)
    return proposed(patient, nurse, at=week_later)


def test_before_any_session_the_benefit_is_that_of_people_in_general(ready, nurse):
    proposal = proposed(ready, nurse, at=NINE)
    assert inputs_of(proposal.pk).mood_belief is None
    assert advice_of(proposal).benefit_of is Whose.POPULATION


def test_a_score_after_a_session_makes_the_benefit_the_patients_own_and_replays(ready, nurse):
    proposal = after_one_session(ready, nurse, total=9)
    assert advice_of(proposal).benefit_of is Whose.PATIENT
    again = replay(proposal.pk)
    assert again.same, again.differences


@pytest.mark.parametrize(("total", "least", "most"), [(6, 28, 60), (20, 0, 24)])
def test_who_got_better_is_more_likely_a_responder_than_who_did_not(
    ready, nurse, total, least, most
):
    told = mood_taught(after_one_session(ready, nurse, total=total).pk, Shaped(35.0, 40.0))
    assert least < float(told.responder.split()[0]) < most


def test_one_more_session_is_expected_to_lower_the_score(ready, nurse):
    told = mood_taught(after_one_session(ready, nurse, total=9).pk, Shaped(35.0, 40.0))
    assert told.scale == "PHQ-9"
    assert float(told.days[0].with_it) < float(told.days[0].without)
    assert any("Exploratory" in note for note in told.notes)


def test_scores_that_no_course_explains_are_not_learned_from_and_the_page_says_so(
    policy, patient, nurse, signed_in, prescriber
):
    begun_at = now() - timedelta(days=7, minutes=5)
    scored(patient, 27, at=begun_at - timedelta(days=1))
    measured(patient, nurse, at=begun_at)
    treated(patient, at=begun_at + timedelta(hours=1), cadss=((40.0, 20.0),))
    for day, total in ((1.0, 0), (1.5, 27), (2.0, 0), (2.5, 27), (3.0, 0), (3.5, 27)):
        scored(patient, total, at=begun_at + timedelta(days=day))
    proposal = proposed(patient, nurse, at=now())
    assert advice_of(proposal).benefit_of is Whose.POPULATION
    shown = page(signed_in(prescriber), patient)
    assert "No course the mood model knows explains these scores" in shown


def test_a_new_score_makes_the_proposal_outdated(ready, nurse):
    from afterglow.clinic.planning.facts import gather

    proposal = after_one_session(ready, nurse, total=9)
    scored(ready, 12, at=AFTER)
    now = gather(ready, at=AFTER + timedelta(minutes=1)).facts.fingerprint
    assert now != inputs_of(proposal.pk).facts.fingerprint


def test_the_page_says_what_was_learned_and_that_it_is_exploratory(
    policy, patient, nurse, signed_in, prescriber
):
    measured(patient, nurse, at=now() - timedelta(days=8))
    after_one_session(patient, nurse, total=9, begun_at=now() - timedelta(days=7, minutes=5))
    shown = page(signed_in(prescriber), patient)
    assert "Exploratory: no dose should be chosen on this alone" in shown
    assert "PHQ-9 20 (before), PHQ-9 9 (day 2)" in shown


def test_the_page_says_what_it_assumes_of_every_patient_and_of_which_day_it_speaks(
    policy, patient, nurse, signed_in, prescriber
):
    measured(patient, nurse, at=now() - timedelta(days=8))
    proposal = after_one_session(
        patient, nurse, total=9, begun_at=now() - timedelta(days=7, minutes=5)
    )
    shown = page(signed_in(prescriber), patient)
    assert "no new antidepressant, no psychotherapy" in shown
    assert "credited to ketamine here" in shown
    assert f"given on {at_clinic(proposal.happened_at):%-d %b %Y}" in shown
