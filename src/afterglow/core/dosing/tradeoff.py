"""Every candidate weighed for one patient: what it buys and what it costs.

Levels are in proportion to the dose, so one run per duration serves every dose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from afterglow.core.dosing import outlook
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.options import HARD_CAP_MG_PER_KG, Candidates, Limits, Option
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.library import load_effect
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.quantity import BaseMass, Drug, Infusion

AFTER_MIN = 30.0  # the effect sites peak within this time after the end


@dataclass(frozen=True, slots=True)
class Weighing:
    """One patient's draws, the session ahead and the limits it must keep."""

    belief: Belief
    people: Mapping[str, Floats]
    occasion: Occasion
    visit: Visit
    drug: Drug
    limits: Limits

    def options(self, candidates: Candidates, parts: tuple[float, ...] = (1.0,)) -> list[Option]:
        """Every dose over every duration, lowest dose and shortest first.

        `parts` of the dose go in over equal parts of the time, one after another.
        """
        found = []
        for minutes in sorted(candidates.minutes):
            per_mg = self._peaks_per_mg(minutes, parts)
            found += [self._option(dose_mg, minutes, per_mg) for dose_mg in candidates.doses_mg]
        return sorted(found, key=lambda one: (one.dose_mg, one.minutes))

    def _peaks_per_mg(self, minutes: float, parts: tuple[float, ...]) -> tuple[Floats, Floats]:
        """Peak of each effect site per mg given over so many minutes, (N,) each."""
        given = infusions(BaseMass(1), minutes, parts, self.drug)
        line = timeline(given, np.arange(0, minutes + AFTER_MIN + 1, 1.0))
        sites = lv.levels(self.people, line, lv.DISSOCIATION_SITE, lv.PRESSURE_SITE)
        peaks = [site.max(axis=0) for site in sites.values()]
        return peaks[0], peaks[1]

    def _option(self, dose_mg: float, minutes: float, per_mg: tuple[Floats, Floats]) -> Option:
        sites = [(dose_mg * peak)[None, :] for peak in per_mg]
        cadss = outlook.cadss(sites[0], self.people, self.visit, self.occasion)[0]
        systolic = outlook.systolic(sites[1], self.people, self.visit, self.occasion)[0]
        cadss_chance = float(np.mean(cadss > self.limits.cadss))
        systolic_chance = float(np.mean(systolic > self.limits.systolic_mmhg))
        mg_per_kg = dose_mg / self.belief.covariates.weight_kg
        why_not = self._why_not(mg_per_kg, cadss_chance, systolic_chance)
        return Option(
            dose_mg=dose_mg,
            minutes=minutes,
            mg_per_kg=round(mg_per_kg, 3),
            cadss_chance=round(cadss_chance, 4),
            systolic_chance=round(systolic_chance, 4),
            cadss_median=round(float(np.median(cadss)), 1),
            cadss_p95=round(float(np.percentile(cadss, 95)), 1),
            systolic_p95=round(float(np.percentile(systolic, 95)), 1),
            benefit_proxy=round(float(np.mean(self._proxy(mg_per_kg))), 4),
            allowed=not why_not,
            why_not=why_not,
        )

    def _proxy(self, mg_per_kg: float) -> Floats:
        """Saturating in exposure: the dose, scaled by what this patient makes of each mg."""
        numbers = load_effect("exposure_proxy")
        usual = self.belief.bodies(np.zeros((len(self.belief.parameters), 1)))["cl"]
        ratio = mg_per_kg * usual / self.people["cl"] / numbers.value("q50")
        powered = ratio ** numbers.value("hill")
        return np.asarray(powered / (1 + powered))

    def _why_not(self, mg_per_kg: float, cadss_chance: float, systolic_chance: float) -> str:
        limits = self.limits
        if mg_per_kg > HARD_CAP_MG_PER_KG + 1e-9 and not limits.second_prescriber:
            return f"Above {HARD_CAP_MG_PER_KG:g} mg/kg without a second prescriber."
        if mg_per_kg > limits.ceiling_mg_per_kg + 1e-9:
            return f"Above the ceiling of {limits.ceiling_mg_per_kg:g} mg/kg."
        if cadss_chance > limits.cadss_chance:
            return _over("CADSS above", f"{limits.cadss:g}", cadss_chance, limits.cadss_chance)
        if systolic_chance > limits.systolic_chance:
            above = f"{limits.systolic_mmhg:g} mmHg"
            return _over("systolic above", above, systolic_chance, limits.systolic_chance)
        return ""


def infusions(
    amount: BaseMass, minutes: float, parts: tuple[float, ...], drug: Drug
) -> tuple[Infusion, ...]:
    """A dose given in parts (which sum to 1), each over its equal share of the time."""
    step = minutes / len(parts)
    return tuple(
        Infusion(amount=BaseMass(amount.mg * part), starts_min=n * step, lasts_min=step, drug=drug)
        for n, part in enumerate(parts)
    )


def _over(what: str, above: str, chance: float, limit: float) -> str:
    return f"Chance of {what} {above} is {chance:.0%}, limit {limit:.0%}."
