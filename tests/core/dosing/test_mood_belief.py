"""A patient's own scores move what is expected of them, by as much as they tell and no more."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from afterglow.core.dosing.mood_ahead import gained, look_ahead
from afterglow.core.dosing.mood_belief import (
    BODIES,
    MoodBelief,
    drives_of,
    in_bodies,
    leaning,
    learn_mood,
    person_at,
    told_by,
)
from afterglow.core.dosing.mood_seen import CourseSeen, MoodScored, TreatedOn
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.mood import course_along
from afterglow.core.pharmacology.mood_people import DIRECTIONS, typical
from afterglow.core.pharmacology.scales import Scale, from_madrs, link, points_per_madrs
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import BaseMass, Bolus, Drug, Route
from afterglow.core.refusal import Refusal
from tests.core.people import infusion, prior

SESSIONS = tuple(TreatedOn(day=day, doses=(infusion(),)) for day in (0.0, 3, 7, 10))
RATED_ON = (1.0, 3, 4, 7, 8, 10, 11)


def scored(*scores, before=32, scale=Scale.MADRS):
    first = MoodScored(at_day=-1, scale=scale, score=before)
    later = (
        MoodScored(at_day=day, scale=scale, score=score)
        for day, score in zip(RATED_ON, scores, strict=False)
    )
    return CourseSeen(sessions=SESSIONS, scores=(first, *later))


def learnt(seen, seed=1):
    found = learn_mood(prior(), seen, seed=seed)
    assert isinstance(found, MoodBelief), found
    return found


def after(seen):
    return look_ahead(learnt(seen), [14.0], scale=Scale.MADRS)


BETTER, NO_BETTER = (12, 14, 10, 11, 8, 9, 7), (31, 30, 32, 29, 31, 30, 31)


def test_who_got_better_is_expected_to_stay_better_than_who_did_not():
    known, better, not_better = after(scored()), after(scored(*BETTER)), after(scored(*NO_BETTER))
    assert better.p50[0] < known.p50[0] < not_better.p50[0]
    assert better.response[0] > 0.8
    assert not_better.response[0] < 0.05
    assert better.responder_chance > known.responder_chance > not_better.responder_chance


def test_scores_narrow_the_band_and_more_scores_narrow_it_more():
    widths = [
        found.p95[0] - found.p5[0]
        for found in map(after, (scored(), scored(20), scored(20, 19, 21, 20, 19, 20, 18)))
    ]
    assert widths[0] > widths[1] > widths[2]


def test_a_missing_score_is_neither_bad_nor_good():
    few, many = after(scored(20)), after(scored(20, 20, 20, 20, 20, 20, 20))
    assert few.p5[0] < many.p5[0]
    assert few.p95[0] > many.p95[0]


def test_the_order_of_scores_plays_no_part():
    seen = scored(*BETTER)
    turned = replace(seen, scores=tuple(reversed(seen.scores)))
    assert learnt(seen).places == learnt(turned).places


def test_a_score_on_the_scales_lowest_point_says_at_most_that():
    """Nought on a scale may be any wellness beyond it."""
    found = after(scored(4, 2, 0, 0, 0, 0, 0))
    assert found.response[0] > 0.95
    assert found.p50[0] < 8


@pytest.mark.parametrize("scale", Scale)
@pytest.mark.parametrize("madrs", [2.0, 25.0, 55.0])
def test_the_chances_of_all_scores_of_a_scale_sum_to_one(scale, madrs):
    """Nought and the highest stand for all that rounds to them or lies beyond; nothing is lost."""
    people, top = typical(), int(link(scale).top)
    each = np.array(
        [
            told_by(MoodScored(at_day=1, scale=scale, score=score), np.array([madrs]), people)[0]
            for score in range(top + 1)
        ]
    )[:, 0]
    error = (points_per_madrs(np.array([madrs]), scale) * people.residual_madrs)[0]
    expected = float(from_madrs(madrs, scale))
    assert each[0] == pytest.approx(norm.logcdf((0.5 - expected) / error), abs=1e-9)
    assert each[-1] == pytest.approx(norm.logsf((top - 0.5 - expected) / error), abs=1e-9)
    inner = np.exp(each[1:-1] - np.log(2 * np.pi) / 2)
    assert np.exp(each[0]) + inner.sum() + np.exp(each[-1]) == pytest.approx(1.0, abs=0.02)


def test_a_new_oral_drug_helps_some_much_and_others_not_at_all():
    """As in a trial: nobody gains the mean, and scores tell who is helped."""
    numbers = sheet("mood").typical()

    def helped(seen):
        slow = learnt(replace(seen, new_antidepressant=True)).people().slow_recovery
        assert set(np.unique(slow)) <= {0.0, slow.max()}
        return float(np.mean(slow > 0))

    usual = numbers["new_antidepressant_helped"]
    assert helped(scored()) == pytest.approx(usual, abs=4 * (usual / 1000) ** 0.5)
    assert helped(scored(*NO_BETTER)) < 0.7 * usual
    as_by_it_alone = scored(30, 26, 25, 21, 19, 17, 16)
    assert helped(as_by_it_alone) > 1.1 * usual


def test_another_scale_tells_much_the_same():
    madrs, phq9 = (
        after(scored(*NO_BETTER)),
        after(scored(19, 19, 20, 18, 19, 19, 19, before=20, scale=Scale.PHQ9)),
    )
    assert phq9.response[0] < 0.1
    assert abs(madrs.responder_chance - phq9.responder_chance) < 0.15


def test_one_more_session_gives_most_to_whom_the_drug_helps():
    next_one = TreatedOn(day=14.0, doses=(infusion(),))
    helped = gained(learnt(scored(20, 22, 18, 20, 16, 18, 15)), next_one, at_day=15.0)
    others = gained(learnt(scored(*NO_BETTER)), next_one, at_day=15.0)
    # On average: such scores leave it open in many draws whether drug or hope helped.
    assert helped.mean() > 2 * others.mean()
    assert np.all(helped > -1e-9)


def test_same_input_same_digits_and_it_survives_storage():
    known = learnt(scored(*BETTER))
    assert known == learnt(scored(*BETTER))
    again = MoodBelief.from_json(json.loads(json.dumps(known.to_json())))
    assert again == known
    days = [12.0, 20.0]
    assert look_ahead(again, days, scale=Scale.QIDS) == look_ahead(known, days, scale=Scale.QIDS)


def test_scores_that_no_course_explains_are_refused_in_words():
    refusal = learn_mood(prior(), scored(60, 0, 60, 0, 60, 0, 60), seed=1)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "mood-not-trusted"
    assert "scatter more than ratings do" in refusal.because


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (CourseSeen(sessions=SESSIONS, scores=()), "no-mood-baseline"),
        (CourseSeen(sessions=(), scores=scored().scores), "no-mood-baseline"),
        (CourseSeen(sessions=SESSIONS, scores=scored(20, 19).scores[:2] * 2), "scored-twice"),
        (
            CourseSeen(
                sessions=(SESSIONS[0], replace(SESSIONS[0], day=0.5)), scores=scored().scores
            ),
            "sessions-too-close",
        ),
        (
            CourseSeen(
                sessions=(
                    TreatedOn(
                        day=0.0,
                        doses=(
                            Bolus(
                                amount=BaseMass(28),
                                starts_min=0,
                                drug=Drug.ESKETAMINE,
                                route=Route.NASAL,
                            ),
                        ),
                    ),
                ),
                scores=scored().scores,
            ),
            "route-not-modelled",
        ),
    ],
)
def test_what_cannot_be_learnt_from_is_refused(seen, code):
    refusal = learn_mood(prior(), seen, seed=1)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


def test_a_score_beyond_its_scale_is_told_with_the_range():
    with pytest.raises(BadInput, match="score must be 0 to 27 points on phq9"):
        MoodScored(at_day=1, scale=Scale.PHQ9, score=28)


def test_intervals_hold_the_course_of_people_drawn_from_the_model():
    """Recovery: people of the model, hidden behind rating error, lie where their bands say."""
    people, seen = 60, scored(*(0,) * len(RATED_ON))
    dice = np.random.default_rng(8)
    belief = prior()
    deviations = belief.sample(BODIES, 99)
    places, bodies = dice.standard_normal((DIRECTIONS, people)), dice.integers(BODIES, size=people)
    hidden = person_at(seen, places, leaning(belief, deviations)[bodies])
    given = in_bodies(drives_of(belief, deviations, SESSIONS), bodies)
    truth = course_along(hidden, given, np.array([*RATED_ON, 14.0])).madrs
    inside = {50: 0, 90: 0}
    for n in range(people):
        ratings = np.clip(truth[n, :-1] + 4.0 * dice.standard_normal(len(RATED_ON)), 0, 60)
        found = after(scored(*ratings))
        inside[50] += found.p25[0] <= truth[n, -1] <= found.p75[0]
        inside[90] += found.p5[0] <= truth[n, -1] <= found.p95[0]
    for percent, held in inside.items():
        expected, spread = (
            people * percent / 100,
            3 * (people * percent / 100 * (1 - percent / 100)) ** 0.5,
        )
        assert abs(held - expected) <= spread, inside
