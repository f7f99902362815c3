"""A case from a file is read strictly and answered in plain numbers."""

import copy
import json

import numpy as np
import pytest

from afterglow.core.dosing.case import read_case
from afterglow.core.dosing.forecast import forecast
from afterglow.core.errors import BadInput

CASE = {
    "patient": {"age_years": 45, "weight_kg": 70, "sex": "female"},
    "drug": {"name": "ketamine"},
    "dose": [{"route": "intravenous", "amount_mg": 35, "start_min": 0, "duration_min": 40}],
    "output": {
        "times_min": [0, 20, 40, 80, 110, 240],
        "quantities": ["venous_ng_per_ml", "cadss_23"],
        "percentiles": [5, 50, 95],
    },
    "options": {"patients": 400, "seed": 1},
}


def case(**changes):
    """The usual case, with "table.field" replaced."""
    raw = copy.deepcopy(CASE)
    for path, value in changes.items():
        table, _, field = path.partition("__")
        target = raw[table][0] if table == "dose" else raw[table]
        target[field] = value
    return raw


def answer(**changes):
    found = forecast(read_case(case(**changes)))
    assert found["refusal"] is None, found["refusal"]
    return found["quantities"]


def test_every_quantity_of_the_default_model_comes_back():
    wanted = [
        "venous_ng_per_ml",
        "arterial_ng_per_ml",
        "norketamine_venous_ng_per_ml",
        "cadss_23",
        "systolic_rise_mmhg",
        "probability_cadss_above_4",
    ]
    found = answer(output__quantities=wanted)
    assert list(found) == wanted
    for told in found.values():
        assert len(told["typical"]) == len(told["mean"]) == 6
    assert found["venous_ng_per_ml"]["peak"]["typical"] == pytest.approx(188.4, abs=0.1)
    assert found["arterial_ng_per_ml"]["typical"][2] == pytest.approx(298.2, abs=0.1)
    assert found["norketamine_venous_ng_per_ml"]["typical"][3] == pytest.approx(70.6, abs=0.2)
    assert found["probability_cadss_above_4"]["mean"][2] > 0.95
    json.dumps(found)


def test_the_area_is_the_dose_over_the_clearance():
    exact = 1000 / 60 * (17.5 / 1.48 + 17.5 / (0.86 * 1.48))
    found = answer(output__quantities=["venous_ng_per_ml", "arterial_ng_per_ml"])
    for told in found.values():
        assert told["auc_0_inf"] == pytest.approx(exact, rel=1e-6)


def test_percentiles_surround_the_typical_person():
    told = answer()["venous_ng_per_ml"]
    assert told["p5"][2] < told["typical"][2] < told["p95"][2]
    assert told["time_of_peak_min"] == 40


@pytest.mark.parametrize(
    ("model", "at_40", "key"),
    [
        ("otto_2021", 158.0, "venous_ng_per_ml"),
        ("domino_1982", 240.3, "venous_ng_per_ml"),
        ("kamp_2020_meta", 253.1, "arterial_ng_per_ml"),
        ("clements_1981_250", 177.3, "venous_ng_per_ml"),
    ],
)
def test_a_library_model_can_be_asked_by_name(model, at_40, key):
    drug = "esketamine" if model == "otto_2021" else "ketamine"
    found = answer(options__model=model, output__quantities=[key], drug__name=drug)
    assert found[key]["typical"][2] == pytest.approx(at_40, abs=0.06)


@pytest.mark.parametrize(("mg", "cmax"), [(28, 43.9), (56, 73.0), (84, 102.2)])
def test_a_nasal_spray_has_the_published_peak(mg, cmax):
    sprayed = {
        "drug__name": "esketamine",
        "dose__route": "nasal",
        "dose__amount_mg": mg,
        "dose__duration_min": 0,
        "output__quantities": ["venous_ng_per_ml"],
    }
    told = answer(**sprayed)["venous_ng_per_ml"]
    assert told["peak"]["typical"] == pytest.approx(cmax, abs=0.15)
    assert 35 <= told["time_of_peak_min"] <= 41
    hours_24 = {28: 146.9, 56: 253.8, 84: 360.8}[mg]
    assert hours_24 < told["auc_0_inf"] < 1.3 * hours_24


SPRAY = {
    "drug__name": "esketamine",
    "dose__route": "nasal",
    "dose__amount_mg": 28,
    "dose__duration_min": 0,
    "output__quantities": ["venous_ng_per_ml"],
}


def test_ancestry_and_age_change_what_the_nasal_model_published_of_them():
    usual, asian, japanese, old = (
        answer(**SPRAY, **changes)["venous_ng_per_ml"]
        for changes in (
            {},
            {"patient__ancestry": "asian"},
            {"patient__ancestry": "japanese"},
            {"patient__age_years": 80},
        )
    )
    assert asian["auc_0_inf"] > 1.05 * usual["auc_0_inf"]
    assert japanese["peak"]["typical"] > asian["peak"]["typical"] > usual["peak"]["typical"]
    assert old["auc_0_inf"] > 1.2 * usual["auc_0_inf"]


def test_an_impaired_liver_is_refused():
    assert refusal(patient__hepatic="child-pugh-b")["code"] == "hepatic-not-modelled"


def test_a_medicine_that_changes_exposure_is_refused_with_its_measured_effect():
    told = refusal(patient__medicines=["Rifampicin"])
    assert told["code"] == "interaction-not-modelled"
    assert "0.14" in told["because"]


def refusal(**changes):
    found = forecast(read_case(case(**changes)))
    assert found["quantities"] == {}
    return found["refusal"]


def test_a_child_is_refused():
    told = refusal(patient__age_years=12)
    assert told["code"] == "outside-model"
    assert "18 to 80" in told["because"]


def test_a_venous_model_does_not_give_effects():
    told = refusal(options__model="otto_2021", drug__name="esketamine")
    assert told["code"] == "quantity-not-modelled"
    assert "cadss_23" in told["because"]


def test_racemic_ketamine_by_nose_is_refused():
    told = refusal(dose__route="nasal", dose__duration_min=0)
    assert told["code"] == "route-not-modelled"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"patient__weight_kg": 7000}, "weight_kg must be 20 to 350 kg, got 7000"),
        ({"patient__weight_kg": float("nan")}, "patient.weight_kg must be a number"),
        ({"patient__wieght": 70}, "wieght is not known"),
        ({"patient__ancestry": "martian"}, "patient.ancestry must be one of caucasian"),
        ({"patient__hypertension": "no"}, "hypertension must be true or false"),
        ({"drug__name": "aspirin"}, "drug.name must be one of ketamine, esketamine, arketamine"),
        ({"dose__route": "rectal"}, "dose 1: route must be one of intravenous"),
        ({"dose__amount_mg": -3}, "0 mg or more"),
        ({"dose__form": "salt"}, "form must be base or hydrochloride"),
        ({"output__times_min": [40, 20]}, "ascending"),
        ({"output__percentiles": [101]}, "percentiles must be 0 to 100"),
        ({"options__model": "mine"}, "options.model must be one of default"),
        ({"options__patients": 3}, "patients must be 100"),
        ({"output__quantities": ["probability_cadss_above_four"]}, "must end in a number"),
    ],
)
def test_what_cannot_be_meant_names_its_field(changes, says):
    with pytest.raises(BadInput, match=says):
        forecast(read_case(case(**changes)))


def test_hydrochloride_must_be_said_and_counts_for_less():
    base = answer(output__quantities=["venous_ng_per_ml"])["venous_ng_per_ml"]
    salt = answer(dose__form="hydrochloride", output__quantities=["venous_ng_per_ml"])
    ratio = np.array(salt["venous_ng_per_ml"]["typical"][1:]) / np.array(base["typical"][1:])
    assert np.allclose(ratio, 237.73 / 274.19)
