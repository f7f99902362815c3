"""What holds of every proposal, whatever the limits and whatever is offered."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterglow.core.dosing.limits import CAPS, Counted, ExposureLimit
from afterglow.core.dosing.options import AtOnce, Candidates, Profile
from afterglow.core.dosing.propose import GivenBefore, Limits, Proposal, again
from afterglow.core.quantity import Route
from afterglow.core.refusal import Refusal
from tests.core.dosing.asking import ask
from tests.core.people import prior

MG = st.integers(5, 140).map(float)
OTHERS = (Route.INTRAMUSCULAR, Route.SUBCUTANEOUS, Route.SUBLINGUAL)
limits = st.builds(
    Limits,
    cadss=st.integers(4, 60).map(float),
    cadss_chance=st.sampled_from((0.02, 0.1, 0.3)),
    systolic_mmhg=st.integers(140, 200).map(float),
    systolic_chance=st.sampled_from((0.02, 0.1, 0.3)),
    ceiling_mg_per_kg=st.sampled_from((0.5, 0.9, 2.0)),
    second_prescriber=st.booleans(),
    moaa_s=st.just(3),
    moaa_s_chance=st.sampled_from((0.02, 0.05, 0.3)),
    muscle_ceiling_mg_per_kg=st.sampled_from((None, 0.5)),
    exposure=st.sampled_from(((), (ExposureLimit(most=1.2, unit=Counted.MG_PER_KG, days=7),))),
)
candidates = st.builds(
    Candidates,
    doses_mg=st.lists(MG, min_size=1, max_size=4).map(tuple),
    minutes=st.lists(st.sampled_from((20.0, 40.0, 60.0, 100.0)), min_size=1, max_size=2).map(tuple),
    profiles=st.sampled_from(((Profile.CONSTANT,), tuple(Profile))),
    at_once=st.lists(
        st.builds(
            AtOnce,
            route=st.sampled_from(OTHERS),
            doses_mg=st.lists(MG, min_size=1, max_size=3).map(tuple),
        ),
        max_size=2,
        unique_by=lambda one: one.route,
    ).map(tuple),
)
before = st.lists(
    st.builds(
        GivenBefore,
        days_ago=st.integers(1, 10).map(float),
        amount_mg=st.just(21.0),
        mg_per_kg=st.just(0.3),
        route=st.sampled_from((Route.INTRAVENOUS, Route.SUBLINGUAL)),
    ),
    max_size=2,
).map(tuple)
few = settings(max_examples=25, deadline=None)


def found(limits, candidates, before=()):
    return ask(
        limits=limits,
        candidates=candidates,
        before=before,
        session_number=3,
        idle_days=3,
        draws=200,
    )


@few
@given(limits, candidates, before)
def test_a_proposal_keeps_every_limit_and_every_cap(limits, candidates, before):
    told = found(limits, candidates, before)
    if isinstance(told, Refusal):
        return
    for one in (told.chosen, *told.frontier):
        assert one.cadss_chance <= limits.cadss_chance
        assert one.systolic_chance <= limits.systolic_chance
        assert one.sedation_chance <= limits.moaa_s_chance
        assert one.mg_per_kg <= (limits.ceiling(one.route) or 99)
        assert one.mg_per_kg <= CAPS[one.route].never_mg_per_kg
        assert one.mg_per_kg <= CAPS[one.route].alone_mg_per_kg or limits.second_prescriber
        week = sum(
            past.mg_per_kg
            for past in before
            if past.route is Route.INTRAVENOUS and past.days_ago < 7
        )
        if limits.exposure and one.route is not Route.SUBLINGUAL:
            assert week + one.mg_per_kg <= 1.2 + 1e-3


@few
@given(limits, candidates, before)
def test_it_is_computed_again_to_the_last_digit(limits, candidates, before):
    told = found(limits, candidates, before)
    if isinstance(told, Refusal):
        return
    stored = Proposal.from_json(json.loads(json.dumps(told.to_json())))
    assert stored == told
    assert again(stored, prior()) == told


STRICTER = {
    "cadss": 0.7,
    "cadss_chance": 0.5,
    "systolic_mmhg": 0.95,
    "systolic_chance": 0.5,
    "moaa_s_chance": 0.5,
}
CHANCE = {
    "cadss_chance": lambda one: one.cadss_chance,
    "systolic_chance": lambda one: one.systolic_chance,
    "moaa_s_chance": lambda one: one.sedation_chance,
}


@few
@given(limits, candidates, st.sampled_from(sorted(STRICTER)))
def test_a_stricter_limit_never_brings_more_of_anything(limits, candidates, field):
    strict = replace(limits, **{field: getattr(limits, field) * STRICTER[field]})
    loose, tight = found(limits, candidates), found(strict, candidates)
    if isinstance(loose, Refusal):
        assert isinstance(tight, Refusal)
        return
    if isinstance(tight, Refusal):
        return
    assert {str(one) for one in tight.options if one.allowed} <= {
        str(one) for one in loose.options if one.allowed
    }
    most = max(one.benefit for one in loose.frontier)
    assert max(one.benefit for one in tight.frontier) <= most
    if field in CHANCE:
        assert CHANCE[field](tight.chosen) <= CHANCE[field](loose.chosen)


@few
@given(limits, candidates, st.sampled_from(OTHERS), MG)
def test_more_to_choose_from_never_lowers_the_most_benefit(limits, candidates, route, mg):
    kept = tuple(one for one in candidates.at_once if one.route is not route)
    fewer = replace(candidates, at_once=kept, profiles=(Profile.CONSTANT,))
    more = replace(
        candidates,
        at_once=(*kept, AtOnce(route=route, doses_mg=(mg,))),
        profiles=tuple(Profile),
    )
    few_of, many_of = found(limits, fewer), found(limits, more)
    if isinstance(few_of, Refusal):
        return
    assert max(one.benefit for one in many_of.frontier) >= max(
        one.benefit for one in few_of.frontier
    )


@few
@given(limits, candidates, before, st.randoms(use_true_random=False))
def test_the_order_of_what_is_offered_plays_no_part(limits, candidates, before, dice):
    def shuffled(values):
        return tuple(dice.sample(values, len(values)))

    turned = Candidates(
        doses_mg=shuffled(candidates.doses_mg),
        minutes=shuffled(candidates.minutes),
        profiles=shuffled(candidates.profiles),
        at_once=shuffled(candidates.at_once),
    )
    one, other = found(limits, candidates, before), found(limits, turned, shuffled(before))
    if isinstance(one, Refusal):
        assert other == one
    else:
        assert other.options == one.options
        assert other.chosen == one.chosen


def test_the_promises_are_made_of_proposals_and_not_of_refusals_alone():
    """The strategies above reach both."""
    plain = Limits(
        cadss=30, cadss_chance=0.1, systolic_mmhg=170, systolic_chance=0.1, ceiling_mg_per_kg=0.9
    )
    offered = Candidates(doses_mg=(35.0,), minutes=(40.0,))
    assert isinstance(found(plain, offered), Proposal)
    assert isinstance(found(replace(plain, cadss=4.0, cadss_chance=0.0), offered), Refusal)
    assert pytest.approx(0.5) == found(plain, offered).chosen.mg_per_kg
