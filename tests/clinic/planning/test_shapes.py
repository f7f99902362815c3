"""A prescriber may choose how the rate goes; what is signed is kept as steps, and read as steps."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from afterglow.clinic.planning.designer import look_at
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.planning.queries import bands_of
from afterglow.clinic.planning.replay import replay
from afterglow.clinic.planning.risk import percent
from afterglow.clinic.planning.shaped import Shaped
from afterglow.clinic.planning.signing import advice_of
from afterglow.clinic.planning.tradeoff import tradeoff_of
from afterglow.clinic.record.verify import flaws
from afterglow.core.dosing.options import Profile
from tests.clinic.conftest import NINE
from tests.clinic.planning.asking import bands, page
from tests.clinic.planning.test_screens import sign
from tests.clinic.walk import proposed, signed

pytestmark = pytest.mark.django_db
LATER = NINE + timedelta(minutes=10)
DOWN = {"profile": Profile.STEP_DOWN, "differs_because": "Calmer at the end."}


@pytest.fixture
def proposal(ready, nurse):
    return proposed(ready, nurse, at=NINE)


def test_a_step_down_is_stored_as_its_steps(proposal, prescriber):
    plan = signed(proposal, prescriber, at=LATER, amount_mg=36.0, **DOWN)
    plan.refresh_from_db()
    assert plan.shape["profile"] == "step-down"
    told = [(one.amount_mg, one.by_then_mg) for one in plan.schedule.steps]
    assert told == [pytest.approx(one) for one in ((18, 18), (12, 30), (6, 36))]
    assert plan.schedule.steps[-1].ends_min == pytest.approx(plan.duration_min)
    assert str(plan).endswith(", step-down")
    assert list(flaws()) == []


def test_a_plan_of_one_rate_has_one_step_and_stores_none(proposal, prescriber):
    plan = signed(proposal, prescriber, at=LATER)
    assert plan.shape is None
    (only,) = plan.schedule.steps
    assert (only.amount_mg, only.lasts_min) == (plan.amount_mg, plan.duration_min)


def test_another_shape_than_the_models_needs_a_reason(proposal, prescriber):
    refusal = signed(proposal, prescriber, at=LATER, profile=Profile.RAMP)
    assert refusal.code == "reason-missing"
    assert "min, ramp" in refusal.because
    assert Plan.objects.count() == 0


def test_the_same_form_with_another_shape_is_not_the_same_signature(proposal, prescriber):
    form = uuid4()
    first = signed(proposal, prescriber, at=LATER, fact_id=form, **DOWN)
    assert signed(proposal, prescriber, at=LATER, fact_id=form, **DOWN) == first
    other = signed(proposal, prescriber, at=LATER, fact_id=form, **DOWN | {"profile": Profile.RAMP})
    assert other.code == "form-used"


@pytest.mark.parametrize("profile", [Profile.RAMP, Profile.STEP_DOWN])
def test_a_step_faster_than_the_ceiling_over_the_shortest_time_is_never_signed(
    proposal, prescriber, profile
):
    # 50 mg at 70 kg over 40 min: half of it in a third of the time is 0.0268 mg/kg a minute.
    wanted = {"amount_mg": 50.0, "duration_min": 40.0, "differs_because": "More."}
    refusal = signed(proposal, prescriber, at=LATER, profile=profile, **wanted)
    assert refusal.code == "step-too-fast"
    assert "1.88 mg/min, 0.0268 mg/kg a minute; the most is 0.025" in refusal.because
    assert isinstance(signed(proposal, prescriber, at=LATER, **wanted), Plan)


def test_the_bands_of_a_signed_step_down_are_those_it_was_signed_by(proposal, prescriber):
    plan = signed(proposal, prescriber, at=LATER, **DOWN)
    shaped = Shaped(plan.amount_mg, plan.duration_min, Profile.STEP_DOWN)
    drawn = look_at(proposal, dose=shaped).axis["lanes"][1]["bands"]
    later = bands_of(plan)
    assert [round(v, 1) for v in later.series["cadss"].p95] == drawn["p95"]
    constant = look_at(proposal, dose=Shaped(plan.amount_mg, plan.duration_min))
    assert constant.axis["lanes"][1]["bands"]["p95"] != drawn["p95"]


def test_a_proposal_replays_to_the_last_digit_after_another_shape_was_signed(proposal, prescriber):
    signed(proposal, prescriber, at=LATER, **DOWN)
    assert replay(proposal.pk).same


# --- the page


def asked(profile: str) -> dict[str, object]:
    made = {"concentration_mg_per_ml": 10, "made_up_to_ml": 50}
    return {"dose_mg": 35, "minutes": 40, "profile": profile, **made}


def test_the_dial_draws_the_shape_and_names_each_step(today, signed_in, nurse):
    client = signed_in(nurse)
    constant, ramp = (
        json.loads(bands(client, today, **asked(one)).content) for one in ("constant", "ramp")
    )
    rates = [one["rate"] for one in ramp["axis"]["doses"]["planned"]]
    assert rates == pytest.approx([0.4375, 0.875, 1.3125])
    assert len(constant["axis"]["doses"]["planned"]) == 1
    third = next(one for one in ramp["figures"] if one["label"] == "Step 3, from minute 26.7")
    assert third["value"] == "1.313 mg/min"
    assert third["note"] == "112.5 mL/h; 35.0 mg in by minute 40"
    assert ramp["felt"] != constant["felt"]


def test_the_dialled_shapes_chances_are_those_of_its_row_beside_the_curve(today, signed_in, nurse):
    chosen = advice_of(today).chosen
    dial = {"dose_mg": chosen.dose_mg, "minutes": chosen.minutes}
    for row in tradeoff_of(today.pk).shapes:
        said = json.loads(
            bands(signed_in(nurse), today, **dial, profile=row.option.profile.value).content
        )
        assert said["risk"][2]["value"] == percent(row.option.sedation_chance)


def test_an_unknown_shape_is_told_and_draws_nothing(today, signed_in, nurse):
    answer = bands(signed_in(nurse), today, **asked("zigzag"))
    assert answer.status_code == 422
    said = json.loads(answer.content)
    assert said["axis"] is None
    assert said["refusal"]["because"] == "The rate can be constant, a ramp or a step-down."


def test_a_step_that_is_too_fast_is_drawn_with_the_refusal_beside_it(today, signed_in, nurse):
    asks = asked("step-down") | {"dose_mg": 60}
    said = json.loads(bands(signed_in(nurse), today, **asks).content)
    assert said["axis"] is not None
    assert said["refusal"]["code"] == "step-too-fast"


def test_a_prescriber_signs_a_shape_on_the_page_and_the_order_names_each_step(
    today, signed_in, prescriber
):
    client = signed_in(prescriber)
    answer = sign(
        client, today, dose_mg="36", minutes="60", profile="step-down", differs_because="Calmer."
    )
    assert answer.status_code == 302
    shown = " ".join(page(client, today.patient).split())
    assert "step-down" in shown
    order = (
        "From minute 0: <b>0.900 mg/min = 75.0 mL/h</b>, until 18.0 mg are in (minute 20)",
        "From minute 20: <b>0.600 mg/min = 50.0 mL/h</b>, until 30.0 mg are in (minute 40)",
        "From minute 40: <b>0.300 mg/min = 25.0 mL/h</b>, until 36.0 mg are in (minute 60)",
    )
    checks = client.get(reverse("preparation:checks", args=[today.patient.pk])).content.decode()
    for step in order:
        assert step in shown
        assert step in " ".join(checks.split())


def test_a_form_without_a_shape_is_sent_back(today, signed_in, prescriber):
    assert sign(signed_in(prescriber), today, profile="").status_code == 422
    assert Plan.objects.count() == 0


def test_a_link_shows_the_shape_it_names(today, signed_in, nurse):
    shown = page(signed_in(nurse), today.patient, **asked("ramp"))
    assert '<option value="ramp" selected>' in shown
    assert "35 mg over 40 min, ramp" in shown
