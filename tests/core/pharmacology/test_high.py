"""The report on the high: bands, clock, words for what is not known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.bands import BANDS, Band, band, band_index, edges, vas_high
from afterglow.core.pharmacology.high import report
from afterglow.core.pharmacology.sourced import GRADES

T_MIN = np.linspace(0, 180, 181)
RISE_AND_FALL = np.minimum(T_MIN / 40, 1) * np.exp(-np.maximum(T_MIN - 40, 0) / 25)


def group(peak_cadss=(8.0, 18.0, 40.0), peak_level=(120.0, 180.0, 260.0)):
    shape = RISE_AND_FALL[:, None]
    return T_MIN, shape * np.array(peak_cadss), shape * np.array(peak_level)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (0, Band.MINIMAL),
        (49.9, Band.MINIMAL),
        (50, Band.ALCOHOL_LIKE),
        (150, Band.THERAPEUTIC),
        (200, Band.STRONG),
        (500, Band.RECREATIONAL),
        (900, Band.SEDATION),
        (1200, Band.ANAESTHETIC),
    ],
)
def test_each_concentration_has_its_band(level, expected):
    assert band(level) is expected


@given(st.lists(st.floats(0, 5000), min_size=2, max_size=20))
def test_bands_follow_the_order_of_concentration(levels):
    assert np.all(np.diff(band_index(np.sort(levels))) >= 0)


def test_every_edge_says_where_it_comes_from():
    values = [edge.value for edge in edges()]
    assert values == sorted(values)
    assert len(values) == len(BANDS) - 1
    assert all(edge.source and edge.where for edge in edges())


def test_bowdles_scale_is_linear_to_200_and_silent_beyond():
    value, low, high = vas_high([0.0, 100.0, 200.0, 201.0])
    assert value[:3] == pytest.approx([0, 0.32, 0.64])
    assert (low[2], high[2]) == pytest.approx((0.38, 0.90), abs=0.01)  # 37-89 % as published
    assert np.isnan(value[3])


def test_worst_in_twenty_and_the_clock_are_read_off_the_curves():
    seen = report(*group())
    assert seen.peak_dissociation.value == pytest.approx(18)
    assert seen.peak_dissociation.high == pytest.approx(40)
    assert seen.peak_at_min.value == 40
    gone_exactly = 40 + 25 * np.log(18 / 4)
    assert seen.gone_at_min.value == pytest.approx(gone_exactly, abs=1)
    assert seen.begins_at_min.value == pytest.approx(40 * 4 / 18, abs=1)
    assert seen.band_at_peak is Band.THERAPEUTIC
    assert seen.band_chances[Band.STRONG] == pytest.approx(1 / 3)
    assert sum(seen.band_chances.values()) == pytest.approx(1)
    assert sum(seen.minutes_in_band.values()) == pytest.approx(180)


def test_every_figure_has_a_source_a_grade_and_words():
    for finding in report(*group()).findings():
        assert finding.source
        assert finding.grade in GRADES
        assert finding.words


def test_our_own_cut_for_conversing_is_marked_as_ours():
    seen = report(*group())
    assert seen.conversing.grade == "own"
    assert seen.conversing.is_unverified
    # One of three passes 20 points; the other two stay awake nearly surely.
    assert 0.60 < seen.conversing.value < 2 / 3
    assert min(seen.conversing_at) >= seen.conversing.value - 1e-9
    assert seen.converses_again_at_min.value > 40


@given(st.floats(0.1, 3.0))
def test_a_larger_exposure_is_never_less_high_and_never_gone_sooner(factor):
    smaller, larger = report(*group()), _scaled(factor + 1)
    assert larger.peak_dissociation.value >= smaller.peak_dissociation.value
    assert larger.gone_at_min.value is None or larger.gone_at_min.value >= smaller.gone_at_min.value
    assert larger.conversing.value <= smaller.conversing.value


def _scaled(factor):
    t_min, cadss, venous = group()
    return report(t_min, cadss * factor, venous * factor)


def test_what_outlasts_the_curves_is_said_to_be_unknown():
    t_min, cadss, venous = group()
    seen = report(t_min[:50], cadss[:50], venous[:50])
    assert seen.gone_at_min.value is None
    assert seen.converses_again_at_min.value is None


def test_nobody_high_is_gone_at_once_and_never_begins():
    t_min, cadss, venous = group()
    seen = report(t_min, cadss * 0.05, venous * 0.05)
    assert seen.gone_at_min.value == 0
    assert seen.begins_at_min.value is None
    assert seen.converses_again_at_min.value == 0


def test_above_the_studied_range_the_scale_says_so():
    seen = _scaled(3.0)
    assert seen.vas_high.value is None
    assert "not measured above 200" in seen.vas_high.words


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t, d, c: (t[::-1], d, c),
        lambda t, d, c: (t, d[:-1], c[:-1]),
        lambda t, d, c: (t, d * np.nan, c),
    ],
)
def test_curves_that_cannot_be_meant_are_refused(spoil):
    with pytest.raises(BadInput):
        report(*spoil(*group()))
