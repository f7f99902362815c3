"""Consent is the patient's own printed name under the current text, and can be taken back."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from afterglow.clinic.screening import consent_text, queries, services
from afterglow.clinic.screening.models import Consent
from tests.clinic.conftest import NINE

pytestmark = pytest.mark.django_db


def sign(patient, by, **changes: Any) -> Any:
    words = {
        "signed_name": "Ada Test",
        "text_version": consent_text.CURRENT,
        "touch_ok": None,
        "at": NINE,
        "fact_id": uuid4(),
    }
    return services.consent(patient=patient, by=by, **(words | changes))


def take_back(patient, by, *, minute: int = 1) -> Any:
    at = NINE + timedelta(minutes=minute)
    return services.withdraw(patient=patient, remark="", by=by, at=at, fact_id=uuid4())


def consented(patient) -> bool:
    return queries.standing(patient, NINE + timedelta(hours=1)).consent_current


def test_a_printed_name_is_consent(patient, nurse):
    sign(patient, nurse, signed_name="  ada   TEST ")
    assert consented(patient)


def test_another_persons_name_is_refused(patient, nurse):
    refusal = sign(patient, nurse, signed_name="Bea Other")
    assert refusal.code == "name-differs"
    assert Consent.objects.count() == 0


def test_an_older_text_is_refused(patient, nurse):
    assert sign(patient, nurse, text_version="treatment-0").code == "consent-text-changed"


def test_consent_to_an_older_text_is_not_current(patient, nurse, monkeypatch):
    sign(patient, nurse)
    monkeypatch.setattr(consent_text, "CURRENT", "treatment-2")
    assert not consented(patient)


def test_undecided_about_touch_is_neither_yes_nor_no(patient, nurse):
    assert sign(patient, nurse).touch_ok is None


def test_consent_taken_back_no_longer_stands_and_the_first_row_stays(patient, nurse):
    sign(patient, nurse)
    take_back(patient, nurse)
    assert not consented(patient)
    assert list(Consent.objects.order_by("happened_at").values_list("given", flat=True)) == [
        True,
        False,
    ]


def test_taking_back_twice_is_refused(patient, nurse):
    sign(patient, nurse)
    take_back(patient, nurse)
    assert take_back(patient, nurse, minute=2).code == "nothing-to-withdraw"


def test_consent_after_withdrawal_stands_again(patient, nurse):
    sign(patient, nurse)
    take_back(patient, nurse)
    sign(patient, nurse, at=NINE + timedelta(minutes=2))
    assert consented(patient)


def test_the_same_form_twice_is_one_consent(patient, nurse):
    same = uuid4()
    sign(patient, nurse, fact_id=same)
    sign(patient, nurse, fact_id=same)
    assert Consent.objects.count() == 1
