"""Screens of screening: the questions, the verdict with its reasons, consent."""

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from afterglow.clinic.chart.strip import strip_for
from afterglow.clinic.people.access import CLINICAL, AsStaff, door
from afterglow.clinic.people.models import Patient, Role
from afterglow.clinic.people.queries import patient_for, who
from afterglow.clinic.people.steps import step_urls
from afterglow.clinic.screening import consent_text, queries, services, shown
from afterglow.clinic.screening.forms import (
    AssessForm,
    ClearForm,
    ConsentForm,
    IntakeForm,
    WithdrawForm,
)
from afterglow.core.refusal import Refusal


@door(*CLINICAL)
@require_http_methods(["GET", "POST"])
def intake(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """All screening questions on one page. Storing them also judges them."""
    at = now()
    patient = patient_for(request.user, patient_id, page="screening questions", at=at)
    newest = queries.newest_intake(patient)
    form = IntakeForm(
        request.POST or None,
        initial=queries.answers(patient) | {"after": newest.pk if newest else None},
        born_on=who(patient).birth_date,
        today=localdate(at),
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = _store(request, patient, form)
        if refusal is None:
            messages.success(request, "The answers are stored and judged.")
            return redirect("screening:assessment", patient_id=patient_id)
    page = _page(patient, form=form, newest=newest, refusal=refusal)
    bad = refusal or form.errors
    return render(request, "screening/intake.html", page, status=422 if bad else 200)


def _store(request: AsStaff, patient: Patient, form: IntakeForm) -> Refusal | None:
    at = now()
    stored = services.answer(
        patient=patient,
        answers=form.answers,
        by=request.user,
        at=at,
        fact_id=form.cleaned_data["fact_id"],
        after=form.cleaned_data["after"],
    )
    if isinstance(stored, Refusal):
        return stored
    judged = services.assess(
        patient=patient, by=request.user, at=at, fact_id=uuid5(stored.pk, "assessment")
    )
    return judged if isinstance(judged, Refusal) else None


@door(*CLINICAL)
@require_http_methods(["GET", "POST"])
def assessment(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """The verdict and every reason for it. POST judges again."""
    patient = patient_for(request.user, patient_id, page="screening verdict", at=now())
    if request.method == "GET":
        return _assessment_page(request, patient)
    form = AssessForm(request.POST)
    if not form.is_valid():
        return _assessment_page(request, patient, refusal=_INCOMPLETE)
    judged = services.assess(
        patient=patient, by=request.user, at=now(), fact_id=form.cleaned_data["fact_id"]
    )
    if isinstance(judged, Refusal):
        return _assessment_page(request, patient, refusal=judged)
    return redirect("screening:assessment", patient_id=patient_id)


@door(Role.PRESCRIBER)
@require_POST
def clear(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """Record a specialist's decision to lift one hold."""
    patient = patient_for(request.user, patient_id, page="screening clearance", at=now())
    form = ClearForm(request.POST)
    if not form.is_valid():
        return _assessment_page(request, patient, sent=form)
    found = patient.assessments.filter(pk=form.cleaned_data["assessment_id"]).first()
    if found is None:
        return _assessment_page(request, patient, refusal=_INCOMPLETE)
    result = services.clear(
        assessment=found,
        rule=form.cleaned_data["rule"],
        reason=form.cleaned_data["reason"],
        signed_name=form.cleaned_data["signed_name"],
        by=request.user,
        at=now(),
        fact_id=form.cleaned_data["fact_id"],
    )
    if isinstance(result, Refusal):
        return _assessment_page(request, patient, refusal=result, sent=form)
    messages.success(request, "The decision is stored, and the patient was judged again with it.")
    return redirect("screening:assessment", patient_id=patient_id)


def _assessment_page(
    request: AsStaff,
    patient: Patient,
    *,
    refusal: Refusal | None = None,
    sent: ClearForm | None = None,
) -> HttpResponse:
    standing = queries.standing(patient, now())
    made = standing.assessment
    may_clear = request.user.role == Role.PRESCRIBER and standing.is_current
    page = _page(
        patient,
        standing=standing,
        assessment=made,
        verdict=shown.verdict(made) if made else None,
        groups=shown.groups(made, may_clear=may_clear, sent=sent) if made else [],
        consent=queries.newest_consent(patient),
        refusal=refusal,
        again=AssessForm(),
    )
    bad = refusal or sent
    return render(request, "screening/assessment.html", page, status=422 if bad else 200)


@door(*CLINICAL)
@require_http_methods(["GET", "POST"])
def consent(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """The text, read together, and the patient's printed name."""
    patient = patient_for(request.user, patient_id, page="consent", at=now())
    form = ConsentForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        given = services.consent(
            patient=patient,
            signed_name=form.cleaned_data["signed_name"],
            text_version=form.cleaned_data["text_version"],
            touch_ok=form.touch_ok,
            by=request.user,
            at=now(),
            fact_id=form.cleaned_data["fact_id"],
        )
        if not isinstance(given, Refusal):
            messages.success(request, "Consent is stored. It can be taken back at any time.")
            return redirect("screening:consent", patient_id=patient_id)
        refusal = given
    return _consent_page(request, patient, form=form, refusal=refusal)


@door(*CLINICAL)
@require_POST
def withdraw(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """Take consent back."""
    patient = patient_for(request.user, patient_id, page="consent withdrawal", at=now())
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _consent_page(request, patient, refusal=_INCOMPLETE)
    result = services.withdraw(
        patient=patient,
        remark=form.cleaned_data["remark"],
        by=request.user,
        at=now(),
        fact_id=form.cleaned_data["fact_id"],
    )
    if isinstance(result, Refusal):
        return _consent_page(request, patient, refusal=result)
    messages.warning(request, "Consent is withdrawn. No session can start.")
    return redirect("screening:consent", patient_id=patient_id)


@door(*CLINICAL)
@require_GET
def signed_text(request: AsStaff, patient_id: UUID, version: str) -> HttpResponse:
    """The wording of one version, as it was signed."""
    patient = patient_for(request.user, patient_id, page="consent text", at=now())
    template = consent_text.TEXTS.get(version)
    page = _page(patient, version=version, template=template)
    return render(request, "screening/text.html", page, status=200 if template else 404)


def _consent_page(
    request: AsStaff,
    patient: Patient,
    *,
    form: ConsentForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    page = _page(
        patient,
        form=form or ConsentForm(),
        refusal=refusal,
        version=consent_text.CURRENT,
        template=consent_text.TEXTS[consent_text.CURRENT],
        newest=queries.newest_consent(patient),
        is_current=queries.standing(patient, now()).consent_current,
        history=patient.consents.select_related("recorded_by").order_by("-happened_at"),
        withdrawal=WithdrawForm(auto_id="id_withdraw_%s"),
    )
    bad = refusal or (form and form.errors)
    return render(request, "screening/consent.html", page, status=422 if bad else 200)


def _page(patient: Patient, **more: Any) -> dict[str, Any]:
    return {"patient": strip_for(patient, at=now()), "step_urls": step_urls(patient.pk), **more}


_INCOMPLETE = Refusal(
    code="form-incomplete",
    because="The form arrived without what this page had put into it.",
    remedy="Reload the page and send it again.",
)
