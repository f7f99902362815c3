"""Make the demonstration clinic: staff, policy and models in use, and twelve patients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import uuid5

from django.db import transaction
from django.utils.timezone import now

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.models import Encounter
from afterglow.clinic.people.home import make_link
from afterglow.clinic.people.models import Patient, Role, User
from afterglow.clinic.people.queries import who
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.releases.services import shipped_policy, sign_models, sign_policy
from afterglow.clinic.treatment.models import Session
from afterglow.core.warm import warm
from afterglow.site.demo.leaving import leave
from afterglow.site.demo.people import PEOPLE, Person, Point
from afterglow.site.demo.session import OFTEN_MIN, Sitting, body_of
from afterglow.site.demo.walk import FAMILY, Staff, Walk, reached

BED = "Room 2"
BEGUN_AGO = timedelta(minutes=17)
EVERY = timedelta(days=3)
DIRECTOR = "Dr Helena Marsh, medical director"

NAMES = {
    Role.PRESCRIBER: ("marsh", "Helena", "Marsh"),
    Role.NURSE: ("adeyemi", "Joy", "Adeyemi"),
    Role.THERAPIST: ("lund", "Mikael", "Lund"),
    Role.FRONT_DESK: ("desk", "Priya", "Nair"),
    Role.AUDITOR: ("audit", "Sam", "Whitlock"),
}

Say = Callable[[str], None]


def make_clinic(*, say: Say) -> None:
    """Fill an empty database, and make sure that somebody is in a session now. Safe to repeat."""
    warm()  # or the first page that draws a dose would wait for the compiler
    staff = _staff()
    at = now().replace(microsecond=0)
    if not Patient.objects.exists():
        say("Making twelve patients ...")
        opened = at - timedelta(days=60)
        sign_policy(shipped_policy(), signed_as=DIRECTOR, at=opened)
        sign_models(signed_as=DIRECTOR, at=opened)
        for person in PEOPLE:
            with transaction.atomic():
                _make(person, staff, at)
    # Here the director signs the models of a newer version unasked; a clinic's must look.
    sign_models(signed_as=DIRECTOR, at=at)
    # Asked anew: the twelve took a while, and a gap in the readings would be an alarm.
    _keep_one_in_session(staff, now().replace(microsecond=0))


def monitor_options() -> list[str]:
    """What `simulate-monitor` needs to show the same body as the record does."""
    person = next(one for one in PEOPLE if one.point is Point.IN_SESSION)
    patient = Patient.objects.get(number=person.number)
    return [
        f"--bed={BED}",
        f"--seed={person.seed}",
        f"--age-years={who(patient).age_years(now().date())}",
        f"--weight-kg={person.weight_kg}",
        f"--sex={person.sex}",
        f"--systolic-mmhg={person.systolic_mmhg}",
        f"--pulse-per-min={person.pulse_per_min}",
    ]


def links() -> Iterator[tuple[str, str]]:
    """A one-time way in for each kind of person."""
    for role in (
        Role.PRESCRIBER,
        Role.NURSE,
        Role.PATIENT,
        Role.THERAPIST,
        Role.FRONT_DESK,
        Role.AUDITOR,
    ):
        user = User.objects.filter(role=role).order_by("pk").first()
        if user is not None:
            yield f"{user.name} ({Role(role).label.lower()})", make_link(user, at=now())


def _staff() -> Staff:
    made = {}
    for role, (username, given, family) in NAMES.items():
        made[role], new = User.objects.get_or_create(
            username=username,
            defaults={"role": role, "first_name": given, "last_name": family},
        )
        if new:
            made[role].set_unusable_password()
            made[role].save(update_fields=["password"])
    return Staff(
        prescriber=made[Role.PRESCRIBER],
        nurse=made[Role.NURSE],
        therapist=made[Role.THERAPIST],
        desk=made[Role.FRONT_DESK],
    )


def _make(person: Person, staff: Staff, at: datetime) -> None:
    walk = Walk(person, staff)
    first = _first_day(person, at)
    patient = walk.arrive(first - timedelta(days=4))
    if person.point is Point.ARRIVED:
        return
    if not reached(person.point, Point.CONSENTED):
        walk.measure(patient, first - timedelta(days=3))
        walk.screen(patient, first - timedelta(days=3, minutes=-10))
        return
    walk.to_a_plan(patient, first - timedelta(days=3))
    for number, total in enumerate(person.phq9[1:]):
        day = first + number * EVERY
        _past_session(walk, patient, day)
        last = number + 1 == person.sessions
        dark = person.point is Point.NOT_BETTER and last
        walk.score(patient, total, day + timedelta(days=2, hours=20), dark=dark)
    _today(walk, patient, at)
    if person.point is Point.RESPONDED:
        _account(person, patient)


def _first_day(person: Person, at: datetime) -> datetime:
    """The first session's morning, so that the last one was two or three days ago."""
    morning = at_clinic(at).replace(hour=9, minute=30, second=0, microsecond=0)
    return morning - EVERY * max(person.sessions, 1)


def _past_session(walk: Walk, patient: Patient, at: datetime) -> None:
    check_at = at - timedelta(minutes=10)
    plan = walk.plan(patient, at - timedelta(minutes=40), check_at=check_at)
    walk.check(plan, check_at)
    sitting = _sitting(walk, patient, plan, walk.person.past_bed, at)
    session = sitting.begin()
    leave(walk, session, at=sitting.finish(session))


def _today(walk: Walk, patient: Patient, at: datetime) -> None:
    point = walk.person.point
    if point in (Point.PLANNED, Point.CHECKED):
        check_at = at - timedelta(minutes=6)
        plan = walk.plan(patient, at - timedelta(minutes=50), check_at=check_at)
        if point is Point.CHECKED:
            walk.check(plan, check_at)
        Encounter.objects.get_or_create(
            pk=uuid5(FAMILY, f"{walk.person.number} visit"),
            defaults={
                "patient": patient,
                "kind": Encounter.Kind.SESSION,
                "happened_at": at + timedelta(hours=2),
                "recorded_by": walk.staff.desk,
            },
        )


def _keep_one_in_session(staff: Staff, at: datetime) -> None:
    """Somebody sits in the bed of the live monitor, whenever the demonstration is started."""
    person = next(one for one in PEOPLE if one.point is Point.IN_SESSION)
    walk = Walk(person, staff)
    patient = Patient.objects.get(number=person.number)
    old = Session.objects.in_progress().filter(patient=patient).select_related("plan", "encounter")
    for session in old:
        if at - session.started_at < timedelta(minutes=session.plan.duration_min + 60):
            return
        _end_forgotten(session, staff, at)
    check_at = at - BEGUN_AGO - timedelta(minutes=10)
    plan = walk.plan(patient, check_at - timedelta(minutes=20), check_at=check_at)
    walk.check(plan, check_at)
    sitting = _sitting(walk, patient, plan, BED, at - BEGUN_AGO)
    session = sitting.begin()
    sitting.live_until(session, at, every_min=OFTEN_MIN)
    sitting.answer_alarms(session, at)


def _end_forgotten(session: Session, staff: Staff, at: datetime) -> None:
    """The last demonstration was stopped in mid-session; its session is closed, and says so."""
    from afterglow.clinic.treatment import services as treatment  # noqa: PLC0415

    treatment.remark(
        session,
        text="The demonstration was stopped here.",
        by=staff.nurse,
        at=at,
        fact_id=uuid5(session.pk, "stopped"),
    )
    if session.stage == Session.Stage.RUNNING:
        treatment.begin_recovery(session, by=staff.nurse, at=at, fact_id=uuid5(session.pk, "rest"))
    treatment.end(session, by=staff.nurse, at=at, fact_id=uuid5(session.pk, "end"))


def _sitting(walk: Walk, patient: Patient, plan: Plan, bed: str, at: datetime) -> Sitting:
    age_years = float(who(patient).age_years(at.date()))
    return Sitting(
        walk=walk, plan=plan, body=body_of(walk.person, age_years=age_years), bed=bed, started_at=at
    )


def _account(person: Person, patient: Patient) -> None:
    user, new = User.objects.get_or_create(
        username=person.number.lower(),
        defaults={
            "role": Role.PATIENT,
            "patient": patient,
            "first_name": person.given_name,
            "last_name": person.family_name,
        },
    )
    if new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
