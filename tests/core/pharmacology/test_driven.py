"""Plasticity followed along the drive itself, against an ODE solver that knows nothing of it."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import mood
from afterglow.core.pharmacology.driven import Drive, Slowing, follow
from afterglow.core.pharmacology.mood import SessionDrive, Therapy, course_along, drive_minutes
from afterglow.core.pharmacology.mood_people import draw
from tests.core.people import infusion

EVERYDAY = np.array([[8.3, 0.128, 0.10, 0.033]])
DAYS = (0.0, 3.0, 7.0, 17.5)
SLOW = (Slowing(5.0, 12.0, 0.5),)
T_DAYS = np.unique(np.concatenate([np.linspace(0, 28, 300), np.linspace(0, 0.5, 40)]))
T_MIN = drive_minutes([infusion(35, 40)])


def bump(t_min, height=40.0):
    """A drive that rises within the hour and fades within the next."""
    return height * (t_min / 45) * np.exp(1 - t_min / 45)


def sessions(heights, days=DAYS, t_min=T_MIN):
    curve = bump(t_min)[:, None] * np.asarray(heights)
    return [Drive(at_day=day, t_min=t_min, per_day=curve) for day in days]


def by_solver(rates, height, t_days=T_DAYS):
    """P and L, to a tolerance of 1e-10, of the same straight lines between the marks."""
    d_a, d_p, k_l, d_l = rates

    def change(t, y):
        since = [(t - day) * 1440 for day in DAYS if 0 <= t - day <= T_MIN[-1] / 1440]
        entering = np.interp(since[-1], T_MIN, bump(T_MIN) * height) if since else 0.0
        slow = 0.5 if SLOW[0].from_day < t < SLOW[0].to_day else 1.0
        return [
            entering - d_a * y[0],
            d_a * y[0] * (1 - y[1]) - d_p * slow * y[1],
            k_l * y[1] * (1 - y[2]) - d_l * slow * y[2],
        ]

    edges = sorted({*DAYS, SLOW[0].from_day, SLOW[0].to_day, t_days[-1]})
    edges = sorted({*edges, *(day + T_MIN[-1] / 1440 for day in DAYS)})
    state, out = np.zeros(3), np.zeros((2, t_days.size))
    for begins, ends in pairwise(edges):
        inside = (begins <= t_days) & (t_days <= ends)
        solved = solve_ivp(
            change,
            (begins, ends),
            state,
            t_eval=np.union1d(t_days[inside], [begins, ends]),
            rtol=1e-9,
            atol=1e-11,
            max_step=0.01,
        )
        out[:, inside] = solved.y[1:, np.searchsorted(solved.t, t_days[inside])]
        state = solved.y[:, -1]
    return out


@pytest.mark.parametrize(
    ("rates", "height", "within"),
    [
        ((8.3, 0.128, 0.10, 0.033), 1.0, 1e-4),
        ((16.0, 0.4, 0.3, 0.1), 3.0, 3e-4),
        ((5.6, 0.05, 0.02, 0.01), 0.2, 1e-4),
    ],
)
def test_every_hour_of_four_weeks_agrees_with_an_ode_solver(rates, height, within):
    rapid, consolidated = follow(sessions([height]), np.array([rates]), T_DAYS, SLOW)
    exact_rapid, exact_consolidated = by_solver(rates, height)
    assert np.abs(rapid[:, 0] - exact_rapid).max() < within
    assert np.abs(consolidated[:, 0] - exact_consolidated).max() < within


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 500), st.floats(1, 30), st.floats(0.02, 2), st.floats(0.01, 1))
def test_plasticity_stays_between_nothing_and_all_however_strong_the_drive(height, d_a, d_p, k_l):
    rates = np.array([[d_a, d_p, k_l, 0.05]])
    for values in follow(sessions([height]), rates, T_DAYS):
        assert values.min() >= -1e-12
        assert values.max() <= 1


def test_nobody_depends_on_the_others():
    heights = np.linspace(0, 3, 150)
    rates = EVERYDAY * np.exp(0.3 * np.random.default_rng(1).standard_normal((150, 4)))
    together = follow(sessions(heights), rates, T_DAYS)
    for person in (0, 63, 64, 149):
        alone = follow(sessions(heights[[person]]), rates[[person]], T_DAYS)
        for one, all_of_them in zip(alone, together, strict=True):
            np.testing.assert_array_equal(one[:, 0], all_of_them[:, person])


def test_asking_at_more_times_moves_no_answer_noticeably():
    few = np.array([1.0, 2.0, 10.0, 27.0])
    rapid, consolidated = follow(sessions([1.0]), EVERYDAY, few)
    many = np.union1d(T_DAYS, few)
    every, more = follow(sessions([1.0]), EVERYDAY, many), np.searchsorted(many, few)
    np.testing.assert_allclose(rapid, every[0][more], atol=1e-4)
    np.testing.assert_allclose(consolidated, every[1][more], atol=1e-4)


def test_without_drive_nothing_happens():
    for values in follow(sessions([0.0]), EVERYDAY, T_DAYS):
        assert np.all(np.abs(values) < 1e-12)


def test_what_comes_later_changes_nothing_before():
    until = T_DAYS[T_DAYS < 6.9]
    early = follow(sessions([1.0], days=DAYS[:2]), EVERYDAY, until)
    whole = follow(sessions([1.0]), EVERYDAY, T_DAYS)
    for one, other in zip(early, whole, strict=True):
        np.testing.assert_allclose(one, other[: until.size], atol=1e-6)


def test_two_sessions_at_once_are_stopped():
    with pytest.raises(BadInput, match="before the one before it has ended"):
        follow(sessions([1.0], days=(0.0, 0.2)), EVERYDAY, T_DAYS)


def test_scores_of_a_day_later_are_those_of_one_pulse_by_the_closed_form():
    """Of a trigger that dies away alone there is one (plasticity.py)."""
    people, t_days = draw(40, 1), np.array([1.0, 7.0])
    rate = mood.drive_rate(bump(T_MIN, 110.0))
    drive = np.tile(rate[:, None], 40)
    along = course_along(people, [SessionDrive(at_day=0.0, t_min=T_MIN, drive=drive)], t_days)
    hours = np.trapezoid(rate, T_MIN) / 60
    middle = np.trapezoid(rate * T_MIN, T_MIN) / np.trapezoid(rate, T_MIN) / 1440
    pulse = mood.Pulses(at_days=np.array([0.0, middle]), drive_h=np.array([0.0, hours]))
    gathered = mood.course(people, pulse, t_days)
    np.testing.assert_allclose(along.madrs, gathered.madrs, atol=0.3)


def test_therapy_holds_what_was_gained():
    people, t_days = draw(40, 1), np.array([30.0])
    drive = np.tile(mood.drive_rate(bump(T_MIN, 110.0))[:, None], 40)
    session = [SessionDrive(at_day=0.0, t_min=T_MIN, drive=drive)]
    held = course_along(people, session, t_days, [Therapy(from_day=1, to_day=30, slowing=0.5)])
    assert np.all(held.madrs <= course_along(people, session, t_days).madrs)
