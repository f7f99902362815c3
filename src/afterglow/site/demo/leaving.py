"""An invented patient leaves, with every criterion looked at."""

from datetime import datetime, timedelta

from afterglow.clinic.chart.models import Encounter
from afterglow.clinic.discharge import services as discharge
from afterglow.clinic.discharge.found import Said
from afterglow.clinic.treatment.models import Session
from afterglow.core.care.instruments.cssrs import Risk
from afterglow.core.care.words import YesNo
from afterglow.site.demo.walk import Walk, done


def leave(walk: Walk, session: Session, *, at: datetime) -> None:
    """Book the next contact, look at every criterion, and let the patient go."""
    nurse = walk.staff.nurse
    done(
        discharge.book(
            session=session,
            kind=Encounter.Kind.CALL,
            due_at=at + timedelta(days=1),
            by=nurse,
            at=at,
            fact_id=walk.id("booked", at),
        )
    )
    seen = Said(
        gait_steady=YesNo.YES,
        oriented=YesNo.YES,
        suicide_risk=Risk.NONE,
        escorted=YesNo.YES,
        escort_name="a friend",
        instructions_given=YesNo.YES,
    )
    done(
        discharge.check(
            session=session,
            said=seen,
            measured={"moaas": 5, "cadss6": 0, "nausea": 1},
            by=nurse,
            at=at,
            fact_id=walk.id("looked", at),
        )
    )
    done(
        discharge.discharge(
            session=session,
            signed_as=nurse.name,
            by=nurse,
            at=at + timedelta(minutes=1),
            fact_id=walk.id("left", at),
        )
    )
