"""Every candidate weighed for one patient: what it may bring and what it costs.

Levels are in proportion to the dose, so one run for each route, time and profile serves every dose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from afterglow.core.dosing import outlook
from afterglow.core.dosing.bands import PERCENTILES
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.benefit import Gain
from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.dosing.drive import burdens, drives
from afterglow.core.dosing.given import GivenBefore, over_exposure
from afterglow.core.dosing.label import over_label
from afterglow.core.dosing.limits import (
    Limits,
    over_cap,
    over_ceiling,
    over_chance,
    over_sedation,
)
from afterglow.core.dosing.options import Candidates, Option
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.runs import Manner, PerMg, Runs
from afterglow.core.dosing.shown import percentiles
from afterglow.core.pharmacology import effects
from afterglow.core.pharmacology.library import load_effect
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.sedation import chance_at_or_below, racemic_equivalent
from afterglow.core.pharmacology.sitting import is_device
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import Drug, Route

ORDER = {route: n for n, route in enumerate(Route)}
MEDIAN, HIGH = PERCENTILES.index(50), PERCENTILES.index(95)
DIGITS = {  # what is stored and shown; a replay must agree to the last of them
    "cadss_chance": 4,
    "systolic_chance": 4,
    "sedation_chance": 4,
    "benefit_proxy": 4,
    "benefit": 4,
    "cadss_median": 1,
    "cadss_p95": 1,
    "systolic_p95": 1,
    "burden_point_min": 1,
}
BURDEN_ABOVE = 4.0  # points by drug: the cut in use for "dissociated" [A]


@dataclass(frozen=True, slots=True)
class Benefits:
    """How benefit is told: those whose drive is followed (n,), and what drive brings them."""

    bodies: Mapping[str, Floats]
    gains: Mapping[float | None, Gain]  # by spacing


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """One patient's draws, the session ahead and the limits it must keep."""

    belief: Belief
    people: Mapping[str, Floats]
    occasion: Occasion
    visit: Visit
    drug: Drug
    limits: Limits
    seed: int
    before: tuple[GivenBefore, ...] = ()
    benefits: Benefits | None = None  # None: costs alone are asked for

    @classmethod
    def of(
        cls,
        belief: Belief,
        visit: Visit,
        drug: Drug,
        limits: Limits,
        before: Sequence[GivenBefore],
        *,
        draws: int,
        seed: int,
    ) -> Weighing:
        """Costs alone, over this patient's own draws and one session's luck."""
        return cls(
            belief=belief,
            people=belief.bodies(belief.sample(draws, seed)),
            occasion=Occasion.drawn(draws, seed),
            visit=visit,
            drug=drug,
            limits=limits,
            seed=seed,
            before=tuple(before),
        )

    def by(self, belief: Belief) -> Weighing:
        """The same session by another model of the patient; costs alone."""
        people = belief.bodies(belief.sample(self.people["cl"].size, self.seed))
        return replace(self, belief=belief, people=people, benefits=None)

    def options(self, candidates: Candidates) -> list[Option]:
        """Everything that could be given: route by route, lowest dose and shortest first."""
        found = []
        runs = Runs(
            belief=self.belief,
            people=self.people,
            followed=self.benefits.bodies if self.benefits else None,
            drug=self.drug,
            sedation=self.limits.moaa_s is not None,
            seed=self.seed,
        )
        for manner, per_mg in runs.each(candidates):
            for spacing in sorted(set(candidates.spacings_days)) or (None,):
                found += self._over(manner, per_mg, spacing, candidates.sessions)
        return sorted(found, key=lambda one: (ORDER[one.route], one.dose_mg, one.minutes))

    def _over(
        self, manner: Manner, per_mg: PerMg, spacing: float | None, sessions: int
    ) -> list[Option]:
        """Every dose (D,) given in one manner, from what each draw makes of a mg."""
        doses = np.array(manner.doses_mg)
        visit = self.visit.spaced(spacing)
        told = self._costs(doses, per_mg, visit) | self._brings(doses, per_mg, visit, spacing)
        columns = {name: column.tolist() for name, column in told.items()}
        return [
            self._option(manner, spacing, sessions, dose, {k: v[d] for k, v in columns.items()})
            for d, dose in enumerate(manner.doses_mg)
        ]

    def _costs(self, doses: Floats, per_mg: PerMg, visit: Visit) -> dict[str, Floats]:
        """Chances and percentiles of the peaks, (D,) each."""
        scale, mg_per_kg = doses[:, None], doses / self.belief.covariates.weight_kg
        cadss = outlook.cadss(scale * per_mg.felt, self.people, visit, self.occasion)
        systolic = outlook.systolic(scale * per_mg.pressing, self.people, visit, self.occasion)
        told: dict[str, Floats] = {
            "cadss_chance": np.mean(cadss > self.limits.cadss, axis=1),
            "systolic_chance": np.mean(systolic > self.limits.systolic_mmhg, axis=1),
            "benefit_proxy": np.mean(_proxy(mg_per_kg[:, None] * per_mg.exposure), axis=1),
        }
        bands = percentiles(cadss)
        told |= {"cadss_median": bands[MEDIAN], "cadss_p95": bands[HIGH]}
        told["systolic_p95"] = percentiles(systolic)[HIGH]
        if per_mg.venous_s is not None and self.limits.moaa_s is not None:
            level = racemic_equivalent(scale * per_mg.venous_s)
            sedated = chance_at_or_below(self.limits.moaa_s, level, with_placebo=True)
            told["sedation_chance"] = np.mean(sedated, axis=1)
        return told

    def _brings(
        self, doses: Floats, per_mg: PerMg, visit: Visit, spacing: float | None
    ) -> dict[str, Floats]:
        """Benefit, burden and the one per hundred of the other, (D,) each."""
        if self.benefits is None or per_mg.site is None:
            return {}
        mood, people, numbers = sheet("mood"), self.benefits.bodies, effect_numbers()
        site, minutes = per_mg.site, per_mg.minutes
        drive = drives(
            site, minutes / 60.0, doses, mood.value("drive_c50"), mood.value("drive_hill")
        )
        worn = effects.habituation(
            visit.number, visit.idle_days, people["habituation_floor"], numbers
        )
        most = people["dmax"] * worn
        borne = burdens(site, minutes, doses, people["c50"], most, numbers["gamma"], BURDEN_ABOVE)
        return {
            "benefit": self.benefits.gains[spacing].of(drive),
            "burden_point_min": borne,
        }

    def _option(
        self,
        manner: Manner,
        spacing: float | None,
        sessions: int,
        dose_mg: float,
        told: Mapping[str, float],
    ) -> Option:
        mg_per_kg = dose_mg / self.belief.covariates.weight_kg
        each = GivenBefore(
            days_ago=0.0,
            amount_mg=dose_mg,
            mg_per_kg=mg_per_kg,
            route=manner.route,
            drug=self.drug,
        )
        broken = self._broken(each, told, spacing, sessions)
        return Option(
            dose_mg=dose_mg,
            minutes=manner.minutes,
            mg_per_kg=round(mg_per_kg, 3),
            route=manner.route,
            profile=manner.profile,
            spacing_days=spacing,
            allowed=not broken,
            why_not=broken[0] if broken else "",
            broken=broken,
            benefit_per_hundred=_per_hundred(told),
            **{name: round(value, DIGITS[name]) for name, value in told.items()},
        )

    def _broken(
        self, each: GivenBefore, told: Mapping[str, float], spacing: float | None, sessions: int
    ) -> tuple[str, ...]:
        """Every limit that a dose breaks, in words; the caps first."""
        limits = self.limits
        high, above = f"{limits.cadss:g}", f"{limits.systolic_mmhg:g} mmHg"
        said = (
            over_cap(each.mg_per_kg, each.route, self.drug, limits),
            over_ceiling(each.mg_per_kg, each.route, limits),
            self._over_label(each),
            over_chance("CADSS above", high, told["cadss_chance"], limits.cadss_chance),
            over_chance("systolic above", above, told["systolic_chance"], limits.systolic_chance),
            over_sedation(told.get("sedation_chance"), limits),
            *self._over_exposure(each, spacing, sessions),
        )
        return tuple(one for one in said if one)

    def _over_label(self, each: GivenBefore) -> str:
        if not is_device(each.route, each.drug):
            return ""
        return over_label(each.amount_mg, self.belief.covariates.age_years, self.before)

    def _over_exposure(
        self, each: GivenBefore, spacing: float | None, sessions: int
    ) -> tuple[str, ...]:
        """Of this session and those planned after it, with what was given before."""
        waits = self.visit.spaced(spacing).idle_days - self.visit.idle_days
        before = [(-one.days_ago - waits, one) for one in self.before]
        ahead = [(k * (spacing or 0.0), each) for k in range(sessions)]
        return tuple(over_exposure(self.limits.exposure, before, ahead))


def _per_hundred(told: Mapping[str, float]) -> float | None:
    """Benefit for each hundred points x minutes of dissociation: M11's yardstick, of the means."""
    borne = told.get("burden_point_min")
    return round(100.0 * told["benefit"] / borne, 5) if borne else None


def _proxy(mg_per_kg: Floats) -> Floats:
    """Saturating in exposure, which is told as the dose that gives it to the typical person."""
    numbers = load_effect("exposure_proxy")
    powered = (mg_per_kg / numbers.value("q50")) ** numbers.value("hill")
    return np.asarray(powered / (1 + powered))
