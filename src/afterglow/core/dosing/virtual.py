"""A patient who does not exist, with a body of their own that nobody is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from afterglow.core.body import Baseline, Covariates
from afterglow.core.dosing import outlook
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.population import prior_for
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import checked_times, timeline
from afterglow.core.pharmacology.library import load_effect
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.quantity import Dose
from afterglow.core.refusal import Refusal


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """What a perfect monitor and a perfect rater would show at each time, (T,) each."""

    t_min: Floats
    systolic_mmhg: Floats
    diastolic_mmhg: Floats
    pulse_per_min: Floats
    spo2_percent: Floats
    resp_per_min: Floats
    cadss: Floats
    arterial_ng_per_ml: Floats
    venous_ng_per_ml: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualPatient:
    """Hidden parameters and resting signs. Everything follows from the seed."""

    seed: int
    belief: Belief  # the population drawn from
    deviations: tuple[float, ...]
    baseline: Baseline
    diastolic_mmhg: float
    spo2_percent: float
    resp_per_min: float

    @classmethod
    def draw(
        cls, seed: int, covariates: Covariates, *, baseline: Baseline | None = None
    ) -> VirtualPatient:
        """One person from the population; resting signs are drawn unless given."""
        belief = prior_for(covariates)
        if isinstance(belief, Refusal):
            raise BadInput(str(belief))
        rest, luck = load_effect("vital_signs"), np.random.default_rng([seed, 3]).standard_normal(4)

        def drawn(name: str, at: int) -> float:
            return rest.value(f"{name}_rest") + rest.value(f"{name}_rest_sd") * float(luck[at])

        held = baseline or Baseline(
            systolic_mmhg=drawn("systolic", 0), pulse_per_min=drawn("pulse", 1)
        )
        usual_diastolic = held.systolic_mmhg * rest.value("diastolic_over_systolic")
        return cls(
            seed=seed,
            belief=belief,
            deviations=tuple(belief.sample(1, seed)[:, 0].tolist()),
            baseline=held,
            diastolic_mmhg=held.diastolic_mmhg or usual_diastolic,
            spo2_percent=min(drawn("spo2", 2), 99.0),
            resp_per_min=drawn("resp", 3),
        )

    def signs_at(
        self,
        doses: Sequence[Dose],
        t_min: Sequence[float],
        *,
        session_number: int = 1,
        idle_days: float = 0.0,
    ) -> Signs:
        """Means without noise, min from the start of the session. The caller adds the noise."""
        if refusal := outlook.not_modelled(self.belief, doses):
            raise BadInput(str(refusal))
        line = timeline(doses, checked_times(t_min))
        person = self.belief.bodies(np.array(self.deviations)[:, None])
        sites = (lv.ARTERIAL, lv.VENOUS, lv.DISSOCIATION_SITE, lv.PRESSURE_SITE)
        found = lv.levels(person, line, *sites)
        arterial, venous, high, pressure = (found[site][line.asked] for site in sites)
        visit = Visit(number=session_number, baseline=self.baseline, idle_days=idle_days)
        luck = Occasion.drawn(1, self.seed * 1000 + session_number)
        systolic = outlook.systolic(pressure, person, visit, luck)[:, 0]
        eased = _eased(pressure[:, 0])
        share, rest = effect_numbers()["diastolic_share"], load_effect("vital_signs")
        return Signs(
            t_min=np.asarray(t_min, dtype=np.float64),
            systolic_mmhg=systolic,
            diastolic_mmhg=self.diastolic_mmhg + share * (systolic - self.baseline.systolic_mmhg),
            pulse_per_min=outlook.pulse(pressure, person, visit, luck)[:, 0],
            spo2_percent=self.spo2_percent - rest.value("spo2_fall") * eased,
            resp_per_min=self.resp_per_min - rest.value("resp_fall") * eased,
            cadss=outlook.cadss(high, person, visit, luck)[:, 0],
            arterial_ng_per_ml=arterial[:, 0],
            venous_ng_per_ml=venous[:, 0],
        )


def _eased(site: Floats) -> Floats:
    """Share of the greatest fall of breathing and saturation."""
    half = load_effect("vital_signs").value("fall_half_at")
    return np.asarray(site / (site + half))
