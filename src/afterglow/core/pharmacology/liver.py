"""First pass and clearance by a well-stirred liver, and what medicines, disease and age do to them.

A factor acts on intrinsic clearance. What that means for clearance and for the share that passes
the liver follows from the flow: a vein feels an inhibitor little, the mouth feels it much.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from afterglow.core.body import Ancestry, Covariates, Hepatic
from afterglow.core.pharmacology.library import Model, load_effect
from afterglow.core.pharmacology.modes import Floats

Share = TypeVar("Share", float, Floats)  # one, or one for each person
MEDICINES = ("clarithromycin", "grapefruit", "itraconazole", "rifampicin", "ticlopidine")
OLDER_FROM_YEARS = 60.0
# Another word for the same: a medicine must not pass for unknown by its American name.
SAME_AS = {"rifampin": "rifampicin", "grapefruit juice": "grapefruit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Factors on the intrinsic clearance of the liver and of the gut wall; 1 is usual."""

    liver: float = 1.0
    gut: float = 1.0

    @property
    def is_none(self) -> bool:
        return self.liver == 1.0 and self.gut == 1.0


def interacting(covariates: Covariates) -> tuple[str, ...]:
    """Those of the patient's medicines that were studied with ketamine, sorted."""
    return tuple(sorted(medicines_of(covariates) & set(MEDICINES)))


def medicines_of(covariates: Covariates) -> set[str]:
    """The patient's medicines as one writes them here."""
    return {named(one) for one in covariates.medicines}


def named(medicine: str) -> str:
    """The name by which a medicine goes here."""
    plain = " ".join(medicine.lower().split())
    return SAME_AS.get(plain, plain)


def change(covariates: Covariates) -> Change:
    """What medicines and an impaired liver do. At most one medicine: more were never studied."""
    numbers, found = load_effect("liver"), interacting(covariates)
    liver = numbers.value(f"{found[0]}_liver") if found else 1.0
    gut = numbers.value(f"{found[0]}_gut") if found else 1.0
    if covariates.hepatic is Hepatic.CHILD_PUGH_B:
        liver *= numbers.value("child_pugh_b_liver")
    return Change(liver=liver, gut=gut)


def flow(covariates: Covariates) -> float:
    """Liver flow as a share of that at 60 years or younger."""
    older = max(0.0, covariates.age_years - OLDER_FROM_YEARS)
    return 1.0 + older * load_effect("liver").value("flow_per_year_over_60")


def gut_share(usual: Share, factor: float) -> Share:
    """The share that passes the gut wall when its intrinsic clearance is `factor` times usual."""
    return 1.0 / (1.0 + factor * (1.0 / usual - 1.0))


def on_core(values: Mapping[str, float], covariates: Covariates) -> dict[str, float]:
    """The arterial core's typical values with this person's liver.

    Changes `cl` (S-ketamine) and `r_over_s_cl`; adds `f_gut` and the share of S and of R that
    passes the liver. Each enantiomer's intrinsic clearance is that of its usual extraction.
    """
    numbers, altered, q = load_effect("liver"), change(covariates), flow(covariates)
    factor = altered.liver * _ancestral(covariates)
    usual = numbers.value("extraction")
    usual_r = usual * values["r_over_s_cl"]
    s, r = _extracted(usual, factor, q), _extracted(usual_r, factor, q)
    return {
        **values,
        "cl": values["cl"] * q * (s / usual),
        "r_over_s_cl": values["r_over_s_cl"] * (r / usual_r) / (s / usual),
        "f_gut": gut_share(numbers.value("f_gut"), altered.gut),
        "passes_liver": 1.0 - s,
        "r_passes_liver": 1.0 - r,
    }


def older(covariates: Covariates, age_years: Floats, r_over_s: float) -> dict[str, Floats]:
    """What years beyond 60 do to many people (N,) who share all else with `covariates`.

    Factors on `cl` and on `r_over_s_cl` (of which `r_over_s` is the usual value), and the shares
    of S and of R that pass the liver, as `on_core` gives them for one person of that age.
    """
    numbers, factor = load_effect("liver"), change(covariates).liver * _ancestral(covariates)
    q = 1.0 + np.maximum(age_years - OLDER_FROM_YEARS, 0.0) * numbers.value("flow_per_year_over_60")
    usual = numbers.value("extraction")
    usual_r = usual * r_over_s
    s, r = _extracted(usual, factor, q), _extracted(usual_r, factor, q)
    young, young_r = _extracted(usual, factor, 1.0), _extracted(usual_r, factor, 1.0)
    return {
        "cl": q * s / young,
        "r_over_s_cl": (r / young_r) / (s / young),
        "passes_liver": 1.0 - s,
        "r_passes_liver": 1.0 - r,
    }


def on_library(
    model: Model, values: Mapping[str, Share], covariates: Covariates
) -> dict[str, Share]:
    """The same for a library model that names its own liver rates and gut share.

    Its ancestry and age are its own (`Model.for_person`).
    """
    altered, changed = change(covariates), dict(values)
    for rate in model.liver.get("intrinsic", ()):
        changed[rate] *= altered.liver
    if "gut" in model.liver:
        changed[model.liver["gut"]] = gut_share(changed[model.liver["gut"]], altered.gut)
    return changed


def _ancestral(covariates: Covariates) -> float:
    asian = covariates.ancestry in (Ancestry.ASIAN, Ancestry.JAPANESE)
    return load_effect("liver").value("asian_intrinsic") if asian else 1.0


def _extracted(usual: float, factor: float, q: Share) -> Share:
    """Well-stirred: Q and intrinsic clearance in the proportion that gives the usual extraction."""
    return factor * usual / (q * (1.0 - usual) + factor * usual)
