"""What the models need to know of the patient's body, since when it is known, and what is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from afterglow.clinic.chart.models import Finding, Reading
from afterglow.clinic.chart.queries import readings
from afterglow.clinic.people.models import Patient
from afterglow.clinic.people.queries import who
from afterglow.clinic.record.models import CURRENT
from afterglow.core.body import Covariates, Sex
from afterglow.core.care.watch import Sign
from afterglow.core.dosing.notes import of_medicines
from afterglow.core.dosing.population import height_unknown
from afterglow.core.refusal import Refusal

HYPERTENSION = "hypertension"  # asked on the planning page
UNCONTROLLED = "hypertension_uncontrolled"  # asked at intake: a yes is enough, a no is not
MEDICINES = "medicines"  # asked on the planning page: a list of names, empty for none
UNKNOWN = "unknown"
DAYS_IN_YEAR = 365.25
LEAST_BMI, MOST_BMI = 12.0, 90.0  # [own] beyond, a height or a weight is more likely a slip


class MedicinesSaid(StrEnum):
    """How much is known of the medicines: no list and an empty list are different things."""

    NOT_ASKED = "not asked"
    UNKNOWN = "asked, not known"
    NONE = "takes none"
    NAMED = "named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The covariates, with the instants (ISO) at which height and medicines were recorded."""

    covariates: Covariates
    height_at: str = ""
    medicines_said: MedicinesSaid = MedicinesSaid.NOT_ASKED
    medicines_at: str = ""

    def unknown(self) -> Iterator[str]:
        """What the models had to do without, in words."""
        if words := height_unknown(self.covariates):
            yield words
        if self.medicines_said in (MedicinesSaid.NOT_ASKED, MedicinesSaid.UNKNOWN):
            yield f"Medicines: {self.medicines_said}. No interaction is counted."
        yield from of_medicines(self.covariates, planned=True)


def body_of(patient: Patient, weight_kg: float, *, on: date, at: datetime) -> Body:
    """As recorded by `at`. Raises BadInput for numbers that no body has."""
    person = who(patient)
    height = readings(patient, Sign.HEIGHT).filter(happened_at__lte=at).first()
    said = newest_answer(patient, MEDICINES, at=at)
    covariates = Covariates(
        age_years=round((on - person.birth_date).days / DAYS_IN_YEAR, 1),
        weight_kg=weight_kg,
        sex=Sex(person.sex),
        height_cm=height.value if height else None,
        hypertension=_answered(patient, UNCONTROLLED, at=at)
        or _answered(patient, HYPERTENSION, at=at),
        medicines=names_in(said),
    )
    return Body(
        covariates=covariates,
        height_at=_instant(height),
        medicines_said=how_known(said),
        medicines_at=_instant(said),
    )


def implausible_size(covariates: Covariates) -> Refusal | None:
    """A height that does not go with the weight: one of the two was mistyped."""
    bmi = covariates.bmi
    if bmi is None or LEAST_BMI <= bmi <= MOST_BMI:
        return None
    return Refusal(
        code="height-implausible",
        because=f"{covariates.height_cm:g} cm and {covariates.weight_kg:g} kg give a BMI of "
        f"{bmi:.0f}; {LEAST_BMI:g} to {MOST_BMI:g} is taken as meant.",
        remedy="Measure height and weight again and enter both below.",
        source="Afterglow project default [own]",
    )


def names_in(said: Finding | None) -> tuple[str, ...]:
    """The medicines of an answer; none for an answer that is not a list."""
    return tuple(said.answer) if said and isinstance(said.answer, list) else ()


def how_known(said: Finding | None) -> MedicinesSaid:
    """What an answer says of what is known."""
    if said is None:
        return MedicinesSaid.NOT_ASKED
    if not isinstance(said.answer, list):
        return MedicinesSaid.UNKNOWN
    return MedicinesSaid.NAMED if said.answer else MedicinesSaid.NONE


def _answered(patient: Patient, question: str, *, at: datetime) -> bool | None:
    """The newest answer to a yes-no question. None: not asked, or not known."""
    newest = newest_answer(patient, question, at=at)
    return {"yes": True, "no": False}.get(newest.answer if newest else "")


def newest_answer(patient: Patient, question: str, *, at: datetime) -> Finding | None:
    """What was last said by `at`."""
    mine = Finding.objects.filter(CURRENT, patient=patient, question=question, happened_at__lte=at)
    return mine.order_by("-happened_at", "-recorded_at").first()


def _instant(fact: Reading | Finding | None) -> str:
    return fact.happened_at.isoformat() if fact else ""
