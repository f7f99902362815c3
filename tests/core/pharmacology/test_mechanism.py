"""The exploratory mechanism: order, the inverted U, and how little is known of occupancy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import mechanism
from afterglow.core.pharmacology.mechanism import block, cascade, draw_reach, receptors
from afterglow.core.pharmacology.sourced import sheet

T_MIN = np.linspace(0, 600, 1201)
SHAPE = np.exp(-T_MIN / 100) - np.exp(-T_MIN / 15)


def held(level, minutes=600):
    t_min = np.linspace(0, minutes, 2 * minutes + 1)
    return cascade(t_min, np.full_like(t_min, level))


@given(st.floats(0, 5000), st.floats(0, 5000), st.floats(0.1, 10))
def test_more_exposure_is_never_less_block(level, more, reach):
    for less, greater in zip(block(level, reach), block(level + more, reach), strict=True):
        assert 0 <= less <= greater < 1


@given(st.floats(1, 5000))
def test_interneurons_are_blocked_before_pyramidal_cells(level):
    interneuron, pyramidal = block(level)
    assert interneuron > pyramidal


def test_no_drug_changes_nothing():
    seen = cascade(T_MIN, 0 * T_MIN)
    assert np.all(seen.glutamate == 1)
    assert not seen.spines.any()


def test_glutamate_rises_by_the_human_figure_it_was_set_to():
    assert held(200.0).glutamate[-1, 0] == pytest.approx(1.13, abs=0.01)


def test_the_benefit_side_is_an_inverted_u_in_dose():
    levels = [50.0, 200.0, 700.0, 2000.0, 6000.0, 20000.0]
    ampa = np.array([held(level).ampa[-1, 0] for level in levels])
    top = ampa.argmax()
    assert 0 < top < len(levels) - 1
    assert np.all(np.diff(ampa[: top + 1]) > 0)
    assert np.all(np.diff(ampa[top:]) < 0)
    assert ampa[-1] < 0.5 * ampa.max()


def test_each_step_peaks_after_the_one_before_it():
    seen = cascade(T_MIN, 220 * SHAPE)
    steps = [seen.block_interneuron, seen.glutamate, seen.mtor, seen.proteins]
    peaks = [step[:, 0].argmax() for step in steps]
    assert peaks == sorted(peaks)
    assert len(set(peaks)) == len(peaks)


def test_all_steps_agree_with_an_ode_solver():
    p = sheet("mechanism")
    ln2 = np.log(2)

    def change(t, y):
        c = 220 * (np.exp(-t / 100) - np.exp(-t / 15))
        interneuron, pyramidal = block(c)
        gap = max(float(interneuron - pyramidal), 0.0)
        surge = p.value("glutamate_gain") * y[0]
        ampa = surge * (1 - float(pyramidal)) / (surge + p.value("ampa_half"))
        return [
            ln2 / p.value("glutamate_half_life") * (gap - y[0]),
            ln2 / p.value("mtor_half_life") * (ampa - y[1]),
            ln2 / (60 * p.value("protein_half_life")) * (y[1] - y[2]),
            ln2 / (1440 * p.value("spine_half_life")) * (y[2] - y[3]),
        ]

    exact = solve_ivp(change, (0, 600), np.zeros(4), "LSODA", T_MIN, rtol=1e-10, atol=1e-13).y
    seen = cascade(T_MIN, 220 * SHAPE)
    assert seen.mtor[:, 0] == pytest.approx(exact[1], abs=3e-5)
    assert seen.proteins[:, 0] == pytest.approx(exact[2], abs=1e-5)
    assert seen.spines[:, 0] == pytest.approx(exact[3], abs=1e-6)


def test_a_finer_grid_gives_the_same_course():
    coarse, fine = T_MIN[::4], T_MIN
    a = cascade(coarse, 220 * SHAPE[::4]).proteins[:, 0]
    b = cascade(fine, 220 * SHAPE).proteins[::4, 0]
    assert a == pytest.approx(b, abs=2e-5)


def test_the_uncertainty_of_occupancy_is_five_fold_each_way():
    reach = draw_reach(50_000, 1)
    low, middle, high = np.quantile(reach, [0.025, 0.5, 0.975])
    assert (low, middle, high) == pytest.approx((0.2, 1.0, 5.0), rel=0.05)


def test_the_published_computation_of_occupancy_comes_back():
    by_target = {one.target: one for one in receptors(185.0)}
    assert by_target["NMDA GluN2A"].share == pytest.approx(0.08, abs=0.01)
    assert by_target["NMDA GluN2C"].share == pytest.approx(0.28, abs=0.01)
    assert by_target["NMDA GluN2D"].share == pytest.approx(0.14, abs=0.01)
    assert by_target["NMDA, PCP site"].share == pytest.approx(0.48, abs=0.01)


@given(st.floats(0, 5000))
def test_every_receptor_has_an_interval_a_source_and_a_grade(level):
    for one in receptors(level):
        assert 0 <= one.low <= one.share <= one.high <= 1
        assert one.source
        assert one.grade in {"A", "B", "C", "D", "own"}


def test_targets_the_record_asks_for_are_all_there():
    named = " ".join(one.target for one in receptors(100.0))
    for word in ("NMDA", "opioid", "sigma", "SERT", "NET", "DAT", "D2", "nicotinic"):
        assert word in named


def test_a_target_known_only_by_a_lower_limit_is_given_as_a_ceiling():
    by_target = {one.target: one for one in receptors(185.0)}
    assert by_target["serotonin transporter (SERT)"].is_ceiling
    assert not by_target["NMDA GluN2A"].is_ceiling


def test_it_says_of_itself_that_it_is_exploratory():
    assert mechanism.EXPLORATORY
    assert "not for choosing a dose" in cascade(T_MIN, SHAPE).notice
    assert "EXPLORATORY" in (mechanism.__doc__ or "")
    assert "EXPLORATORY" in sheet("mechanism").title


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: cascade(T_MIN[::-1], SHAPE),
        lambda: cascade(T_MIN, SHAPE[:-1]),
        lambda: cascade(T_MIN, SHAPE * np.nan),
        lambda: receptors(-1.0),
    ],
)
def test_what_cannot_be_meant_is_refused(spoil):
    with pytest.raises(BadInput):
        spoil()
