"""Norketamine by any way in: the whole network's figures, and mass that is not lost on the way."""

import numpy as np
import pytest

from afterglow.core.dosing.population import prior_for
from afterglow.core.pharmacology import crowd, library
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import metabolites as mb
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.quantity import BaseMass, Bolus, Drug, Route
from tests.core.people import SOMEONE, infusion

TIMES = np.arange(0.0, 361.0, 5.0)
LONG = np.arange(0.0, 10_000.0, 2.0)


def usual(model):
    belief = prior_for(SOMEONE, model=model)
    return belief.bodies(np.zeros((len(belief.parameters), 1)))


CORE, OTTO = usual("simons_2022"), usual("otto_2021")


def dose(route, drug=Drug.KETAMINE, mg=25.0):
    return Bolus(amount=BaseMass(mg), starts_min=0, drug=drug, route=route)


@pytest.mark.parametrize(
    "given", [dose(Route.SUBLINGUAL, Drug.ESKETAMINE), infusion(), infusion(drug=Drug.ARKETAMINE)]
)
def test_both_metabolites_agree_with_the_whole_network_of_the_file(given):
    model = library.load("simons_2022")
    values = {name: np.array([value]) for name, value in model.for_weight(70).items()}
    whole = crowd.levels(model, values, [given], TIMES)
    found = mb.arterial(CORE, [given], TIMES)
    assert np.allclose(found[mb.ARTERIAL], whole["norketamine"], rtol=1e-6, atol=1e-5)
    assert np.allclose(found[mb.HYDROXY], whole["hydroxynorketamine"], rtol=1e-6, atol=1e-5)


def test_into_a_vein_it_is_what_the_plain_levels_say():
    line = timeline([infusion()], TIMES)
    plain = lv.levels(CORE, line, lv.NORKETAMINE)[lv.NORKETAMINE][line.asked]
    assert np.allclose(mb.arterial(CORE, [infusion()], TIMES)[mb.ARTERIAL], plain)


def test_venous_norketamine_into_a_vein_is_what_otto_says():
    model = library.load("otto_2021")
    values = {name: np.array([value]) for name, value in model.for_weight(70).items()}
    otto = crowd.levels(model, values, [infusion()], TIMES)["norketamine"]
    assert np.allclose(mb.venous(OTTO, [infusion()], TIMES)[mb.VENOUS], otto, rtol=1e-7, atol=1e-6)


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize("drug", Drug)
def test_the_area_is_what_a_week_adds_up_to(drug, route):
    given = [dose(route, drug)]
    found = {**mb.arterial(CORE, given, LONG), **mb.venous(OTTO, given, LONG)}
    areas = {**mb.areas(CORE, given), **mb.areas(OTTO, given, in_vein=True)}
    for name in (mb.ARTERIAL, mb.VENOUS, mb.HYDROXY):
        assert np.trapezoid(found[name][:, 0], LONG) == pytest.approx(areas[name][0], rel=2e-3)


@pytest.mark.parametrize("route", [Route.ORAL, Route.SUBLINGUAL])
def test_whatever_the_way_a_dose_becomes_as_much_norketamine_as_by_vein(route):
    """All of a racemic dose is cleared, in blood or at the first pass, four fifths to it."""
    by_vein = mb.areas(CORE, [infusion(25, 40)])[mb.ARTERIAL]
    assert mb.areas(CORE, [dose(route)])[mb.ARTERIAL] == pytest.approx(by_vein, rel=1e-6)


def test_of_what_drips_from_a_spray_the_part_that_the_gut_wall_takes_becomes_nothing():
    spray, by_vein = (
        mb.areas(CORE, [given])[mb.ARTERIAL]
        for given in (dose(Route.NASAL, Drug.ESKETAMINE), infusion(25, 40, drug=Drug.ESKETAMINE))
    )
    dripped = (1 - CORE["f_nose"]) / (1 - CORE["f_gut"] * CORE["passes_liver"])
    assert spray == pytest.approx(by_vein * (1 - dripped * (1 - CORE["f_gut"])), rel=1e-6)


def test_norketamine_after_a_compounded_spray_lies_near_print():
    """10.1002/phar.2669, Table 6: geometric means of 68.1 and 105 ng/mL; looked at."""
    for mg, printed in ((30, 68.1), (50, 105.0)):
        found = mb.venous(OTTO, [dose(Route.NASAL, mg=mg)], TIMES)[mb.VENOUS].max()
        assert found == pytest.approx(printed, rel=0.4)


@pytest.mark.parametrize(
    ("route", "peak", "sd"), [(Route.ORAL, 82, 34), (Route.SUBLINGUAL, 66, 29)]
)
def test_swallowed_norketamine_lies_within_two_sds_of_print(route, peak, sd):
    """Chong 2006, 25 mg racemic, n = 6: not used to set anything."""
    found = mb.venous(OTTO, [dose(route)], TIMES)[mb.VENOUS].max()
    assert abs(found - peak) < 2 * sd


def test_s_norketamine_is_of_the_s_half_alone():
    racemic = mb.arterial(CORE, [infusion(35, 40)], TIMES)
    pure = mb.arterial(CORE, [infusion(17.5, 40, drug=Drug.ESKETAMINE)], TIMES)
    assert np.allclose(racemic[mb.ARTERIAL_S], pure[mb.ARTERIAL])
