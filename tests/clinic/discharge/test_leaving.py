"""Nobody leaves by the clock alone: all criteria are met, or a prescriber says why not to wait."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from afterglow.clinic.chart.models import Encounter, Rating, Reading
from afterglow.clinic.discharge.models import Discharge, LeavingCheck
from afterglow.clinic.discharge.queries import criteria_of, leave_now, newest_check
from afterglow.clinic.treatment.models import Session
from afterglow.core.care.instruments.cssrs import Risk
from afterglow.core.care.leave import Met
from afterglow.core.care.words import YesNo
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal
from tests.clinic.discharge.conftest import WELL

pytestmark = pytest.mark.django_db


def unmet(check: LeavingCheck) -> set[str]:
    return {one.id for one in criteria_of(check) if one.state is not Met.MET} - {"signature"}


def test_a_patient_who_is_well_leaves_after_the_shortest_stay(story):
    story.book()
    assert story.look(105).overall == "ready"
    left = story.let_go(106)
    assert isinstance(left, Discharge)
    assert left.escort_name == "Bea Test, sister"
    assert Session.objects.get().is_ended


def test_ready_and_left_are_two_times(story):
    story.book()
    story.look(95)  # too early
    story.look(105)
    story.look(112)
    left = story.let_go(118)
    assert (left.ready_at, left.left_at) == (story.at(105), story.at(118))


def test_a_bad_look_in_between_begins_the_wait_again(story):
    story.book()
    story.look(105)
    story.look(110, systolic=172.0, diastolic=96.0)
    story.look(116)
    assert story.let_go(117).ready_at == story.at(116)


@pytest.mark.parametrize(
    ("said", "changes", "criterion"),
    [
        ({"gait_steady": YesNo.NO}, {}, "gait"),
        ({"oriented": YesNo.UNKNOWN}, {}, "oriented"),
        ({"suicide_risk": Risk.HIGH}, {}, "suicide-risk"),
        ({"suicide_risk": None}, {}, "suicide-risk"),
        ({"instructions_given": YesNo.NO}, {}, "instructions"),
        ({}, {"moaas": 4.0}, "sedation"),
        ({}, {"cadss6": 6.0}, "dissociation"),
        ({}, {"nausea": 7.0}, "nausea"),
        ({}, {"systolic": 165.0}, "pressure"),
        ({}, {"spo2": 93.0}, "saturation"),
    ],
)
def test_each_criterion_alone_keeps_the_patient_here(story, said, changes, criterion):
    story.book()
    assert unmet(story.look(165, replace(WELL, **said), **changes)) == {criterion}
    assert story.let_go(166).code == "not-ready-to-leave"
    assert Discharge.objects.count() == 0
    assert not Session.objects.get().is_ended


def test_without_an_escort_the_stay_is_longer_and_someone_must_be_named(story):
    story.book()
    alone = replace(WELL, escorted=YesNo.NO, escort_name="")
    assert unmet(story.look(110, alone)) == {"time", "escort"}


def test_someone_who_was_sedated_stays_the_longer_time(story):
    story.book()
    story.look(60, moaas=3.0)
    assert "time" in unmet(story.look(110))
    assert unmet(story.look(165)) == set()


def test_nothing_looked_at_is_not_known_rather_than_fine(story):
    leave = leave_now(story.session, at=story.at(120))
    states = {one.id: one.state for one in leave.criteria}
    for id in ("gait", "oriented", "nausea", "dissociation", "suicide-risk", "escort"):
        assert states[id] is Met.UNKNOWN


def test_what_was_seen_grows_old_and_what_was_arranged_does_not(story):
    story.book()
    story.look(105)
    states = {one.id: one.state for one in leave_now(story.session, at=story.at(125)).criteria}
    assert states["gait"] is Met.UNKNOWN
    assert states["sedation"] is Met.UNKNOWN
    assert states["escort"] is Met.MET
    assert story.let_go(125).code == "not-ready-to-leave"


def test_a_refusal_names_every_criterion_with_its_value(story):
    story.book()
    story.look(105, replace(WELL, gait_steady=YesNo.NO), nausea=7.0)
    refusal = story.let_go(106)
    assert "steady gait, timed walk: no" in refusal.because
    assert "nausea 0-10: 7" in refusal.because


def test_a_prescriber_may_decide_otherwise_in_words(story, prescriber):
    story.book()
    story.look(105, nausea=7.0)
    left = story.let_go(106, by=prescriber, override_reason="Usual for her; sister is a nurse.")
    assert left.override_reason == "Usual for her; sister is a nurse."
    assert left.ready_at is None


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_prescriber_without_a_reason_may_not(story, prescriber, reason):
    story.book()
    story.look(105, nausea=7.0)
    refusal = story.let_go(106, by=prescriber, override_reason=reason)
    assert refusal.code == "not-ready-to-leave"


def test_a_nurse_may_not_override(story):
    story.book()
    story.look(105, nausea=7.0)
    assert story.let_go(106, override_reason="Seems fine.").code == "not-ready-to-leave"


def test_a_therapist_does_not_sign(story, therapist):
    story.book()
    story.look(105)
    assert story.let_go(106, by=therapist).code == "not-a-signer"


def test_an_unsigned_discharge_is_none(story):
    story.book()
    story.look(105)
    assert story.let_go(106, signed_as=" ").code == "not-signed"


def test_nobody_goes_without_a_next_contact_not_even_by_override(story, prescriber):
    story.look(105)
    assert story.let_go(106, by=prescriber, override_reason="In a hurry.").code == "no-next-contact"


def test_a_contact_in_the_past_is_not_booked(story):
    assert story.book(after=-timedelta(hours=1)).code == "contact-in-the-past"
    assert Encounter.objects.filter(kind="call").count() == 0


def test_two_people_at_once_discharge_once(story, prescriber):
    story.book()
    story.look(105)
    story.let_go(106)
    refusal = story.let_go(106, by=prescriber)
    assert refusal.code == "already-left"
    assert "Nadia Staff" in refusal.because
    assert Discharge.objects.count() == 1


def test_the_same_signature_twice_is_one_discharge(story):
    story.book()
    story.look(105)
    same = uuid4()
    assert story.let_go(106, fact_id=same) == story.let_go(107, fact_id=same)
    assert Discharge.objects.count() == 1


def test_half_a_pressure_is_refused_and_nothing_is_stored(story):
    before = Rating.objects.count()
    assert story.look(105, diastolic=None).code == "half-a-pressure"
    assert (LeavingCheck.objects.count(), Rating.objects.count()) == (0, before)


def test_an_impossible_number_stores_nothing_of_the_look(story):
    before = Rating.objects.count(), Reading.objects.count()
    with pytest.raises(BadInput):
        story.look(105, spo2=400.0)
    assert (Rating.objects.count(), Reading.objects.count()) == before
    assert newest_check(story.session) is None


def test_nobody_looks_again_after_the_patient_left(story):
    story.book()
    story.look(105)
    story.let_go(106)
    refusal = story.look(110)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "already-left"
