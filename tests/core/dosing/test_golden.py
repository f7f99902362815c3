"""Typical values that an ODE solver gave for the printed parameters of every model, to the digit.

35 mg over 40 min into a vein, 70 kg, ng/mL at 40, 80 and 120 min; sprays of 28, 56 and 84 mg. These
are checks of the arithmetic: the models' own numbers, by another road.
"""

import pytest

from afterglow.core.dosing.case import read_case
from afterglow.core.dosing.forecast import forecast

K, NK = "venous_ng_per_ml", "norketamine_venous_ng_per_ml"
ARTERY, ARTERY_NK = "arterial_ng_per_ml", "norketamine_arterial_ng_per_ml"
HNK = "hydroxynorketamine_arterial_ng_per_ml"
S, RACEMATE = "esketamine", "ketamine"


def told(dose, drug, model, quantity, times, **output):
    raw = {
        "patient": {"age_years": 45, "weight_kg": 70, "ancestry": "caucasian"},
        "drug": {"name": drug},
        "dose": [dose],
        "output": {"times_min": times, "quantities": [quantity], **output},
        "options": {"model": model, "patients": 100},
    }
    answer = forecast(read_case(raw))
    assert answer["refusal"] is None
    return answer["quantities"][quantity]


INFUSED = [
    ("otto_2021", S, K, [158.0, 78.8, 55.1], 0.06),
    ("otto_2021", S, NK, [47.1, 74.4, 71.7], 0.06),
    ("simons_2022", S, ARTERY, [288.7, 62.9, 38.2], 0.06),
    ("simons_2022", S, ARTERY_NK, [68.9, 59.4, 45.2], 0.06),
    ("simons_2022", S, HNK, [20.9, 28.5, 27.9], 0.06),
    ("kamp_2020_meta", RACEMATE, ARTERY, [253.1, 73.7, 49.9], 0.06),
    ("domino_1982", RACEMATE, K, [240.3, 45.8, 35.8], 0.06),
    ("perezruixo_2021", S, K, [124.8, 65.1, 40.4], 0.06),
    ("default", RACEMATE, ARTERY, [298, 68, 42], 0.6),
    ("default", RACEMATE, K, [189, 90, 64], 0.7),
]


@pytest.mark.parametrize(("model", "drug", "quantity", "expected", "within"), INFUSED)
def test_an_infusion_gives_the_golden_values(model, drug, quantity, expected, within):
    dose = {"route": "intravenous", "amount_mg": 35, "duration_min": 40}
    found = told(dose, drug, model, quantity, [40, 80, 120])
    assert found["typical"] == pytest.approx(expected, abs=within)


# mg, peak of esketamine, area to 24 h, peak of noresketamine, area to 24 h
SPRAYED = [
    (28, 43.9, 146.9, 59.2, 387),
    (56, 73.0, 253.8, 120.0, 746),
    (84, 102.2, 360.8, 180.8, 1105),
]


@pytest.mark.parametrize(("mg", "peak", "area", "peak_nk", "area_nk"), SPRAYED)
def test_a_spray_gives_the_golden_values(mg, peak, area, peak_nk, area_nk):
    dose = {"route": "nasal", "amount_mg": mg}
    k, nk = (told(dose, S, "default", one, [0, 60], auc_to_min=1440) for one in (K, NK))
    assert k["peak"]["typical"] == pytest.approx(peak, abs=0.06)
    assert 36 <= k["time_of_peak_min"] <= 40
    assert k["auc_0_t"]["typical"] == pytest.approx(area, rel=1e-3)
    assert nk["peak"]["typical"] == pytest.approx(peak_nk, abs=0.06)
    assert 97 <= nk["time_of_peak_min"] <= 99
    # Published: 274, 516 and 758. The printed parameters do not give these: a known discrepancy.
    assert nk["auc_0_t"]["typical"] == pytest.approx(area_nk, rel=1e-3)
