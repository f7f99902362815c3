"""What is sent from the bedside page. Each answers with a sentence, or with the page anew."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from afterglow.clinic.people.access import CLINICAL, AsStaff, door
from afterglow.clinic.people.models import User
from afterglow.clinic.treatment import services
from afterglow.clinic.treatment.answering import SCALES
from afterglow.clinic.treatment.forms import (
    GIVE,
    AcknowledgeForm,
    EndForm,
    FactForm,
    GiveForm,
    NumbersForm,
    RateForm,
    RemarkForm,
)
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.queries import alarm_for, session_for
from afterglow.clinic.treatment.views import MAY_TREAT, bedside_page
from afterglow.core.care.symptoms import Symptom
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal


@door(*MAY_TREAT)
@require_POST
def give(request: AsStaff, session_id: UUID) -> HttpResponse:
    """What a person has set on the pump, or pushed."""
    session = _session(request, session_id)
    form = GiveForm(request.POST)
    if not form.is_valid():
        return _answer(request, session, wrong=form.said())
    told = form.cleaned_data
    done = _give(session, told, by=request.user, at=now())
    return _answer(request, session, done, dict(GIVE)[told["what"]] + ".")


def _give(session: Session, told: dict[str, Any], *, by: User, at: datetime) -> object:
    fact = {"by": by, "at": at, "fact_id": told["fact_id"]}
    if told["what"] == "rate":
        return services.change_rate(session, rate_mg_per_min=told["rate_mg_per_min"], **fact)
    if told["what"] == "push":
        amount, minutes = told["amount_mg"], told["duration_min"]
        return services.push(session, amount_mg=amount, duration_min=minutes, **fact)
    if told["what"] == "step":
        return services.follow_step(session, step=told["step"], taken_up=told["taken_up"], **fact)
    verb = {
        "begin": services.give_as_planned,
        "pause": services.pause,
        "resume": services.resume,
    }[told["what"]]
    return verb(session, **fact)


@door(*CLINICAL)
@require_POST
def numbers(request: AsStaff, session_id: UUID) -> HttpResponse:
    """Numbers read off and typed, a cuff above all."""
    session = _session(request, session_id)
    form = NumbersForm(request.POST)
    if not form.is_valid():
        return _answer(request, session, wrong=form.said())
    fact = {"by": request.user, "at": now(), "fact_id": form.cleaned_data["fact_id"]}
    try:
        done = services.enter_readings(session, values=form.values(), **fact)
    except BadInput as error:
        return _answer(request, session, wrong=str(error))
    return _answer(request, session, done, "Numbers recorded.")


@door(*CLINICAL)
@require_POST
def rate(request: AsStaff, session_id: UUID) -> HttpResponse:
    """A rating, in two taps."""
    session = _session(request, session_id)
    form = RateForm(request.POST)
    if not form.is_valid():
        return _answer(request, session, wrong=form.said())
    told = form.cleaned_data
    try:
        done = services.rate(
            session,
            scale=told["scale"],
            value=told["value"],
            by=request.user,
            at=now(),
            fact_id=told["fact_id"],
        )
    except BadInput as error:
        return _answer(request, session, wrong=str(error))
    label = SCALES[told["scale"]].label
    return _answer(request, session, done, f"{label} {told['value']} recorded.")


@door(*CLINICAL)
@require_POST
def remark(request: AsStaff, session_id: UUID) -> HttpResponse:
    """A note, a symptom, or the wish to stop."""
    session = _session(request, session_id)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _answer(request, session, wrong=form.said())
    told = form.cleaned_data
    symptom = Symptom(told["symptom"]) if told["symptom"] else None
    done = services.remark(
        session,
        text=told["text"],
        symptom=symptom,
        by=request.user,
        at=now(),
        fact_id=told["fact_id"],
    )
    return _answer(request, session, done, _after_remark(symptom))


def _after_remark(symptom: Symptom | None) -> str:
    if symptom is Symptom.ASKS_TO_STOP:
        return "Recorded: the patient asks to stop. Pause the pump now; the record is paused."
    return f"Recorded: {symptom.label}." if symptom else "Note recorded."


@door(*CLINICAL)
@require_POST
def acknowledge(request: AsStaff, alarm_id: UUID) -> HttpResponse:
    """Take an alarm on, with what was found or done."""
    alarm = alarm_for(request.user, alarm_id, at=now())
    session = _session(request, alarm.encounter_id)
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        return _answer(request, session, wrong=form.said())
    told = form.cleaned_data
    seen = services.acknowledge(
        alarm, reason=told["reason"], by=request.user, at=now(), fact_id=told["fact_id"]
    )
    if seen.recorded_by_id == request.user.pk:
        return _answer(request, session, words=f"Acknowledged: {seen.reason}.")
    first = seen.recorded_by.name if seen.recorded_by else "someone"
    return _answer(request, session, words=f"{first} had already answered: {seen.reason}.")


@door(*MAY_TREAT)
@require_POST
def recover(request: AsStaff, session_id: UUID) -> HttpResponse:
    """No more drug today."""
    session = _session(request, session_id)
    form = FactForm(request.POST)
    if not form.is_valid():
        return _answer(request, session, wrong=form.said())
    fact = {"by": request.user, "at": now(), "fact_id": form.cleaned_data["fact_id"]}
    return _answer(
        request, session, services.begin_recovery(session, **fact), "Recovery has begun."
    )


@door(*MAY_TREAT)
@require_POST
def end(request: AsStaff, session_id: UUID) -> HttpResponse:
    """Close the watch of somebody who goes without a discharge: by ambulance, or by their will."""
    session = _session(request, session_id)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _answer(request, session, wrong=form.said())
    told = form.cleaned_data
    done = services.end_early(
        session, why=told["why"], by=request.user, at=now(), fact_id=told["fact_id"]
    )
    return _answer(request, session, done, "The session has ended.")


def _session(request: AsStaff, session_id: UUID | None) -> Session:
    if session_id is None:
        raise ValueError("An alarm of the bedside always names its session.")
    return session_for(request.user, session_id, page="", at=now())


def _answer(
    request: AsStaff, session: Session, done: object = None, words: str = "", *, wrong: str = ""
) -> HttpResponse:
    """A sentence for the page's own script, which stays where it is; the page anew for a form."""
    refusal = done if isinstance(done, Refusal) else None
    failed = bool(refusal or wrong)
    if "HX-Request" in request.headers:
        said = {"refusal": refusal, "wrong": wrong, "words": words}
        answer = render(request, "treatment/_said.html", said, status=422 if failed else 200)
        # The next thing sent from the same form is another fact.
        answer["Next-Fact-Id"] = str(uuid4())
        return answer
    if failed:
        session.refresh_from_db()
        return bedside_page(request, session, refusal=refusal, wrong=wrong)
    messages.success(request, words)
    return redirect("treatment:bedside", session_id=session.pk)
