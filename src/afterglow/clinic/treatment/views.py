"""The screens of a session. What is written stands in `acts.py`, what streams in `streams.py`."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from afterglow.clinic.chart.strip import strip_for
from afterglow.clinic.people.access import CLINICAL, AsStaff, door
from afterglow.clinic.people.models import Patient, Role
from afterglow.clinic.people.queries import patient_for
from afterglow.clinic.people.steps import step_urls
from afterglow.clinic.planning.queries import unused_plan
from afterglow.clinic.preparation.queries import go_for
from afterglow.clinic.record.services import look
from afterglow.clinic.treatment import pads, services
from afterglow.clinic.treatment.ahead import Ahead, ahead_of, levels
from afterglow.clinic.treatment.board import board as rooms
from afterglow.clinic.treatment.board import card_of
from afterglow.clinic.treatment.curves import axis_of
from afterglow.clinic.treatment.forms import StartForm
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.queries import (
    bedside as look_at,
)
from afterglow.clinic.treatment.queries import (
    known_beds,
    newest_session,
    session_for,
)
from afterglow.clinic.treatment.stages import no_longer_go
from afterglow.clinic.treatment.story import story
from afterglow.core.refusal import Refusal

MAY_TREAT = (Role.PRESCRIBER, Role.NURSE)
PARTS = ("alarms", "dose", "next", "phase", "log")


@door(*CLINICAL)
@never_cache
@require_GET
def board(request: AsStaff) -> HttpResponse:
    """All rooms: who is where, the newest numbers, what alarms and what comes next."""
    at = now()
    shown = rooms(at=at)
    for card in shown.cards:
        look(user_id=request.user.pk, patient_id=card.bed.session.patient_id, page="board", at=at)
    return render(request, "treatment/board.html", {"board": shown, "at": at})


@door(*CLINICAL)
@never_cache
@require_GET
def card(request: AsStaff, session_id: UUID) -> HttpResponse:
    """One room of the board, asked for by the board itself."""
    at = now()
    session = session_for(request.user, session_id, page="", at=at)
    return render(request, "treatment/_card.html", {"card": card_of(session, at=at)})


@door(*CLINICAL)
@never_cache
@require_GET
def patient(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """The patient's session of now; without one, the page that starts it."""
    person = patient_for(request.user, patient_id, page="session", at=now())
    newest = newest_session(person)
    if newest is not None and (not newest.is_ended or unused_plan(person) is None):
        return redirect("treatment:bedside", session_id=newest.pk)
    return _start_page(request, person, StartForm(initial={"fact_id": uuid4()}))


@door(*MAY_TREAT)
@require_POST
def start(request: AsStaff, patient_id: UUID) -> HttpResponse:
    """Open the watch under the patient's signed plan."""
    at = now()
    person = patient_for(request.user, patient_id, page="session", at=at)
    form = StartForm(request.POST)
    if not form.is_valid():
        return _start_page(request, person, form, status=422)
    told = form.cleaned_data
    plan = unused_plan(person)
    if plan is None:
        return _already_begun(request, person, told["fact_id"])
    begun = services.start(
        plan=plan, bed=told["bed"], by=request.user, at=at, fact_id=told["fact_id"]
    )
    if isinstance(begun, Refusal):
        return _start_page(request, person, form, refusal=begun, status=422)
    return redirect("treatment:bedside", session_id=begun.pk)


def _already_begun(request: AsStaff, person: Patient, fact_id: UUID) -> HttpResponse:
    """Sent twice, or somebody was faster: the session that runs is shown, no second one begun."""
    newest = newest_session(person)
    if newest is None:
        return redirect("treatment:patient", patient_id=person.pk)
    if newest.pk != fact_id:
        messages.warning(
            request,
            f"This plan's session had already begun, in {newest.bed}. "
            "No second one was started: go on with this one.",
        )
    return redirect("treatment:bedside", session_id=newest.pk)


@door(*CLINICAL)
@never_cache
@require_GET
def bedside(request: AsStaff, session_id: UUID) -> HttpResponse:
    """The bedside page, whole: everything on it is true at the moment it is sent."""
    session = session_for(request.user, session_id, page="bedside", at=now())
    return bedside_page(request, session)


@door(*CLINICAL)
@never_cache
@require_GET
def part(request: AsStaff, session_id: UUID, name: str) -> HttpResponse:
    """One part of the bedside page, asked for by the page itself when it hears of a change."""
    session = session_for(request.user, session_id, page="", at=now())
    return render(request, f"treatment/_{name}.html", _context(request, session))


@door(*CLINICAL)
@never_cache
@require_GET
def axis(request: AsStaff, session_id: UUID) -> JsonResponse:
    """The curves, asked for by the page itself."""
    at = now()
    return JsonResponse(axis_of(session_for(request.user, session_id, page="", at=at), at=at))


@door(*CLINICAL)
@never_cache
@require_GET
def ahead(request: AsStaff, session_id: UUID) -> HttpResponse:
    """What pausing or slowing now would do, asked for by the page itself."""
    session = session_for(request.user, session_id, page="", at=now())
    context = {"session": session, "ahead": _ahead(request, session)}
    return render(request, "treatment/_ahead.html", context)


def bedside_page(
    request: AsStaff, session: Session, *, refusal: Refusal | None = None, wrong: str = ""
) -> HttpResponse:
    """The bedside page, with what could not be done at its head."""
    context = _context(request, session) | {"refusal": refusal, "wrong": wrong}
    context |= {
        "axis": axis_of(session, at=now()),
        "ahead": _ahead(request, session),
        "patient": strip_for(session.patient, at=now()),
        "step_urls": step_urls(session.patient_id),
        "pads": pads.all_pads(),
        "symptoms": pads.SYMPTOMS,
    }
    status = 422 if refusal or wrong else 200
    return render(request, "treatment/bedside.html", context, status=status)


def _ahead(request: AsStaff, session: Session) -> Ahead | None:
    asked = {f"{one.points:g}": one.points for one in levels()}
    return ahead_of(session, at=now(), below=asked.get(request.GET.get("below", "")))


def _context(request: AsStaff, session: Session) -> dict[str, Any]:
    at = now()
    return {
        "session": session,
        "bed": look_at(session, at=at),
        "at": at,
        "new_id": uuid4,
        "log": story(session)[:60],
        "may_give": request.user.role in MAY_TREAT,
    }


def _start_page(
    request: AsStaff,
    person: Patient,
    form: StartForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    at = now()
    plan = unused_plan(person)
    go = go_for(plan, at) if plan else None
    stale = no_longer_go(plan, go, at=at) if plan and go else None
    context = {
        "patient": strip_for(person, at=at),
        "step_urls": step_urls(person.pk),
        "form": form,
        "plan": plan,
        "go": go,
        "stale": stale,
        "beds": known_beds(),
        "refusal": refusal or stale,
        "may_start": request.user.role in MAY_TREAT,
    }
    return render(request, "treatment/start.html", context, status=status)
