"""If I pause or slow now, when is it over? The answer agrees with the bands, and comes at once."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterglow.core.body import Baseline
from afterglow.core.dosing.bedside import Change, Wait, after, when_below
from afterglow.core.dosing.predict import predict_bands
from afterglow.core.errors import BadInput
from afterglow.core.quantity import BaseMass, Bolus, Infusion, Route
from afterglow.core.refusal import Refusal
from tests.core.people import RESTING, infusion, prior

CIRCUMSTANCES = {"session_number": 1, "baseline": RESTING, "seed": 1}


def ask(change, below=10.0, doses=None, **changes):
    found = when_below(prior(), doses or [infusion()], change, below, **CIRCUMSTANCES | changes)
    assert isinstance(found, Wait), found
    return found


def test_a_pause_brings_it_down_sooner_than_slowing_and_slowing_sooner_than_nothing():
    paused, slowed, left = (
        ask(Change(at_min=30, rate_share=share), below=8) for share in (0, 0.5, 1)
    )
    assert paused.median_min < slowed.median_min
    assert paused.median_min < left.median_min
    assert paused.p95_min > paused.median_min


def test_the_wait_agrees_with_the_bands_of_the_same_doses():
    found = ask(Change(at_min=25))
    bands = predict_bands(
        prior(), found.doses, t_min=range(241), cadss_above=(10,), **CIRCUMSTANCES
    )
    clears = bands.clears[0]
    assert found.median_min == pytest.approx(clears.median_min - 25, abs=1)
    assert found.p95_min == pytest.approx(clears.p95_min - 25, abs=2.5)


def test_what_was_given_stays_and_what_is_left_goes_in_slower():
    given, rest = after(infusion(40, 40), Change(at_min=10, rate_share=0.5))
    assert (given.amount.mg, given.lasts_min) == (10, 10)
    assert (rest.amount.mg, rest.starts_min, rest.lasts_min) == (30, 10, 60)
    assert after(infusion(40, 40), Change(at_min=10)) == [given]
    assert after(infusion(40, 40), Change(at_min=41)) == [infusion(40, 40)]
    assert after(Bolus(amount=BaseMass(5), starts_min=20), Change(at_min=10)) == []


@settings(max_examples=300, deadline=None)
@given(
    st.floats(0, 60),
    st.floats(0.5, 120),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.sampled_from([0.0, 1e-14, -1e-14, 1e-9, 0.3, 20.0]),
)
def test_no_instant_breaks_the_question_and_no_drug_is_lost(starts, lasts, share, off):
    dose = infusion(35, lasts, starts_min=starts)
    for at_min in (dose.ends_min + off, dose.starts_min + off, starts + off):
        if at_min < 0:
            continue
        parts = after(dose, Change(at_min=at_min, rate_share=share))
        entered = sum(part.amount.mg for part in parts)
        assert entered <= 35 + 1e-9
        assert share == 0 or entered == pytest.approx(35)
        assert all(part.lasts_min > 1e-3 for part in parts)


def test_below_already_is_no_wait_and_below_the_baseline_never_comes():
    calm = ask(Change(at_min=0.5), below=60)
    assert (calm.median_min, calm.p95_min, calm.below_already) == (0, 0, 1)
    never = ask(
        Change(at_min=30),
        below=3,
        baseline=Baseline(systolic_mmhg=120, pulse_per_min=70, cadss=5),
    )
    assert never.median_min is None
    assert never.below_already == 0


def test_the_same_question_has_the_same_answer():
    assert ask(Change(at_min=20)) == ask(Change(at_min=20))


def test_the_answer_comes_within_50_ms():
    ask(Change(at_min=20))
    took = []
    for _ in range(7):
        began = time.process_time()
        ask(Change(at_min=20))
        took.append(time.process_time() - began)
    assert min(took) < 0.05


def test_a_route_that_is_not_followed_is_refused():
    swallowed = Infusion(amount=BaseMass(35), starts_min=0, lasts_min=10, route=Route.ORAL)
    found = when_below(prior(), [swallowed], Change(at_min=5), 10, **CIRCUMSTANCES)
    assert isinstance(found, Refusal)
    assert found.code == "route-not-modelled"


@pytest.mark.parametrize("share", [-0.1, 0.01, 1.2, float("nan")])
def test_a_share_that_cannot_be_meant_names_its_range(share):
    with pytest.raises(BadInput, match="rate_share must be"):
        Change(at_min=10, rate_share=share)
