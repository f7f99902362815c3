"""Walk an invented patient through the steps of care, by the same services a clinic uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid5

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.services import answer, measure
from afterglow.clinic.followup.services import record_score
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.people.services import Details, admit
from afterglow.clinic.planning import services as planning
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.planning.signing import Wanted, advice_of
from afterglow.clinic.preparation import services as preparation
from afterglow.clinic.screening import consent_text, queries
from afterglow.clinic.screening import services as screening
from afterglow.core.care.instruments.cssrs import Risk
from afterglow.core.care.watch import Sign
from afterglow.core.care.words import YesNo
from afterglow.core.refusal import Refusal
from afterglow.site.demo import answers
from afterglow.site.demo.people import Person, Point

FAMILY = UUID("6c1f7a52-0d5e-4a07-9b35-2f1f6f0c8a11")  # all ids of the demonstration come from it
CONCENTRATION_MG_PER_ML = 10.0
MADE_UP_TO_ML = 50.0

Made = TypeVar("Made")


class DemoBroken(Exception):
    """A step that must succeed in the demonstration was refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who does things in the demonstration."""

    prescriber: User
    nurse: User
    therapist: User
    desk: User


@dataclass(frozen=True, slots=True)
class Walk:
    """One person's way through the clinic."""

    person: Person
    staff: Staff

    def id(self, what: str, at: datetime) -> UUID:
        """The same step at the same time is the same fact."""
        return uuid5(FAMILY, f"{self.person.number} {what} {at.isoformat()}")

    def arrive(self, at: datetime) -> Patient:
        person = self.person
        details = Details(
            given_name=person.given_name,
            family_name=person.family_name,
            birth_date=person.birth_date,
            sex=person.sex,
            phone="555 0100",
        )
        return done(
            admit(
                patient_id=uuid5(FAMILY, person.number),
                number=person.number,
                details=details,
                by=self.staff.desk,
                at=at,
            )
        )

    def measure(self, patient: Patient, at: datetime) -> None:
        """Weight, and pressure and pulse at rest."""
        person = self.person
        values = {
            Sign.WEIGHT: person.weight_kg,
            Sign.SYSTOLIC: person.systolic_mmhg,
            Sign.DIASTOLIC: round(0.62 * person.systolic_mmhg),
            Sign.PULSE: person.pulse_per_min,
        }
        measure(
            patient=patient,
            values=values,
            by=self.staff.nurse,
            at=at,
            fact_id=self.id("measured", at),
        )

    def screen(self, patient: Patient, at: datetime) -> None:
        """Questions asked and judged."""
        newest = queries.newest_intake(patient)
        done(
            screening.answer(
                patient=patient,
                answers=answers.intake(self.person),
                by=self.staff.nurse,
                at=at,
                fact_id=self.id("intake", at),
                after=newest.pk if newest else None,
            )
        )
        done(
            screening.assess(
                patient=patient,
                by=self.staff.prescriber,
                at=at,
                fact_id=self.id("assessed", at),
            )
        )

    def consent(self, patient: Patient, at: datetime) -> None:
        done(
            screening.consent(
                patient=patient,
                signed_name=f"{self.person.given_name} {self.person.family_name}",
                text_version=consent_text.CURRENT,
                touch_ok=True,
                by=self.staff.prescriber,
                at=at,
                fact_id=self.id("consent", at),
            )
        )

    def score(self, patient: Patient, total: int, at: datetime, *, dark: bool = False) -> None:
        """A PHQ-9, as the patient filled it in."""
        done(
            record_score(
                patient=patient,
                instrument_id="phq-9",
                answers=answers.phq9(total, dark=dark),
                by=self.staff.nurse,
                at=at,
                fact_id=self.id("phq-9", at),
            )
        )

    def plan(self, patient: Patient, at: datetime, *, check_at: datetime) -> Plan:
        """Ask the model, and sign what it proposes for the day of the checks."""
        proposal = done(
            planning.propose(
                patient=patient,
                by=self.staff.prescriber,
                at=at,
                fact_id=self.id("proposed", at),
            )
        )
        advice = advice_of(proposal)
        if advice is None:
            raise DemoBroken(f"{self.person.number}: the model refused: {proposal.result}")
        wanted = Wanted(
            amount_mg=advice.chosen.dose_mg,
            duration_min=advice.chosen.minutes,
            concentration_mg_per_ml=CONCENTRATION_MG_PER_ML,
            made_up_to_ml=MADE_UP_TO_ML,
            planned_for=at_clinic(check_at).date(),
        )
        return done(
            planning.sign(
                proposal=proposal,
                wanted=wanted,
                instead_of=None,
                by=self.staff.prescriber,
                at=at + timedelta(seconds=30),
                fact_id=self.id("signed", at),
            )
        )

    def check(self, plan: Plan, at: datetime) -> None:
        """Everything asked and measured before a session, signed by two."""
        person = self.person
        measured = {
            Sign.SYSTOLIC: person.systolic_mmhg,
            Sign.DIASTOLIC: round(0.62 * person.systolic_mmhg),
            Sign.PULSE: person.pulse_per_min,
            Sign.WEIGHT: person.weight_kg,
        }
        said = {
            "solids_at": at - timedelta(hours=9),
            "fluids_at": at - timedelta(hours=3),
            "pulse_per_min": person.pulse_per_min,
            "spo2_percent": 98.0,
            "resp_per_min": 14.0,
            "temperature_c": 36.6,
            "vitals_at": at,
            "could_be_pregnant": YesNo.NO,
            "medicines_changed": YesNo.NO,
            "alcohol_24h": YesNo.NO,
            "cannabis_24h": YesNo.NO,
            "benzodiazepine_24h": YesNo.NO,
            "stimulant_today": YesNo.NO,
            "suicide_risk": Risk.NONE,
            "escort_name": "a friend",
            "phone_off": YesNo.YES,
            "bladder_emptied": YesNo.YES,
            "iv_site_ready": YesNo.YES,
        }
        checked = done(
            preparation.check(
                plan=plan,
                said=said,
                measured=measured,
                by=self.staff.nurse,
                at=at,
                fact_id=self.id("checked", at),
            )
        )
        signed = done(
            preparation.second_signature(
                checked=checked,
                by=self.staff.prescriber,
                at=at + timedelta(minutes=1),
                fact_id=self.id("checked again", at),
            )
        )
        if not signed.may_start:
            held = [
                c["label"] for c in signed.results["checks"] if c["state"] in ("hold", "missing")
            ]
            raise DemoBroken(f"{person.number}: the checks do not say go: {', '.join(held)}")

    def to_a_plan(self, patient: Patient, at: datetime) -> None:
        """Everything before the first plan."""
        self.measure(patient, at)
        answer(
            patient=patient,
            question="hypertension",
            said="no",
            by=self.staff.nurse,
            at=at,
            fact_id=self.id("hypertension", at),
        )
        self.screen(patient, at)
        self.consent(patient, at + timedelta(minutes=20))
        self.score(patient, self.person.phq9[0], at + timedelta(minutes=25))


def done(result: Made | Refusal) -> Made:
    """The result, which in a demonstration is never a refusal."""
    if isinstance(result, Refusal):
        raise DemoBroken(str(result))
    return result


def reached(point: Point, by: Point) -> bool:
    """True when a person at `point` has come at least as far as `by`."""
    order: Sequence[Point] = tuple(Point)
    return order.index(point) >= order.index(by)
