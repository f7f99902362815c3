"""The demonstration is made by the clinic's own services, so it must always be possible."""

import pytest
from django.test import Client
from django.utils.timezone import now

from afterglow.clinic.chart.models import DoseGiven, Reading
from afterglow.clinic.people.home import make_link
from afterglow.clinic.people.models import Patient, User
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.record.verify import flaws
from afterglow.clinic.treatment.models import Session
from afterglow.site.demo.clinic import BED, make_clinic
from afterglow.site.demo.people import PEOPLE, Point
from afterglow.site.overview.standing import standings

pytestmark = pytest.mark.django_db


def test_twelve_patients_each_stand_where_their_story_says() -> None:
    make_clinic(say=lambda words: None)
    make_clinic(say=lambda words: None)  # a second start adds nobody
    patients = {one.number: one.pk for one in Patient.objects.all()}
    assert len(patients) == len(PEOPLE) == 12
    where = standings(patients.values(), at=now())
    words = {one.point: where[patients[one.number]].words for one in PEOPLE}
    assert words == {
        Point.ARRIVED: "Not assessed",
        Point.INTAKE: "Answers missing",
        Point.HELD: "On hold",
        Point.EXCLUDED: "Excluded",
        Point.ELIGIBLE: "No consent",
        Point.CONSENTED: "Eligible, consented",
        Point.PLANNED: "Session 1 planned",
        Point.CHECKED: "Ready to start",
        Point.IN_SESSION: f"In a session, {BED}",
        Point.LEARNED: "2 sessions given",
        Point.RESPONDED: "6 sessions given",
        Point.NOT_BETTER: "An answer that cannot wait",
    }
    assert Session.objects.in_progress().count() == 1
    assert Reading.objects.exists()
    assert DoseGiven.objects.exists()
    assert Plan.objects.filter(patient__number="LS-1010").count() == 2
    assert list(flaws()) == []


def test_a_one_time_link_signs_in_once() -> None:
    user = User.objects.create(username="nurse", role="nurse")
    path = make_link(user, at=now())
    browser = Client()
    assert b"nurse" in browser.get(path).content
    assert browser.post(path).status_code == 302
    assert browser.session["one_time_link"]
    assert Client().post(path).status_code == 410
