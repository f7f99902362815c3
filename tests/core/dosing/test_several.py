"""Several models of one patient: weighed by what they explain, silent where they disagree."""

from dataclasses import replace

import numpy as np
import pytest

from afterglow.core.dosing import agreement
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.posterior import Sampled, Scored, SessionObserved, update
from afterglow.core.dosing.predict import everything
from afterglow.core.dosing.propose import (
    AtOnce,
    Candidates,
    Limits,
    Profile,
    Proposal,
    again,
    candidates_for,
    propose,
)
from afterglow.core.dosing.several import STRUCTURES, Several, Weighed, weigh
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.library import load
from afterglow.core.pharmacology.structure import typical
from afterglow.core.quantity import Analyte, ArterialLevel, Drug, Route
from afterglow.core.refusal import Refusal
from tests.core.people import RESTING, SOMEONE, infusion

LIMITS = Limits(
    cadss=30, cadss_chance=0.1, systolic_mmhg=170, systolic_chance=0.1, ceiling_mg_per_kg=0.8
)
VISIT = Visit(number=1, baseline=RESTING)
TIMES = np.array([10.0, 20, 40, 50, 70, 120])


def courses(model, doses=None):
    belief = prior_for(SOMEONE, model=model)
    assert isinstance(belief, Belief)
    line = timeline(doses or [infusion()], TIMES)
    every = everything(
        belief.bodies(np.zeros((len(belief.mean), 1))), line, VISIT, Occasion.none(1)
    )
    return {key: one[line.asked, 0] for key, one in every.items()}


def levels_of(model):
    """Arterial levels of the typical person of one model, without error."""
    seen = tuple(
        Sampled(at_min=float(t), level=ArterialLevel(float(c), Analyte.KETAMINE))
        for t, c in zip(TIMES, courses(model)["arterial_ng_per_ml"], strict=True)
    )
    return SessionObserved(number=1, doses=(infusion(),), baseline=RESTING, observations=seen)


def weighed(*sessions):
    found = weigh(SOMEONE, sessions, seed=1)
    assert isinstance(found, Several), found
    return found


def ask(several, **changes):
    usual = {
        "limits": LIMITS,
        "candidates": candidates_for(70, 0.8),
        "session_number": 1,
        "baseline": RESTING,
        "seed": 1,
    }
    return propose(several, **usual | changes)


@pytest.mark.parametrize("model", STRUCTURES)
def test_each_model_says_at_its_own_site_what_its_file_says(model):
    """The link turned round and then turned back is where it began."""
    drug = Drug.ESKETAMINE
    site = "venous_ng_per_ml" if load(model).site == "venous" else "arterial_ng_per_ml"
    own = typical(load(model), weight_kg=70, doses=[infusion(drug=drug)], t_min=TIMES)["ketamine"]
    assert courses(model, [infusion(drug=drug)])[site] == pytest.approx(own, rel=1e-7)


def test_before_anything_is_seen_all_models_weigh_the_same():
    assert [one.weight for one in weighed().each] == pytest.approx([1 / 3] * 3, abs=1e-3)
    assert weighed().likeliest.belief.model == "simons_2022"


@pytest.mark.parametrize("model", ["simons_2022", "kamp_2020_meta"])
def test_the_model_that_made_the_levels_is_the_likeliest(model):
    found = weighed(levels_of(model))
    assert found.likeliest.belief.model == model
    assert sum(one.weight for one in found.each) == pytest.approx(1, abs=1e-3)


def test_the_same_observations_have_the_same_weights():
    assert weighed(levels_of("simons_2022")) == weighed(levels_of("simons_2022"))


def test_norketamine_is_left_out_of_the_comparison_and_said_so():
    session = levels_of("simons_2022")
    sample = Sampled(at_min=100, level=ArterialLevel(50, Analyte.NORKETAMINE))
    found = weighed(replace(session, observations=(*session.observations, sample)))
    assert found.each == weighed(session).each
    assert "Norketamine" in found.left_out[0]


def test_a_proposal_names_what_the_other_models_say():
    found = ask(weighed(levels_of("simons_2022")))
    assert isinstance(found, Proposal), found
    assert any("otto_2021" in note for note in found.notes)


def test_shapes_and_routes_are_weighed_with_several_models_too():
    several = weighed(levels_of("simons_2022"))
    muscle = AtOnce(route=Route.INTRAMUSCULAR, doses_mg=(14.0, 21.0))
    offered = Candidates(
        doses_mg=(21.0, 35.0), minutes=(60.0,), profiles=tuple(Profile), at_once=(muscle,)
    )
    found = ask(several, candidates=offered)
    assert isinstance(found, Proposal), found
    assert {one.profile for one in found.options} == set(Profile)
    assert {one.route for one in found.options} == {Route.INTRAVENOUS, Route.INTRAMUSCULAR}
    assert [one.model for one in found.models] == [one.belief.model for one in several.each]
    assert [one.weight for one in found.models] == [one.weight for one in several.each]
    assert {str(one.option) for one in found.models} == {str(found.chosen)}
    assert again(found, several) == found


def test_a_wide_spacing_is_asked_of_every_model():
    spaced = Candidates(
        doses_mg=(35.0,), minutes=(60.0,), spacings_days=(30.0,), sessions=2, over_days=60.0
    )
    found = ask(weighed(levels_of("simons_2022")), candidates=spaced, session_number=3)
    assert isinstance(found, Proposal), found
    assert [one.option.spacing_days for one in found.models] == [30.0] * 3


def test_models_that_disagree_on_sedation_make_no_proposal():
    calm, deep = (_after_levels(times) for times in (0.6, 1.7))
    near = Several(
        each=(Weighed(belief=calm, weight=0.6), Weighed(belief=deep, weight=0.4)), left_out=()
    )
    offered = Candidates(doses_mg=(49.0,), minutes=(40.0,))
    limits = replace(LIMITS, cadss=92, systolic_mmhg=250, moaa_s=3, moaa_s_chance=0.05)
    told = ask(near, limits=limits, candidates=offered)
    assert isinstance(told, Refusal)
    assert told.code == "models-disagree"
    assert "of sedation" in told.because
    lax = replace(limits, moaa_s_chance=0.5)
    assert isinstance(ask(near, limits=lax, candidates=offered), Proposal)


def _after_levels(times):
    """The default model after levels so many times the typical."""
    session = levels_of("simons_2022")
    seen = tuple(
        replace(one, level=replace(one.level, ng_per_ml=one.level.ng_per_ml * times))
        for one in session.observations
    )
    learnt = update(prior_for(SOMEONE), [replace(session, observations=seen)], seed=1)
    assert isinstance(learnt, Belief)
    return learnt


def test_models_that_disagree_make_no_proposal():
    calm, wild = (_after(cadss) for cadss in (4, 40))
    near = Several(
        each=(Weighed(belief=calm, weight=0.6), Weighed(belief=wild, weight=0.4)), left_out=()
    )
    told = ask(near)
    assert isinstance(told, Refusal)
    assert told.code == "models-disagree"
    assert "40%" in told.because
    unlikely = replace(near, each=(near.each[0], replace(near.each[1], weight=0.01)))
    assert isinstance(ask(unlikely), Proposal)


def _after(cadss):
    seen = tuple(Scored(at_min=t, cadss=cadss) for t in (20, 30, 40))
    session = SessionObserved(number=1, doses=(infusion(),), baseline=RESTING, observations=seen)
    return weighed(session).likeliest.belief


@pytest.mark.parametrize(("chance", "objects"), [(0.09, False), (0.11, True)])
def test_no_model_may_give_a_chance_of_twice_a_small_limit(chance, objects):
    limits = replace(LIMITS, cadss_chance=0.05)
    found = propose(
        prior_for(SOMEONE),
        limits=LIMITS,
        candidates=Candidates(doses_mg=(20.0,), minutes=(40.0,)),
        session_number=1,
        baseline=RESTING,
        seed=1,
    )
    assert isinstance(found, Proposal)
    told = replace(found.chosen, cadss_chance=chance, systolic_chance=0.0, sedation_chance=None)
    assert agreement._objects(told, limits) is objects
