"""Multiples of exposure are of the dose they name, and a peak that stays is not one that rises."""

import pytest

from afterglow.research.validation.exposure_rows import exposure_rows
from afterglow.research.validation.figure import Used, Verdict
from afterglow.research.validation.levels import Given, curve


@pytest.fixture(scope="module")
def rows():
    return {one.published.what: one for one in exposure_rows()}


def test_a_spray_with_rifampicin_is_of_the_strength_in_print(rows):
    def area(*medicines):
        given = Given(mg=28, route="nasal", drug="esketamine", medicines=medicines)
        return curve(given, "venous_ng_per_ml", 720).whole_area

    told = rows["spray of 28 mg with rifampicin: area, as a multiple"].predicted.value
    assert told == pytest.approx(area("rifampicin") / area(), rel=1e-9)


def test_no_change_does_not_agree_with_a_peak_two_thirds_higher(rows):
    old = rows["esketamine spray, 75 years or more: peak, as a multiple"]
    assert old.predicted.value == pytest.approx(1.0, abs=0.05)
    assert old.verdict is Verdict.MISS
    low, high = old.published.accept
    assert not low <= 1.0 <= high


def test_whatever_is_no_change_in_the_model_would_be_a_miss_where_print_tells_a_large_one(rows):
    for one in rows.values():
        low, high = one.published.accept
        if one.published.unit == "times" and abs(one.published.value - 1) > 0.35:
            assert not low <= 1.0 <= high, one.published.what
        assert one.published.if_missed or one.published.used is Used.SOLVED
