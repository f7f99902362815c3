"""Expected benefit is the mood model's, of people or of this patient, and says whose it is."""

from dataclasses import replace

import numpy as np
import pytest

from afterglow.core.dosing.benefit import Ahead, Whose, gain
from afterglow.core.dosing.mood_ahead import gained
from afterglow.core.dosing.mood_belief import MoodBelief, learn_mood
from afterglow.core.dosing.mood_seen import CourseSeen, MoodScored, TreatedOn
from afterglow.core.dosing.options import Candidates
from afterglow.core.dosing.propose import again
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import mood, mood_people
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.outcomes import drug_benefit
from afterglow.core.pharmacology.scales import Scale
from afterglow.core.quantity import Drug
from afterglow.core.refusal import Refusal
from tests.core.dosing.asking import GRID, ask, proposed
from tests.core.people import SOMEONE, infusion, prior

ONE_DOSE = Candidates(doses_mg=(35.0,), minutes=(40.0,))
TREATED = (0.0, 3.0, 7.0)


def course(*scores, shift=0.0, sessions=TREATED):
    before = MoodScored(at_day=shift - 1, scale=Scale.MADRS, score=32)
    later = (
        MoodScored(at_day=shift + day, scale=Scale.MADRS, score=score)
        for day, score in zip((1.0, 3.0, 4.0, 7.0, 8.0), scores, strict=False)
    )
    given = tuple(TreatedOn(day=shift + day, doses=(infusion(),)) for day in sessions)
    return CourseSeen(sessions=given, scores=(before, *later))


def known(*scores, **changes):
    found = learn_mood(prior(), course(*scores, **changes), seed=1)
    assert isinstance(found, MoodBelief), found
    return found


def of_patient(mood_belief, **changes):
    return proposed(mood=mood_belief, session_number=4, idle_days=3.0, **changes)


def test_benefit_of_people_is_the_mood_models_own_a_day_later():
    """By the whole course of many other people, along the curve of the session's drive."""
    people = prior().bodies(prior().sample(4000, 7))
    minutes = mood.drive_minutes([infusion()])
    line = timeline([infusion()], minutes)
    site = lv.levels(people, line, lv.DISSOCIATION_SITE)[lv.DISSOCIATION_SITE][line.asked]
    drawn = mood_people.draw(4000, 7, expectancy=mood.Expectancy.NONE)
    once = mood.SessionDrive(at_day=0.0, t_min=minutes, drive=mood.drive_rate(site))
    expected = drug_benefit(drawn, mood.course_along(drawn, [once], np.array([1.0]))).mean()
    found = proposed(candidates=ONE_DOSE, draws=1000, session_number=4)
    assert found.chosen.benefit == pytest.approx(expected, abs=0.012)


def test_benefit_of_a_patient_is_what_one_more_session_adds():
    mood_belief = known(20, 22, 18)
    found = of_patient(mood_belief, candidates=ONE_DOSE)
    points = gained(mood_belief, TreatedOn(day=10.0, doses=(infusion(),)), at_day=11.0)
    share = float(np.mean(points / mood_belief.people().baseline_madrs))
    assert found.chosen.benefit == pytest.approx(share, abs=0.01)
    assert found.benefit_of is Whose.PATIENT


def test_who_got_better_has_more_to_gain_than_who_did_not():
    better, none, not_better = (
        of_patient(known(*scores), candidates=ONE_DOSE).chosen.benefit
        for scores in ((14, 18, 12, 16, 11), (), (32, 31, 32, 30, 32))
    )
    assert better > none > not_better
    assert not_better < 0.03


def test_where_nothing_is_to_be_gained_the_calmest_is_proposed():
    found = of_patient(known(32, 31, 32, 30, 32))
    assert found.chosen == found.frontier[0]


def test_the_same_course_begun_on_another_day_has_the_same_proposal():
    early, late = (of_patient(known(20, 22, 18, shift=shift)) for shift in (0.0, 100.0))
    assert early.options == late.options


def test_more_drive_never_brings_less():
    hours = np.linspace(0, 12, 200)
    for mood_belief in (None, known(20, 22, 18)):
        curve = gain(mood_belief, Ahead((3.0,), (4.0,)))
        told = curve.of(np.repeat(hours[:, None], curve.cubic.shape[2], axis=1))
        assert told[0] == pytest.approx(0, abs=1e-12)
        assert np.all(np.diff(told) >= 0)


def test_a_proposal_by_a_patients_mood_is_computed_again_from_the_same_belief():
    mood_belief = known(20, 22, 18)
    found = of_patient(mood_belief)
    stored = MoodBelief.from_json(mood_belief.to_json())
    assert again(found, prior(), stored) == found
    with pytest.raises(BadInput, match="mood must be what the proposal was made with"):
        again(found, prior())


def test_a_mood_learnt_with_another_belief_is_a_slip():
    other = prior(replace(SOMEONE, weight_kg=90))
    with pytest.raises(BadInput, match="learnt with the belief"):
        proposed(other, mood=known(), session_number=4, candidates=GRID)


def test_arketamine_has_no_benefit_to_be_told():
    found = ask(drug=Drug.ARKETAMINE)
    assert isinstance(found, Refusal)
    assert found.code == "mood-not-modelled"


def test_the_yardstick_sets_benefit_against_dissociation_borne():
    found = proposed()
    for one in found.options:
        expected = 100 * one.benefit / one.burden_point_min
        assert one.benefit_per_hundred == pytest.approx(expected, rel=1e-3)
    short, long = (
        next(one for one in found.options if (one.dose_mg, one.minutes) == (49.0, minutes))
        for minutes in (40.0, 60.0)
    )
    assert short.burden_point_min > 0
    assert long.benefit_per_hundred > short.benefit_per_hundred


def test_a_session_before_the_last_has_faded_adds_less_and_is_no_error():
    """Its drive and what is left of the last one's go together."""
    mood_belief = known(20, 22, 18)
    benefits = [
        proposed(
            mood=mood_belief, session_number=4, idle_days=days, candidates=ONE_DOSE
        ).chosen.benefit
        for days in (0.0, 0.2, 3.0)
    ]
    assert 0 < benefits[0] < benefits[2]
    assert 0 < benefits[1] < benefits[2]


def test_long_infusions_a_day_apart_are_learnt_from():
    """What the first drives has not ended when the second begins."""
    seen = course(20, 18)
    long = tuple(TreatedOn(day=day, doses=(infusion(100, 480),)) for day in (0.0, 1.0))
    found = learn_mood(prior(), replace(seen, sessions=long), seed=1)
    assert isinstance(found, MoodBelief), found
