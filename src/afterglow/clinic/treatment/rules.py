"""The policy in force, as limits of one session at its present stage."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from afterglow.clinic.chart.models import Encounter
from afterglow.clinic.chart.queries import dose_rows
from afterglow.clinic.releases.models import PolicyRelease
from afterglow.clinic.releases.queries import policy_in_use
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.pump import Pump, pump_at
from afterglow.clinic.treatment.steps import Steps
from afterglow.core.care.limits import Limits, Phase, Rule, limits_from
from afterglow.core.care.policy import Policy, load_policy
from afterglow.core.care.signs import Sign
from afterglow.core.quantity import Route


def policy_now() -> Policy:
    """The newest signed policy, read once a process: a monitor speaks every second."""
    newest = PolicyRelease.objects.order_by("-happened_at", "-recorded_at")
    version = newest.values_list("pk", flat=True).first()
    return policy_in_use() if version is None else _read(version)


@lru_cache(maxsize=4)
def _read(release_id: UUID) -> Policy:
    return load_policy(PolicyRelease.objects.get(pk=release_id).content)


def pump_of(session: Session, *, at: datetime) -> Pump:
    """Where the dose of a session stands."""
    rows = dose_rows(Encounter(pk=session.pk), at=at)
    return pump_at(rows, planned_mg=session.plan.amount_mg, at=at)


def steps_of(session: Session, pump: Pump, *, at: datetime) -> Steps:
    """Where the steps of the signed plan stand."""
    return Steps(schedule=session.plan.schedule, pump=pump, at=at)


def limits_now(session: Session, *, at: datetime) -> Limits:
    """What alarms, and how often each sign must be seen: closer while the drug goes in."""
    over = session.stage != Session.Stage.RUNNING or pump_of(session, at=at).is_all_in
    phase = Phase.AFTER if over else Phase.DURING
    return limits_from(policy_now(), route=Route(session.plan.route), phase=phase)


def continuous(limits: Limits) -> Mapping[Sign, Rule]:
    """The signs a monitor sends by itself, second by second."""
    return {sign: rule for sign, rule in limits.items() if is_continuous(sign, rule)}


def is_continuous(sign: Sign, rule: Rule) -> bool:
    """False for what a person or a cuff takes at intervals."""
    every = rule.at_least_every
    return every is not None and every.total_seconds() < 60 and not sign.is_cuff
