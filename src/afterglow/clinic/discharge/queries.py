"""Whether a patient may leave, and how they left."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from afterglow.clinic.discharge.found import Said, found_now, said_in, still_holds
from afterglow.clinic.discharge.models import Discharge, LeavingCheck
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.releases.queries import policy_in_use
from afterglow.clinic.treatment.models import Session
from afterglow.core.care import saved
from afterglow.core.care.leave import (
    Criterion,
    Found,
    Leaving,
    Met,
    earliest_at,
    overall,
    ready_to_leave,
)

SIGNATURE = "signature"  # the one criterion that signing itself meets


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """How things stand at one instant. `leaving` looks past the missing signature."""

    session: Session
    said: Said
    found: Found
    criteria: tuple[Criterion, ...]
    leaving: Leaving
    said_at: datetime
    earliest_at: datetime | None
    policy_version: str

    @property
    def is_ready(self) -> bool:
        return self.leaving is Leaving.READY

    @property
    def unmet(self) -> tuple[Criterion, ...]:
        return tuple(
            one for one in self.criteria if one.state is not Met.MET and one.id != SIGNATURE
        )


def leave_now(session: Session, *, at: datetime, said: Said | None = None) -> Leave:
    """Judge leaving at `at` by what is said now, or else by the newest check as far as it holds."""
    policy, said_at = policy_in_use(), at
    if said is None:
        newest = newest_check(session)
        said = Said()
        if newest is not None:
            said_at = newest.happened_at
            said = still_holds(said_in(newest.found), said_at=said_at, policy=policy, at=at)
    found = found_now(session, said, at=at)
    criteria = ready_to_leave(found, policy=policy, at=at)
    return Leave(
        session=session,
        said=said,
        found=found,
        criteria=criteria,
        leaving=overall(one for one in criteria if one.id != SIGNATURE),
        said_at=said_at,
        earliest_at=earliest_at(found, policy),
        policy_version=policy.version,
    )


def newest_check(session: Session) -> LeavingCheck | None:
    """The newest look at whether the patient may leave."""
    return checks(session).first()


def checks(session: Session) -> QuerySet[LeavingCheck]:
    """All looks, newest first."""
    mine = LeavingCheck.objects.filter(CURRENT, encounter=session.pk)
    return mine.select_related("recorded_by").order_by("-happened_at", "-recorded_at")


def ready_since(session: Session, *, at: datetime) -> datetime:
    """The beginning of the unbroken run of ready checks that ends now."""
    since = at
    for check in checks(session).filter(happened_at__lte=at):
        if Leaving(check.overall) is not Leaving.READY:
            break
        since = check.happened_at
    return since


def discharge_of(session: Session) -> Discharge | None:
    """How the patient left. None: they are still here."""
    mine = Discharge.objects.filter(CURRENT, encounter=session.pk)
    return mine.select_related("recorded_by", "check_used").first()


def criteria_of(check: LeavingCheck) -> tuple[Criterion, ...]:
    """The criteria as they stood at a check."""
    return tuple(saved.load(Criterion, one) for one in check.criteria)
