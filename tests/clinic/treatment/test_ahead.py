"""If I pause or slow now, when will dissociation be under so much? Asked at the bedside."""

import re
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from afterglow.clinic.people.models import Role, User
from afterglow.clinic.planning.queries import inputs_of
from afterglow.clinic.treatment.ahead import Ahead, ahead_of, levels
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.services import begin_recovery, give_as_planned, pause, rate
from afterglow.core.errors import BadInput
from tests.clinic.treatment.story import after

pytestmark = pytest.mark.django_db
GONE = 4.0


@pytest.fixture
def running(session: Session, nurse: User) -> Session:
    """The pump began with the session."""
    give_as_planned(session, by=nurse, at=after(minutes=0), fact_id=uuid4())
    return session


def asked(session: Session, minutes: float, *, below: float = GONE) -> Ahead:
    found = ahead_of(session, at=after(minutes=minutes), below=below)
    assert found is not None
    return found


@pytest.fixture
def at_25(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screens read the clock themselves."""
    monkeypatch.setattr("afterglow.clinic.treatment.views.now", lambda: after(minutes=25))


def in_min(words: str) -> float:
    found = re.search(r"in (\d+)\s?min", words)
    assert found, words
    return float(found[1])


def test_pausing_is_over_sooner_than_slowing_and_slowing_later_than_going_on(running: Session):
    ways = asked(running, 25).ways
    assert [one.label for one in ways] == ["Pause now", "Half the rate from now", "Go on as now"]
    pausing, slowing, going_on = (in_min(one.typical) for one in ways)
    assert pausing < going_on < slowing
    assert all(in_min(one.late) > in_min(one.typical) for one in ways)
    assert ways[0].all_in_at is None
    assert ways[1].all_in_at == after(minutes=55)
    assert ways[2].all_in_at == after(minutes=40)


def test_a_higher_score_is_reached_sooner(running: Session):
    assert in_min(asked(running, 38, below=GONE).ways[0].late) > 0
    high = asked(running, 38, below=20.0)
    assert high.ways[0].late == "stays below" or in_min(high.ways[0].late) < in_min(
        asked(running, 38, below=GONE).ways[0].late
    )


def test_a_paused_dose_is_offered_other_ways(running: Session, nurse: User):
    pause(running, by=nurse, at=after(minutes=20), fact_id=uuid4())
    ways = asked(running, 25).ways
    assert ways[0].label == "Give no more"
    assert in_min(ways[0].typical) < in_min(ways[2].typical)


def test_when_all_is_in_there_is_one_way(running: Session, nurse: User):
    begin_recovery(running, by=nurse, at=after(minutes=41), fact_id=uuid4())
    running.refresh_from_db()
    (only,) = asked(running, 45).ways
    assert only.label == "Nothing more is given"


def test_nothing_is_asked_before_the_dose(session: Session):
    assert ahead_of(session, at=after(minutes=3)) is None


def test_a_rating_far_from_what_was_expected_says_that_the_times_cannot_be_trusted(
    running: Session, nurse: User
):
    assert "No rating since the dose began" in asked(running, 25).doubts[0]
    rate(running, scale="cadss-23", value=80, by=nurse, at=after(minutes=25), fact_id=uuid4())
    (doubt,) = asked(running, 26).doubts
    assert "The rating of 80" in doubt
    assert "above what was expected then" in doubt


def test_a_rating_as_expected_raises_no_doubt(running: Session, nurse: User):
    rate(running, scale="cadss-23", value=12, by=nurse, at=after(minutes=30), fact_id=uuid4())
    assert asked(running, 31).doubts == ()


def test_an_old_rating_says_that_the_times_rest_on_the_model_alone(running: Session, nurse: User):
    rate(running, scale="cadss-23", value=12, by=nurse, at=after(minutes=20), fact_id=uuid4())
    assert asked(running, 31).doubts == ()
    (doubt,) = asked(running, 34).doubts
    assert doubt == "The last rating is 14 min old: these times rest on the model alone."


def test_doubts_are_read_before_the_times(running: Session, everyone, signed_in, at_25):
    client: Client = signed_in(everyone[Role.NURSE])
    shown = client.get(reverse("treatment:ahead", args=[running.pk])).content.decode()
    assert shown.index("No rating since the dose began") < shown.index("<table")


def test_what_cannot_be_computed_is_a_no_in_the_panel_and_the_page_stands(
    running: Session, everyone, signed_in, at_25, monkeypatch: pytest.MonkeyPatch
):
    def cannot(*_: object, **__: object) -> None:
        raise BadInput("amount is 0 mg; above 0 is taken as meant.")

    monkeypatch.setattr("afterglow.clinic.treatment.ahead.when_below", cannot)
    found = asked(running, 25)
    assert found.ways == ()
    assert found.refusal is not None
    assert found.refusal.code == "not-worked-out"
    answer = signed_in(everyone[Role.NURSE]).get(reverse("treatment:bedside", args=[running.pk]))
    assert answer.status_code == 200
    assert "No time can be told from what is recorded" in answer.content.decode()


def test_the_score_asked_about_is_kept_when_the_panel_is_fetched_again(
    running: Session, everyone, signed_in, at_25
):
    client: Client = signed_in(everyone[Role.NURSE])
    bedside = reverse("treatment:bedside", args=[running.pk])
    again = reverse("treatment:ahead", args=[running.pk])
    shown = client.get(bedside, {"below": "4"}).content.decode()
    assert f'data-url="{again}?below=4"' in shown


def test_a_paused_dose_goes_on_no_earlier_than_now(running: Session, nurse: User):
    pause(running, by=nurse, at=after(minutes=20), fact_id=uuid4())
    on_the_minute, later = asked(running, 25), asked(running, 25.9)
    waits = [one.ways[2].all_in_at - one.at for one in (on_the_minute, later)]
    assert waits[0] == pytest.approx(waits[1], abs=timedelta(seconds=2))


def test_under_the_score_at_rest_nobody_is_expected(session: Session, nurse: User):
    rate(session, scale="cadss-23", value=6, by=nurse, at=after(minutes=1), fact_id=uuid4())
    give_as_planned(session, by=nurse, at=after(minutes=2), fact_id=uuid4())
    found = asked(session, 20, below=GONE)
    assert found.ways == ()
    assert found.refusal is not None
    assert found.refusal.code == "below-the-baseline"


def test_each_answer_takes_less_than_fifty_milliseconds(running: Session):
    inputs_of(running.plan.proposal_id)
    asked(running, 10)  # warm
    waits = []
    for minute in range(11, 26):
        begun = time.perf_counter()
        ways = asked(running, minute).ways
        waits.append((time.perf_counter() - begun) / len(ways))
    assert min(waits) < 0.05, waits


def test_every_score_offered_has_a_source(policy: None):
    assert [one.points for one in levels()] == [40.0, 20.0, 4.0]
    assert all(one.source and one.grade for one in levels())


@pytest.mark.parametrize("role", [Role.NURSE, Role.THERAPIST])
def test_whoever_is_at_the_bedside_may_ask(
    running: Session, everyone: dict[Role, User], signed_in, role: Role
):
    client: Client = signed_in(everyone[role])
    url = reverse("treatment:ahead", args=[running.pk])
    assert client.get(url, {"below": "4"}).status_code == 200
    assert client.get(url, {"below": "lots"}).status_code == 200


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.PATIENT])
def test_nobody_else_may(running: Session, everyone: dict[Role, User], signed_in, role: Role):
    client: Client = signed_in(everyone[role])
    assert client.get(reverse("treatment:ahead", args=[running.pk])).status_code == 403
