"""A proposal keeps every limit it is given, moves with what was observed, or refuses."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from afterglow.core.body import Baseline
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.benefit import Whose
from afterglow.core.dosing.posterior import Pressure, Scored, SessionObserved, update
from afterglow.core.dosing.predict import predict_bands
from afterglow.core.dosing.propose import (
    Aim,
    Candidates,
    Limits,
    Proposal,
    again,
    candidates_for,
    propose,
)
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal
from tests.core.people import RESTING, SOMEONE, infusion, prior

LIMITS = Limits(
    cadss=30, cadss_chance=0.1, systolic_mmhg=165, systolic_chance=0.05, ceiling_mg_per_kg=0.8
)
GRID = candidates_for(70, 0.8)


def ask(belief=None, **changes):
    usual = {
        "limits": LIMITS,
        "candidates": GRID,
        "session_number": 2,
        "baseline": RESTING,
        "seed": 1,
    }
    return propose(belief or prior(), **usual | changes)


def proposed(belief=None, **changes):
    found = ask(belief, **changes)
    assert isinstance(found, Proposal), found
    return found


def after_a_session(cadss_times, rise):
    """One session at so many times the typical scores, with so high a rise of pressure."""
    usual = predict_bands(
        prior(),
        [infusion()],
        t_min=[20, 40, 60, 90],
        session_number=1,
        baseline=RESTING,
        seed=1,
    )
    seen = [
        Scored(at_min=t, cadss=min(92, score * cadss_times))
        for t, score in zip(usual.t_min, usual.series["cadss"].p50, strict=True)
    ]
    seen += [Pressure(at_min=t, systolic_mmhg=RESTING.systolic_mmhg + rise) for t in (30, 40)]
    session = SessionObserved(
        number=1, doses=(infusion(),), baseline=RESTING, observations=tuple(seen)
    )
    learnt = update(prior(), [session], seed=1)
    assert isinstance(learnt, Belief)
    return learnt


def test_what_is_proposed_keeps_every_limit():
    chosen = proposed().chosen
    assert chosen.allowed
    assert chosen.cadss_chance <= LIMITS.cadss_chance
    assert chosen.systolic_chance <= LIMITS.systolic_chance
    assert chosen.mg_per_kg <= LIMITS.ceiling_mg_per_kg


def test_no_allowed_option_brings_clearly_more():
    found = proposed()
    allowed = [one for one in found.options if one.allowed]
    assert found.chosen.benefit >= max(one.benefit for one in allowed) - 0.015
    as_much = [one for one in allowed if one.benefit >= found.chosen.benefit]
    assert found.chosen.cadss_p95 == min(one.cadss_p95 for one in as_much)


def test_the_first_proposals_are_still_made_by_exposure():
    """What was stored before benefit was expected is computed again as it was."""
    found = proposed(aim=Aim.EXPOSURE)
    best = max(one.benefit_proxy for one in found.options if one.allowed)
    assert found.chosen.benefit_proxy >= best - 0.02
    assert found.chosen.benefit is None
    assert found.frontier == ()


def test_the_chances_are_those_of_the_bands():
    chosen = proposed().chosen
    bands = predict_bands(
        prior(),
        [infusion(chosen.dose_mg, chosen.minutes)],
        t_min=range(0, 241),
        session_number=2,
        baseline=RESTING,
        seed=1,
        cadss_above=[30],
        systolic_above=[165],
    )
    assert [one.probability for one in bands.chances] == pytest.approx(
        [chosen.cadss_chance, chosen.systolic_chance], abs=0.01
    )


def test_after_a_strong_reaction_the_next_proposal_is_gentler():
    strict = replace(LIMITS, cadss=20)
    before, after = proposed(limits=strict), proposed(after_a_session(2.0, 8), limits=strict)
    rate = [one.chosen.dose_mg / one.chosen.minutes for one in (before, after)]
    assert rate[1] < rate[0]


def test_after_a_mild_session_the_next_proposal_may_be_more():
    strict = replace(LIMITS, cadss=18)
    before = proposed(limits=strict)
    after = proposed(after_a_session(0.4, 4), limits=strict)
    assert (
        after.chosen.dose_mg / after.chosen.minutes > before.chosen.dose_mg / before.chosen.minutes
    )


def test_after_a_steep_rise_of_pressure_the_limit_binds_sooner():
    limits = replace(LIMITS, cadss_chance=1.0, systolic_mmhg=150)
    before, after = proposed(limits=limits), ask(after_a_session(1.0, 35), limits=limits)
    gentler = isinstance(after, Refusal) or after.chosen.dose_mg < before.chosen.dose_mg
    assert gentler


def test_a_higher_dose_never_has_a_lower_chance():
    for minutes in GRID.minutes:
        row = [one for one in proposed().options if one.minutes == minutes]
        assert np.all(np.diff([one.cadss_chance for one in row]) >= 0)
        assert np.all(np.diff([one.systolic_chance for one in row]) >= 0)
        assert np.all(np.diff([one.benefit_proxy for one in row]) > 0)
        assert np.all(np.diff([one.benefit for one in row]) > 0)


def test_neighbours_are_one_step_away():
    found = proposed()
    for one in found.neighbours:
        assert (one.minutes == found.chosen.minutes) != (one.dose_mg == found.chosen.dose_mg)
    assert 2 <= len(found.neighbours) <= 4
    assert found.reasons[0].startswith(str(found.chosen))


def test_above_a_milligram_per_kilo_needs_a_second_prescriber():
    high = Candidates(doses_mg=(80.0, 90.0), minutes=(60.0,))
    lax = replace(LIMITS, cadss=92, systolic_mmhg=250, ceiling_mg_per_kg=1.5)
    refusal = ask(candidates=high, limits=lax)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "above-hard-cap"
    assert proposed(candidates=high, limits=replace(lax, second_prescriber=True)).chosen


def test_the_cap_holds_within_a_grid_that_crosses_it():
    wide = Candidates(doses_mg=(60.0, 80.0), minutes=(60.0,))
    lax = replace(LIMITS, cadss=92, systolic_mmhg=250, ceiling_mg_per_kg=1.5)
    found = proposed(candidates=wide, limits=lax)
    assert found.chosen.dose_mg == 60
    assert "second prescriber" in found.options[-1].why_not


def test_a_resting_pressure_over_the_limit_is_refused_with_the_reason():
    refusal = ask(baseline=Baseline(systolic_mmhg=172, pulse_per_min=80))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "no-safe-dose"
    assert "systolic above 165 mmHg" in refusal.because


def test_a_proposal_can_be_stored_and_computed_again():
    found = proposed()
    stored = Proposal.from_json(json.loads(json.dumps(found.to_json())))
    assert stored == found
    assert again(stored, prior()) == found


def test_a_proposal_stored_before_benefit_was_expected_is_computed_again_as_it_was():
    kept = Path(__file__).with_name("proposal_by_exposure.json")
    stored = Proposal.from_json(json.loads(kept.read_text(encoding="utf-8")))
    assert stored.aim is Aim.EXPOSURE
    recomputed = again(stored, prior())
    for field in ("neighbours", "reasons", "limits", "candidates"):
        assert getattr(recomputed, field) == getattr(stored, field)
    assert recomputed.chosen == stored.chosen
    for one, other in zip(recomputed.options, stored.options, strict=True):
        assert replace(one, broken=()) == other


def test_whose_benefit_it_is_is_said():
    found = proposed()
    assert found.benefit_of is Whose.POPULATION
    assert any("no statement on this patient's mood" in note for note in found.notes)
    assert any("the calmest is proposed [own]" in note for note in found.notes)
    by_exposure = proposed(aim=Aim.EXPOSURE)
    assert by_exposure.benefit_of is None
    assert any("Not a chance of response" in note for note in by_exposure.notes)


def test_the_usual_grid_stays_under_the_ceiling():
    grid = candidates_for(83.3, 0.5)
    assert max(grid.doses_mg) <= 0.5 * 83.3
    assert min(grid.doses_mg) == pytest.approx(0.2 * 83.3, abs=0.5)


@pytest.mark.parametrize(
    ("field", "value"), [("cadss", 120), ("cadss_chance", 1.2), ("systolic_mmhg", 12)]
)
def test_a_limit_that_cannot_be_meant_names_its_field(field, value):
    with pytest.raises(BadInput, match=field):
        replace(LIMITS, **{field: value})


def test_a_proposal_tells_of_medicines_and_counts_no_clonidine():
    taken = replace(SOMEONE, medicines=("clonidine", "lamotrigine", "zinc"))
    notes, usual = proposed(prior(taken)).notes, proposed()
    assert "clonidine: not counted; the rise of pressure may be overstated." in notes
    assert any("lowered dissociation twice" in one for one in notes)
    assert "zinc: nothing is known of it here; it changes nothing." in notes
    assert proposed(prior(taken)).chosen.systolic_chance == usual.chosen.systolic_chance
    assert not any("clonidine" in one for one in usual.notes)
    by_exposure = proposed(prior(taken), aim=Aim.EXPOSURE).notes
    assert not any("clonidine" in one for one in by_exposure)


def test_a_long_infusion_is_told_to_be_summed_over_12_hours_only():
    def told(minutes):
        grid = Candidates(doses_mg=(21.0,), minutes=(40.0, minutes))
        return any("summed over 12 h" in one for one in proposed(candidates=grid).notes)

    assert told(300.0)
    assert not told(240.0)
