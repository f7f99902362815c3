"""What entered the body, from the pump's rates and the pushes as they were recorded."""

from datetime import timedelta

import pytest

from afterglow.clinic.chart.models import DoseGiven, Encounter
from afterglow.clinic.chart.queries import doses_given, first_dose_at, is_still_running
from tests.clinic.conftest import NINE

pytestmark = pytest.mark.django_db


@pytest.fixture
def encounter(patient) -> Encounter:
    return Encounter.objects.create(patient=patient, kind="session", happened_at=NINE)


def minute(n: float):
    return NINE + timedelta(minutes=n)


def give(encounter, at_min: float, **amounts):
    return DoseGiven.objects.create(
        patient=encounter.patient,
        encounter=encounter,
        drug="ketamine",
        route="intravenous",
        happened_at=minute(at_min),
        **amounts,
    )


def pump(encounter, at_min: float, rate: float, **more):
    return give(encounter, at_min, rate_mg_per_min=rate, **more)


def shape(encounter, at_min: float):
    doses = doses_given(encounter, at=minute(at_min))
    return [(d.starts_min, d.ends_min, round(d.amount.mg, 6)) for d in doses]


def test_nothing_given_is_an_empty_list(encounter):
    assert shape(encounter, 30) == []
    assert first_dose_at(encounter, at=minute(30)) is None


def test_a_pump_that_runs_has_given_what_has_run(encounter):
    pump(encounter, 0, 0.875)
    assert shape(encounter, 20) == [(0.0, 20.0, 17.5)]
    assert is_still_running(encounter, at=minute(20))


def test_a_pause_splits_the_infusion(encounter):
    for at_min, rate in ((0, 1.0), (10, 0.0), (15, 0.5), (25, 0.0)):
        pump(encounter, at_min, rate)
    assert shape(encounter, 60) == [(0.0, 10.0, 10.0), (15.0, 25.0, 5.0)]
    assert not is_still_running(encounter, at=minute(60))


def test_minutes_count_from_the_first_dose_and_not_from_the_pause_before_it(encounter):
    pump(encounter, 0, 0.0)
    pump(encounter, 5, 1.0)
    pump(encounter, 15, 0.0)
    assert shape(encounter, 30) == [(0.0, 10.0, 10.0)]


def test_a_push_that_is_under_way_counts_as_far_as_it_came(encounter):
    give(encounter, 0, amount_mg=10.0, duration_min=2.0)
    assert shape(encounter, 1) == [(0.0, 1.0, 5.0)]
    assert shape(encounter, 9) == [(0.0, 2.0, 10.0)]


def test_a_push_beside_a_running_pump_is_added(encounter):
    pump(encounter, 0, 1.0)
    give(encounter, 10, amount_mg=5.0, duration_min=1.0)
    pump(encounter, 40, 0.0)
    assert shape(encounter, 60) == [(0.0, 40.0, 40.0), (10.0, 11.0, 5.0)]


def test_a_corrected_dose_does_not_count_and_its_correction_does(encounter):
    wrong = pump(encounter, 0, 8.75)
    pump(encounter, 0, 0.875, corrects=wrong)
    pump(encounter, 40, 0.0)
    assert shape(encounter, 60) == [(0.0, 40.0, 35.0)]


def test_a_later_dose_is_not_known_earlier(encounter):
    pump(encounter, 0, 1.0)
    pump(encounter, 20, 2.0)
    assert shape(encounter, 10) == [(0.0, 10.0, 10.0)]
