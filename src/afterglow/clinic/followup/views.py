"""Screens of follow-up."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from afterglow.clinic.chart import flags
from afterglow.clinic.chart.strip import strip_for
from afterglow.clinic.followup import queries, services
from afterglow.clinic.followup.axis import course_axis
from afterglow.clinic.followup.forms import (
    EventForm,
    FlagForm,
    QuestionnaireForm,
    ReviewForm,
    RiskForm,
)
from afterglow.clinic.followup.models import RiskAnswer
from afterglow.clinic.people.access import CLINICAL, AsStaff, door
from afterglow.clinic.people.models import Patient, Role
from afterglow.clinic.people.queries import patient_for
from afterglow.clinic.people.steps import step_urls
from afterglow.clinic.record.models import CURRENT
from afterglow.core.care.course import Flag
from afterglow.core.care.instruments import instrument
from afterglow.core.refusal import Refusal

PHQ9 = "phq-9"


@door(*CLINICAL)
@require_GET
def course(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """Scores over the weeks with the sessions marked, what waits for a person, what comes next."""
    patient = patient_for(request.user, patient_id, page="follow-up", at=now())
    return _course_page(request, patient)


@door(*CLINICAL)
@require_http_methods(["GET", "POST"])
def questionnaire(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """PHQ-9, entered by staff from paper or from the patient's own words."""
    patient = patient_for(request.user, patient_id, page="PHQ-9", at=now())
    form = QuestionnaireForm(instrument(PHQ9), request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        stored = services.record_score(
            patient=patient,
            instrument_id=PHQ9,
            answers=form.answers,
            by=request.user,
            at=now(),
            fact_id=form.cleaned_data["fact_id"],
        )
        if not isinstance(stored, Refusal):
            messages.success(request, f"PHQ-9 recorded: {stored.total:g}, {stored.band}.")
            return redirect("followup:course", patient_id=patient_id)
        refusal = stored
    page = _page(patient, form=form, refusal=refusal)
    return render(request, "followup/questionnaire.html", page, status=422 if refusal else 200)


@door(*CLINICAL)
@require_POST
def respond(request: AsStaff, risk_id: UUID) -> HttpResponse:
    """Say what was done about a dangerous answer."""
    risk = get_object_or_404(RiskAnswer, pk=risk_id)
    patient = patient_for(request.user, risk.patient_id, page="risk answer", at=now())
    form = RiskForm(request.POST)
    done = form.cleaned_data["done"] if form.is_valid() else ""
    result = services.respond_to_risk(risk=risk, done=done, by=request.user, at=now())
    if isinstance(result, Refusal):
        return _course_page(request, patient, refusal=result)
    return redirect("followup:course", patient_id=patient.pk)


@door(*CLINICAL)
@require_POST
def review(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """Record what was decided beside what the rules suggest."""
    patient = patient_for(request.user, patient_id, page="review", at=now())
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _course_page(request, patient, review_form=form)
    result = services.review(
        patient=patient,
        decided=form.cleaned_data["decided"],
        by=request.user,
        at=now(),
        fact_id=form.cleaned_data["fact_id"],
    )
    if isinstance(result, Refusal):
        return _course_page(request, patient, refusal=result)
    messages.success(request, "Decision recorded.")
    return redirect("followup:course", patient_id=patient_id)


@door(*CLINICAL)
@require_POST
def event(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """Record something unwanted that happened after a session."""
    patient = patient_for(request.user, patient_id, page="adverse event", at=now())
    form = EventForm(request.POST)
    if not form.is_valid():
        return _course_page(request, patient, event_form=form)
    told = services.report_event(patient=patient, by=request.user, at=now(), **form.cleaned_data)
    if isinstance(told, Refusal):
        return _course_page(request, patient, refusal=told)
    messages.success(request, "Recorded.")
    return redirect("followup:course", patient_id=patient_id)


@door(*CLINICAL)
@require_POST
def flag(request: AsStaff, patient_id: UUID, to: str) -> HttpResponse:
    """Raise what stops the course, or lower it once somebody has looked."""
    patient = patient_for(request.user, patient_id, page="course flag", at=now())
    form = FlagForm(request.POST)
    if to not in (flags.RAISED, flags.LOWERED) or not form.is_valid():
        return _course_page(request, patient, flag_form=form)
    told = form.cleaned_data
    result = flags.set_flag(
        patient=patient,
        flag=Flag(told["flag"]),
        to=to,
        why=told["why"],
        by=request.user,
        at=now(),
        fact_id=told["fact_id"],
    )
    if isinstance(result, Refusal):
        return _course_page(request, patient, refusal=result)
    messages.success(request, f"{flags.WORDS[Flag(told['flag'])]}: {to}.")
    return redirect("followup:course", patient_id=patient_id)


def _course_page(request: AsStaff, patient: Patient, **more: Any) -> HttpResponse:
    suggested = queries.suggestion(patient, at=now())
    page = _page(
        patient,
        axis=course_axis(patient, at=now()),
        scores=queries.scores(patient, PHQ9),
        risks=queries.open_risks(patient),
        dealt_with=queries.answered_risks(patient),
        suggested=None if isinstance(suggested, Refusal) else suggested,
        no_suggestion=suggested if isinstance(suggested, Refusal) else None,
        reviews=patient.reviews.select_related("recorded_by").order_by("-happened_at"),
        events=patient.adverseevents.filter(CURRENT).order_by("-happened_at"),
        risk_form=RiskForm(),
        flags=[(one, flags.WORDS[one], row) for one, row in flags.raised(patient).items()],
        may_lower=request.user.role == Role.PRESCRIBER,
        new_id=uuid4,
        **{
            "review_form": ReviewForm(),
            "event_form": EventForm(),
            "flag_form": FlagForm(),
            **more,
        },
    )
    return render(request, "followup/course.html", page, status=422 if more else 200)


def _page(patient: Patient, **more: Any) -> dict[str, Any]:
    return {"patient": strip_for(patient, at=now()), "step_urls": step_urls(patient.pk), **more}
