"""What the pump gave is what a person recorded, and never more than was signed."""

from uuid import uuid4

import pytest

from afterglow.clinic.chart.models import DoseGiven
from afterglow.clinic.chart.queries import doses_given
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.treatment.models import Alarm, Session
from afterglow.clinic.treatment.rules import pump_of
from afterglow.clinic.treatment.services import (
    begin_recovery,
    change_rate,
    give_as_planned,
    pause,
    push,
    resume,
    start,
    tend,
)
from afterglow.core.refusal import Refusal
from tests.clinic.treatment.story import BED, NINE, after, go_for_it, plan_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def giving(session: Session, nurse: User) -> Session:
    """35 mg over 40 min, begun a minute into the session."""
    assert isinstance(
        give_as_planned(session, by=nurse, at=after(minutes=1), fact_id=uuid4()), DoseGiven
    )
    return session


def refused(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_half_the_time_is_half_the_dose(giving: Session):
    pump = pump_of(giving, at=after(minutes=21))
    assert (pump.given_mg, pump.left_mg, pump.left_min) == pytest.approx((17.5, 17.5, 20))
    assert pump.state == "running"


def test_a_pause_holds_the_dose_and_a_resume_goes_on_at_the_same_rate(giving: Session, nurse: User):
    pause(giving, by=nurse, at=after(minutes=11), fact_id=uuid4())
    assert pump_of(giving, at=after(minutes=16)).given_mg == pytest.approx(8.75)
    assert pump_of(giving, at=after(minutes=16)).state == "paused"
    resume(giving, by=nurse, at=after(minutes=16), fact_id=uuid4())
    pump = pump_of(giving, at=after(minutes=26))
    assert pump.given_mg == pytest.approx(17.5)
    assert pump.ends_at == after(minutes=46)


def test_the_same_start_sent_twice_is_one_dose(session: Session, nurse: User):
    form = uuid4()
    first = give_as_planned(session, by=nurse, at=after(60), fact_id=form)
    assert give_as_planned(session, by=nurse, at=after(62), fact_id=form) == first
    assert DoseGiven.objects.count() == 1


def test_two_people_starting_the_dose_start_it_once(giving: Session, prescriber: User):
    again = give_as_planned(giving, by=prescriber, at=after(minutes=2), fact_id=uuid4())
    assert refused(again) == "dose-begun"


def test_a_rate_typed_as_the_page_rounds_the_signed_one_is_the_signed_one(
    policy: None, patient: Patient, prescriber: User, nurse: User
):
    plan = plan_for(patient, prescriber, amount_mg=40.0, duration_min=60.0)  # 0.66667 mg/min
    go_for_it(plan, nurse)
    session = start(plan=plan, bed=BED, by=nurse, at=NINE, fact_id=uuid4())
    give_as_planned(session, by=nurse, at=NINE, fact_id=uuid4())
    typed = {"rate_mg_per_min": 0.667, "by": nurse, "at": after(minutes=2), "fact_id": uuid4()}
    recorded = change_rate(session, **typed)
    assert isinstance(recorded, DoseGiven), recorded
    assert recorded.rate_mg_per_min == 40 / 60
    assert change_rate(session, **typed) == recorded  # sent twice, it is one change
    faster = typed | {"rate_mg_per_min": 0.668, "fact_id": uuid4()}
    assert refused(change_rate(session, **faster)) == "rate-over-plan"


def test_a_rate_above_the_signed_plan_is_refused(giving: Session, nurse: User):
    faster = change_rate(
        giving, rate_mg_per_min=1.0, by=nurse, at=after(minutes=2), fact_id=uuid4()
    )
    assert refused(faster) == "rate-over-plan"
    assert "0.875 mg/min" in str(faster)


def test_a_slower_rate_moves_the_end(giving: Session, nurse: User):
    change_rate(giving, rate_mg_per_min=0.4375, by=nurse, at=after(minutes=21), fact_id=uuid4())
    assert pump_of(giving, at=after(minutes=21)).ends_at == after(minutes=61)


def test_a_push_that_would_pass_the_plan_is_refused(giving: Session, prescriber: User):
    more = push(
        giving, amount_mg=20, duration_min=1, by=prescriber, at=after(minutes=31), fact_id=uuid4()
    )
    assert refused(more) == "dose-over-plan"
    assert DoseGiven.objects.count() == 1


def test_a_push_counts_towards_the_plan(giving: Session, prescriber: User):
    push(giving, amount_mg=5, duration_min=1, by=prescriber, at=after(minutes=11), fact_id=uuid4())
    pump = pump_of(giving, at=after(minutes=11))
    assert pump.given_mg == pytest.approx(13.75)
    assert pump.left_mg == pytest.approx(21.25)


def test_a_nurse_gives_no_push_into_a_vein(giving: Session, nurse: User):
    answer = push(
        giving, amount_mg=1, duration_min=1, by=nurse, at=after(minutes=3), fact_id=uuid4()
    )
    assert refused(answer) == "push-by-prescriber"


def test_the_end_of_the_planned_dose_is_recorded_and_told_once(giving: Session):
    tend(after(minutes=40))
    assert DoseGiven.objects.count() == 1
    tend(after(minutes=41, seconds=5))
    tend(after(minutes=41, seconds=6))
    ended = DoseGiven.objects.get(rate_mg_per_min=0)
    assert ended.happened_at == after(minutes=41)
    assert ended.recorded_by is None
    told = Alarm.objects.get(code="planned-amount-in")
    assert told.what == "The planned 35 mg are in"
    assert "pump has stopped" in told.action


def test_a_late_loop_still_records_the_true_end(giving: Session):
    tend(after(minutes=90))
    given = doses_given(giving.encounter, at=after(minutes=90))
    assert sum(dose.amount.mg for dose in given) == pytest.approx(35)
    assert pump_of(giving, at=after(minutes=90)).state == "all-in"


def test_nothing_is_given_after_the_plan_is_in(giving: Session, nurse: User):
    for verb in (pause, resume):
        assert refused(verb(giving, by=nurse, at=after(minutes=50), fact_id=uuid4())) == (
            "dose-over-plan"
        )


def test_nothing_is_given_in_recovery(giving: Session, nurse: User):
    begin_recovery(giving, by=nurse, at=after(minutes=10), fact_id=uuid4())
    answer = resume(giving, by=nurse, at=after(minutes=11), fact_id=uuid4())
    assert refused(answer) == "session-not-running"


def test_a_form_that_paused_does_not_say_that_the_pump_runs_again(giving: Session, nurse: User):
    form = uuid4()
    pause(giving, by=nurse, at=after(minutes=11), fact_id=form)
    assert refused(resume(giving, by=nurse, at=after(minutes=12), fact_id=form)) == "form-used"
    assert pump_of(giving, at=after(minutes=12)).is_paused


def test_another_amount_on_a_form_that_recorded_a_push_is_refused(
    session: Session, prescriber: User
):
    told = {"duration_min": 1.0, "by": prescriber, "at": after(60), "fact_id": uuid4()}
    assert isinstance(push(session, amount_mg=5.0, **told), DoseGiven)
    assert refused(push(session, amount_mg=10.0, **told)) == "form-used"
    assert pump_of(session, at=after(61)).given_mg == 5.0


def test_a_pump_that_never_had_a_rate_is_not_resumed(session: Session, prescriber: User):
    told = {"amount_mg": 5.0, "duration_min": 1.0, "by": prescriber}
    push(session, **told, at=after(60), fact_id=uuid4())
    again = resume(session, by=prescriber, at=after(90), fact_id=uuid4())
    assert refused(again) == "pump-not-begun"


def test_recovery_begun_before_the_watch_saw_the_end_still_records_it(giving: Session, nurse: User):
    begin_recovery(giving, by=nurse, at=after(minutes=42), fact_id=uuid4())
    stop = DoseGiven.objects.get(rate_mg_per_min=0)
    assert stop.happened_at == after(minutes=41)
    assert sum(d.amount.mg for d in doses_given(giving.encounter, at=after(minutes=90))) == 35
