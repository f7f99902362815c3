"""What has changed of the patient since a signed plan was proposed."""

from dataclasses import dataclass
from datetime import datetime

from afterglow.clinic.planning.body import MEDICINES, how_known, names_in, newest_answer
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.planning.queries import inputs_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMedicines:
    """The medicines are no longer those that the plan was proposed for."""

    then: str
    now: str
    told_at: datetime  # the newest answer

    def __str__(self) -> str:
        return f"Medicines have changed since it was proposed: then {self.then}; now {self.now}."


def other_medicines(plan: Plan, *, at: datetime) -> OtherMedicines | None:
    """By the newest answer until `at`. None: the same names as then, in whatever order."""
    said = newest_answer(plan.patient, MEDICINES, at=at)
    then = inputs_of(plan.proposal_id).facts
    names = names_in(said)
    if said is None or set(names) == set(then.covariates.medicines):
        return None
    return OtherMedicines(
        then=", ".join(then.covariates.medicines) or str(then.medicines_said),
        now=", ".join(names) or str(how_known(said)),
        told_at=said.happened_at,
    )
