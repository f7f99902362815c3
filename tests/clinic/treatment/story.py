"""How a session comes about, for tests: each step as short as it can be and still be real."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from afterglow.clinic.chart.services import measure
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.planning.models import Plan, Proposal
from afterglow.clinic.planning.services import propose
from afterglow.clinic.preparation.models import GoNoGo
from afterglow.clinic.treatment.services import FromDevice, Recorded, record_readings
from afterglow.core.care.signs import Reading, Sign
from afterglow.core.refusal import Refusal
from tests.clinic.walk import screened

NINE = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)
BED = "room-1"
MONITOR = "monitor-1"
RESTING = {Sign.WEIGHT: 70.0, Sign.SYSTOLIC: 124.0, Sign.DIASTOLIC: 78.0, Sign.PULSE: 68.0}


# 36 mg in three steps of 12 min: 1.5, then 1, then 0.5 mg/min; in 50 mL 125, 83.3 and 41.7 mL/h.
DOWN = {
    "profile": "step-down",
    "steps": [{"amount_mg": mg, "lasts_min": 12.0} for mg in (18.0, 12.0, 6.0)],
}


def plan_for(
    patient: Patient,
    by: User,
    *,
    at: datetime = NINE,
    amount_mg: float = 35.0,
    duration_min: float = 40.0,
    shape: dict[str, Any] | None = None,
) -> Plan:
    """A signed plan of 40 minutes that rests on a real proposal."""
    measure(patient=patient, values=RESTING, by=by, at=at - timedelta(minutes=20), fact_id=uuid4())
    proposal = propose(patient=patient, by=by, at=at - timedelta(minutes=10), fact_id=uuid4())
    assert isinstance(proposal, Proposal), proposal
    return Plan.objects.create(
        patient=patient,
        proposal=proposal,
        happened_at=at - timedelta(minutes=5),
        recorded_by=by,
        session_number=1,
        planned_for=at.date(),
        drug="ketamine",
        route="intravenous",
        amount_mg=amount_mg,
        duration_min=duration_min,
        shape=shape,
        weight_kg=70,
        concentration_mg_per_ml=10,
        made_up_to_ml=50,
        baseline={"systolic_mmhg": 124.0, "pulse_per_min": 68.0},
        limits={},
        series=[],
        needs_second=False,
        signed_as=by.name,
        policy_version="test",
        model_version="test",
    )


def go_for_it(plan: Plan, by: User, *, at: datetime = NINE) -> GoNoGo:
    """Screened and consenting, and checks of this day that say go."""
    screened(plan.patient, by, at=at - timedelta(minutes=3))
    return GoNoGo.objects.create(
        patient=plan.patient,
        plan=plan,
        happened_at=at - timedelta(minutes=2),
        recorded_by=by,
        found={},
        signers=[],
        results={},
        decision="go",
        may_start=True,
        policy_version="test",
    )


def number(sign: Sign, value: float, second: float, *, start: datetime = NINE) -> FromDevice:
    """What the monitor says of one sign, `second` seconds into the session."""
    taken_at = start + timedelta(seconds=second)
    id = uuid5(UUID(int=1), f"{sign} {value} {taken_at.isoformat()}")
    return FromDevice(id=id, reading=Reading(sign, value, taken_at))


def send(
    readings: Sequence[FromDevice], *, bed: str = BED, heard: float | None = None
) -> Recorded | Refusal:
    """Send a message; it is heard when its newest number was taken, or `heard` seconds in."""
    newest = max(one.reading.taken_at for one in readings)
    received_at = newest if heard is None else NINE + timedelta(seconds=heard)
    return record_readings(bed=bed, readings=readings, device=MONITOR, received_at=received_at)


def monitor(seconds: Sequence[float], **values: float) -> Recorded | Refusal | None:
    """The same values once for each second given, one message each."""
    answer = None
    for second in seconds:
        answer = send([number(Sign(name), value, second) for name, value in values.items()])
    return answer


def calm(second: float) -> Mapping[Sign, float]:
    """Numbers nobody needs to act on."""
    return {Sign.SPO2: 97, Sign.PULSE: 70 + second % 3, Sign.RESP_RATE: 14}


def after(seconds: float = 0, *, minutes: float = 0) -> datetime:
    return NINE + timedelta(seconds=seconds, minutes=minutes)
