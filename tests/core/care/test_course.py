"""What comes next, and what a change is called."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterglow.core.care.course import Course, Flag, Next, ScoreAt, next_step
from afterglow.core.care.response import Response, Scale, compare
from afterglow.core.errors import BadInput
from afterglow.core.quantity import Drug, Route

from .build import NINE, POLICY, TODAY


def course(*totals, baseline=20.0, sessions=None, days_ago=0, **other):
    """PHQ-9 after sessions 1, 2, 3 ..., the last one `days_ago`."""
    last = len(totals)
    scores = tuple(
        ScoreAt(total=t, at=NINE - timedelta(days=days_ago + last - n), after_session=n)
        for n, t in enumerate(totals, 1)
    )
    fields = {
        "drug": Drug.KETAMINE,
        "route": Route.INTRAVENOUS,
        "scale": Scale.PHQ9,
        "baseline": baseline,
        "scores": scores,
        "sessions_given": last if sessions is None else sessions,
        "started_on": TODAY - timedelta(days=20),
    }
    return Course(**{**fields, **other})


def judge(*totals, **other):
    return next_step(course(*totals, **other), at=NINE, policy=POLICY)


def rules(step):
    return [reason.rule for reason in step.reasons]


def test_a_course_that_works_goes_on():
    step = judge(15, 12)
    assert step.kind is Next.CONTINUE
    assert step.change.text == "PHQ-9 fell from 20 to 12 (-40 %)"


def test_less_than_a_fifth_after_four_sessions_is_reviewed():
    assert judge(20, 19, 18, 17).kind is Next.REVIEW
    assert rules(judge(20, 19, 18, 17)) == ["little-change"]
    assert judge(20, 19, 18, 16).kind is Next.CONTINUE
    assert judge(20, 19, 18).kind is Next.CONTINUE


def test_less_than_half_after_six_sessions_is_stopped_or_changed():
    step = judge(18, 17, 16, 15, 13, 11)
    assert (step.kind, rules(step)) == (Next.STOP_OR_CHANGE, ["no-response"])
    assert judge(18, 17, 16, 15, 13, 10).kind is Next.SPACE_OUT


def test_nasal_esketamine_is_judged_at_the_end_of_week_four_and_not_by_its_sixth_session():
    nose = {"drug": Drug.ESKETAMINE, "route": Route.NASAL}
    early = judge(18, 18, 18, 18, 18, 18, 18, **nose, started_on=TODAY - timedelta(days=27))
    assert early.kind is Next.CONTINUE
    late = judge(18, 18, 18, 18, 18, 18, 18, 18, **nose, started_on=TODAY - timedelta(days=28))
    assert (late.kind, rules(late)) == (Next.STOP_OR_CHANGE, ["nasal-week-4"])


def test_two_worsenings_of_five_points_in_a_row_are_reviewed_today():
    assert judge(15, 20, baseline=10).kind is Next.REVIEW_TODAY
    assert judge(8, 13, 18, baseline=20).kind is Next.REVIEW_TODAY
    assert judge(15, 19, baseline=10).kind is not Next.REVIEW_TODAY
    assert judge(15, baseline=10).kind is not Next.REVIEW_TODAY


@pytest.mark.parametrize("flag", list(Flag))
def test_a_flag_stops_a_course_even_one_that_works(flag):
    step = judge(10, 5, flags=frozenset({flag}))
    assert step.kind is Next.STOP
    assert flag.value in step.reasons[0].found


def test_without_a_recent_score_nothing_is_judged_as_going_well():
    assert judge(10, days_ago=15).kind is Next.MISSING
    assert judge(10, days_ago=14).kind is Next.CONTINUE
    assert judge(sessions=2).kind is Next.MISSING
    assert judge(sessions=0).kind is Next.CONTINUE


def test_a_score_dated_in_the_future_does_not_count():
    assert judge(5, days_ago=-3, sessions=1).kind is Next.MISSING


def test_every_three_months_maintenance_is_reviewed():
    def after(days, **other):
        return judge(8, 8, 8, started_on=TODAY - timedelta(days=days), **other)

    assert after(90).kind is Next.CONTINUE
    assert after(91).kind is Next.MAINTENANCE_REVIEW
    assert after(300, last_review_on=TODAY - timedelta(days=30)).kind is Next.CONTINUE


def test_the_most_urgent_step_leads_and_the_other_reasons_stay():
    step = judge(20, 20, 20, 20, 25, 27, flags=frozenset({Flag.BLADDER}))
    assert step.kind is Next.STOP
    assert rules(step) == ["flag-bladder", "no-response"]


@pytest.mark.parametrize(
    ("scale", "before", "now", "response"),
    [
        (Scale.PHQ9, 20, 4, Response.REMISSION),
        (Scale.PHQ9, 20, 5, Response.RESPONSE),
        (Scale.PHQ9, 20, 10, Response.RESPONSE),
        (Scale.PHQ9, 20, 11, Response.PARTIAL),
        (Scale.PHQ9, 20, 17, Response.NONE),
        (Scale.PHQ9, 20, 20, Response.NONE),
        (Scale.PHQ9, 20, 21, Response.WORSE),
        (Scale.PHQ9, 3, 3, Response.NONE),
        (Scale.PHQ9, 0, 2, Response.WORSE),
        (Scale.PHQ9, 0, 0, Response.NONE),
        (Scale.GAD7, 15, 4, Response.REMISSION),
        (Scale.QIDS, 18, 5, Response.REMISSION),
        (Scale.QIDS, 18, 6, Response.RESPONSE),
        (Scale.MADRS, 32, 10, Response.REMISSION),
        (Scale.MADRS, 32, 12, Response.RESPONSE),
        (Scale.HAMD17, 24, 7, Response.REMISSION),
        (Scale.BDI2, 40, 13, Response.REMISSION),
        (Scale.PCL5, 60, 30, Response.REMISSION),
        (Scale.PCL5, 60, 50, Response.RESPONSE),
        (Scale.PCL5, 60, 55, Response.PARTIAL),
        (Scale.PCL5, 60, 56, Response.NONE),
    ],
)
def test_response_and_remission_by_each_scales_own_rule(scale, before, now, response):
    assert compare(scale, before, now, POLICY).response is response


def test_a_score_outside_its_scale_is_refused():
    with pytest.raises(BadInput, match="now must be 0 to 27 points, got 28"):
        compare(Scale.PHQ9, 20, 28, POLICY)


@given(st.sampled_from(Scale), st.data())
def test_a_higher_score_is_never_called_a_better_response(scale, data):
    points = st.integers(0, int(scale.most))
    before, one, two = (data.draw(points) for _ in range(3))
    better = compare(scale, before, min(one, two), POLICY).response
    worse = compare(scale, before, max(one, two), POLICY).response
    assert worse.rank >= better.rank


@given(st.lists(st.integers(0, 27), min_size=1, max_size=8), st.integers(0, 27))
def test_a_worse_last_score_never_gives_a_milder_next_step(totals, more):
    def rank(last):
        return judge(*totals[:-1], min(27, last)).kind.rank

    assert rank(totals[-1] + more) <= rank(totals[-1])
