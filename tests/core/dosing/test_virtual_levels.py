"""Sessions of virtual people: every route as `predict` follows it, and luck that differs by day."""

from dataclasses import replace

import numpy as np
import pytest

from afterglow.core.dosing.case import read_case
from afterglow.core.dosing.forecast import forecast
from afterglow.core.dosing.virtual_given import Given
from afterglow.core.dosing.virtual_levels import SITES, levels_of
from afterglow.core.dosing.virtual_people import Population, Spread
from afterglow.core.pharmacology import levels as lv
from afterglow.core.quantity import BaseMass, Bolus, Drug, Infusion, Route

PEOPLE = Population(
    age_years=Spread(mean=45, sd=0, low=18, high=75),
    weight_kg=Spread(mean=80, sd=0, low=45, high=140),
    female_share=0.5,
)
TIMES = [20.0, 40.0, 90.0, 240.0]


def dose(mg, drug, route, minutes=0.0, at=0.0):
    told = {"amount": BaseMass(mg), "starts_min": at, "drug": Drug(drug), "route": Route(route)}
    return Infusion(**told, lasts_min=minutes) if minutes else Bolus(**told)


WAYS = [
    (84, "esketamine", "nasal", 0, None),
    (40, "esketamine", "oral", 0, None),
    (50, "ketamine", "nasal", 0, None),
    (50, "ketamine", "nasal", 0, 0.45),
    (100, "ketamine", "oral", 0, None),
    (50, "esketamine", "sublingual", 0, None),
    (50, "ketamine", "sublingual", 0, None),
    (40, "ketamine", "intramuscular", 0, None),
    (70, "ketamine", "subcutaneous", 0, None),
    (40, "ketamine", "intravenous", 40, None),
]


@pytest.mark.parametrize(("mg", "drug", "route", "minutes", "share"), WAYS)
def test_every_route_is_followed_as_a_forecast_follows_it(mg, drug, route, minutes, share):
    given = Given(doses=(dose(mg, drug, route, minutes),), bioavailability=share)
    at_min, found = levels_of(given, PEOPLE.crowd(4000, 5), 0, lv.ARTERIAL, lv.VENOUS)
    told = {"amount_mg": mg, "route": route, "duration_min": minutes}
    case = {
        "patient": {"age_years": 45, "weight_kg": 80},
        "drug": {"name": drug},
        "dose": [told | ({"bioavailability": share} if share else {})],
        "output": {
            "times_min": TIMES,
            "quantities": ["arterial_ng_per_ml", "venous_ng_per_ml"],
            "percentiles": [10, 50, 90],
        },
        "options": {"patients": 4000, "seed": 2},
    }
    wanted = forecast(read_case(case))["quantities"]
    rows = np.searchsorted(at_min, TIMES)
    for quantity, site in (("arterial_ng_per_ml", lv.ARTERIAL), ("venous_ng_per_ml", lv.VENOUS)):
        for key, p in (("p10", 10), ("p50", 50), ("p90", 90)):
            seen = np.percentile(found[site][rows], p, axis=1)
            assert seen == pytest.approx(wanted[quantity][key], rel=0.09, abs=0.3), (quantity, key)


def test_uptake_differs_from_session_to_session_and_clearance_does_not():
    crowd = PEOPLE.crowd(300, 1)
    film = Given(doses=(dose(50, "esketamine", "sublingual"),))
    vein = Given(doses=(dose(40, "ketamine", "intravenous", 40),))
    for given, differs in ((film, True), (vein, False)):
        first, second, again = (
            levels_of(given, crowd, day, lv.ARTERIAL)[1][lv.ARTERIAL] for day in (0, 1, 0)
        )
        assert np.array_equal(first, again)
        assert np.array_equal(first, second) is not differs


def test_effect_sites_lag_behind_arterial_blood_after_a_spray():
    given = Given(doses=tuple(dose(28, "esketamine", "nasal", at=5.0 * n) for n in range(3)))
    at_min, found = levels_of(given, PEOPLE.typical(), 0, *SITES)
    peak = {site: at_min[found[site][:, 0].argmax()] for site in SITES}
    assert 20 <= peak[lv.ARTERIAL] < peak[lv.PRESSURE_SITE] < peak[lv.DISSOCIATION_SITE] <= 50
    for site in SITES:
        assert np.all(found[site] >= 0)


def test_japanese_people_take_up_more_of_a_spray_and_clear_it_more_slowly():
    given = Given(doses=(dose(56, "esketamine", "nasal"),))
    usual, japanese = (
        levels_of(given, people.typical(), 0, lv.VENOUS)[1][lv.VENOUS][:, 0]
        for people in (PEOPLE, replace(PEOPLE, ancestry="japanese"))
    )
    assert japanese.max() > 1.15 * usual.max()
    assert japanese[-1] > 1.15 * usual[-1]


def test_a_slow_tablet_is_lower_and_longer():
    at_once = Given(doses=(dose(120, "ketamine", "oral"),))
    slowly = Given(doses=(dose(120, "ketamine", "oral", minutes=600.0),))
    crowd = PEOPLE.typical()
    (t0, one), (t1, two) = (levels_of(g, crowd, 0, lv.ARTERIAL) for g in (at_once, slowly))
    assert two[lv.ARTERIAL].max() < 0.5 * one[lv.ARTERIAL].max()
    assert t1[two[lv.ARTERIAL][:, 0].argmax()] > 400
    areas = [np.trapezoid(c[lv.ARTERIAL][:, 0], t) for t, c in ((t0, one), (t1, two))]
    assert areas[1] == pytest.approx(areas[0], rel=0.1)  # the tails are cut at different times
