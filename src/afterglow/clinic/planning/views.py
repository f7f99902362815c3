"""Screens of planning: look, ask the model, sign."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from afterglow.clinic.chart import services as chart
from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.strip import strip_for
from afterglow.clinic.people.access import CLINICAL, AsStaff, door
from afterglow.clinic.people.models import Patient, Role
from afterglow.clinic.people.queries import patient_for
from afterglow.clinic.people.steps import step_urls
from afterglow.clinic.planning import services
from afterglow.clinic.planning.designer import look_at
from afterglow.clinic.planning.forms import FactForm, SignForm
from afterglow.clinic.planning.measuring import MeasureForm
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.planning.page import Page, page_for
from afterglow.clinic.planning.queries import proposal_for
from afterglow.clinic.planning.shaped import Shaped
from afterglow.clinic.releases.queries import NothingSigned
from afterglow.core.dosing.options import Profile
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal


@door(*CLINICAL)
@never_cache
@require_GET
def plan(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """The dose designer, what the model proposes and why, and the signature."""
    patient = patient_for(request.user, patient_id, page="plan", at=now())
    return _page(request, patient)


@door(Role.PRESCRIBER, Role.NURSE)
@require_POST
def measure(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """Enter size, pressure and pulse at rest, and what was asked."""
    patient = patient_for(request.user, patient_id, page="measurements", at=now())
    form = MeasureForm(request.POST)
    if not form.is_valid():
        return _page(request, patient, measure_form=form)
    entry: dict[str, Any] = {"patient": patient, "by": request.user, "at": now()}
    entry["fact_id"] = form.cleaned_data["fact_id"]
    try:
        told = chart.measure(**entry, values=form.values)
    except BadInput as error:
        form.add_error(None, str(error))
        return _page(request, patient, measure_form=form)
    answered = [chart.answer(**entry, question=q, said=said) for q, said in form.answers.items()]
    for one in (told, *answered):
        if isinstance(one, Refusal):
            return _page(request, patient, refusal=one)
    messages.success(request, "Measurements recorded.")
    return redirect("planning:plan", patient_id=patient.pk)


@door(Role.PRESCRIBER, Role.NURSE)
@require_POST
def propose(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """Ask the model for the next session's dose."""
    patient = patient_for(request.user, patient_id, page="proposal", at=now())
    form = FactForm(request.POST)
    fact_id = form.cleaned_data["fact_id"] if form.is_valid() else uuid4()
    made = services.propose(patient=patient, by=request.user, at=now(), fact_id=fact_id)
    if isinstance(made, Refusal):
        return _page(request, patient, refusal=made)
    return redirect("planning:plan", patient_id=patient.pk)


@door(*CLINICAL)
@never_cache
@require_GET
def bands(request: AsStaff, proposal_id: UUID) -> JsonResponse:
    """One dose, drawn: what the designer asks for at every turn of a dial."""
    proposal = proposal_for(request.user, proposal_id)
    asked = {name: request.GET.get(name) for name in ("dose_mg", "minutes")}
    try:
        dose_mg, minutes = (float(value or "") for value in asked.values())
    except ValueError:
        return JsonResponse({"axis": None, "risk": [], "refusal": _not_numbers(asked)}, status=422)
    profile = _profile(request.GET.get("profile"))
    if profile is None:
        return JsonResponse({"axis": None, "risk": [], "refusal": NO_SHAPE}, status=422)
    looked = look_at(
        proposal,
        dose=Shaped(dose_mg, minutes, profile),
        concentration_mg_per_ml=_number(request.GET.get("concentration_mg_per_ml")),
        made_up_to_ml=_number(request.GET.get("made_up_to_ml")),
    )
    return JsonResponse(looked.to_json(), status=200 if looked.axis else 422)


@door(Role.PRESCRIBER)
@require_POST
def sign(request: AsStaff, proposal_id: UUID) -> HttpResponse:
    """Sign the dose as it stands on the dials."""
    proposal = proposal_for(request.user, proposal_id)
    patient = patient_for(request.user, proposal.patient_id, page="sign plan", at=now())
    form = SignForm(request.POST, weight_kg=_weight_kg(proposal.inputs))
    if not form.is_valid():
        return _page(request, patient, sign_form=form)
    signed = services.sign(
        proposal=proposal,
        wanted=form.wanted,
        instead_of=form.cleaned_data["instead_of"],
        by=request.user,
        at=now(),
        fact_id=form.cleaned_data["fact_id"],
    )
    if isinstance(signed, Refusal):
        return _page(request, patient, sign_form=form, refusal=signed)
    waits = " It waits for a second prescriber." if signed.needs_second else ""
    messages.success(request, f"Signed: {signed}.{waits}")
    return redirect("planning:plan", patient_id=patient.pk)


@door(Role.PRESCRIBER)
@require_POST
def countersign(request: AsStaff, plan_id: UUID) -> HttpResponse:
    """Sign as the second prescriber."""
    signed = get_object_or_404(Plan, pk=plan_id)
    patient = patient_for(request.user, signed.patient_id, page="countersign plan", at=now())
    form = FactForm(request.POST)
    fact_id = form.cleaned_data["fact_id"] if form.is_valid() else uuid4()
    result = services.countersign(plan=signed, by=request.user, at=now(), fact_id=fact_id)
    if isinstance(result, Refusal):
        return _page(request, patient, refusal=result)
    messages.success(request, f"Signed by two prescribers: {signed}.")
    return redirect("planning:plan", patient_id=patient.pk)


def _page(request: AsStaff, patient: Patient, **more: Any) -> HttpResponse:
    """The whole planning page, with a form or a refusal in its place after a POST."""
    at = now()
    try:
        shown = page_for(patient, request.user, at=at, shown=_shown(request))
    except NothingSigned as error:
        return render(
            request, "planning/nothing_signed.html", _around(patient, error=error), status=503
        )
    context = _around(
        patient,
        page=shown,
        fact_id=uuid4(),
        measure_form=MeasureForm(),
        sign_form=_sign_form(shown, today=at_clinic(at).date()),
    )
    return render(request, "planning/plan.html", context | more, status=422 if more else 200)


def _around(patient: Patient, **more: Any) -> dict[str, Any]:
    return {"patient": strip_for(patient, at=now()), "step_urls": step_urls(patient.pk), **more}


def _sign_form(page: Page, *, today: Any) -> SignForm | None:
    if page.proposal is None or page.inputs is None:
        return None
    initial: dict[str, Any] = {
        "fact_id": uuid4(),
        "instead_of": page.stands.pk if page.stands else None,
        "planned_for": today,
    }
    if page.shown:
        shown = page.shown
        initial |= {"dose_mg": f"{shown.dose_mg:g}", "minutes": f"{shown.minutes:g}"}
        initial |= {"profile": shown.profile.value}
    return SignForm(initial=initial, weight_kg=page.inputs.facts.covariates.weight_kg)


def _shown(request: HttpRequest) -> Shaped | None:
    """The dose that a link or a form that came back asks to be drawn."""
    asked = request.POST if request.method == "POST" else request.GET
    dose_mg, minutes = _number(asked.get("dose_mg")), _number(asked.get("minutes"))
    profile = _profile(asked.get("profile"))
    if dose_mg is None or minutes is None or profile is None:
        return None
    return Shaped(dose_mg, minutes, profile)


def _profile(text: str | None) -> Profile | None:
    """None: there is no such shape. A link from before there was a choice names none: constant."""
    if text is None:
        return Profile.CONSTANT
    return Profile(text) if text in set(Profile) else None


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


NO_SHAPE = {
    "code": "not-a-shape",
    "because": "The rate can be constant, a ramp or a step-down.",
    "remedy": "Choose one of the three.",
    "source": "",
}


def _weight_kg(inputs: dict[str, Any]) -> float:
    return float(inputs["facts"]["covariates"]["weight_kg"])


def _not_numbers(asked: dict[str, str | None]) -> dict[str, str]:
    said = ", ".join(f"{name}={value!r}" for name, value in asked.items())
    return {
        "code": "not-a-number",
        "because": f"A dose and its minutes must be numbers, got {said}.",
        "remedy": "Enter both as numbers, for example 35 and 40.",
        "source": "",
    }
