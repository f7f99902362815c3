"""The closed form of the plasticity model against an ODE solver that knows nothing of it."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from afterglow.core.pharmacology.plasticity import LARGEST_POTENTIAL, follow

EVENTS = np.array([0.03, 0.06, 3, 3.05, 7, 10, 14, 17.5, 30])
SLOWING = np.array([1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 1.0])
T_DAYS = np.unique(np.concatenate([np.linspace(0, 42, 400), EVENTS]))


def people(n, seed):
    rng = np.random.default_rng(seed)
    drives = rng.uniform(0, 3, (n, EVENTS.size))
    drives[:, -2] = 0
    low, high = [5, 0.05, 0.02, 0.01], [24, 0.4, 0.4, 0.1]
    return drives, rng.uniform(low, high, (n, 4))


def followed(drives, rates, t_days=T_DAYS, events=EVENTS, slowing=SLOWING):
    rapid = np.empty((drives.shape[0], t_days.size))
    consolidated = np.empty_like(rapid)
    follow(events, drives, slowing, rates, t_days, rapid, consolidated)
    return rapid, consolidated


def by_solver(drive, rates):
    """P and L at T_DAYS, event after event, to a tolerance of 1e-11."""
    d_a, d_p, k_l, d_l = rates
    state, out = np.zeros(3), np.zeros((2, T_DAYS.size))
    for j, begins in enumerate(EVENTS):
        ends = EVENTS[j + 1] if j + 1 < EVENTS.size else T_DAYS[-1]
        state[0] += drive[j]
        slow = SLOWING[j]

        def change(_, y, slow=slow):
            return [
                -d_a * y[0],
                d_a * y[0] * (1 - y[1]) - d_p * slow * y[1],
                k_l * y[1] * (1 - y[2]) - d_l * slow * y[2],
            ]

        inside = (begins <= T_DAYS) & (ends >= T_DAYS)
        solved = solve_ivp(
            change, (begins, ends), state, "DOP853", T_DAYS[inside], rtol=1e-11, atol=1e-13
        )
        out[:, inside] = solved.y[1:]
        state = solved.y[:, -1].copy()
    return out


@pytest.mark.parametrize("seed", range(4))
def test_two_gauss_nodes_agree_with_an_ode_solver_over_six_weeks(seed):
    drives, rates = people(3, seed)
    rapid, consolidated = followed(drives, rates)
    for i in range(3):
        exact_rapid, exact_consolidated = by_solver(drives[i], rates[i])
        assert np.abs(rapid[i] - exact_rapid).max() < 1e-7
        assert np.abs(consolidated[i] - exact_consolidated).max() < 2e-6


def test_at_everyday_rates_the_error_is_below_one_in_a_million():
    drives = np.full((1, EVENTS.size), 1.0)
    rates = np.array([[8.3, 0.128, 0.10, 0.033]])
    rapid, consolidated = followed(drives, rates)
    exact_rapid, exact_consolidated = by_solver(drives[0], rates[0])
    assert np.abs(rapid[0] - exact_rapid).max() < 1e-8
    assert np.abs(consolidated[0] - exact_consolidated).max() < 1e-6


def test_plasticity_stays_between_nothing_and_all():
    drives, rates = people(50, 9)
    for values in followed(drives * 20, rates):
        assert values.min() >= 0
        assert values.max() <= 1


def test_nothing_is_there_before_the_first_pulse_or_without_drive():
    drives, rates = people(5, 2)
    rapid, consolidated = followed(drives, rates)
    assert not rapid[:, EVENTS[0] > T_DAYS].any()
    assert not consolidated[:, EVENTS[0] > T_DAYS].any()
    rapid, _ = followed(drives * 0, rates)
    assert np.abs(rapid).max() < 1e-14


def test_a_huge_trigger_saturates_and_does_not_lose_its_digits():
    rates = np.array([[8.3, 0.128, 0.10, 0.033]])
    one = np.array([0.0])
    t_days = np.linspace(0, 10, 50)
    huge = followed(np.array([[1e6]]), rates, t_days, one, np.ones(1))
    most = followed(np.array([[LARGEST_POTENTIAL]]), rates, t_days, one, np.ones(1))
    assert np.array_equal(huge[0], most[0])
    assert 0.8 < huge[0][0, 5] <= 1


def test_the_grid_asked_for_does_not_change_the_answer():
    drives, rates = people(4, 5)
    rapid, consolidated = followed(drives, rates)
    few = T_DAYS[::37]
    rapid_few, consolidated_few = followed(drives, rates, np.append(few, T_DAYS[-1]))
    assert rapid_few[:, :-1] == pytest.approx(rapid[:, ::37], abs=1e-12)
    assert consolidated_few[:, :-1] == pytest.approx(consolidated[:, ::37], abs=1e-12)
