"""The fast path and an ODE solver agree to a millionth, on every shape."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from afterglow.core.pharmacology import library
from tests.agreement.compare import AGREED, Compared, compare
from tests.agreement.filed import made_up, published
from tests.agreement.gradient import AGREED as SLOPES_AGREED
from tests.agreement.gradient import every_slope
from tests.agreement.quick import quick
from tests.agreement.solver import Entry, solve

EVERY: list[Compared] = [*published(), *quick(), *made_up()]
PEOPLE = 12  # `make agreement` follows 1,000


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_both_engines_give_the_same_levels(one):
    assert compare(one, PEOPLE).worst < AGREED


@pytest.mark.parametrize("one", list(every_slope()), ids=lambda one: one.name)
def test_the_slopes_of_the_best_fit_are_those_of_the_density(one):
    assert one.compared(3).worst < SLOPES_AGREED


def test_every_library_model_and_more_than_35_other_shapes_are_compared():
    names = {one.name.split(",")[0] for one in EVERY}
    assert len(names) == len({*names})
    assert set(library.drug_models()) <= names
    assert len(names - set(library.drug_models())) >= 35


def test_the_solver_itself_knows_the_one_case_that_has_a_formula():
    minutes = np.array([10.0, 40, 100])
    held = solve(np.array([[[-0.03]]]), [Entry(0, np.array([8.0]), 0.0, 40.0)], minutes)[:, 0, 0]
    running = np.minimum(minutes, 40)
    known = 8 / 40 / 0.03 * -np.expm1(-0.03 * running) * np.exp(-0.03 * (minutes - running))
    assert np.allclose(held, known, rtol=1e-11)


def test_one_fast_person_among_a_thousand_slow_ones_is_solved_as_if_alone():
    fast = np.array([[-0.9, 0.4], [0.6, -2.4]])
    slow = np.array([[-0.03, 0.01], [0.02, -0.01]])
    crowd = np.array([slow] * 999 + [fast])
    entries = [Entry(0, np.full(1000, 35.0), 0.0, 40.0)]
    held = solve(crowd, entries, np.array([40.0, 240.0]))[:, -1]
    wide = np.zeros((3, 3))  # the network with its input as one more column: a third way
    wide[:2, :2], wide[0, 2] = fast, 35.0 / 40.0
    known = expm(wide * 40.0)[:2, 2]
    assert np.allclose(held[0], known, rtol=1e-10)
    assert np.allclose(held[1], expm(fast * 200.0) @ known, rtol=1e-6, atol=1e-12)
