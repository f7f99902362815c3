"""Very many sprays at once: the levels of the library's own network, and one sitting of devices."""

import numpy as np
import pytest

from afterglow.core.body import Ancestry, Covariates, Hepatic, Sex
from afterglow.core.pharmacology import crowd, liver, spray
from afterglow.core.pharmacology.library import load
from afterglow.core.quantity import BaseMass, Bolus, Drug, Infusion, Route

MODEL = load(spray.MODEL)
MINUTES = np.arange(0.0, 1441.0, 5.0)


def dose(mg, at=0.0, route=Route.NASAL, minutes=0.0):
    told = {"amount": BaseMass(mg), "starts_min": at, "drug": Drug.ESKETAMINE, "route": route}
    return Infusion(**told, lasts_min=minutes) if minutes else Bolus(**told)


def people(n=300, **who):
    someone = Covariates(age_years=70, weight_kg=80, sex=Sex.FEMALE, **who)
    usual = liver.on_library(MODEL, MODEL.for_person(someone), someone)
    return crowd.draw(MODEL, usual, n, 7)


@pytest.mark.parametrize(
    "doses",
    [
        [dose(28)],
        [dose(28), dose(28, 5.0), dose(28, 10.0)],
        [dose(84, minutes=10.0)],
        [dose(56), dose(56, 240.0)],
        [dose(40, route=Route.ORAL)],
        [dose(56), dose(20, 30.0, Route.ORAL)],
    ],
)
def test_levels_are_those_of_the_librarys_network(doses):
    bodies = people(ancestry=Ancestry.JAPANESE, hepatic=Hepatic.CHILD_PUGH_B)
    at, seen = spray.venous(bodies, doses, MINUTES)
    slow = crowd.levels(MODEL, bodies, doses, MINUTES)["ketamine"]
    assert seen[np.isin(at, MINUTES)] == pytest.approx(slow, rel=1e-8, abs=1e-9)
    assert seen.max() > 20


def test_a_form_that_releases_slowly_gives_the_same_area_with_a_lower_peak():
    at_once, slowly = (
        spray.venous(people(50), [one], np.arange(0.0, 6000.0, 2.0))
        for one in (dose(60, route=Route.ORAL), dose(60, route=Route.ORAL, minutes=600.0))
    )
    areas = [np.trapezoid(seen, at, axis=0) for at, seen in (at_once, slowly)]
    assert areas[1] == pytest.approx(areas[0], rel=2e-3)
    assert slowly[1].max(axis=0).mean() < 0.6 * at_once[1].max(axis=0).mean()


def test_only_esketamine_by_nose_or_mouth_is_followed():
    assert spray.follows([dose(28), dose(28, 5.0, Route.ORAL)])
    assert not spray.follows([dose(28, route=Route.SUBLINGUAL)])
    assert not spray.follows([dose(28), Bolus(amount=BaseMass(50), starts_min=0)])
