"""Screens of the desk and of the auditor."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from afterglow.clinic.people import desk as at_desk
from afterglow.clinic.people import looks as seen
from afterglow.clinic.people import queries, services
from afterglow.clinic.people.access import CLINICAL, AsStaff, door
from afterglow.clinic.people.forms import AdmitForm, CorrectForm, DayForm, SoughtForm
from afterglow.clinic.people.inviting import give_access
from afterglow.clinic.people.models import Patient, PersonalDetails, Role
from afterglow.clinic.people.steps import step_urls
from afterglow.core.refusal import Refusal

ROWS_A_PAGE = 100


@door(*CLINICAL, Role.FRONT_DESK)
@require_GET
def desk(request: AsStaff) -> HttpResponse:
    """A day's visits by name, and a search by name. Nothing of health."""
    form = DayForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    day: date = asked.get("day") or localdate()
    words: str = asked.get("words", "")
    page = {
        "form": form if form.errors else DayForm(initial={"day": day, "words": words}),
        "day": day,
        "is_today": day == localdate(),
        "visits": at_desk.visits(day),
        "words": words,
        "found": at_desk.search(words),
        "most": at_desk.SHOWN_AT_MOST,
    }
    return render(request, "people/desk.html", page)


@door(*CLINICAL, Role.FRONT_DESK)
@require_http_methods(["GET", "POST"])
def admit(request: AsStaff) -> HttpResponse:
    """Open a patient's book."""
    form = AdmitForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        result = services.admit(
            patient_id=form.cleaned_data["patient_id"],
            number=form.cleaned_data["number"],
            another_person=form.cleaned_data["another_person"],
            details=form.details,
            by=request.user,
            at=now(),
        )
        if isinstance(result, Patient):
            messages.success(request, f"{form.details.given_name} is admitted.")
            return _after_admission(request, result)
        refusal = result
    form.offer_another_person(wanted=refusal is not None and refusal.code == "perhaps-known")
    page = {"form": form, "refusal": refusal}
    return render(request, "people/admit.html", page, status=_status(form, refusal))


def _after_admission(request: AsStaff, patient: Patient) -> HttpResponse:
    if request.user.role == Role.FRONT_DESK:
        return redirect("people:desk")
    return redirect("screening:intake", patient_id=patient.pk)


@door(*CLINICAL, Role.FRONT_DESK)
@require_http_methods(["GET", "POST"])
def details(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """Who the patient is, everything that was ever entered about that, and how to correct it."""
    patient = queries.person_for(request.user, patient_id, page="personal details", at=now())
    newest = queries.current_details(patient)
    form = CorrectForm(request.POST or None, initial=_filled_in(newest))
    refusal = None
    if request.method == "POST" and form.is_valid():
        result = services.correct_details(
            patient=patient,
            corrects=form.cleaned_data["corrects"],
            fact_id=form.cleaned_data["fact_id"],
            details=form.details,
            by=request.user,
            at=now(),
        )
        if not isinstance(result, Refusal):
            messages.success(request, "The newer details are stored; the older ones are kept.")
            return redirect("people:details", patient_id=patient_id)
        refusal = result
    page = {
        "patient": patient,
        "newest": newest,
        "history": queries.history(patient),
        "access": patient.accessgivens.select_related("recorded_by").last(),
        "form": form,
        "refusal": refusal,
        "step_urls": step_urls(patient.pk) if request.user.role in CLINICAL else {},
    }
    return render(request, "people/details.html", page, status=_status(form, refusal))


@door(*CLINICAL, Role.FRONT_DESK)
@require_POST
@never_cache
def access(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """Give the patient the way to their own pages. The password is shown here and never again."""
    patient = queries.person_for(request.user, patient_id, page="access to own pages", at=now())
    given = give_access(patient=patient, by=request.user, at=now())
    page = {"patient": patient, "newest": queries.current_details(patient), "given": given}
    return render(request, "people/access.html", page)


def _filled_in(newest: PersonalDetails) -> dict[str, Any]:
    names = CorrectForm.base_fields.keys() - {"fact_id", "corrects"}
    return {name: getattr(newest, name) for name in names} | {"corrects": newest.pk}


@door(Role.AUDITOR)
@require_GET
def looks(request: AsStaff) -> HttpResponse:
    """Who opened whose record."""
    form = SoughtForm(request.GET or None)
    rows = Paginator(seen.looks(form.sought), ROWS_A_PAGE).get_page(request.GET.get("page"))
    names = at_desk.current({one.patient_id for one in rows})
    query = request.GET.copy()
    query.pop("page", None)
    page = {
        "form": form,
        "rows": rows,
        "lines": [(one, names.get(one.patient_id)) for one in rows],
        "query": query.urlencode(),
    }
    return render(request, "people/looks.html", page)


def _status(form: AdmitForm | CorrectForm, refusal: Refusal | None) -> int:
    return 422 if refusal or form.errors else 200
