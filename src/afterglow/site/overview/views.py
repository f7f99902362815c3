"""The patient list and the chart."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from afterglow.clinic.chart.strip import strip_for
from afterglow.clinic.followup.axis import course_axis
from afterglow.clinic.followup.queries import open_risks
from afterglow.clinic.people.access import CLINICAL, AsStaff, door
from afterglow.clinic.people.queries import patient_for
from afterglow.clinic.people.steps import step_urls
from afterglow.site.overview import queries
from afterglow.site.overview.standing import standings


@door(*CLINICAL)
@require_GET
def patients(request: AsStaff) -> HttpResponse:
    """Everyone, by name, with where they are and what comes next."""
    search = request.GET.get("search", "")
    found, listed = queries.patients(search, request.GET.get("page"), at=now())
    page = {"search": search, "found": found, "listed": listed, "risks": open_risks()[:20]}
    return render(request, "overview/patients.html", page)


@door(*CLINICAL)
@require_GET
def chart(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """One patient on one page: where they are, how it goes, and every encounter."""
    at = now()
    patient = patient_for(request.user, patient_id, page="chart", at=at)
    found, visits = queries.visits(patient, request.GET.get("page"))
    page = {
        "patient": strip_for(patient, at=at),
        "step_urls": step_urls(patient.pk),
        "standing": standings([patient.pk], at=at)[patient.pk],
        "axis": course_axis(patient, at=at),
        "scores": queries.newest_scores(patient),
        "found": found,
        "visits": visits,
    }
    return render(request, "overview/chart.html", page)
