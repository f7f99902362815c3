"""The prior: how people differ, while nothing is known of this one but age, weight and the like."""

from __future__ import annotations

import numpy as np

from afterglow.core.body import Ancestry, Covariates, Hepatic
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.bodies import (
    HEAVY_BMI,
    counted_weight_kg,
    effect_numbers,
    rises_more,
    spread_parameters,
)
from afterglow.core.pharmacology import liver
from afterglow.core.pharmacology.library import Model, load
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.refusal import Refusal

DEFAULT_MODEL = "simons_2022"
SHORT_CM = 150.0  # [own] so light that only a shorter adult has a BMI above 35: not worth a word

# Medicines with a measured effect on exposure after swallowing or by nose.
INTERACTING = {
    "clarithromycin": "oral exposure was 2.6 times as high (10.1016/j.ejpain.2009.10.003) [A]",
    "ticlopidine": "oral exposure was 2.4 times as high (10.1038/clpt.2011.140) [A]",
    "grapefruit": "oral exposure was 3.0 times as high (10.1007/s00228-012-1214-9) [A]",
    "rifampicin": "oral exposure fell to 0.14 (10.1111/j.1742-7843.2012.00908.x) [A]",
}


def prior_for(
    covariates: Covariates, *, model: str = DEFAULT_MODEL, unverified: bool = False
) -> Belief | Refusal:
    """What is believed of any patient with these covariates, or why the model does not reach.

    With `unverified`, one interacting medicine or a moderately impaired liver is taken account of
    by its factor on intrinsic clearance; to forecast with, never to propose from.
    """
    library = load(model)
    if refusal := outside(library, covariates, unverified=unverified):
        return refusal
    cov = covariance(model)
    return Belief(
        model=model,
        covariates=covariates,
        parameters=tuple(spread_parameters(model)),
        mean=(0.0,) * len(cov),
        cov=tuple(tuple(float(v) for v in row) for row in cov),
        assumptions=_assumptions(library, covariates),
    )


def covariance(model: str) -> Floats:
    """Between-patient covariance of the deviations, (P, P)."""
    spread = spread_parameters(model)
    names = list(spread)
    sd = np.array([p.sd for p in spread.values()])
    together = np.eye(sd.size)
    pair = names.index("dmax"), names.index("systolic_slope")
    together[pair] = together[pair[::-1]] = effect_numbers()["slope_with_dmax"]
    cov = np.asarray(together * np.outer(sd, sd))
    for published, value in load(model).covariances.items():
        i, j = (names.index(name) for name in published.split())
        cov[i, j] = cov[j, i] = value
    return cov


def outside(library: Model, covariates: Covariates, *, unverified: bool = False) -> Refusal | None:
    """Why a library model may not be used for this patient, if so."""
    if refusal := _not_studied(covariates, unverified=unverified):
        return refusal
    for field, value, unit in (
        ("age_years", covariates.age_years, "years"),
        ("weight_kg", covariates.weight_kg, "kg"),
    ):
        low, high = library.limits[field]
        if not low <= value <= high:
            return Refusal(
                code="outside-model",
                because=f"{field} is {value:g}; {library.title} is used for "
                f"{low:g} to {high:g} {unit}.",
                remedy="Plan without the model, from the protocol and your own judgement.",
                source=str(library.limits["why"]),
            )
    return None


def _not_studied(covariates: Covariates, *, unverified: bool) -> Refusal | None:
    """A liver or a medicine that changes exposure, by an amount no model in use was fitted to."""
    borne = (Hepatic.CHILD_PUGH_B,) if unverified else ()
    if covariates.hepatic in {Hepatic.CHILD_PUGH_B, Hepatic.CHILD_PUGH_C}.difference(borne):
        return Refusal(
            code="hepatic-not-modelled",
            because=f"The liver is impaired ({covariates.hepatic}): exposure may be twice as high, "
            "and no model in use was fitted to it.",
            remedy="Decide without the model; class C is to be avoided.",
            source="Esketamine label: moderate impairment raises exposure and half-life [A]",
        )
    known = [one for one in liver.interacting(covariates) if one in INTERACTING]
    if len(known) <= (1 if unverified else 0):
        return None
    return Refusal(
        code="interaction-not-modelled",
        because=f"{', '.join(known)}: {INTERACTING[known[0]]}. Into a vein nothing was measured"
        f"{', nor were two together' if len(known) > 1 else ''}.",
        remedy="Decide without the model, or after the medicine has been stopped long enough.",
        source="Interaction studies with oral and nasal esketamine",
    )


def liver_words(covariates: Covariates) -> tuple[str, ...]:
    """What was assumed of the liver, in words; nothing when it is taken as usual."""
    said = []
    for name in liver.interacting(covariates):
        told = INTERACTING.get(name, "no change of exposure was found [A]")
        said.append(f"{name}: {told}; taken as a change of intrinsic clearance [D].")
    if covariates.hepatic is Hepatic.CHILD_PUGH_B:
        said.append("A moderately impaired liver: taken from one unverified figure [C].")
    if (older := liver.flow(covariates)) < 1:
        said.append(f"Older than 60: liver flow is taken as {older:.0%} of usual [B].")
    if covariates.ancestry in (Ancestry.ASIAN, Ancestry.JAPANESE):
        said.append("Asian ancestry: clearance by other ways than norketamine x 0.36 [B].")
    return tuple(said)


def _assumptions(library: Model, covariates: Covariates) -> tuple[str, ...]:
    fitted = library.fitted_to
    said = [
        f"Fitted to {fitted['n']} {fitted['people']}, mean {fitted['age_years_mean']} years and "
        f"{fitted['weight_kg_mean']} kg."
    ]
    said += [*size_words(covariates), *liver_words(covariates), *pressure_words(covariates)]
    return (*said, *library.caveats)


def size_words(covariates: Covariates) -> tuple[str, ...]:
    counted = counted_weight_kg(covariates)
    if counted == covariates.weight_kg:
        return ()
    return (f"BMI is above {HEAVY_BMI:g}: size is counted as {counted:.0f} kg [own].",)


def height_unknown(covariates: Covariates) -> str:
    """What a height that nobody measured leaves open at this weight; nothing for a light person."""
    tall_cm = 100 * (covariates.weight_kg / HEAVY_BMI) ** 0.5
    if covariates.height_cm is not None or tall_cm <= SHORT_CM:
        return ""
    return (
        f"Height is not recorded. At {covariates.weight_kg:g} kg the BMI of anyone below "
        f"{tall_cm:.0f} cm is above {HEAVY_BMI:g}, and levels would be higher than worked out here."
    )


def pressure_words(covariates: Covariates) -> tuple[str, ...]:
    if rises_more(covariates):
        return (
            "Pressure is expected to rise 1.5 times as much: 50 or older, or hypertension [own].",
        )
    if covariates.hypertension is None:
        return ("Hypertension was not recorded: the rise of pressure may be understated.",)
    return ()
