"""What an assay, a cuff or a rater adds to what is so: the residual error of a measurement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterglow.core.dosing import scene
from afterglow.core.dosing.asked import EVERY, Asked
from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.dosing.outlook import CADSS_6_HIGHEST
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import metabolites as mb
from afterglow.core.pharmacology.library import load
from afterglow.core.pharmacology.modes import Floats

ERRORS = 7  # a stream of dice
ANALYTE = {mb.VENOUS: "norketamine", mb.ARTERIAL: "norketamine", mb.HYDROXY: "hydroxynorketamine"}
IN_VEIN = (lv.VENOUS, lv.VENOUS_S)


@dataclass(frozen=True, slots=True)
class Error:
    """`share` is the SD of the log; `added` the SD of what is added, in the quantity's unit."""

    share: float = 0.0
    added: float = 0.0
    lowest: float = -np.inf
    highest: float = np.inf


def error_of(of: Asked, model_id: str) -> Error | None:
    """The error of measuring this quantity; None where it is not measured, or nothing is known."""
    if of.is_level:
        return _of_level(of, model_id)
    numbers = effect_numbers()
    cuff = numbers["systolic_residual"]
    known = {
        "cadss_23": Error(
            added=numbers["cadss_residual"], lowest=0.0, highest=numbers["cadss_highest"]
        ),
        "cadss_6": Error(added=numbers["cadss6_residual"], lowest=0.0, highest=CADSS_6_HIGHEST),
        "systolic_rise_mmhg": Error(added=cuff),
        "diastolic_rise_mmhg": Error(added=cuff * numbers["diastolic_share"]),
        "map_rise_mmhg": Error(added=cuff * scene.map_share()),
        "pulse_rise_per_min": Error(added=numbers["pulse_residual"]),
    }
    return known.get(of.name)


def _of_level(of: Asked, model_id: str) -> Error | None:
    """By the model that tells the level; venous blood else by Otto 2021, as when learning."""
    if lv.DISSOCIATION_SITE in of.needs:
        return None
    model, level = load(model_id), of.needs[0]
    own_site = (model.site == "venous") == (level in (*IN_VEIN, mb.VENOUS))
    analyte = ANALYTE.get(level, "ketamine")
    if own_site and analyte in model.residual:
        added = model.residual.get(f"{analyte}_added")
        share = model.residual[analyte].value
        return Error(share, added.value if added else 0.0, lowest=0.0)
    if analyte == "ketamine":
        return Error(effect_numbers()["venous_residual"], lowest=0.0)
    return None


def measured(of: Asked, rows: Floats, error: Error, seed: int) -> Floats:
    """What would be read at each time, (t, N): every reading with an error of its own."""
    dice = np.random.default_rng([seed, ERRORS, sorted(EVERY).index(of.name)])
    share, added = dice.standard_normal((2, *rows.shape))
    read = rows * np.exp(error.share * share) + error.added * added
    return np.asarray(np.clip(read, error.lowest, error.highest))
