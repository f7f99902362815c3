"""A session may start only on a whole set of checks, made today and signed by two people."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from afterglow.clinic.chart.models import Reading
from afterglow.clinic.chart.services import answer, measure
from afterglow.clinic.planning.body import MEDICINES
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.preparation.found import pressures_today
from afterglow.clinic.preparation.models import GoNoGo
from afterglow.clinic.preparation.queries import decided, go_for, newest_check
from afterglow.clinic.preparation.services import check, measure_again, override, second_signature
from afterglow.clinic.screening.services import withdraw
from afterglow.core.care.checks import State
from afterglow.core.care.instruments.cssrs import Risk
from afterglow.core.care.watch import Sign
from afterglow.core.care.words import YesNo
from afterglow.core.errors import BadInput
from tests.clinic.conftest import NINE
from tests.clinic.walk import planned, proposed, signed

pytestmark = pytest.mark.django_db
TEN = NINE + timedelta(hours=1)
NUMBERS = {
    Sign.SYSTOLIC: 124.0,
    Sign.DIASTOLIC: 79.0,
    Sign.PULSE: 70.0,
    Sign.SPO2: 98.0,
    Sign.RESP_RATE: 14.0,
    Sign.TEMPERATURE: 36.7,
}
NOT = ("medicines_changed", "alcohol_24h", "cannabis_24h", "benzodiazepine_24h", "stimulant_today")


@pytest.fixture
def plan(policy, patient, nurse, prescriber) -> Plan:
    return planned(patient, nurse, prescriber, at=NINE)


def said(at=TEN, **changes: Any) -> dict[str, Any]:
    """Everything asked, nothing against it, but for `changes`."""
    return {
        **dict.fromkeys(NOT, YesNo.NO),
        "could_be_pregnant": YesNo.NO,
        "phone_off": YesNo.YES,
        "bladder_emptied": YesNo.YES,
        "iv_site_ready": YesNo.YES,
        "pulse_per_min": 70.0,
        "spo2_percent": 98.0,
        "resp_per_min": 14.0,
        "temperature_c": 36.7,
        "vitals_at": at,
        "solids_at": at - timedelta(hours=12),
        "fluids_at": at - timedelta(hours=3),
        "suicide_risk": Risk.NONE,
        "escort_name": "Bo Test",
        **changes,
    }


def checked(plan, by, *, at=TEN, numbers=NUMBERS, fact_id=None, **changes: Any):
    return check(
        plan=plan,
        said=said(at, **changes),
        measured=numbers,
        by=by,
        at=at,
        fact_id=fact_id or uuid4(),
    )


def sign_second(first, by, *, at=TEN + timedelta(minutes=2)):
    return second_signature(checked=first, by=by, at=at, fact_id=uuid4())


def states(made: GoNoGo) -> dict[str, State]:
    return {one.id: one.state for one in decided(made).checks}


def test_whole_checks_signed_by_two_people_are_a_go(plan, nurse, therapist):
    first = checked(plan, nurse)
    assert (first.decision, first.may_start) == ("incomplete", False)
    assert go_for(plan, TEN) is None
    both = sign_second(first, therapist)
    assert both.decision == "go", states(both)
    assert go_for(plan, TEN) == both


def test_one_person_cannot_sign_twice(plan, nurse):
    assert sign_second(checked(plan, nurse), nurse).code == "second-signer-is-first"


def test_what_was_not_asked_is_missing_and_not_no(plan, nurse, therapist):
    both = sign_second(checked(plan, nurse, alcohol_24h=YesNo.UNKNOWN), therapist)
    assert states(both)["alcohol"] is State.MISSING
    assert go_for(plan, TEN) is None


def test_the_measurements_become_readings_of_the_chart(plan, nurse):
    checked(plan, nurse)
    mine = Reading.objects.filter(patient=plan.patient, happened_at=TEN)
    assert dict(mine.values_list("sign", "value")) == {s.value: v for s, v in NUMBERS.items()}


def test_sending_the_form_twice_checks_once(plan, nurse):
    form = uuid4()
    assert checked(plan, nurse, fact_id=form) == checked(plan, nurse, fact_id=form)
    assert GoNoGo.objects.count() == 1
    assert Reading.objects.filter(happened_at=TEN).count() == len(NUMBERS)


def test_a_number_no_body_has_is_refused_and_nothing_is_written(plan, nurse):
    with pytest.raises(BadInput, match="Pulse"):
        checked(plan, nurse, numbers={**NUMBERS, Sign.PULSE: 7000.0})
    assert GoNoGo.objects.count() == 0
    assert not Reading.objects.filter(happened_at=TEN).exists()


def held(plan, nurse) -> GoNoGo:
    return checked(plan, nurse, numbers={**NUMBERS, Sign.SYSTOLIC: 171.0})


def test_a_high_pressure_holds_until_a_prescriber_goes_on_with_a_reason(
    plan, nurse, therapist, prescriber
):
    first = held(plan, nurse)
    assert first.decision == "hold"
    entry = {"check_id": "pressure", "at": TEN, "fact_id": uuid4()}
    assert override(checked=first, reason=" ", by=prescriber, **entry).code == "reason-missing"
    assert override(checked=first, reason="Known.", by=nurse, **entry).code == "not-a-prescriber"
    over = override(checked=first, reason="White coat; 128 at home.", by=prescriber, **entry)
    assert sign_second(over, therapist).decision == "go-with-care"


def test_a_missing_value_cannot_be_overridden(plan, nurse, prescriber):
    first = checked(plan, nurse, alcohol_24h=YesNo.UNKNOWN)
    refusal = override(
        checked=first, check_id="alcohol", reason="Fine.", by=prescriber, at=TEN, fact_id=uuid4()
    )
    assert refusal.code == "not-overridable"


def test_a_pressure_measured_again_settles_the_hold_and_is_signed_anew(plan, nurse, therapist):
    first = held(plan, nurse)
    calm = measure_again(
        checked=first,
        systolic=131.0,
        diastolic=80.0,
        by=nurse,
        at=TEN + timedelta(minutes=6),
        fact_id=uuid4(),
    )
    assert states(calm)["pressure"] is State.PASS
    assert [one["name"] for one in calm.signers] == ["Nadia Staff"]
    assert sign_second(calm, therapist, at=TEN + timedelta(minutes=7)).may_start


def test_a_second_signature_long_after_finds_the_pressure_too_old(plan, nurse, therapist):
    late = sign_second(checked(plan, nurse), therapist, at=TEN + timedelta(hours=2))
    assert states(late)["pressure"] is State.MISSING
    assert not late.may_start


def test_consent_withdrawn_after_the_checks_is_found_at_the_second_signature(
    plan, nurse, therapist
):
    first = checked(plan, nurse)
    withdraw(
        patient=plan.patient,
        remark="",
        by=nurse,
        at=TEN + timedelta(minutes=1),
        fact_id=uuid4(),
    )
    both = sign_second(first, therapist)
    assert states(both)["consent"] is State.HOLD


def test_a_go_of_yesterday_is_not_a_go(plan, nurse, therapist):
    sign_second(checked(plan, nurse), therapist)
    assert go_for(plan, TEN + timedelta(days=1)) is None


def test_checks_made_for_a_replaced_plan_do_not_count(plan, nurse, therapist, prescriber):
    first = checked(plan, nurse)
    proposal = proposed(plan.patient, nurse, at=TEN)
    newer = signed(proposal, prescriber, at=TEN, instead_of=plan.pk)
    assert sign_second(first, therapist).code == "plan-not-standing"
    assert go_for(newer, TEN) is None


def test_two_second_signatures_at_once_leave_one(plan, nurse, therapist, prescriber):
    first = checked(plan, nurse)
    sign_second(first, therapist)
    assert sign_second(first, prescriber).code == "checks-changed"
    assert newest_check(plan).decision == "go"


def test_half_a_pressure_is_no_pressure(plan, nurse):
    numbers = {sign: value for sign, value in NUMBERS.items() if sign is not Sign.DIASTOLIC}
    first = checked(plan, nurse, at=NINE + timedelta(hours=14), numbers=numbers)
    assert states(first)["pressure"] is State.MISSING


def test_each_pressure_keeps_its_own_lower_number_however_soon_the_next_was_taken(patient, nurse):
    for minute, upper, lower in ((0, 150.0, 95.0), (1, 120.0, 70.0)):
        cuff = {Sign.SYSTOLIC: upper, Sign.DIASTOLIC: lower}
        at = TEN + timedelta(minutes=minute)
        measure(patient=patient, values=cuff, by=nurse, at=at, fact_id=uuid4())
    found = pressures_today(patient, at=TEN + timedelta(minutes=2))
    assert [(p.systolic_mmhg, p.diastolic_mmhg) for p in found] == [(150.0, 95.0), (120.0, 70.0)]


def takes(plan: Plan, by, *names: str, at) -> None:
    told = {"question": MEDICINES, "said": list(names)}
    answer(patient=plan.patient, **told, by=by, at=at, fact_id=uuid4())


def test_other_medicines_than_the_plan_was_made_for_hold_whatever_was_answered(
    plan, nurse, therapist, prescriber
):
    takes(plan, nurse, "rifampicin", at=TEN - timedelta(minutes=30))
    both = sign_second(checked(plan, nurse, medicines_changed=YesNo.NO), therapist)
    assert states(both)["medicines"] is State.HOLD
    assert go_for(plan, TEN) is None
    lifted = override(
        checked=both,
        check_id="medicines",
        reason="Ended a month ago.",
        by=prescriber,
        at=TEN + timedelta(minutes=3),
        fact_id=uuid4(),
    )
    assert go_for(plan, TEN) == lifted


def test_medicines_that_the_plan_knows_do_not_hold(policy, patient, nurse, therapist, prescriber):
    answer(patient=patient, question=MEDICINES, said=["sertraline"], by=nurse, at=NINE,
           fact_id=uuid4())  # fmt: skip
    plan = planned(patient, nurse, prescriber, at=NINE)
    takes(plan, nurse, "sertraline", at=TEN - timedelta(minutes=30))
    assert sign_second(checked(plan, nurse), therapist).decision == "go"
