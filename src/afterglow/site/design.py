"""The page of parts that every screen is made of."""

from django.http import HttpResponse
from django.shortcuts import render

from afterglow.clinic.people.access import STAFF, AsStaff, door
from afterglow.site.design_samples import everything


@door(*STAFF)
def design(request: AsStaff) -> HttpResponse:
    """Every part in every state, made of invented people and numbers."""
    return render(request, "design.html", everything())
