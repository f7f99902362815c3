"""Every candidate weighed for one patient: what it buys and what it costs.

Levels are in proportion to the dose, so one run per duration serves every dose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from afterglow.core.dosing import outlook
from afterglow.core.dosing.bands import PERCENTILES
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.options import HARD_CAP_MG_PER_KG, Candidates, Limits, Option
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.shown import percentiles
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.library import load_effect
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.paths import Bank
from afterglow.core.pharmacology.routes import Way
from afterglow.core.quantity import BaseMass, Drug, Infusion

MEDIAN, HIGH = PERCENTILES.index(50), PERCENTILES.index(95)
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
        bank = lv.bank_of(self.people, (Way.VEIN,), (lv.DISSOCIATION_SITE, lv.PRESSURE_SITE))
        made = self._made_of_each_mg()
        for minutes in sorted(candidates.minutes):
            per_mg = (*self._peaks_per_mg(bank, minutes, parts), made)
            found += self._over(minutes, np.array(candidates.doses_mg), per_mg)
        return sorted(found, key=lambda one: (one.dose_mg, one.minutes))

    def _made_of_each_mg(self) -> Floats:
        """Exposure per mg of each draw (N,), as a multiple of the typical person's."""
        usual = self.belief.bodies(np.zeros((len(self.belief.parameters), 1)))["cl"]
        return np.asarray(usual / self.people["cl"])

    def _peaks_per_mg(
        self, bank: Bank, minutes: float, parts: tuple[float, ...]
    ) -> tuple[Floats, Floats]:
        """Peak of each effect site per mg given over so many minutes, (N,) each."""
        given = infusions(BaseMass(1), minutes, parts, self.drug)
        line = timeline(given, np.arange(0, minutes + AFTER_MIN + 1, 1.0))
        peaks = [site.max(axis=0) for site in lv.held(bank, line).values()]
        return peaks[0], peaks[1]

    def _over(
        self, minutes: float, doses_mg: Floats, per_mg: tuple[Floats, Floats, Floats]
    ) -> list[Option]:
        """Every dose (D,) over one duration, from what each draw makes of a mg."""
        sites = [doses_mg[:, None] * peak for peak in per_mg[:2]]
        cadss = outlook.cadss(sites[0], self.people, self.visit, self.occasion)
        systolic = outlook.systolic(sites[1], self.people, self.visit, self.occasion)
        mg_per_kg = doses_mg / self.belief.covariates.weight_kg
        told = (
            np.mean(cadss > self.limits.cadss, axis=1),
            np.mean(systolic > self.limits.systolic_mmhg, axis=1),
            np.mean(_proxy(mg_per_kg[:, None] * per_mg[2]), axis=1),
            *percentiles(cadss)[[MEDIAN, HIGH]],
            percentiles(systolic)[HIGH],
        )
        rows = zip(doses_mg.tolist(), mg_per_kg.tolist(), np.transpose(told).tolist(), strict=True)
        return [self._option(dose, minutes, per_kg, *row) for dose, per_kg, row in rows]

    def _option(
        self,
        dose_mg: float,
        minutes: float,
        mg_per_kg: float,
        cadss_chance: float,
        systolic_chance: float,
        proxy: float,
        cadss_median: float,
        cadss_p95: float,
        systolic_p95: float,
    ) -> Option:
        why_not = self._why_not(mg_per_kg, cadss_chance, systolic_chance)
        return Option(
            dose_mg=dose_mg,
            minutes=minutes,
            mg_per_kg=round(mg_per_kg, 3),
            cadss_chance=round(cadss_chance, 4),
            systolic_chance=round(systolic_chance, 4),
            cadss_median=round(cadss_median, 1),
            cadss_p95=round(cadss_p95, 1),
            systolic_p95=round(systolic_p95, 1),
            benefit_proxy=round(proxy, 4),
            allowed=not why_not,
            why_not=why_not,
        )

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


def _proxy(mg_per_kg: Floats) -> Floats:
    """Saturating in exposure, which is told as the dose that gives it to the typical person."""
    numbers = load_effect("exposure_proxy")
    powered = (mg_per_kg / numbers.value("q50")) ** numbers.value("hill")
    return np.asarray(powered / (1 + powered))


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
