"""Contradictions are found out and named; what says nothing changes nothing."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.fit import FURTHEST_ERRORS, Misfit
from afterglow.core.dosing.misfit import STARTLED
from afterglow.core.dosing.observed import (
    BelowLimit,
    Pressure,
    Pulse,
    Sampled,
    Scored,
    Sedated,
    SessionObserved,
    in_words,
)
from afterglow.core.dosing.posterior import update
from afterglow.core.pharmacology.normal import seldom_exceeded
from afterglow.core.quantity import Analyte, ArterialLevel, BaseMass, Bolus, Route, VenousLevel
from afterglow.core.refusal import Refusal
from tests.core.dosing.asking import ask
from tests.core.people import RESTING, infusion, prior

MUSCLE = Bolus(amount=BaseMass(35), starts_min=0, route=Route.INTRAMUSCULAR)


def venous(ng_per_ml, at_min=40):
    return Sampled(at_min=at_min, level=VenousLevel(ng_per_ml, Analyte.KETAMINE))


def arterial(ng_per_ml, at_min=40):
    return Sampled(at_min=at_min, level=ArterialLevel(ng_per_ml, Analyte.KETAMINE))


def nothing_found(at_min, limit=1.0):
    return BelowLimit(at_min=at_min, limit=VenousLevel(limit, Analyte.KETAMINE))


def scores(*each, every_min=5.0):
    return [Scored(at_min=20 + every_min * n, cadss=score) for n, score in enumerate(each)]


def after(*observations, dose=None, number=1):
    session = SessionObserved(
        number=number,
        doses=(dose or infusion(),),
        baseline=RESTING,
        observations=tuple(observations),
    )
    return update(prior(), [session], seed=1)


@pytest.mark.parametrize(
    ("seen", "named"),
    [
        ([venous(20), arterial(900)], "venous ketamine of 20 ng/mL at 40 min in session 1"),
        ([venous(20), venous(900)], "venous ketamine"),
        ([Scored(at_min=40, cadss=80), nothing_found(40)], "venous ketamine below 1 ng/mL"),
        (scores(10, 12, 14, 12, 90, 10), "a CADSS of 90 at 40 min in session 1"),
        ([Pulse(at_min=40, per_min=250), Pulse(at_min=42, per_min=20)], "a pulse of 20/min"),
        ([Sedated(at_min=40, moaa_s=0), venous(1)], "venous ketamine of 1 ng/mL"),
        ([Pressure(at_min=40, systolic_mmhg=290)], "a systolic pressure of 290 mmHg"),
        ([venous(5000)], "venous ketamine of 5000 ng/mL"),
    ],
)
def test_what_nobody_would_show_is_refused_and_named(seen, named):
    """Draws around a contradiction are good draws of a bad explanation: k does not tell."""
    found = after(*seen)
    assert isinstance(found, Refusal), found.trust
    assert found.code == "observations-not-explained"
    assert named in found.because


@pytest.mark.parametrize(
    ("resting", "seen"),
    [
        ((165, 95), [(15, 140), (30, 120), (45, 115)]),  # came frightened, and settled
        ((124, 70), [(10, 128), (30, 85), (45, 118)]),  # fainted
        ((124, 70), [(10, 128), (20, 132), (30, 190), (40, 130)]),  # moved the arm
    ],
)
def test_a_fright_a_faint_or_an_arm_that_moves_is_no_contradiction(resting, seen):
    systolic, pulse = resting
    session = SessionObserved(
        number=1,
        doses=(infusion(),),
        baseline=replace(RESTING, systolic_mmhg=systolic, pulse_per_min=pulse),
        observations=tuple(Pressure(at_min=t, systolic_mmhg=mmhg) for t, mmhg in seen),
    )
    assert isinstance(update(prior(), [session], seed=1), Belief)


def test_one_slip_among_many_good_readings_is_found():
    """Summed over two hundred readings it would be lost."""
    fine = [Pulse(at_min=1 + n / 2, per_min=75 + 4 * (n % 3)) for n in range(200)]
    assert isinstance(after(*fine), Belief)
    found = after(*fine, Pulse(at_min=60.25, per_min=180))
    assert isinstance(found, Refusal)
    assert "a pulse of 180/min at 60.25 min" in found.because


def test_errors_somewhat_larger_than_stated_are_borne():
    """A bedside is no laboratory: a patient is not given up for a restless cuff."""
    noise = np.random.default_rng(3).standard_normal(120)
    noise *= STARTLED["systolic"] * 1.2 * 6.0 / noise.std()
    seen = [
        Pressure(at_min=25 + n / 4, systolic_mmhg=float(round(135 + off)))
        for n, off in enumerate(noise)
    ]
    found = after(*seen)
    assert isinstance(found, Belief), found
    assert found.trust.misfit.squares > seldom_exceeded(120, 0.01)


@pytest.mark.parametrize(
    "one",
    [
        Scored(at_min=40, cadss=20),
        Pressure(at_min=40, systolic_mmhg=135),
        venous(150),
        nothing_found(300, limit=40),
    ],
)
def test_a_reading_told_twice_is_a_slip_and_not_two_witnesses(one):
    found = after(one, Pulse(at_min=40, per_min=75), one)
    assert isinstance(found, Refusal)
    assert found.code == "observed-twice"
    assert in_words(one) in found.because


def test_a_repeat_that_differs_counts_with_an_error_of_its_own():
    """Two samples of one minute tell as much as two a moment apart."""
    cl = prior().parameters.index("cl")

    def spread(*levels):
        return np.std([draw[cl] for draw in after(*levels).draws])

    once, repeated = spread(arterial(290)), spread(arterial(285), arterial(295))
    apart = spread(arterial(285, 39.9), arterial(295, 40.1))
    assert repeated < 0.97 * once
    assert repeated == pytest.approx(apart, rel=0.05)


def test_a_belief_stored_with_such_a_misfit_proposes_nothing():
    believed = after(*scores(10, 14, 12))
    stored = believed.to_json()
    stored["trust"]["misfit"]["furthest_errors"] = FURTHEST_ERRORS + 1
    refused = ask(Belief.from_json(json.loads(json.dumps(stored))))
    assert isinstance(refused, Refusal)
    assert refused.code == "observations-not-explained"
    assert isinstance(ask(believed), type(ask()))


def test_a_belief_stored_before_misfit_was_judged_is_read_as_it_was():
    stored = after(*scores(10, 14, 12)).to_json()
    del stored["trust"]["misfit"]
    assert Belief.from_json(stored).trust.trusted


def test_the_bound_of_misfit_is_that_of_chi_squared_with_errors_a_fifth_larger():
    def most(observations):
        return Misfit(
            squares=0.0, observations=observations, furthest_errors=0.0, furthest="-"
        ).most

    assert most(1) == pytest.approx(1.44 * 15.137, abs=0.001)  # tables: once in ten thousand
    assert most(10) == pytest.approx(1.44 * 35.564, abs=0.001)


def test_a_misfit_above_its_bound_never_reads_as_if_it_were_at_it():
    for tenths in range(280, 330):
        one = Misfit(squares=tenths / 10, observations=3, furthest_errors=1.0, furthest="-")
        said, most = re.findall(r"[0-9.]+", one.words)[:2]
        assert (float(said) <= float(most)) is one.believed, one.words


def test_a_pressure_that_was_high_before_the_dose_alone_is_asked_for_too():
    """Nobody's pressure falls by 80 after ketamine: the value that is off is the one at rest."""
    off = RESTING.systolic_mmhg - 80
    found = after(*(Pressure(at_min=10.0 * n, systolic_mmhg=off) for n in range(1, 9)))
    assert isinstance(found, Refusal)
    assert "what was measured before" in found.remedy


@pytest.mark.parametrize(
    ("seen", "dose"),
    [
        ([nothing_found(0.01, limit=5.0)], MUSCLE),
        ([nothing_found(40, limit=1000.0)], None),
        ([Scored(at_min=0.1, cadss=0)], None),
        ([Sedated(at_min=700, moaa_s=5)], None),
        ([Pressure(at_min=0, systolic_mmhg=RESTING.systolic_mmhg)], None),
    ],
    ids=["before absorption", "below a high limit", "no drug yet", "long after", "at rest"],
)
def test_what_tells_nothing_leaves_the_prior_as_it_was(seen, dose):
    """Within the error of a thousand draws."""
    found = after(*seen, dose=dose)
    assert isinstance(found, Belief), found
    draws, sd = np.array(found.draws), np.sqrt(np.diag(prior().cov))
    n = draws.shape[0]
    assert np.max(np.abs(draws.mean(axis=0) / sd)) < 4.5 / n**0.5
    assert np.max(np.abs(draws.std(axis=0) / sd - 1)) < 4.5 / (2 * n) ** 0.5
