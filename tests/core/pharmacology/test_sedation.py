"""Sedation from concentration: order, bounds and the anchors it was drawn through."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.sedation import (
    LEVELS,
    chance_at_or_below,
    chance_of,
    racemic_equivalent,
)

levels = st.floats(0, 20_000)


@given(levels)
def test_the_six_levels_share_out_one(concentration):
    each = np.array([chance_of(level, concentration) for level in range(LEVELS)])
    assert each.min() >= 0
    assert each.sum() == pytest.approx(1)


@given(levels, st.floats(0, 5000), st.integers(0, 4))
def test_more_drug_never_wakes_anybody(concentration, more, level):
    assert chance_at_or_below(level, concentration + more) >= chance_at_or_below(
        level, concentration
    )


@given(levels, st.integers(0, 3))
def test_deeper_is_never_likelier_than_shallower(concentration, level):
    assert chance_at_or_below(level, concentration) <= chance_at_or_below(level + 1, concentration)


def test_without_drug_nobody_sleeps_save_the_placebo_share():
    assert chance_at_or_below(4, 0.0) == 0
    assert chance_of(4, 0.0) == pytest.approx(0.19)
    assert chance_of(5, 0.0) == pytest.approx(0.81)


def test_anchors_come_back_within_ten_points():
    nasal_56, nasal_84 = racemic_equivalent([72.5, 101.0])
    assert chance_at_or_below(4, nasal_56, with_placebo=True) == pytest.approx(0.50, abs=0.10)
    assert chance_at_or_below(4, nasal_84, with_placebo=True) == pytest.approx(0.61, abs=0.10)
    assert 0.02 <= chance_at_or_below(3, nasal_84) <= 0.04
    assert chance_at_or_below(0, 200.0) == pytest.approx(0.0035, abs=0.001)
    assert chance_at_or_below(1, 1250.0) == pytest.approx(0.5)


def test_gradients_are_finite_down_to_nothing():
    c = np.array([0.0, 1e-6, 1.0, 100.0])
    slope = (chance_at_or_below(4, c + 1e-7) - chance_at_or_below(4, c)) / 1e-7
    assert np.all(np.isfinite(slope))


def test_level_five_is_not_a_depth():
    with pytest.raises(BadInput, match="0 to 4"):
        chance_at_or_below(5, 100.0)
