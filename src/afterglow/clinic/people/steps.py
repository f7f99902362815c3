"""Where each step of care is found for one patient. Care is a loop; the links close it."""

from uuid import UUID

from django.urls import reverse

STEPS = {
    1: "people:details",
    2: "screening:assessment",
    3: "planning:plan",
    4: "preparation:checks",
    5: "treatment:patient",
    6: "treatment:patient",
    7: "followup:course",
    8: "planning:plan",
}


def step_urls(patient_id: UUID) -> dict[int, str]:
    """The address of each step's page for this patient, by the step's number."""
    return {number: reverse(name, args=[patient_id]) for number, name in STEPS.items()}
