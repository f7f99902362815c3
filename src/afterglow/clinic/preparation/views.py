"""Screens before a session: set and setting, and go or no-go."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from afterglow.clinic.chart.strip import strip_for
from afterglow.clinic.people.access import CLINICAL, AsStaff, door
from afterglow.clinic.people.models import Patient, Role
from afterglow.clinic.people.queries import patient_for
from afterglow.clinic.people.steps import step_urls
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.planning.queries import unused_plan
from afterglow.clinic.preparation import services
from afterglow.clinic.preparation.forms import (
    ChecksForm,
    OverrideForm,
    PreparationForm,
    PressureForm,
    SecondForm,
    answered_before,
)
from afterglow.clinic.preparation.models import GoNoGo
from afterglow.clinic.preparation.page import page_for
from afterglow.clinic.preparation.queries import newest_check, newest_preparation
from afterglow.core.care import saved
from afterglow.core.care.checks import Found
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal

AT_THE_BED = (Role.PRESCRIBER, Role.NURSE)


@door(*CLINICAL)
@never_cache
@require_http_methods(["GET", "POST"])
def prepare(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """Set and setting: the patient's mind, the room, who is there."""
    patient = patient_for(request.user, patient_id, page="preparation", at=now())
    form = PreparationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fact_id = form.cleaned_data["fact_id"]
        told = services.record(
            patient=patient, said=form.said, by=request.user, at=now(), fact_id=fact_id
        )
        if not isinstance(told, Refusal):
            messages.success(request, "Preparation recorded.")
            return redirect("preparation:checks", patient_id=patient.pk)
        form.add_error(None, f"{told.because} {told.remedy}")
    context = _around(patient, form=form, before=newest_preparation(patient))
    return render(request, "preparation/prepare.html", context, status=422 if form.errors else 200)


@door(*CLINICAL)
@never_cache
@require_http_methods(["GET", "POST"])
def checks(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """Go or no-go: every check with its value and limit."""
    patient = patient_for(request.user, patient_id, page="go/no-go", at=now())
    if request.method == "GET":
        return _page(request, patient)
    plan, form = unused_plan(patient), ChecksForm(request.POST)
    if plan is None or request.user.role not in AT_THE_BED or not form.is_valid():
        return _page(request, patient, form=form, refusal=_not_yours(request, plan))
    at = now()
    return _after(
        request,
        patient,
        lambda: services.check(
            plan=plan,
            said=form.said(at),
            measured=form.measured,
            by=request.user,
            at=at,
            fact_id=form.cleaned_data["fact_id"],
        ),
        form=form,
    )


@door(*AT_THE_BED)
@require_POST
def pressure(request: AsStaff, check_id: UUID) -> HttpResponse:
    """Measure the pressure once more."""
    checked, patient = _opened(request, check_id)
    form = PressureForm(request.POST)
    if not form.is_valid():
        return _page(request, patient, pressure_form=form)
    return _after(
        request,
        patient,
        lambda: services.measure_again(
            checked=checked, by=request.user, at=now(), **form.cleaned_data
        ),
        form=form,
    )


@door(*CLINICAL)
@require_POST
def second(request: AsStaff, check_id: UUID) -> HttpResponse:
    """Sign as the second person."""
    checked, patient = _opened(request, check_id)
    form = SecondForm(request.POST)
    if not form.is_valid():
        return _page(request, patient)
    fact_id = form.cleaned_data["fact_id"]
    return _after(
        request,
        patient,
        lambda: services.second_signature(
            checked=checked, by=request.user, at=now(), fact_id=fact_id
        ),
    )


@door(Role.PRESCRIBER)
@require_POST
def override(request: AsStaff, check_id: UUID) -> HttpResponse:
    """Go on despite one hold, with a reason."""
    checked, patient = _opened(request, check_id)
    form = OverrideForm(request.POST)
    if not form.is_valid():
        return _page(request, patient)
    return _after(
        request,
        patient,
        lambda: services.override(checked=checked, by=request.user, at=now(), **form.cleaned_data),
    )


def _opened(request: AsStaff, check_id: UUID) -> tuple[GoNoGo, Patient]:
    checked = get_object_or_404(GoNoGo.objects.select_related("plan"), pk=check_id)
    patient = patient_for(request.user, checked.patient_id, page="go/no-go", at=now())
    return checked, patient


def _after(
    request: AsStaff, patient: Patient, act: Any, *, form: Form | None = None
) -> HttpResponse:
    """Do it; a refusal or a number no body has brings the page back with the reason."""
    try:
        result = act()
    except BadInput as error:
        if form is None:
            raise
        form.add_error(None, str(error))
        key = "form" if isinstance(form, ChecksForm) else "pressure_form"
        return _page(request, patient, **{key: form})
    if isinstance(result, Refusal):
        return _page(request, patient, refusal=result)
    return redirect("preparation:checks", patient_id=patient.pk)


def _page(request: AsStaff, patient: Patient, **more: Any) -> HttpResponse:
    page = page_for(patient, request.user, at=now())
    context = _around(
        patient,
        page=page,
        form=ChecksForm(initial=_initial(page.plan)),
        pressure_form=PressureForm(),
        second_form=SecondForm(),
        overrides=[(one, OverrideForm(initial={"check_id": one.id})) for one in page.liftable],
        may_check=request.user.role in AT_THE_BED,
        preparation=newest_preparation(patient),
    )
    status = 422 if any(more.values()) else 200
    return render(request, "preparation/checks.html", context | more, status=status)


def _initial(plan: Plan | None) -> dict[str, Any]:
    checked = newest_check(plan) if plan else None
    return answered_before(saved.load(Found, checked.found)) if checked else {}


def _around(patient: Patient, **more: Any) -> dict[str, Any]:
    return {"patient": strip_for(patient, at=now()), "step_urls": step_urls(patient.pk), **more}


def _not_yours(request: AsStaff, plan: Plan | None) -> Refusal | None:
    if plan is None:
        return Refusal(
            code="plan-missing",
            because="There is no plan for a session that has not been held.",
            remedy="Ask a prescriber to sign one.",
        )
    if request.user.role in AT_THE_BED:
        return None
    return Refusal(
        code="not-at-the-bed",
        because=f"{request.user.name} is signed in as {Role(request.user.role).label.lower()}.",
        remedy="A nurse or a prescriber enters the checks; you may sign as the second person.",
    )
