"""One session of an invented patient, with the numbers of a body that follows the doses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import numpy as np

from afterglow.clinic.chart.queries import doses_given
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.treatment import services as treatment
from afterglow.clinic.treatment.hearing import FromDevice
from afterglow.clinic.treatment.models import Alarm, Session
from afterglow.core.body import Baseline, Covariates, Sex
from afterglow.core.care.watch import Reading, Sign
from afterglow.core.dosing.virtual import Signs, VirtualPatient
from afterglow.site.demo.people import Person
from afterglow.site.demo.walk import Walk, done

SETTLING = timedelta(minutes=5)  # from the first look to the pump's start
CUFF_EVERY_MIN = 10
RATED_AT_MIN = (20, 40, 60, 80, 100, 120)
RECOVERY_MIN = 125  # the longer stay, for those who were sedated
SELDOM_MIN, OFTEN_MIN = 5, 1  # how often a past session and today's were heard
NOISE = {
    Sign.SYSTOLIC: 3.0,
    Sign.DIASTOLIC: 2.0,
    Sign.PULSE: 1.5,
    Sign.SPO2: 0.4,
    Sign.RESP_RATE: 0.7,
}
RATING_NOISE = 2.0


def body_of(person: Person, *, age_years: float) -> VirtualPatient:
    """The hidden body of an invented person, the same in every session and on the monitor."""
    covariates = Covariates(age_years=age_years, weight_kg=person.weight_kg, sex=Sex(person.sex))
    resting = Baseline(systolic_mmhg=person.systolic_mmhg, pulse_per_min=person.pulse_per_min)
    return VirtualPatient.draw(person.seed, covariates, baseline=resting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A session as it is lived through, minute by minute."""

    walk: Walk
    plan: Plan
    body: VirtualPatient
    bed: str
    started_at: datetime

    @property
    def dose_at(self) -> datetime:
        return self.started_at + SETTLING

    def begin(self) -> Session:
        """Open the watch, take the first look, start the pump."""
        nurse, at = self.walk.staff.nurse, self.started_at
        session = done(
            treatment.start(
                plan=self.plan, bed=self.bed, by=nurse, at=at, fact_id=self._id("start", at)
            )
        )
        for scale, value in (("cadss-23", 0.0), ("cadss-6", 0.0), ("moaa-s", 5.0)):
            self._rate(session, scale, value, at + timedelta(minutes=2))
        self.hear(session, at + timedelta(minutes=3), cuff=True, at_rest=True)
        done(
            treatment.give_as_planned(
                session, by=nurse, at=self.dose_at, fact_id=self._id("give", self.dose_at)
            )
        )
        return session

    def live_until(self, session: Session, until: datetime, *, every_min: int) -> None:
        """Readings and ratings from the pump's start to `until`."""
        minutes = int((until - self.dose_at) / timedelta(minutes=1))
        for minute in range(every_min, minutes + 1, every_min):
            at = self.dose_at + timedelta(minutes=minute)
            self.hear(session, at, cuff=minute % CUFF_EVERY_MIN == 0)
            if minute in RATED_AT_MIN:
                self.rate(session, at)
            elif minute % CUFF_EVERY_MIN == 0:
                self._rate(session, "moaa-s", 5.0, at)

    def finish(self, session: Session) -> datetime:
        """To the end of the pump, through recovery; returns when the patient could get up."""
        stopped_at = self.dose_at + timedelta(minutes=self.plan.duration_min)
        self.live_until(session, stopped_at, every_min=SELDOM_MIN)
        self.hear(session, stopped_at + timedelta(seconds=20), cuff=True)
        treatment.tend(stopped_at + timedelta(seconds=25))
        self.answer_alarms(session, stopped_at + timedelta(seconds=50))
        nurse, after = self.walk.staff.nurse, stopped_at + timedelta(minutes=1)
        done(treatment.begin_recovery(session, by=nurse, at=after, fact_id=self._id("rest", after)))
        over = stopped_at + timedelta(minutes=RECOVERY_MIN)
        for minute in range(CUFF_EVERY_MIN, RECOVERY_MIN + 1, CUFF_EVERY_MIN):
            at = stopped_at + timedelta(minutes=minute)
            self.hear(session, at, cuff=True)
            if minute % (2 * CUFF_EVERY_MIN) == 0:
                self.rate(session, at)
        self.hear(session, over, cuff=True, at_rest=True)
        for scale, value in (("cadss-6", 0.0), ("moaa-s", 5.0), ("nrs-nausea", 1.0)):
            self._rate(session, scale, value, over)
        self.answer_alarms(session, over)
        return over

    def hear(self, session: Session, at: datetime, *, cuff: bool, at_rest: bool = False) -> None:
        """What the monitor sends at this minute; `at_rest`, when its probes have settled."""
        signs, noise = self._signs(session, at), self._dice(at, 0)
        values = {
            Sign.PULSE: signs.pulse_per_min[0],
            Sign.SPO2: signs.spo2_percent[0],
            Sign.RESP_RATE: signs.resp_per_min[0],
        }
        if cuff:
            values[Sign.SYSTOLIC] = signs.systolic_mmhg[0]
            values[Sign.DIASTOLIC] = signs.diastolic_mmhg[0]
        told = [
            FromDevice(
                id=self._id(sign.value, at),
                reading=Reading(
                    sign, _shown(sign, value + (0 if at_rest else noise.normal(0, NOISE[sign]))), at
                ),
                flags=("simulated",),
            )
            for sign, value in values.items()
        ]
        done(
            treatment.record_readings(
                bed=self.bed, readings=told, device="demonstration", received_at=at
            )
        )

    def rate(self, session: Session, at: datetime) -> None:
        """A rater's score: the body's own, with a rater's noise."""
        felt = self._signs(session, at).cadss[0]
        noise = self._dice(at, 1).normal(0, RATING_NOISE)
        self._rate(session, "cadss-23", float(max(0, round(felt + noise))), at)
        self._rate(session, "moaa-s", 5.0 if felt < 25 else 4.0, at)

    def answer_alarms(self, session: Session, at: datetime) -> None:
        """The nurse looks, and says so."""
        waiting = Alarm.objects.filter(encounter_id=session.pk, acknowledgement=None)
        for alarm in waiting.filter(happened_at__lte=at):
            treatment.acknowledge(
                alarm,
                reason="Looked at the patient",
                by=self.walk.staff.nurse,
                at=at,
                fact_id=uuid5(alarm.pk, "seen"),
            )

    def _signs(self, session: Session, at: datetime) -> Signs:
        minutes = max(0.0, (at - self.dose_at) / timedelta(minutes=1))
        given = doses_given(session.encounter, at=at)
        return self.body.signs_at(given, [minutes], session_number=self.plan.session_number)

    def _rate(self, session: Session, scale: str, value: float, at: datetime) -> None:
        nurse = self.walk.staff.nurse
        fact_id = self._id(f"rated {scale}", at)
        done(treatment.rate(session, scale=scale, value=value, by=nurse, at=at, fact_id=fact_id))

    def _dice(self, at: datetime, what: int) -> np.random.Generator:
        """The same in every demonstration, whatever the day: its story must always come true."""
        second = int((at - self.started_at).total_seconds())
        return np.random.default_rng(
            [self.walk.person.seed, self.plan.session_number, second, what]
        )

    def _id(self, what: str, at: datetime) -> UUID:
        return self.walk.id(f"session {what}", at)


def _shown(sign: Sign, value: float) -> float:
    """As a monitor shows it: whole numbers, and no saturation above 100."""
    return float(min(100.0, round(value))) if sign is Sign.SPO2 else float(round(value))
