"""The slopes the best fit walks along are exact, and belong to the density that is drawn from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterglow.core.body import Covariates, Sex
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.likelihood import evidence
from afterglow.core.dosing.observed import (
    BelowLimit,
    Pressure,
    Pulse,
    Sampled,
    Scored,
    ScoredShort,
    Sedated,
    SessionObserved,
)
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.posterior import Target, best_fit
from afterglow.core.pharmacology import levels
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.quantity import (
    Analyte,
    ArterialLevel,
    BaseMass,
    Bolus,
    Drug,
    Infusion,
    Route,
    VenousLevel,
)
from tests.core.people import RESTING, infusion

KINDS = (
    Scored(at_min=40, cadss=27),
    Scored(at_min=75, cadss=9),
    Scored(at_min=110, cadss=0),
    ScoredShort(at_min=50, cadss_6=5),
    ScoredShort(at_min=90, cadss_6=0),
    Sedated(at_min=30, moaa_s=4),
    Sedated(at_min=45, moaa_s=3),
    Pressure(at_min=30, systolic_mmhg=139),
    Pressure(at_min=60, systolic_mmhg=133),
    Pulse(at_min=30, per_min=80),
    Sampled(at_min=40, level=VenousLevel(200, Analyte.KETAMINE)),
    Sampled(at_min=60, level=ArterialLevel(90, Analyte.ESKETAMINE)),
    Sampled(at_min=85, level=ArterialLevel(61, Analyte.KETAMINE)),
    Sampled(at_min=60, level=VenousLevel(44, Analyte.ESKETAMINE)),
    BelowLimit(at_min=600, limit=VenousLevel(10, Analyte.ESKETAMINE)),
)
METABOLITE = (
    Sampled(at_min=90, level=ArterialLevel(50, Analyte.NORKETAMINE)),
    BelowLimit(at_min=15, limit=ArterialLevel(10, Analyte.NORKETAMINE)),
)
WAYS_IN = {
    "an infusion": (infusion(),),
    "a pause and a push": (
        Infusion(amount=BaseMass(15), starts_min=0, lasts_min=15),
        Infusion(amount=BaseMass(15), starts_min=25, lasts_min=15),
        Bolus(amount=BaseMass(5), starts_min=28),
    ),
    "esketamine": (
        Infusion(amount=BaseMass(20), starts_min=0, lasts_min=40, drug=Drug.ESKETAMINE),
    ),
    "muscle after a vein": (
        infusion(),
        Bolus(amount=BaseMass(20), starts_min=20, route=Route.INTRAMUSCULAR),
    ),
    "under the tongue": (Bolus(amount=BaseMass(50), starts_min=0, route=Route.SUBLINGUAL),),
}


def target(model, doses, *, metabolite=False, seen=KINDS):
    covariates = Covariates(age_years=45, weight_kg=70, sex=Sex.FEMALE, hypertension=False)
    belief = prior_for(covariates, model=model)
    assert isinstance(belief, Belief), belief
    seen = (*seen, *METABOLITE) if metabolite else seen
    sessions = [
        SessionObserved(
            number=number, doses=doses, baseline=RESTING, observations=seen, idle_days=idle
        )
        for number, idle in ((1, 0.0), (3, 12.0))
    ]
    return Target.of(belief, [evidence(one, belief.model) for one in sessions])


def somewhere(known, seed):
    """A person not far from typical, as a deviation."""
    return 0.3 * np.random.default_rng(seed).standard_normal(known.precision.shape[0])


def agree(known, at):
    """The walker's value with the crowd's, its slopes with central differences, both 1e-6."""
    # At a tenth of this step rounding is 1e-5 of a slope; at this one curvature is 1e-7 of it.
    walker, step = known.walker(), 1e-4
    found = walker.at(at)
    assert found.value == pytest.approx(known.log_density(at[:, None])[0], rel=1e-9)
    for n, side in enumerate(np.eye(at.size) * step):
        ahead, behind = walker.at(at + side).value, walker.at(at - side).value
        assert found.slope[n] == pytest.approx((ahead - behind) / (2 * step), rel=1e-6, abs=1e-5)


@pytest.mark.parametrize("way", WAYS_IN)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_slopes_agree_with_differences_for_every_kind_and_way_in(way, seed):
    metabolite = way != "under the tongue"
    known = target("simons_2022", WAYS_IN[way], metabolite=metabolite)
    agree(known, somewhere(known, seed))


@pytest.mark.parametrize("model", ["otto_2021", "kamp_2020_meta"])
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_slopes_agree_with_differences_in_the_other_models(model, seed):
    known = target(model, WAYS_IN["an infusion"])
    agree(known, somewhere(known, seed))


def test_on_a_full_scale_more_dissociation_changes_nothing():
    known = target("simons_2022", WAYS_IN["an infusion"])
    names = known.belief.parameters
    at = np.zeros(len(names))
    at[names.index("dmax")], at[names.index("c50")] = 2.0, -2.0
    agree(known, at)


def test_at_the_top_of_a_scale_slopes_are_those_of_all_that_lies_above():
    full = (Scored(at_min=40, cadss=92), ScoredShort(at_min=40, cadss_6=24))
    known = target("simons_2022", WAYS_IN["an infusion"], seen=full)
    at = np.zeros(known.precision.shape[0])
    at[known.belief.parameters.index("dmax")] = 0.7
    agree(known, at)


def meeting(known, name):
    """Where the typical person's own rate of this name is one of the rates of blood itself."""
    names, typical = known.belief.parameters, np.zeros((known.precision.shape[0], 1))
    bodies = known.belief.bodies(typical)
    rate = 2 / bodies[name] if name == "mtt_nk" else bodies[name]
    apart = np.log(levels.parent(bodies).rates[1, 0] / rate[0])
    at = typical[:, 0]
    at[names.index(name)] = -apart if name == "mtt_nk" else apart
    return at, np.eye(len(names))[names.index(name)]


@pytest.mark.parametrize("off", [0.0, 1e-9, 1e-6, 1e-3])
@pytest.mark.parametrize("name", ["mtt_nk", "ke0", "ka_muscle"])
def test_where_two_rates_meet_slopes_are_what_they_are_around(name, off):
    known = target("simons_2022", WAYS_IN["muscle after a vein"], metabolite=True)
    at, along = meeting(known, name)
    walker, at = known.walker(), at + off * along
    here = walker.at(at).slope
    around = [
        sum(walker.at(at + sign * 0.02 * far * along).slope for sign in (1, -1)) / 2
        for far in (1, 2, 3)
    ]
    middle = (15 * around[0] - 6 * around[1] + around[2]) / 10
    assert np.abs(here - middle).max() < 1e-8 * np.abs(here).max()


def test_a_level_below_what_a_logarithm_can_tell_has_no_slope():
    """Arterial blood that is worked out from a model of venous blood can fall below nothing."""
    known = target("otto_2021", WAYS_IN["an infusion"])
    at = np.zeros(known.precision.shape[0])
    names = list(known.belief.parameters)
    at[[names.index("v1"), names.index("cl")]] = -0.785, 0.72
    person = known.belief.bodies(at[:, None])
    line = timeline(WAYS_IN["an infusion"], np.array([60.0]))
    assert levels.levels(person, line, levels.ARTERIAL_S)[levels.ARTERIAL_S][-1] < 0
    agree(known, at)


def test_no_step_away_from_the_best_fit_is_likelier():
    known = target("simons_2022", WAYS_IN["an infusion"], metabolite=True)
    peak = best_fit(known.walker(), np.zeros(known.precision.shape[0]))
    assert peak.found
    around = peak.at[:, None] + 0.05 * np.random.default_rng(1).standard_normal((peak.at.size, 500))
    assert np.all(known.log_density(around) < peak.height)
