"""The course that mood is learned from, what is counted of it, and what may be proposed."""

from datetime import timedelta

import pytest

from afterglow.clinic.planning import facts as planning_facts
from afterglow.clinic.planning.course import sessions_given
from afterglow.clinic.planning.facts import Gathered, gather
from afterglow.clinic.releases.services import shipped_policy, sign_policy
from afterglow.core.pharmacology.scales import Scale
from afterglow.core.quantity import Route
from afterglow.core.refusal import Refusal
from tests.clinic.conftest import NINE
from tests.clinic.walk import given, scored, treated

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def gathered(patient, *, at=NINE + timedelta(hours=1)) -> Gathered:
    found = gather(patient, at=at)
    assert isinstance(found, Gathered), found
    return found


def test_a_long_pause_begins_a_new_course_whose_start_is_the_newest_score_before_it(ready):
    scored(ready, 22, at=NINE - 120 * DAY)
    treated(ready, at=NINE - 110 * DAY)
    scored(ready, 8, at=NINE - 40 * DAY)
    scored(ready, 17, at=NINE - 11 * DAY)
    treated(ready, at=NINE - 10 * DAY)
    treated(ready, at=NINE - 7 * DAY)
    scored(ready, 12, at=NINE - 5 * DAY)
    course = gathered(ready).facts.course
    assert [one.day for one in course.sessions] == [0.0, 3.0]
    assert [(one.at_day, one.score) for one in course.scores] == [(-1.0, 17), (5.0, 12)]
    assert course.scores[0].scale is Scale.PHQ9


def test_a_form_sent_twice_is_one_score(ready):
    treated(ready, at=NINE - 10 * DAY)
    for total in (12, 12, 14):
        scored(ready, total, at=NINE - 5 * DAY)
    assert [one.score for one in gathered(ready).facts.course.scores] == [12, 14]


def test_a_pause_that_the_policy_allows_is_part_of_the_course(ready):
    for days in (66, 10):
        treated(ready, at=NINE - days * DAY)
    assert [one.day for one in gathered(ready).facts.course.sessions] == [0.0, 56.0]


def test_a_score_more_than_ten_years_after_a_session_does_not_take_planning_down(ready):
    treated(ready, at=NINE - 3700 * DAY)
    scored(ready, 12, at=NINE - 1 * DAY)
    assert gathered(ready).facts.course is None


def test_what_was_given_is_counted_by_its_own_route(ready):
    begun_at = NINE - 3 * DAY
    encounter = treated(ready, at=begun_at, amount_mg=35.0)
    later = begun_at + timedelta(minutes=50)
    given(encounter, at=later, route="oral", amount_mg=50.0, duration_min=1.0)
    before = gathered(ready).before
    assert {(one.route, round(one.amount_mg, 6)) for one in before} == {
        (Route.INTRAVENOUS, 35.0),
        (Route.ORAL, 50.0),
    }


def test_the_sessions_are_read_once_for_the_course_and_for_the_amounts(ready, monkeypatch):
    walks = []

    def counted(*args, **kwargs):
        walks.append(args)
        return sessions_given(*args, **kwargs)

    monkeypatch.setattr(planning_facts, "sessions_given", counted)
    treated(ready, at=NINE - 3 * DAY)
    found = gathered(ready)
    assert found.facts.course is not None
    assert found.before
    assert len(walks) == 1


def test_a_policy_that_leaves_no_minutes_to_propose_is_a_no_in_words(ready):
    longest = "iv_proposed_longest_min = { value = "
    text = shipped_policy().replace('version = "2"', 'version = "3"', 1)
    text = text.replace(f"{longest}60", f"{longest}30", 1)
    text = text.replace("iv_shortest_min = { value = 40", "iv_shortest_min = { value = 30", 1)
    sign_policy(text, signed_as="Dr Medical Director", at=NINE)
    found = gather(ready, at=NINE + timedelta(hours=1))
    assert isinstance(found, Refusal)
    assert found.code == "no-minutes-to-propose"
    assert "up to 30 min; the shortest it can choose is 40 min" in found.because
