"""A patient's own pages, made for a phone."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods

from afterglow.clinic.followup.forms import QuestionnaireForm
from afterglow.clinic.followup.services import record_score
from afterglow.clinic.people.access import AsStaff, door
from afterglow.clinic.people.models import Patient, Role
from afterglow.clinic.people.queries import current_details, patient_for
from afterglow.core.care.instruments import dangers, instrument
from afterglow.core.refusal import Refusal
from afterglow.portal.education import questions
from afterglow.portal.queries import mine


@door(Role.PATIENT)
@require_GET
def home(request: AsStaff) -> HttpResponse:
    """What comes next, how it is going, and answers to the questions everyone has."""
    patient = _own(request, "own page")
    page = {"mine": mine(patient, at=now()), "name": current_details(patient).given_name}
    return render(request, "portal/home.html", {**page, "questions": questions()[:3]})


@door(Role.PATIENT)
@require_http_methods(["GET", "POST"])
def questionnaire(request: AsStaff) -> HttpResponse:
    """PHQ-9 on the phone. A dangerous answer is told to the clinic, and help is shown at once."""
    patient = _own(request, "own PHQ-9")
    form = QuestionnaireForm(instrument("phq-9"), request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        stored = record_score(
            patient=patient,
            instrument_id="phq-9",
            answers=form.answers,
            by=request.user,
            at=now(),
            fact_id=form.cleaned_data["fact_id"],
        )
        if dangers(form.instrument, form.answers):
            return redirect("portal:help")
        if not isinstance(stored, Refusal):
            messages.success(request, "Thank you. Your team can see your answers.")
            return redirect("portal:home")
        refusal = stored
    page = {"form": form, "refusal": refusal}
    return render(request, "portal/questionnaire.html", page, status=422 if refusal else 200)


@door(Role.PATIENT)
@require_GET
def answers(request: AsStaff) -> HttpResponse:
    """The questions patients ask, with where each answer comes from."""
    return render(request, "portal/questions.html", {"questions": questions()})


@door(Role.PATIENT)
@require_GET
def help_now(request: AsStaff) -> HttpResponse:
    """Whom to call, now."""
    return render(request, "portal/help.html", {"crisis": settings.CRISIS_CONTACT})


def _own(request: AsStaff, page: str) -> Patient:
    patient_id = request.user.patient_id
    assert patient_id is not None  # the database refuses a patient's account without a patient
    return patient_for(request.user, patient_id, page=page, at=now())
