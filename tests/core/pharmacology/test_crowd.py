"""Many people by any library model: the same as one at a time, with the published spread."""

import numpy as np
import pytest

from afterglow.core.dosing.bodies import bodies
from afterglow.core.pharmacology import crowd, library, structure
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.quantity import BaseMass, Bolus, Drug, Route
from tests.core.people import SOMEONE, infusion

TIMES = np.array([0.0, 5, 20, 40, 41, 90, 240])
SEPARATE = [name for name in library.drug_models() if name != "simons_2022"]


@pytest.mark.parametrize("model_id", SEPARATE)
def test_each_of_a_crowd_is_solved_as_if_alone(model_id):
    model = library.load(model_id)
    drug = Drug(model.drugs[0])
    given = [infusion(35, 40, drug=drug), infusion(10, 7.5, starts_min=41, drug=drug)]
    people = crowd.draw(model, model.for_weight(82), 6, seed=3)
    together = crowd.levels(model, people, given, TIMES)["ketamine"][:, 4]
    alone = np.zeros(TIMES.size)
    own = {name: float(values[4]) for name, values in people.items()}
    for half in structure.halves(model, drug, own):
        inputs = [e for dose in given for e in structure.entries(model, dose, half)]
        held = structure.network(model, half.values).amounts(inputs, TIMES)[:, 0]
        alone += held / half.values["v1"] * 1000
    assert np.allclose(together, alone, rtol=1e-8, atol=1e-9)


def test_a_spray_enters_by_nose_and_by_swallowing():
    model = library.load("perezruixo_2021")
    spray = Bolus(amount=BaseMass(56), starts_min=0, drug=Drug.ESKETAMINE, route=Route.NASAL)
    ways = structure.entries(model, spray, structure.Half(1.0, model.for_weight(70)))
    assert [way.into for way in ways] == ["nose", "swallowed"]
    assert ways[0].amount == pytest.approx(56 * 0.437, abs=0.05)
    assert ways[1].amount == pytest.approx(56 * (1 - 0.437) * 0.64, abs=0.05)


def test_the_published_covariance_is_kept():
    model = library.load("otto_2021")
    people = crowd.draw(model, model.for_weight(70), 20_000, seed=1)
    logs = np.log([people["v1"] / 133, people["cl"] / (95.2 / 60)])
    assert np.allclose(np.cov(logs), [[0.084177, 0.02261], [0.02261, 0.026048]], atol=2e-3)


def test_what_differs_by_day_is_drawn_beside_what_differs_by_person():
    model = library.load("simons_2022")
    people = crowd.draw(model, model.for_weight(70), 20_000, seed=1)
    by_day = np.log(people["ka_swallowed"] / 0.049)
    both = np.log(people["mtt_nk"] / 20.1)
    assert by_day.var() == pytest.approx(0.376, rel=0.05)
    assert both.var() == pytest.approx(0.021 + 0.751, rel=0.05)
    assert abs(np.corrcoef(by_day, both)[0, 1]) < 0.03
    assert np.all(people["v2"] == 39.0)


def test_a_form_that_releases_slowly_is_followed_as_slowly():
    model = library.load("perezruixo_2021")
    usual = {name: np.array([value]) for name, value in model.for_weight(70).items()}
    grid = np.arange(0.0, 1441.0)
    tablet = Bolus(amount=BaseMass(60), starts_min=0, drug=Drug.ESKETAMINE, route=Route.ORAL)
    slow = infusion(60, 600, drug=Drug.ESKETAMINE, route=Route.ORAL)
    quick, held = (
        crowd.levels(model, usual, [dose], grid)["ketamine"][:, 0] for dose in (tablet, slow)
    )
    assert held.max() < 0.5 * quick.max()
    assert 600 <= held.argmax() < 620
    areas = [crowd.areas(model, usual, [dose])["ketamine"][0] for dose in (tablet, slow)]
    assert areas[0] == pytest.approx(areas[1])


def test_the_area_is_what_a_long_time_adds_up_to():
    model = library.load("otto_2021")
    usual = {name: np.array([value]) for name, value in model.for_weight(70).items()}
    given = [infusion(35, 40, drug=Drug.ESKETAMINE)]
    grid = np.arange(0.0, 8000, 1)
    level = crowd.levels(model, usual, given, grid)["ketamine"][:, 0]
    area = crowd.areas(model, usual, given)["ketamine"][0]
    assert area == pytest.approx(35e3 / (95.2 / 60), rel=1e-9)
    assert np.trapezoid(level, grid) == pytest.approx(area, rel=1e-3)


def test_a_model_with_twin_compartments_is_solved_one_person_at_a_time():
    model = library.load("simons_2022")
    people = bodies("simons_2022", SOMEONE, (), np.zeros((0, 1)))
    found = crowd.levels(model, people, [infusion()], TIMES)
    for key, output in (("ketamine", lv.ARTERIAL), ("norketamine", lv.NORKETAMINE)):
        line = timeline([infusion()], TIMES)
        known = lv.levels(people, line, output)[output][line.asked]
        assert np.allclose(found[key], known, rtol=1e-6, atol=1e-6)
