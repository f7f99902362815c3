"""Each observation counts for what it is: itself, all that lies beyond, one luck of a session."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.dosing.likelihood import evidence, log_likelihood
from afterglow.core.dosing.luck import over_luck
from afterglow.core.dosing.observed import BelowLimit, Sampled, Scored, ScoredShort, SessionObserved
from afterglow.core.dosing.outlook import Occasion, Visit, cadss
from afterglow.core.pharmacology import levels
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.quantity import Analyte, ArterialLevel, VenousLevel
from tests.core.people import RESTING, infusion, prior

NUMBERS = effect_numbers()
TYPICAL = np.zeros((len(prior().parameters), 1))
NOISE_NG_PER_ML, SHARE = 13.0, 0.102  # of an assay of norketamine (Simons 2022)


def chance(*seen, baseline=RESTING):
    """Log-likelihood of the typical person, of these observations in one session."""
    session = SessionObserved(
        number=1, doses=(infusion(),), baseline=baseline, observations=tuple(seen)
    )
    told = evidence(session, prior().model)
    return float(log_likelihood([told], prior().bodies(TYPICAL))[0])


def held(output, at_min):
    """The typical person's level."""
    line = timeline([infusion()], np.array([float(at_min)]))
    return float(levels.levels(prior().bodies(TYPICAL), line, output)[output][line.asked, 0][0])


def expected_score(at_min, factor=1.0):
    luck = Occasion.none(1)
    luck.cadss_factor[:] = factor
    site = np.array([[held(levels.DISSOCIATION_SITE, at_min)]])
    visit = Visit(number=1, baseline=RESTING)
    return float(cadss(site, prior().bodies(TYPICAL), visit, luck)[0, 0])


def over_all_luck(likelihood, spread):
    """A likelihood of the session's factor, averaged over it by a solver that knows no trick."""
    weighed = quad(lambda z: norm.pdf(z) * likelihood(np.exp(spread * z)), -9, 9, epsabs=1e-14)
    return float(np.log(weighed[0]))


@given(a=st.floats(0, 3000), ratio=st.floats(-2, 6), spread=st.sampled_from([0.2, 0.4]))
def test_the_mean_over_luck_is_the_integral(a, ratio, spread):
    b, z = a * ratio, np.linspace(-40, 40, 100_001)
    f = np.exp(spread * z)
    height = b * f - a * f**2 / 2 - z**2 / 2
    part = np.exp(height - height.max())
    known = height.max() + np.log(np.sum(part) * (z[1] - z[0]) / np.sqrt(2 * np.pi))
    (log_mean,), (first,), (second,) = over_luck(np.array([a]), np.array([b]), spread)
    assert log_mean == pytest.approx(known, abs=1e-7)
    assert first == pytest.approx(np.sum(part * f) / np.sum(part), rel=1e-6)
    assert second == pytest.approx(np.sum(part * f**2) / np.sum(part), rel=1e-6)


def test_nobodys_luck_depends_on_who_stands_beside_them():
    dice = np.random.default_rng(1)
    a = np.exp(dice.normal(3, 2, 100))
    b = a * dice.normal(1, 2, 100)
    together = np.array(over_luck(a, b, 0.2))
    alone = np.hstack([over_luck(a[n : n + 1], b[n : n + 1], 0.2) for n in range(100)])
    assert np.array_equal(together, alone)


def test_scores_of_one_session_share_its_luck():
    seen = ((30.0, 31.0), (40.0, 36.0), (60.0, 20.0))
    sd, constant = NUMBERS["cadss_residual"], len(seen) / 2 * np.log(2 * np.pi)

    def likelihood(factor):
        return np.prod([norm.pdf(c, expected_score(t, factor), sd) for t, c in seen])

    known = over_all_luck(likelihood, NUMBERS["cadss_occasion"])
    told = chance(*(Scored(at_min=t, cadss=c) for t, c in seen))
    assert told - constant == pytest.approx(known, abs=1e-9)


def test_a_score_of_nought_is_all_that_rounds_to_it_or_lies_below():
    """Late in a session most scores are nought: each would else be taken for an exact measure."""
    sd = NUMBERS["cadss_residual"]

    def likelihood(factor):
        return norm.cdf((0.5 - expected_score(100, factor)) / sd)

    known = over_all_luck(likelihood, NUMBERS["cadss_occasion"])
    assert chance(Scored(at_min=100, cadss=0)) == pytest.approx(known, abs=1e-3)


def test_the_chances_of_all_scores_of_a_scale_sum_to_one():
    """Nothing is counted twice at its ends, and nothing left out."""
    each = [chance(Scored(at_min=40, cadss=c)) for c in range(93)]
    inner = np.exp(np.array(each[1:-1]) - np.log(2 * np.pi) / 2)
    assert np.exp(each[0]) + np.sum(inner) + np.exp(each[-1]) == pytest.approx(1.0, abs=2e-3)


def test_what_a_patient_scored_before_the_drug_is_not_scaled_by_luck():
    """Ten points at rest and ten more in the session are not twenty points of a lucky session."""
    rested = replace(RESTING, cadss=10.0)
    sd, risen = NUMBERS["cadss_residual"], expected_score(40)

    def likelihood(factor):
        return norm.pdf(30.0, 10 + risen * factor, sd)

    known = over_all_luck(likelihood, NUMBERS["cadss_occasion"])
    told = chance(Scored(at_min=40, cadss=30), baseline=rested)
    assert told - np.log(2 * np.pi) / 2 == pytest.approx(known, abs=1e-9)


@pytest.mark.parametrize("site", [ArterialLevel, VenousLevel])
@pytest.mark.parametrize("limit", [20.0, 80.0, 200.0])
def test_below_a_limit_is_the_sum_of_all_that_could_have_been_found_there(site, limit):
    def found(log_level):
        level = site(float(np.exp(log_level)), Analyte.ESKETAMINE)
        return np.exp(chance(Sampled(at_min=70, level=level)) - np.log(2 * np.pi) / 2)

    known = quad(found, np.log(0.5), np.log(limit), epsabs=1e-10)[0]
    told = chance(BelowLimit(at_min=70, limit=site(limit, Analyte.ESKETAMINE)))
    assert np.exp(told) == pytest.approx(known, abs=1e-8)


def test_an_assay_of_norketamine_is_off_by_an_amount_and_by_a_share_of_what_is_there():
    level = held(levels.NORKETAMINE, 90)
    sd = np.hypot(NOISE_NG_PER_ML, SHARE * level)
    for found in (5.0, 30.0, 90.0):
        told = chance(Sampled(at_min=90, level=ArterialLevel(found, Analyte.NORKETAMINE)))
        assert told - np.log(2 * np.pi) / 2 == pytest.approx(norm.logpdf(found, level, sd))
    below = chance(BelowLimit(at_min=90, limit=ArterialLevel(30, Analyte.NORKETAMINE)))
    assert below == pytest.approx(norm.logcdf((30 - level) / sd))


def test_a_short_form_at_nought_says_less_than_many_points_would():
    nought = chance(ScoredShort(at_min=40, cadss_6=0))
    assert chance(ScoredShort(at_min=40, cadss_6=6)) > nought
    assert chance(ScoredShort(at_min=110, cadss_6=0)) > nought
