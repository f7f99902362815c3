"""A clinic that has signed no policy judges nobody, and says what to do."""

from uuid import uuid4

import pytest

from afterglow.clinic.screening import services
from afterglow.clinic.screening.models import Assessment
from tests.clinic.conftest import NINE

pytestmark = pytest.mark.django_db


def test_without_a_signed_policy_nobody_is_judged(patient, nurse):
    refusal = services.assess(patient=patient, by=nurse, at=NINE, fact_id=uuid4())
    assert refusal.code == "no-policy"
    assert "afterglow release policy" in refusal.because
    assert Assessment.objects.count() == 0
