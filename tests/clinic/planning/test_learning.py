"""What was seen in a session changes the next proposal, and every proposal can be recomputed."""

import json
from datetime import timedelta

import pytest

from afterglow.clinic.chart.models import Encounter, Reading, Sample
from afterglow.clinic.planning.facts import gather
from afterglow.clinic.planning.inputs import Inputs
from afterglow.clinic.planning.models import Proposal
from afterglow.clinic.planning.observed import observations, observed
from afterglow.clinic.planning.queries import bands_by, belief_for, inputs_of, prior_bands
from afterglow.clinic.planning.replay import replay
from afterglow.clinic.planning.shaped import Shaped
from afterglow.clinic.planning.signing import advice_of
from afterglow.core.dosing.observed import Pulse, Sampled
from afterglow.core.quantity import VenousLevel
from afterglow.core.refusal import Refusal
from tests.clinic.conftest import NINE
from tests.clinic.planning.asking import behind_the_records_back
from tests.clinic.walk import given, measured, proposed, treated

pytestmark = pytest.mark.django_db
AFTER = NINE + timedelta(days=3)
STRONG = ((20.0, 48.0), (40.0, 62.0), (80.0, 25.0))
OVERWHELMING = ((20.0, 75.0), (40.0, 88.0), (80.0, 60.0))
MILD = ((20.0, 17.0), (40.0, 22.0), (80.0, 8.0))
CALM = ((20.0, 3.0), (40.0, 4.0), (80.0, 0.0))


def peak(proposal: Proposal) -> float:
    """Median peak dissociation of 35 mg over 40 min, as this proposal's belief has it."""
    inputs = inputs_of(proposal.pk)
    assert inputs.belief is not None
    bands = bands_by(inputs, inputs.belief, Shaped(35.0, 40.0).doses)
    return bands.series["cadss"].peak[2]


def test_strong_dissociation_makes_the_next_proposal_gentler(ready, nurse):
    before = advice_of(proposed(ready, nurse, at=NINE)).chosen
    treated(ready, at=NINE + timedelta(hours=1), cadss=OVERWHELMING)
    measured(ready, nurse, at=AFTER)
    again = proposed(ready, nurse, at=AFTER)
    after = advice_of(again).chosen
    assert after.dose_mg / after.minutes < before.dose_mg / before.minutes
    assert again.session_number == 2
    assert (
        peak(again)
        > prior_bands(inputs_of(again.pk), Shaped(35.0, 40.0).doses).series["cadss"].peak[2]
    )


def test_the_model_never_steps_up_on_its_own(ready, nurse, prescriber):
    first = proposed(ready, nurse, at=NINE)
    assert max(first.inputs["facts"]["candidates"]["doses_mg"]) == 35.0  # 0.5 mg/kg of 70 kg
    treated(ready, at=NINE + timedelta(hours=1), amount_mg=42.0, cadss=CALM)
    measured(ready, nurse, at=AFTER)
    again = proposed(ready, nurse, at=AFTER)
    assert max(again.inputs["facts"]["candidates"]["doses_mg"]) == 42.0


def test_a_calm_and_a_strong_session_lead_to_different_beliefs(ready, nurse):
    treated(ready, at=NINE + timedelta(hours=1), cadss=MILD)
    measured(ready, nurse, at=AFTER)
    mild = peak(proposed(ready, nurse, at=AFTER))
    treated(ready, at=AFTER + timedelta(hours=1), cadss=STRONG)
    measured(ready, nurse, at=AFTER + timedelta(days=3))
    assert peak(proposed(ready, nurse, at=AFTER + timedelta(days=3))) > mild + 5


def test_two_sessions_that_no_one_patient_would_show_are_refused_by_name(ready, nurse):
    """From 4 points to 88 on the same dose: a wrong chart, or nothing the model knows."""
    treated(ready, at=NINE + timedelta(hours=1), cadss=CALM)
    measured(ready, nurse, at=AFTER)
    treated(ready, at=AFTER + timedelta(hours=1), cadss=OVERWHELMING)
    later = AFTER + timedelta(days=3)
    measured(ready, nurse, at=later)
    proposal = proposed(ready, nurse, at=later)
    assert proposal.is_refused
    assert proposal.result["refusal"]["code"] == "observations-not-explained"
    assert "a CADSS of 4 at 40 min in session 1" in proposal.result["refusal"]["because"]
    assert replay(proposal.pk).same


def test_a_stored_proposal_is_recomputed_to_the_last_digit(ready, nurse):
    treated(ready, at=NINE + timedelta(hours=1), cadss=STRONG, systolic=((10.0, 141.0),))
    measured(ready, nurse, at=AFTER)
    again = replay(proposed(ready, nurse, at=AFTER).pk)
    assert again.same, again.differences


def test_a_digit_changed_behind_the_records_back_is_found(ready, nurse):
    proposal = proposed(ready, nurse, at=NINE)
    result = json.loads(json.dumps(proposal.result))
    result["proposal"]["chosen"]["dose_mg"] += 1e-9
    behind_the_records_back(proposal, "result", result)
    again = replay(proposal.pk)
    assert not again.same
    assert again.differences[0].startswith("result.proposal.chosen.dose_mg")


def test_a_field_that_a_later_version_adds_is_no_difference(ready, nurse):
    proposal = proposed(ready, nurse, at=NINE)
    inputs = json.loads(json.dumps(proposal.inputs))
    del inputs["facts"]["covariates"]["height_cm"]
    behind_the_records_back(proposal, "inputs", inputs)
    assert replay(proposal.pk).same


def test_a_model_that_does_not_reach_says_so_and_its_no_is_kept_and_recomputed(ready, nurse):
    measured(ready, nurse, at=NINE + timedelta(minutes=1), weight=210.0)
    proposal = proposed(ready, nurse, at=NINE + timedelta(minutes=1))
    assert proposal.is_refused
    assert proposal.result["refusal"]["code"] == "outside-model"
    assert replay(proposal.pk).same


def test_what_is_believed_survives_the_database(ready, nurse):
    treated(ready, at=NINE + timedelta(hours=1), cadss=CALM)
    measured(ready, nurse, at=AFTER)
    stored = Proposal.objects.get(pk=proposed(ready, nurse, at=AFTER).pk)
    held = Inputs.from_json(stored.inputs)
    assert held.belief == belief_for(ready, at=AFTER)


def test_a_proposal_without_a_pressure_asks_for_one(policy, patient, nurse):
    from afterglow.clinic.chart.services import measure
    from afterglow.core.care.watch import Sign

    measure(patient=patient, values={Sign.WEIGHT: 70.0}, by=nurse, at=NINE, fact_id=patient.pk)
    refusal = gather(patient, at=NINE)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "baseline-missing"


def test_a_raised_pressure_after_a_dose_is_not_taken_for_rest(ready, nurse):
    treated(ready, at=NINE + timedelta(hours=1), cadss=CALM, systolic=((30.0, 171.0),))
    gathered = gather(ready, at=AFTER)
    assert gathered.facts.baseline.systolic_mmhg == 122.0


def test_a_session_without_a_baseline_is_left_out_in_words(policy, patient, nurse):
    treated(patient, at=NINE, cadss=STRONG)
    seen = observed(patient, at=AFTER)
    assert (seen.sessions, seen.given) == ((), 1)
    assert "no pressure and pulse" in seen.left_out[0]


def test_an_infusion_nobody_ended_is_not_learned_from(ready):
    encounter = treated(ready, at=NINE + timedelta(hours=1), cadss=CALM)
    given(encounter, at=NINE + timedelta(hours=2), rate_mg_per_min=0.5)
    refusal = gather(ready, at=AFTER)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "dose-never-ended"


def test_a_rating_entered_twice_counts_once_and_is_told(ready):
    """By the bed and again at the desk: one witness."""
    treated(ready, at=NINE, cadss=((40.0, 20.0), (40.0, 20.0), (40.0, 22.0), (60.0, 20.0)))
    seen = observed(ready, at=AFTER)
    assert [one.cadss for one in seen.sessions[0].observations] == [20.0, 22.0, 20.0]
    assert seen.left_out == (
        "Session 1: a CADSS of 20 at 40 min stands in the chart more than once and counts once.",
    )


def test_a_pulse_every_second_counts_once_in_five_minutes(ready):
    encounter = treated(ready, at=NINE)
    Reading.objects.bulk_create(
        Reading(
            patient=ready,
            encounter=encounter,
            sign="pulse",
            value=70.0 + second % 3,
            happened_at=NINE + timedelta(seconds=second),
        )
        for second in range(600)
    )
    seen = list(observations(encounter, zero_at=NINE, at=AFTER))
    assert [type(one) for one in seen] == [Pulse, Pulse]


def test_a_venous_level_stays_venous(ready):
    encounter = treated(ready, at=NINE)
    Sample.objects.create(
        patient=ready,
        encounter=encounter,
        site="venous",
        analyte="ketamine",
        ng_per_ml=112.0,
        happened_at=NINE + timedelta(minutes=40),
    )
    (seen,) = observations(encounter, zero_at=NINE, at=AFTER)
    assert isinstance(seen, Sampled)
    assert isinstance(seen.level, VenousLevel)


def test_days_of_rest_are_counted_from_the_last_dose(ready):
    treated(ready, at=NINE, cadss=CALM)
    assert observed(ready, at=NINE + timedelta(days=12)).idle_days(
        NINE + timedelta(days=12)
    ) == pytest.approx(12.0)
    assert Encounter.objects.count() >= 1
