"""Go or no-go: every check in a sentence, and nobody is waved through unmeasured."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterglow.core.care import saved
from afterglow.core.care.checks import (
    CHECKS,
    ConsentSeen,
    Decision,
    Found,
    GoNoGo,
    PregnancyTest,
    State,
    go_no_go,
)
from afterglow.core.care.instruments import Risk
from afterglow.core.care.words import Override
from afterglow.core.quantity import Drug, Route

from .build import NINE, NO, POLICY, TODAY, UNKNOWN, YES, minutes, pressure, ready

REASON = Override(by="Dr C", role="prescriber", reason="White coat; home values fine", at=NINE)


def judge(found: Found, **overrides: Override) -> GoNoGo:
    named = {id.replace("_", "-"): each for id, each in overrides.items()}
    return go_no_go(found, policy=POLICY, at=NINE, overrides=named)


def state(id: str, **other) -> State:
    (check,) = (c for c in judge(ready(**other)).checks if c.id == id)
    return check.state


def test_a_patient_on_whom_all_is_well_may_start():
    verdict = judge(ready())
    assert {check.state for check in verdict.checks} == {State.PASS}
    assert verdict.decision is Decision.GO
    assert verdict.may_start


def test_every_check_says_its_limit_and_its_source_and_what_to_do_unless_it_passes():
    blank = judge(Found(drug=Drug.KETAMINE, route=Route.INTRAVENOUS, age_years=41))
    assert tuple(check.id for check in blank.checks) == CHECKS
    for check in blank.checks:
        assert check.limit, check.id
        assert check.source, check.id
        assert check.remedy, check.id


def test_nothing_known_is_incomplete_and_never_a_go():
    blank = judge(Found(drug=Drug.KETAMINE, route=Route.INTRAVENOUS, age_years=41))
    assert {check.state for check in blank.checks} == {State.MISSING}
    assert blank.decision is Decision.INCOMPLETE
    assert not blank.may_start


OPTIONAL = {
    "solids": {"solids_at": None},
    "fluids": {"fluids_at": None},
    "pressure": {"pressures": ()},
    "pulse": {"pulse_per_min": None},
    "saturation": {"spo2_percent": None},
    "breathing": {"resp_per_min": None},
    "temperature": {"temperature_c": None},
    "weight": {"weight_kg": None},
    "pregnancy": {"could_be_pregnant": UNKNOWN},
    "medicines": {"medicines_changed": UNKNOWN},
    "alcohol": {"alcohol_24h": UNKNOWN},
    "cannabis": {"cannabis_24h": UNKNOWN},
    "benzodiazepine": {"benzodiazepine_24h": UNKNOWN},
    "stimulant": {"stimulant_today": UNKNOWN},
    "suicide-risk": {"suicide_risk": None},
    "consent": {"consent": None},
    "plan": {"plan_signed_at": None},
    "iv-site": {"iv_site_ready": UNKNOWN},
    "escort": {"escort_name": " "},
    "phone": {"phone_off": UNKNOWN},
    "bladder": {"bladder_emptied": UNKNOWN},
    "signatures": {"signed_by": ()},
}


@pytest.mark.parametrize("id", CHECKS)
def test_one_thing_not_asked_blocks_the_start(id):
    verdict = judge(ready(**OPTIONAL[id]))
    assert [c.id for c in verdict.checks if c.state is State.MISSING] == [id]
    assert verdict.decision is Decision.INCOMPLETE


def test_an_override_never_stands_in_for_a_measurement():
    assert not judge(ready(pressures=()), pressure=REASON).may_start


@pytest.mark.parametrize(
    ("route", "solids_h", "fluids_h"),
    [(Route.INTRAVENOUS, 6, 2), (Route.INTRAMUSCULAR, 6, 2), (Route.NASAL, 2, 0.5),
     (Route.ORAL, 4, 2), (Route.SUBLINGUAL, 4, 2)],
)  # fmt: skip
def test_fasting_goes_by_route(route, solids_h, fluids_h):
    for id, hours in (("solids", solids_h), ("fluids", fluids_h)):
        enough = {f"{id}_at": NINE - timedelta(hours=hours)}
        short = {f"{id}_at": NINE - timedelta(hours=hours) + minutes(1)}
        assert state(id, route=route, **enough) is State.PASS
        assert state(id, route=route, **short) is State.HOLD


def test_food_in_the_future_is_a_slip_and_holds():
    assert state("solids", solids_at=NINE + timedelta(hours=9)) is State.HOLD


def measured(*values, every=5):
    times = [NINE - minutes(1 + every * n) for n in range(len(values))]
    return tuple(pressure(s, d, at) for (s, d), at in zip(reversed(values), times, strict=True))


def test_above_140_over_90_the_pressure_is_measured_twice_more_and_then_warns():
    assert state("pressure", pressures=measured((140, 90))) is State.PASS
    assert state("pressure", pressures=measured((141, 80))) is State.MISSING
    assert state("pressure", pressures=measured((141, 80), (142, 80))) is State.MISSING
    three = measured((141, 80), (142, 80), (143, 80))
    assert state("pressure", pressures=three) is State.WARN


def test_repeats_within_a_minute_do_not_count_as_repeats():
    hurried = measured((150, 80), (150, 80), (150, 80), every=1)
    assert state("pressure", pressures=hurried) is State.MISSING


def test_the_newest_pressure_decides_in_whatever_order_they_were_entered():
    falling = measured((175, 80), (150, 80), (138, 80))
    assert state("pressure", pressures=falling) is State.PASS
    assert state("pressure", pressures=falling[::-1]) is State.PASS


def test_above_160_over_100_it_holds_unless_a_prescriber_gives_a_reason():
    high = ready(pressures=measured((161, 80)))
    assert state("pressure", pressures=measured((130, 101))) is State.HOLD
    assert judge(high).decision is Decision.HOLD
    assert judge(high, pressure=REASON).decision is Decision.CARE
    assert not judge(high, pressure=replace(REASON, reason=" ")).may_start
    assert not judge(high, pressure=replace(REASON, role="nurse")).may_start


def test_at_sixty_five_the_warning_is_150():
    three = measured((145, 80), (145, 80), (145, 80))
    assert state("pressure", pressures=three, age_years=65) is State.PASS
    assert state("pressure", pressures=three, age_years=64) is State.WARN


def test_a_pressure_half_an_hour_old_is_measured_again():
    old = (pressure(120, 70, NINE - minutes(31)),)
    assert state("pressure", pressures=old) is State.MISSING


def test_a_pressure_that_is_still_to_come_does_not_count():
    assert state("pressure", pressures=(pressure(120, 70, NINE + minutes(1)),)) is State.MISSING


@pytest.mark.parametrize(
    ("id", "field", "fine", "bad"),
    [
        ("pulse", "pulse_per_min", [50, 110], [49, 111]),
        ("saturation", "spo2_percent", [95, 100], [94]),
        ("breathing", "resp_per_min", [10, 20], [9, 21]),
        ("temperature", "temperature_c", [36, 37.9], [38.0, 39]),
    ],
)
def test_a_vital_sign_outside_its_limits_holds(id, field, fine, bad):
    assert {state(id, **{field: value}) for value in fine} == {State.PASS}
    assert {state(id, **{field: value}) for value in bad} == {State.HOLD}


@pytest.mark.parametrize("at", [NINE - minutes(31), NINE + minutes(1), None])
def test_vital_signs_of_another_time_are_taken_again(at):
    for id in ("pulse", "saturation", "breathing", "temperature"):
        assert state(id, vitals_at=at) is State.MISSING


def test_a_documented_low_baseline_saturation_is_the_patients_own_limit():
    assert state("saturation", spo2_percent=93, spo2_baseline_percent=93) is State.PASS
    assert state("saturation", spo2_percent=92, spo2_baseline_percent=93) is State.HOLD
    assert state("saturation", spo2_percent=95, spo2_baseline_percent=99) is State.PASS


def hcg(days_ago, positive=NO):
    test = PregnancyTest(positive=positive, taken_at=NINE - timedelta(days=days_ago))
    return {"could_be_pregnant": YES, "pregnancy_test": test}


def test_a_positive_pregnancy_test_holds_and_nobody_overrides_it():
    found = ready(**hcg(0, YES))
    assert judge(found).decision is Decision.HOLD
    assert not judge(found, pregnancy=REASON).may_start


def test_a_pregnancy_test_is_monthly_and_on_the_day_for_esketamine():
    assert state("pregnancy", **hcg(31)) is State.PASS
    assert state("pregnancy", **hcg(32)) is State.MISSING
    nose = {"drug": Drug.ESKETAMINE, "route": Route.NASAL}
    assert state("pregnancy", **hcg(0), **nose) is State.PASS
    assert state("pregnancy", **hcg(1), **nose) is State.MISSING
    assert state("pregnancy", could_be_pregnant=YES) is State.MISSING


@pytest.mark.parametrize(
    ("id", "other", "expected"),
    [
        ("medicines", {"medicines_changed": YES}, State.HOLD),
        ("alcohol", {"alcohol_24h": YES}, State.HOLD),
        ("cannabis", {"cannabis_24h": YES}, State.WARN),
        ("benzodiazepine", {"benzodiazepine_24h": YES}, State.WARN),
        ("stimulant", {"stimulant_today": YES}, State.WARN),
        ("iv-site", {"iv_site_ready": NO}, State.HOLD),
        ("iv-site", {"iv_site_ready": NO, "route": Route.INTRAMUSCULAR}, State.PASS),
        ("phone", {"phone_off": NO}, State.WARN),
        ("bladder", {"bladder_emptied": NO}, State.WARN),
    ],
)
def test_what_was_asked_holds_or_warns(id, other, expected):
    assert state(id, **other) is expected


@pytest.mark.parametrize(
    ("risk", "expected"),
    [(Risk.NONE, State.PASS), (Risk.LOW, State.WARN), (Risk.MODERATE, State.WARN),
     (Risk.HIGH, State.HOLD)],
)  # fmt: skip
def test_suicide_risk_is_asked_every_time_and_a_high_one_holds(risk, expected):
    assert state("suicide-risk", suicide_risk=risk) is expected


def test_a_phq9_item_nine_that_disagrees_with_the_cssrs_is_not_passed_over():
    assert state("suicide-risk", suicide_risk=Risk.NONE, phq9_item9=1) is State.WARN


def consented(**other):
    given_ = {
        "given": True,
        "signed_at": NINE - timedelta(days=1),
        "text_version": "2",
        "current_text_version": "2",
    }
    return ConsentSeen(**{**given_, **other})


def test_consent_withdrawn_or_to_an_old_text_holds_and_nobody_overrides_it():
    for bad in ({"given": False}, {"text_version": "1"}, {"signed_at": NINE + minutes(1)}):
        found = ready(consent=consented(**bad))
        assert judge(found).decision is Decision.HOLD
        assert not judge(found, consent=REASON).may_start


def test_the_plan_must_be_signed_before_now_and_for_today():
    assert state("plan", plan_for=TODAY + timedelta(days=1)) is State.HOLD
    assert state("plan", plan_signed_at=NINE + minutes(1)) is State.HOLD
    assert state("plan", plan_for=None) is State.MISSING


def test_a_weight_changed_by_more_than_five_percent_needs_a_new_dose():
    assert state("weight", weight_kg=73.5) is State.PASS
    assert state("weight", weight_kg=73.6) is State.HOLD
    assert state("weight", weight_kg=66.4) is State.HOLD


def test_a_weight_is_good_for_four_weeks():
    assert state("weight", weighed_on=TODAY - timedelta(days=28)) is State.PASS
    assert state("weight", weighed_on=TODAY - timedelta(days=29)) is State.MISSING
    assert state("weight", weighed_on=TODAY + timedelta(days=1)) is State.MISSING


def test_one_person_signing_twice_is_one_person():
    assert state("signatures", signed_by=("A. Nurse", " a. nurse ")) is State.MISSING
    assert state("signatures", signed_by=("A. Nurse",), route=Route.NASAL) is State.PASS


@given(st.floats(60, 250), st.floats(0, 60), st.integers(1, 4))
def test_a_higher_pressure_never_gives_a_milder_state(systolic, more, times):
    lower = state("pressure", pressures=measured(*[(systolic, 70)] * times))
    higher = state("pressure", pressures=measured(*[(systolic + more, 70)] * times))
    assert higher.rank >= lower.rank


@given(st.floats(60, 100), st.floats(0, 30))
def test_a_lower_saturation_never_gives_a_milder_state(spo2, less):
    assert (
        state("saturation", spo2_percent=spo2 - less).rank
        >= state("saturation", spo2_percent=spo2).rank
    )


@given(st.sampled_from(CHECKS), st.sampled_from(CHECKS))
def test_one_more_thing_unknown_never_makes_a_go(one, two):
    found = ready(**{**OPTIONAL[one], **OPTIONAL[two]})
    assert not judge(found, **{id.replace("-", "_"): REASON for id in CHECKS}).may_start


def test_a_decision_can_be_stored_and_recomputed():
    found = ready(pressures=measured((161, 80)))
    verdict = judge(found, pressure=REASON)
    stored = json.loads(json.dumps({"found": saved.dump(found), "verdict": saved.dump(verdict)}))
    assert saved.load(GoNoGo, stored["verdict"]) == verdict
    assert judge(saved.load(Found, stored["found"]), pressure=REASON) == verdict
