"""Screens of leaving: the criteria, the signature, the written instructions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.strip import strip_for
from afterglow.clinic.discharge import queries, services
from afterglow.clinic.discharge.forms import BookForm, CheckForm, SignForm, filled_in
from afterglow.clinic.discharge.found import next_contact, times_of
from afterglow.clinic.discharge.models import Discharge, LeavingCheck
from afterglow.clinic.people.access import CLINICAL, AsStaff, door
from afterglow.clinic.people.models import Role
from afterglow.clinic.people.steps import step_urls
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.queries import session_for
from afterglow.core.care import saved
from afterglow.core.care.leave import Criterion, Found, Met
from afterglow.core.refusal import Refusal

STATES = {Met.MET: "ok", Met.NOT_MET: "stop", Met.UNKNOWN: "unknown"}


@door(*CLINICAL)
@require_http_methods(["GET", "POST"])
def leave(request: AsStaff, session_id: UUID) -> HttpResponse:
    """Every criterion with its value, limit, time and source. POST records what is seen now."""
    session = session_for(request.user, session_id, page="discharge", at=now())
    if request.method == "GET":
        return _page(request, session)
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _page(request, session, check_form=form)
    result = services.check(
        session=session,
        said=form.said,
        measured=form.measured,
        by=request.user,
        at=now(),
        fact_id=form.cleaned_data["fact_id"],
    )
    if isinstance(result, Refusal):
        return _page(request, session, check_form=form, refusal=result)
    return redirect("discharge:leave", session_id=session_id)


@door(*CLINICAL)
@require_POST
def book(request: AsStaff, session_id: UUID) -> HttpResponse:
    """Book the next contact."""
    session = session_for(request.user, session_id, page="next contact", at=now())
    form = BookForm(request.POST)
    if not form.is_valid():
        return _page(request, session, book_form=form)
    result = services.book(
        session=session,
        kind=form.cleaned_data["kind"],
        due_at=form.cleaned_data["due_at"],
        by=request.user,
        at=now(),
        fact_id=form.cleaned_data["fact_id"],
    )
    if isinstance(result, Refusal):
        return _page(request, session, book_form=form, refusal=result)
    messages.success(request, "The next contact is booked.")
    return redirect("discharge:leave", session_id=session_id)


@door(Role.PRESCRIBER, Role.NURSE)
@require_POST
def sign(request: AsStaff, session_id: UUID) -> HttpResponse:
    """Let the patient go."""
    session = session_for(request.user, session_id, page="discharge signature", at=now())
    form = SignForm(request.POST)
    if not form.is_valid():
        return _page(request, session, sign_form=form)
    result = services.discharge(
        session=session,
        signed_as=form.cleaned_data["signed_as"],
        override_reason=form.cleaned_data["override_reason"],
        by=request.user,
        at=now(),
        fact_id=form.cleaned_data["fact_id"],
    )
    if isinstance(result, Refusal):
        return _page(request, session, sign_form=form, refusal=result)
    messages.success(request, "The patient has left. The session is closed.")
    return redirect("discharge:leave", session_id=session_id)


@door(*CLINICAL)
@require_GET
def instructions(request: AsStaff, session_id: UUID) -> HttpResponse:
    """What the patient takes home, in plain words, on one printed page."""
    at = now()
    session = session_for(request.user, session_id, page="written instructions", at=at)
    page = {
        "patient": strip_for(session.patient, at=at),
        "session": session,
        "contact": next_contact(session, at=at),
        "today": session.started_at,
    }
    return render(request, "discharge/instructions.html", page)


def _page(
    request: AsStaff, session: Session, *, refusal: Refusal | None = None, **forms: Any
) -> HttpResponse:
    at = now()
    left = queries.discharge_of(session)
    if left is not None:
        return _left_page(request, session, left, refusal)
    standing = queries.leave_now(session, at=at)
    page = {
        "leave": standing,
        "is_running": session.stage == Session.Stage.RUNNING,
        "contact": next_contact(session, at=at),
        "may_sign": request.user.role in services.MAY_SIGN,
        "may_override": request.user.role == Role.PRESCRIBER,
        "newest": queries.newest_check(session),
        "refusal": refusal,
        "check_form": CheckForm(initial=filled_in(standing.said)),
        "book_form": BookForm(auto_id="id_book_%s"),
        "sign_form": SignForm(auto_id="id_sign_%s"),
        **_about(session, standing.criteria, times_of(standing.found, standing.said_at)),
        **forms,
    }
    bad = refusal or forms
    return render(request, "discharge/leave.html", page, status=422 if bad else 200)


def _left_page(
    request: AsStaff, session: Session, left: Discharge, refusal: Refusal | None
) -> HttpResponse:
    check: LeavingCheck = left.check_used
    times = times_of(saved.load(Found, check.found), None)
    page = {"left": left, "refusal": refusal, **_about(session, queries.criteria_of(check), times)}
    return render(request, "discharge/left.html", page, status=422 if refusal else 200)


def _about(
    session: Session, criteria: tuple[Criterion, ...], times: Mapping[str, datetime]
) -> dict[str, Any]:
    shown = [one for one in criteria if one.id != queries.SIGNATURE]
    return {
        "patient": strip_for(session.patient, at=now()),
        "step_urls": step_urls(session.patient_id),
        "session": session,
        "criteria": [_line(one, times.get(one.id)) for one in shown],
    }


def _line(one: Criterion, seen_at: datetime | None) -> dict[str, str]:
    """A criterion as `{% checklist %}` draws it."""
    seen = f"Seen {at_clinic(seen_at):%H:%M}." if seen_at else ""
    return {
        "text": one.label,
        "state": STATES[one.state],
        "value": one.value,
        "reason": " ".join(filter(None, (f"Limit: {one.limit}.", seen, one.remedy))),
        "source": one.source,
        "grade": one.grade.value,
    }
