"""The page on which a number typed by hand is put right."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from afterglow.clinic.chart.models import Reading
from afterglow.clinic.chart.strip import strip_for
from afterglow.clinic.people.access import CLINICAL, AsStaff, door
from afterglow.clinic.people.steps import step_urls
from afterglow.clinic.treatment.correcting import correct_reading
from afterglow.clinic.treatment.forms import CorrectForm
from afterglow.clinic.treatment.queries import session_for
from afterglow.core.care.signs import Sign
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal


@door(*CLINICAL)
@require_http_methods(["GET", "POST"])
def correct(request: AsStaff, session_id: UUID, reading_id: UUID) -> HttpResponse:
    """Show the number as it was typed, and take the right one."""
    at = now()
    session = session_for(request.user, session_id, page="correct a number", at=at)
    wrong = get_object_or_404(Reading, pk=reading_id, encounter_id=session.pk)
    form = CorrectForm(request.POST or None, initial={"fact_id": uuid4()})
    refusal = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            done = correct_reading(session, wrong=wrong, by=request.user, at=at, **told)
        except BadInput as error:
            form.add_error("value", str(error))
        else:
            if not isinstance(done, Refusal):
                messages.success(request, f"{Sign(wrong.sign).label} corrected: {done.value:g}.")
                return redirect("treatment:bedside", session_id=session.pk)
            refusal = done
    context = {
        "session": session,
        "wrong": wrong,
        "sign": Sign(wrong.sign),
        "form": form,
        "refusal": refusal,
        "patient": strip_for(session.patient, at=at),
        "step_urls": step_urls(session.patient_id),
    }
    failed = refusal or form.errors
    return render(request, "treatment/correct.html", context, status=422 if failed else 200)
