"""A session starts once, under a signed plan, after checks that say go."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from afterglow.clinic.chart import services as chart
from afterglow.clinic.chart.models import Encounter
from afterglow.clinic.people.models import User
from afterglow.clinic.planning.body import MEDICINES
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.screening.queries import newest_intake
from afterglow.clinic.screening.services import answer, withdraw
from afterglow.clinic.treatment.models import Alarm, Session, StageChange
from afterglow.clinic.treatment.services import (
    acknowledge,
    begin_recovery,
    end,
    end_early,
    give_as_planned,
    start,
)
from afterglow.clinic.treatment.story import story
from afterglow.core.refusal import Refusal
from tests.clinic.treatment.story import BED, NINE, after, go_for_it, monitor, plan_for

pytestmark = pytest.mark.django_db


def refused(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_a_start_opens_one_watched_session(session: Session):
    assert session.stage == Session.Stage.RUNNING
    assert session.silent_after is not None
    assert session.silent_after > NINE
    assert session.encounter.kind == Encounter.Kind.SESSION


def test_the_same_start_sent_twice_is_one_session(ready: Plan, nurse: User):
    form = uuid4()
    first = start(plan=ready, bed=BED, by=nurse, at=NINE, fact_id=form)
    assert start(plan=ready, bed=BED, by=nurse, at=after(3), fact_id=form) == first
    assert Session.objects.count() == 1


def test_a_second_start_under_the_same_plan_is_refused(session: Session, nurse: User):
    again = start(plan=session.plan, bed="room-2", by=nurse, at=after(60), fact_id=uuid4())
    assert refused(again) == "already-started"
    assert Encounter.objects.filter(kind="session").count() == 1


def test_a_start_without_checks_that_say_go_is_refused(plan: Plan, nurse: User):
    assert (
        refused(start(plan=plan, bed=BED, by=nurse, at=NINE, fact_id=uuid4())) == "no-go-decision"
    )
    assert not Encounter.objects.filter(kind="session").exists()


def test_checks_of_yesterday_do_not_start_a_session_today(plan: Plan, nurse: User):
    go_for_it(plan, nurse, at=NINE - timedelta(days=1))
    assert (
        refused(start(plan=plan, bed=BED, by=nurse, at=NINE, fact_id=uuid4())) == "no-go-decision"
    )


@pytest.mark.parametrize(
    ("told_min", "expected"), [(-1, "medicines-changed"), (-3, "started"), (1, "started")]
)
def test_medicines_told_after_the_checks_said_go_are_reviewed_before_the_start(
    ready: Plan, nurse: User, told_min: float, expected: str
):
    told_at = after(minutes=told_min)  # the checks said go two minutes before the start
    said = {"question": MEDICINES, "said": ["rifampicin"], "by": nurse, "at": told_at}
    chart.answer(patient=ready.patient, **said, fact_id=uuid4())
    answered = start(plan=ready, bed=BED, by=nurse, at=NINE, fact_id=uuid4())
    assert (answered.code if isinstance(answered, Refusal) else "started") == expected


def test_a_plan_that_waits_for_its_second_prescriber_is_refused(ready: Plan, nurse: User):
    ready.needs_second = True
    answer = start(plan=ready, bed=BED, by=nurse, at=NINE, fact_id=uuid4())
    assert refused(answer) == "plan-not-signed"


def test_a_plan_that_was_replaced_is_refused(ready: Plan, prescriber: User, nurse: User):
    newer = plan_for(ready.patient, prescriber)
    Plan.objects.bulk_create(
        [Plan(**{f.attname: getattr(newer, f.attname) for f in Plan._meta.concrete_fields
                 if f.attname not in ("id", "corrects_id", "recorded_at")}, corrects=ready)]
    )  # fmt: skip
    answer = start(plan=ready, bed=BED, by=nurse, at=NINE, fact_id=uuid4())
    assert refused(answer) == "plan-superseded"


def test_the_database_itself_refuses_two_sessions_in_one_bed(session: Session, prescriber: User):
    other = plan_for(session.patient, prescriber)
    met = Encounter.objects.create(patient=session.patient, kind="session", happened_at=NINE)
    with pytest.raises(IntegrityError, match="one_session_"), transaction.atomic():
        Session.objects.create(
            encounter=met, patient=session.patient, plan=other, bed=BED,
            started_at=NINE, silent_after=NINE,
        )  # fmt: skip


def test_a_session_must_recover_before_it_ends(session: Session, nurse: User):
    assert refused(end(session, by=nurse, at=after(60), fact_id=uuid4())) == "not-in-recovery"


def test_recovery_records_that_nothing_runs_any_more(session: Session, nurse: User):
    give_as_planned(session, by=nurse, at=after(60), fact_id=uuid4())
    begin_recovery(session, by=nurse, at=after(600), fact_id=uuid4())
    newest = session.encounter.dosegivens.latest("happened_at")
    assert (newest.rate_mg_per_min, newest.happened_at) == (0.0, after(600))


def test_an_ended_session_frees_its_bed_and_is_not_watched(session: Session, nurse: User):
    begin_recovery(session, by=nurse, at=after(600), fact_id=uuid4())
    ended = end(session, by=nurse, at=after(700), fact_id=uuid4())
    assert isinstance(ended, Session)
    assert (ended.stage, ended.ended_at, ended.silent_after) == ("ended", after(700), None)
    assert not Session.objects.in_progress().exists()
    assert [c.stage for c in StageChange.objects.order_by("happened_at")] == [
        "running", "recovery", "ended",
    ]  # fmt: skip


def test_the_end_sent_twice_is_one_end(session: Session, nurse: User):
    begin_recovery(session, by=nurse, at=after(600), fact_id=uuid4())
    form = uuid4()
    end(session, by=nurse, at=after(700), fact_id=form)
    again = end(session, by=nurse, at=after(705), fact_id=form)
    assert isinstance(again, Session)
    assert again.ended_at == after(700)


def test_consent_withdrawn_after_the_checks_said_go_stops_the_start(ready: Plan, nurse: User):
    told = {"patient": ready.patient, "by": nurse, "at": NINE}
    withdraw(**told, remark="", fact_id=uuid4())
    refusal = start(plan=ready, bed=BED, by=nurse, at=after(3), fact_id=uuid4())
    assert refused(refusal) == "no-consent"
    assert not Session.objects.exists()


def test_an_illness_found_after_the_checks_said_go_stops_the_start(ready: Plan, nurse: User):
    told = {"patient": ready.patient, "by": nurse, "at": NINE}
    asked = newest_intake(ready.patient)
    answer(**told, answers={"stroke": "yes"}, after=asked and asked.pk, fact_id=uuid4())
    refusal = start(plan=ready, bed=BED, by=nurse, at=after(3), fact_id=uuid4())
    assert refused(refusal) == "assessment-out-of-date"


def test_a_form_that_started_one_plan_does_not_open_it_for_another(
    session: Session, prescriber: User, nurse: User
):
    other = plan_for(session.patient, prescriber)
    answer = start(plan=other, bed="room-2", by=nurse, at=after(60), fact_id=session.pk)
    assert refused(answer) == "form-used"


def test_the_database_itself_keeps_two_sessions_from_one_bed_even_in_the_past(
    session: Session, prescriber: User, nurse: User
):
    begin_recovery(session, by=nurse, at=after(minutes=60), fact_id=uuid4())
    end(session, by=nurse, at=after(minutes=90), fact_id=uuid4())
    other = plan_for(session.patient, prescriber, at=after(minutes=80))
    go_for_it(other, nurse, at=after(minutes=80))
    told = {"plan": other, "bed": BED, "by": nurse, "fact_id": uuid4()}
    assert refused(start(**told, at=after(minutes=89))) == "bed-taken"
    assert isinstance(start(**told, at=after(minutes=90)), Session)


def test_a_refusal_tells_the_time_on_the_clinics_own_wall(
    session: Session, nurse: User, settings: Any
):
    settings.CLINIC_TIME_ZONE = "Asia/Kolkata"
    again = start(plan=session.plan, bed="room-2", by=nurse, at=after(60), fact_id=uuid4())
    assert isinstance(again, Refusal)
    assert "started at 14:30 in room-1" in again.because


def test_the_watch_does_not_end_while_a_high_alarm_waits_for_an_answer(
    session: Session, nurse: User
):
    begin_recovery(session, by=nurse, at=after(600), fact_id=uuid4())
    monitor([700], spo2=80)
    refusal = end(session, by=nurse, at=after(705), fact_id=uuid4())
    assert refused(refusal) == "high-alarm-open"
    alarm = Alarm.objects.get(encounter_id=session.pk, priority="high")
    acknowledge(alarm, reason="With the patient", by=nurse, at=after(710), fact_id=uuid4())
    assert isinstance(end(session, by=nurse, at=after(720), fact_id=uuid4()), Session)


def test_who_goes_without_a_discharge_goes_with_a_reason_in_the_story(
    session: Session, nurse: User
):
    begin_recovery(session, by=nurse, at=after(600), fact_id=uuid4())
    told = {"by": nurse, "at": after(700)}
    refusal = end_early(session, why=" ", fact_id=uuid4(), **told)
    assert refused(refusal) == "end-without-reason"
    form = uuid4()
    for _ in range(2):
        ended = end_early(session, why="By ambulance to the hospital", fact_id=form, **told)
        assert isinstance(ended, Session)
    said = [line.what for line in story(session) if "without a discharge" in line.what]
    assert said == ["The watch ended without a discharge: By ambulance to the hospital"]


def test_a_go_does_not_outlive_the_vital_signs_it_rests_on(ready: Plan, nurse: User):
    late = {"plan": ready, "bed": BED, "by": nurse, "fact_id": uuid4()}
    assert refused(start(**late, at=after(minutes=29))) == "go-out-of-date"
    assert isinstance(start(**late, at=after(minutes=27)), Session)
