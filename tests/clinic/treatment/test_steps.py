"""A plan in steps: the page says what to set, a nurse sets it and confirms each one."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from afterglow.clinic.chart.models import DoseGiven
from afterglow.clinic.chart.queries import dose_rows, doses_given
from afterglow.clinic.people.models import Patient, Role, User
from afterglow.clinic.people.services import admit
from afterglow.clinic.record.verify import flaws
from afterglow.clinic.treatment.ahead import ahead_of
from afterglow.clinic.treatment.expected import doses
from afterglow.clinic.treatment.models import Alarm, Session
from afterglow.clinic.treatment.queries import bedside
from afterglow.clinic.treatment.rules import pump_of, steps_of
from afterglow.clinic.treatment.services import (
    acknowledge,
    begin_recovery,
    change_rate,
    follow_step,
    give_as_planned,
    pause,
    push,
    resume,
    start,
    tend,
)
from afterglow.clinic.treatment.watching import NotAllWatched
from afterglow.core.refusal import Refusal
from tests.clinic.conftest import ADA
from tests.clinic.treatment.story import BED, DOWN, NINE, after, go_for_it, plan_for

pytestmark = pytest.mark.django_db
DUE = "rate-change-due"


@pytest.fixture
def giving(policy: None, patient: Patient, prescriber: User, nurse: User) -> Session:
    """36 mg in three steps of 12 minutes: 1.5, 1 and 0.5 mg/min, begun with the session."""
    plan = plan_for(patient, prescriber, amount_mg=36.0, duration_min=36.0, shape=DOWN)
    go_for_it(plan, nurse)
    session = start(plan=plan, bed=BED, by=nurse, at=NINE, fact_id=uuid4())
    assert isinstance(session, Session), session
    begun = give_as_planned(session, by=nurse, at=NINE, fact_id=uuid4())
    assert isinstance(begun, DoseGiven), begun
    return session


def confirm(session: Session, by: User, *, step: int, minutes: float, **more) -> object:
    said = {"fact_id": uuid4()} | more
    return follow_step(session, step=step, by=by, at=after(minutes=minutes), **said)


def given_mg(session: Session, minutes: float) -> float:
    return pump_of(session, at=after(minutes=minutes)).given_mg


def steps(session: Session, minutes: float):
    at = after(minutes=minutes)
    return steps_of(session, pump_of(session, at=at), at=at)


def refused(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_at_the_start_the_first_steps_rate_is_recorded(giving: Session):
    (first,) = DoseGiven.objects.all()
    assert (first.rate_mg_per_min, first.plan_step) == (1.5, 1)
    assert steps(giving, 4).due_at == after(minutes=12)


def test_confirmed_on_time_the_signed_amounts_go_in_at_the_signed_minutes(giving, nurse):
    confirm(giving, nurse, step=2, minutes=12)
    assert steps(giving, 13).due_at == after(minutes=24)
    confirm(giving, nurse, step=3, minutes=24)
    assert [given_mg(giving, at) for at in (12, 24, 30, 36)] == pytest.approx([18, 30, 33, 36])
    tend(after(minutes=36, seconds=1))
    parts = doses_given(giving.encounter, at=after(minutes=60))
    assert sum(dose.amount.mg for dose in parts) == pytest.approx(36)
    assert [dose.rate_mg_per_min for dose in parts] == pytest.approx([1.5, 1.0, 0.5])


def test_a_change_that_is_not_due_is_not_confirmed(giving, nurse):
    answer = confirm(giving, nurse, step=2, minutes=8)
    assert refused(answer) == "change-not-due"
    assert "in 4 min" in answer.because
    assert DoseGiven.objects.count() == 1


def test_a_change_may_be_confirmed_in_the_minute_before_it_is_due(giving, nurse):
    confirm(giving, nurse, step=2, minutes=11.5)
    # 0.75 mg less went in fast: it goes in at the second rate, and the third begins no sooner.
    assert steps(giving, 12).due_at == after(minutes=11.5 + 12.75)


def test_a_late_confirmation_shortens_the_next_step_and_never_passes_the_signed_amount(
    giving, nurse
):
    confirm(giving, nurse, step=2, minutes=14)
    assert given_mg(giving, 14) == pytest.approx(21)
    assert steps(giving, 14).due_at == after(minutes=23)
    confirm(giving, nurse, step=3, minutes=23)
    assert steps(giving, 23).ends_at == after(minutes=35)
    tend(after(minutes=50))
    parts = doses_given(giving.encounter, at=after(minutes=60))
    assert sum(dose.amount.mg for dose in parts) == pytest.approx(36)


def test_a_step_that_went_in_before_anybody_came_is_skipped(giving, nurse):
    # 31.5 mg are in after 21 min at the first rate: the second step is over.
    assert refused(confirm(giving, nurse, step=2, minutes=21)) == "another-step"
    confirmed = confirm(giving, nurse, step=3, minutes=21)
    assert isinstance(confirmed, DoseGiven)
    assert confirmed.rate_mg_per_min == 0.5


def test_the_same_confirmation_sent_twice_is_one_change(giving, nurse):
    form = uuid4()
    first = confirm(giving, nurse, step=2, minutes=12, fact_id=form)
    assert confirm(giving, nurse, step=2, minutes=12.1, fact_id=form) == first
    assert DoseGiven.objects.count() == 2


def test_two_people_confirming_one_change_record_it_once(giving, nurse, prescriber):
    confirm(giving, nurse, step=2, minutes=12)
    assert refused(confirm(giving, prescriber, step=2, minutes=12.1)) == "step-confirmed"
    assert DoseGiven.objects.count() == 2


def test_a_change_confirmed_on_a_page_that_shows_no_pause_does_not_end_the_pause(
    giving, signed_in, nurse, prescriber, clock
):
    pause(giving, by=prescriber, at=after(minutes=12), fact_id=uuid4())
    assert refused(confirm(giving, nurse, step=2, minutes=12.1)) == "steps-put-off"
    assert given_mg(giving, 20) == pytest.approx(18)
    clock(13)
    client = signed_in(nurse)
    assert send(client, giving, what="step", step=2).status_code == 422
    assert 'name="taken_up" value="yes"' in dose_part(client, giving)
    assert send(client, giving, what="step", step=2, taken_up="yes").status_code == 200
    assert not steps(giving, 13).is_off


def test_the_last_step_has_nothing_to_confirm(giving, nurse):
    confirm(giving, nurse, step=2, minutes=12)
    confirm(giving, nurse, step=3, minutes=24)
    assert refused(confirm(giving, nurse, step=2, minutes=25)) == "last-step"


def test_after_a_pause_the_steps_are_off_until_somebody_confirms_one(giving, nurse):
    pause(giving, by=nurse, at=after(minutes=6), fact_id=uuid4())
    paused = steps(giving, 20)
    assert paused.is_off
    assert paused.due_at is None
    tend(after(minutes=20))
    assert not Alarm.objects.filter(code=DUE).exists()
    again = resume(giving, by=nurse, at=after(minutes=20), fact_id=uuid4())
    assert refused(again) == "steps-off"
    # 9 of the first 18 mg are in: the first step goes on with the 9 that are left.
    assert refused(confirm(giving, nurse, step=2, minutes=20, taken_up=True)) == "another-step"
    confirm(giving, nurse, step=1, minutes=20, taken_up=True)
    assert steps(giving, 20).due_at == after(minutes=26)
    assert steps(giving, 20).ends_at == after(minutes=50)


def test_a_rate_set_by_hand_puts_the_steps_off_and_the_plan_stays_its_ceiling(giving, nurse):
    change_rate(giving, rate_mg_per_min=1.2, by=nurse, at=after(minutes=2), fact_id=uuid4())
    # 3 mg are in; 15 more at 1.2 mg/min are in after 12.5 min: from then on 1 mg/min is the most.
    assert steps(giving, 3).is_off
    assert steps(giving, 3).due_at == after(minutes=14.5)
    tend(after(minutes=14, seconds=31))
    assert "1.000 mg/min" in Alarm.objects.get(code=DUE).what
    faster = change_rate(
        giving, rate_mg_per_min=1.2, by=nurse, at=after(minutes=15), fact_id=uuid4()
    )
    assert refused(faster) == "rate-over-plan"
    assert "1 mg/min of step 2" in faster.because
    confirm(giving, nurse, step=2, minutes=15, taken_up=True)
    assert not steps(giving, 15).is_off


def test_a_rate_faster_than_the_step_of_now_is_refused_even_below_the_first(giving, nurse):
    confirm(giving, nurse, step=2, minutes=12)
    answer = change_rate(
        giving, rate_mg_per_min=1.4, by=nurse, at=after(minutes=13), fact_id=uuid4()
    )
    assert refused(answer) == "rate-over-plan"


def test_a_step_that_runs_on_past_its_end_is_no_ceiling_for_a_rate_set_by_hand(giving, nurse):
    # 19.5 mg are in after 13 min: nobody set the second step, yet the plan is at 1 mg/min.
    at = after(minutes=13)
    answer = change_rate(giving, rate_mg_per_min=1.4, by=nurse, at=at, fact_id=uuid4())
    assert refused(answer) == "rate-over-plan"
    assert "1 mg/min of step 2" in answer.because
    slower = change_rate(giving, rate_mg_per_min=1.0, by=nurse, at=at, fact_id=uuid4())
    assert isinstance(slower, DoseGiven)


def test_a_step_confirmed_a_moment_early_is_the_ceiling_from_then_on(giving, nurse):
    confirm(giving, nurse, step=2, minutes=11.5)
    at = after(minutes=11.6)
    answer = change_rate(giving, rate_mg_per_min=1.4, by=nurse, at=at, fact_id=uuid4())
    assert refused(answer) == "rate-over-plan"


def test_a_push_is_no_part_of_a_plan_in_steps(giving, prescriber):
    answer = push(
        giving, amount_mg=2, duration_min=1, by=prescriber, at=after(minutes=3), fact_id=uuid4()
    )
    assert refused(answer) == "push-by-steps"


def test_a_plan_of_one_rate_has_no_step_to_confirm(session: Session, nurse: User):
    give_as_planned(session, by=nurse, at=NINE, fact_id=uuid4())
    assert refused(confirm(session, nurse, step=1, minutes=5)) == "no-steps"
    assert DoseGiven.objects.get().plan_step is None


def test_no_step_is_confirmed_in_recovery_or_after_all_is_in(giving, nurse):
    assert refused(confirm(giving, nurse, step=2, minutes=40)) == "dose-over-plan"
    begin_recovery(giving, by=nurse, at=after(minutes=41), fact_id=uuid4())
    assert refused(confirm(giving, nurse, step=2, minutes=42)) == "session-not-running"


def test_a_change_that_is_due_alarms_once_and_ends_with_the_confirmation(giving, nurse):
    tend(after(minutes=11, seconds=58))
    assert not Alarm.objects.filter(code=DUE).exists()
    tend(after(minutes=12, seconds=1))
    tend(after(minutes=12, seconds=2))
    alarm = Alarm.objects.get(code=DUE)
    assert alarm.priority == "medium"
    assert alarm.what == "Set the pump to step 2 now: 1.000 mg/min = 83.3 mL/h"
    confirm(giving, nurse, step=2, minutes=12.5)
    assert hasattr(Alarm.objects.get(code=DUE), "end")


def test_an_alarm_that_was_only_seen_comes_back_while_the_pump_is_not_set(giving, nurse):
    tend(after(minutes=12, seconds=1))
    alarm = Alarm.objects.get(code=DUE)
    seen = {"reason": "At the pump now", "by": nurse, "fact_id": uuid4()}
    acknowledge(alarm, at=after(minutes=12, seconds=10), **seen)
    tend(after(minutes=13))
    assert Alarm.objects.filter(code=DUE).count() == 1
    tend(after(minutes=14, seconds=11))
    again = Alarm.objects.get(code=DUE, end=None)
    assert again.again_id == alarm.pk


def test_a_pause_answers_the_alarm_too(giving, nurse):
    tend(after(minutes=12, seconds=1))
    pause(giving, by=nurse, at=after(minutes=13), fact_id=uuid4())
    assert not Alarm.objects.filter(code=DUE, end=None).exists()


def test_what_is_expected_follows_what_was_given_and_the_steps_that_remain(giving, nurse):
    confirm(giving, nurse, step=2, minutes=14)
    at = after(minutes=16)
    given, to_come = doses(
        giving, dose_rows(giving.encounter, at=at), pump_of(giving, at=at), at=at
    )
    assert [round(one.rate_mg_per_min, 6) for one in given] == [1.5, 1.0]
    assert [
        (round(one.rate_mg_per_min, 6), one.starts_min, round(one.lasts_min, 6)) for one in to_come
    ] == [(1.0, 16.0, 7.0), (0.5, 23.0, 12.0)]


def test_if_the_dose_changes_now_the_ways_follow_the_steps(giving, nurse):
    pausing, slowing, going_on = ahead_of(giving, at=after(minutes=6)).ways
    assert going_on.label == "Go on by the steps"
    assert going_on.all_in_at == after(minutes=36)
    assert pausing.all_in_at is None
    # At half of 1.5 mg/min the 21 mg up to the third step take 28 min; the third is slower still.
    assert slowing.all_in_at == after(minutes=6 + 28 + 12)
    pause(giving, by=nurse, at=after(minutes=6), fact_id=uuid4())
    _, _, going_on = ahead_of(giving, at=after(minutes=10)).ways
    assert (going_on.label, going_on.all_in_at) == ("Go on by the steps", after(minutes=40))


def test_the_next_change_stands_among_what_is_due(giving):
    shown = bedside(giving, at=after(minutes=6))
    assert ("Pump to 1.000 mg/min", after(minutes=12)) in [(d.what, d.at) for d in shown.due]


def test_the_chain_holds_with_and_without_steps(giving, nurse):
    confirm(giving, nurse, step=2, minutes=12)
    assert list(flaws()) == []


# --- the page


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """The screens read the clock themselves."""

    def set_to(minutes: float) -> None:
        for module in ("views", "acts"):
            monkeypatch.setattr(
                f"afterglow.clinic.treatment.{module}.now", lambda: after(minutes=minutes)
            )

    return set_to


def dose_part(client: Client, session: Session) -> str:
    url = reverse("treatment:part", args=[session.pk, "dose"])
    return " ".join(client.get(url).content.decode().split())


def send(client: Client, session: Session, **said):
    url = reverse("treatment:give", args=[session.pk])
    return client.post(url, {"fact_id": uuid4(), **said}, headers={"HX-Request": "true"})


def test_the_page_shows_every_step_and_the_next_change_with_its_time(
    giving, signed_in, nurse, clock
):
    clock(6)
    shown = dose_part(signed_in(nurse), giving)
    assert "in 6 min" in shown
    assert "<span>1.000 mg/min</span> = <span>83.3 mL/h</span>" in shown
    assert "data-late" not in shown
    for of_a_step in ("1.500", "125.0", "18.0 mg", "0.500", "41.7", "36.0 mg"):
        assert of_a_step in shown
    assert "all in at" in shown


def test_a_change_that_is_due_is_said_in_words(giving, signed_in, nurse, clock):
    clock(13)
    shown = dose_part(signed_in(nurse), giving)
    assert "Change the pump now" in shown
    assert "1 min late" in shown
    assert "data-late" in shown


def test_a_nurse_confirms_on_the_page_and_a_stale_page_records_nothing(
    giving, signed_in, nurse, clock
):
    clock(12)
    client = signed_in(nurse)
    assert send(client, giving, what="step", step=2).status_code == 200
    assert DoseGiven.objects.latest("happened_at").plan_step == 2
    again = send(client, giving, what="step", step=2)
    assert again.status_code == 422
    assert "recorded already" in again.content.decode()
    assert DoseGiven.objects.count() == 2


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.FRONT_DESK, Role.AUDITOR, Role.PATIENT])
def test_nobody_but_a_nurse_or_a_prescriber_confirms(giving, signed_in, everyone, clock, role):
    clock(12)
    assert send(signed_in(everyone[role]), giving, what="step", step=2).status_code in (302, 403)
    assert DoseGiven.objects.count() == 1


def test_a_therapist_sees_the_change_without_a_button(giving, signed_in, therapist, clock):
    clock(13)
    shown = dose_part(signed_in(therapist), giving)
    assert "Change the pump now" in shown
    assert "confirm-step" not in shown


def test_a_step_without_its_number_is_sent_back(giving, signed_in, nurse, clock):
    clock(12)
    assert send(signed_in(nurse), giving, what="step").status_code == 422
    assert DoseGiven.objects.count() == 1


def test_when_the_steps_are_off_the_page_says_so_and_offers_one_step(
    giving, signed_in, nurse, clock
):
    pause(giving, by=nurse, at=after(minutes=6), fact_id=uuid4())
    clock(8)
    shown = dose_part(signed_in(nurse), giving)
    assert "The steps are off" in shown
    assert "27.0 mg that are left" in shown
    assert "The pump runs again" not in shown
    assert "<span>1.500 mg/min</span> = <span>125.0 mL/h</span>" in shown


def test_the_axis_draws_the_steps_that_remain(giving, signed_in, nurse, clock):
    clock(6)
    answer = signed_in(nurse).get(reverse("treatment:axis", args=[giving.pk]))
    planned = json.loads(answer.content)["doses"]["planned"]
    assert [one["rate"] for one in planned] == [1.5, 1.0, 0.5]
    assert planned[-1]["end"] == pytest.approx(36, abs=0.1)


def test_the_story_says_which_step_was_set(giving, signed_in, nurse, clock):
    confirm(giving, nurse, step=2, minutes=12)
    clock(13)
    url = reverse("treatment:part", args=[giving.pk, "log"])
    assert "1 mg/min from here, step 2 of the plan" in signed_in(nurse).get(url).content.decode()


def test_a_plan_signed_as_one_rate_shows_no_steps(session, signed_in, nurse, clock):
    give_as_planned(session, by=nurse, at=NINE, fact_id=uuid4())
    clock(6)
    shown = dose_part(signed_in(nurse), session)
    assert "The steps of the plan" not in shown
    assert "Next change" not in shown
    assert steps(session, 6).ends_at == NINE + timedelta(minutes=40)


def test_the_board_says_when_all_is_in_by_the_steps_and_not_at_the_rate_of_now(
    giving, signed_in, nurse, clock
):
    clock(6)
    shown = signed_in(nurse).get(reverse("treatment:card", args=[giving.pk])).content.decode()
    ends = after(minutes=36)
    assert f'all in at <time datetime="{ends.isoformat()}"' in shown


def test_a_plan_that_cannot_be_read_leaves_no_other_bed_unwatched(giving, nurse, prescriber):
    ben = replace(ADA, given_name="Ben")
    other_patient = admit(patient_id=uuid4(), number="P-0779", details=ben, by=nurse, at=NINE)
    broken = plan_for(other_patient, prescriber, shape={"profile": "ramp", "steps": []})
    go_for_it(broken, nurse)
    other = start(plan=broken, bed="room-2", by=nurse, at=NINE, fact_id=uuid4())
    assert isinstance(other, Session), other
    DoseGiven.objects.create(
        patient=other_patient,
        encounter=other.encounter,
        happened_at=NINE,
        recorded_by=nurse,
        drug="ketamine",
        route="intravenous",
        rate_mg_per_min=0.5,
    )
    with pytest.raises(NotAllWatched, match=str(other.pk)):
        tend(after(minutes=12, seconds=1))
    assert Alarm.objects.filter(code=DUE, encounter=giving.encounter).count() == 1
