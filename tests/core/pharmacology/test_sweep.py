"""The quick sweep over very many people gives what the formula gives, however it is shared out."""

import numpy as np
import pytest

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.modes import mammillary3
from afterglow.core.pharmacology.sweep import sweep
from afterglow.core.quantity import BaseMass, Bolus, Route
from tests.core.people import infusion

TYPICAL = {"v1": 11.6, "cl": 1.48, "q2": 2.43, "v2": 39.0, "q3": 1.21, "v3": 174.0}


def people(count=37, seed=1):
    dice = np.random.default_rng(seed)
    return {
        name: value * np.exp(0.4 * dice.standard_normal(count)) for name, value in TYPICAL.items()
    }


def by_formula(bodies, doses, t_min):
    """Each dose alone, added up, (N, T)."""
    shape = mammillary3(**bodies).times(1000)
    total = np.zeros((t_min.size, bodies["v1"].size))
    for dose in doses:
        since = (t_min - dose.starts_min)[:, None, None]
        passed, begun = np.maximum(since, 0), since >= 0
        if isinstance(dose, Bolus):
            each = dose.amount.mg * np.exp(-shape.rates * passed)
        else:
            on = np.minimum(passed, dose.lasts_min)
            each = dose.rate_mg_per_min / shape.rates * -np.expm1(-shape.rates * on)
            each = each * np.exp(-shape.rates * (passed - on))
        total += np.sum(shape.coefficients * each * begun, axis=1)
    return total.T


@pytest.mark.parametrize(
    "doses",
    [
        [infusion(35, 40)],
        [infusion(20, 13.3, starts_min=2.7), infusion(15, 30, starts_min=16)],
        [Bolus(amount=BaseMass(10), starts_min=0.4), infusion(20, 30, starts_min=0.4)],
        [infusion(10, 0.2, starts_min=3.5), Bolus(amount=BaseMass(5), starts_min=20)],
        [infusion(35, 900)],
    ],
)
@pytest.mark.parametrize(("step_min", "points"), [(1.0, 241), (2.5, 41), (0.3, 100)])
def test_every_level_is_that_of_the_formula(doses, step_min, points):
    bodies = people()
    known = by_formula(bodies, doses, np.arange(points) * step_min)
    found = sweep(bodies, doses, step_min=step_min, points=points)
    assert np.allclose(found, known, rtol=1e-10, atol=1e-9)


def test_levels_do_not_depend_on_how_people_are_shared_out():
    bodies, doses = people(101), [infusion(35, 40)]
    alone = sweep(bodies, doses, step_min=1, points=61, threads=1)
    for threads in (2, 3, 7):
        shared = sweep(bodies, doses, step_min=1, points=61, threads=threads)
        assert np.array_equal(shared, alone)


def test_an_array_given_is_written_and_returned():
    out = np.full((37, 61), -1.0)
    found = sweep(people(), [infusion()], step_min=1, points=61, out=out)
    assert found is out
    assert np.array_equal(out, sweep(people(), [infusion()], step_min=1, points=61))


def test_an_array_of_another_size_is_stopped():
    with pytest.raises(BadInput, match="out must be a contiguous float64 array of 37 x 61"):
        sweep(people(), [infusion()], step_min=1, points=61, out=np.empty((61, 37)))


@pytest.mark.parametrize("out", [np.empty((37, 61), np.float32), np.empty((61, 37)).T])
def test_an_array_that_cannot_be_written_line_by_line_is_stopped(out):
    with pytest.raises(BadInput, match="out must be a contiguous float64 array"):
        sweep(people(), [infusion()], step_min=1, points=61, out=out)


@pytest.mark.parametrize("begins", range(8))
@pytest.mark.parametrize("points", [61, 64])
def test_a_large_answer_written_past_the_cache_is_the_same_wherever_it_lies(
    begins, points, monkeypatch
):
    monkeypatch.setattr("afterglow.core.pharmacology.sweep.LARGE_BYTES", 0)
    memory = np.full(101 * points + 16, -1.0)
    out = memory[begins : begins + 101 * points].reshape(101, points)
    bodies, doses = people(101), [infusion(35, 40)]
    sweep(bodies, doses, step_min=1, points=points, out=out, threads=2)
    assert np.array_equal(out, sweep(bodies, doses, step_min=1, points=points))
    assert np.all(memory[:begins] == -1)
    assert np.all(memory[begins + 101 * points :] == -1)


def test_a_parameter_that_is_not_told_of_everybody_is_stopped():
    bodies = people() | {"cl": np.array([1.4])}
    with pytest.raises(BadInput, match="one number a person of each parameter, 37 of v1"):
        sweep(bodies, [infusion()], step_min=1, points=61)


def test_a_dose_that_does_not_go_into_a_vein_is_stopped():
    dose = Bolus(amount=BaseMass(10), starts_min=0, route=Route.INTRAMUSCULAR)
    with pytest.raises(BadInput, match="route must be intravenous"):
        sweep(people(), [dose], step_min=1, points=61)


@pytest.mark.parametrize(("step_min", "points"), [(0, 10), (float("nan"), 10), (1, 0)])
def test_a_grid_that_is_none_is_stopped(step_min, points):
    with pytest.raises(BadInput, match=r"step_min|points"):
        sweep(people(), [infusion()], step_min=step_min, points=points)


def test_nobody_is_an_empty_answer():
    nobody = {name: np.empty(0) for name in TYPICAL}
    assert sweep(nobody, [infusion()], step_min=1, points=61).shape == (0, 61)
