"""A virtual patient follows the doses, by the same engine, and is the same one every time."""

import numpy as np
import pytest

from afterglow.core.body import Covariates, Sex
from afterglow.core.dosing.virtual import VirtualPatient
from afterglow.core.errors import BadInput
from tests.core.people import RESTING, SOMEONE, infusion

MINUTES = np.arange(0, 121.0)


def test_signs_follow_the_dose():
    signs = VirtualPatient.draw(3, SOMEONE, baseline=RESTING).signs_at([infusion()], MINUTES)
    assert signs.systolic_mmhg[40] > signs.systolic_mmhg[0] + 2
    assert signs.cadss[40] > 5 > signs.cadss[0]
    assert signs.spo2_percent[40] < signs.spo2_percent[0] <= 99
    assert np.argmax(signs.arterial_ng_per_ml) == 40


def test_without_a_dose_the_patient_rests():
    signs = VirtualPatient.draw(3, SOMEONE).signs_at([], MINUTES)
    for sign in (signs.systolic_mmhg, signs.pulse_per_min, signs.spo2_percent, signs.cadss):
        assert np.ptp(sign) == 0


def test_the_same_seed_is_the_same_patient():
    first, second = (VirtualPatient.draw(8, SOMEONE) for _ in range(2))
    assert first == second
    assert first != VirtualPatient.draw(9, SOMEONE)


def test_a_hundred_patients_all_look_alive():
    for seed in range(100):
        signs = VirtualPatient.draw(seed, SOMEONE).signs_at([infusion()], MINUTES)
        assert np.all((signs.systolic_mmhg > 75) & (signs.systolic_mmhg < 230))
        assert np.all(signs.diastolic_mmhg < signs.systolic_mmhg)
        assert np.all((signs.pulse_per_min > 40) & (signs.pulse_per_min < 160))
        assert np.all((signs.spo2_percent > 90) & (signs.resp_per_min > 7))


def test_someone_outside_the_model_cannot_be_drawn():
    with pytest.raises(BadInput, match="outside-model"):
        VirtualPatient.draw(1, Covariates(age_years=9, weight_kg=30, sex=Sex.FEMALE))
