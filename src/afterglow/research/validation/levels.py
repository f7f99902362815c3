"""Predicted levels for the rows on concentrations, through the same door as `afterglow predict`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from afterglow.core.dosing.case import read_case
from afterglow.core.dosing.forecast import forecast
from afterglow.core.pharmacology.modes import Floats
from afterglow.research.validation.figure import Predicted, Published, Used, within_share

PATIENTS, SEED = 400, 1
PEAK, AREA = 0.4, 0.25  # a prediction within such a share of a published figure counts as met
OF_PEOPLE = "90 % of people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One dose to a person: mg of base, minutes (0 at once)."""

    mg: float
    minutes: float = 0.0
    route: str = "intravenous"
    drug: str = "ketamine"
    weight_kg: float = 70.0
    age_years: float = 40.0
    model: str = "default"
    medicines: tuple[str, ...] = ()
    hepatic: str | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """A level over time: typical, and the 5th and 95th percentile of people; all (t,)."""

    t_min: Floats
    typical: Floats
    low: Floats
    high: Floats
    whole_area: float  # ng h/mL from 0 to infinity, typical; NaN for what has none
    peaks: Predicted  # mean of each one's own peak, with their 5th and 95th percentile

    def at(self, t_min: float) -> Predicted:
        k = int(np.searchsorted(self.t_min, t_min))
        return _predicted(self.typical[k], self.low[k], self.high[k])

    def peak(self) -> Predicted:
        """The typical peak, with the spread of levels at that instant."""
        return self.at(float(self.t_min[self.typical.argmax()]))

    def mean_of_peaks(self) -> Predicted:
        """What a study prints as the mean of Cmax."""
        return self.peaks

    def area(self, to_min: float) -> Predicted:
        """ng h/mL from 0 to `to_min`; the interval is the area under the percentile curves."""
        kept = self.t_min <= to_min
        curves = (self.typical, self.low, self.high)
        areas = [float(np.trapezoid(one[kept], self.t_min[kept])) / 60 for one in curves]
        return _predicted(*areas)


def curve(given: Given, quantity: str, until_min: float = 720.0) -> Curve | str:
    """The level minute by minute, or in words why the engine gives none."""
    dose = {
        "route": given.route,
        "amount_mg": given.mg,
        "start_min": 0,
        "duration_min": given.minutes,
    }
    return curves([dose], quantity, until_min, given)


ESKETAMINE = Given(mg=0.0, drug="esketamine")


def curves(
    doses: Sequence[Mapping[str, object]],
    quantity: str,
    until_min: float,
    who: Given = ESKETAMINE,
) -> Curve | str:
    """The same for any doses, as a case writes them; `who` says of whom, and of what drug."""
    times = np.arange(0.0, until_min + 1.0)
    patient = {
        "age_years": who.age_years,
        "weight_kg": who.weight_kg,
        "medicines": list(who.medicines),
        **({} if who.hepatic is None else {"hepatic": who.hepatic}),
    }
    case = {
        "patient": patient,
        "drug": {"name": who.drug},
        "dose": list(doses),
        "output": {
            "times_min": times.tolist(),
            "quantities": [quantity],
            "percentiles": [5, 95],
        },
        "options": {"model": who.model, "patients": PATIENTS, "seed": SEED},
    }
    answer = forecast(read_case(case))
    if answer["refusal"]:
        return str(answer["refusal"]["because"])
    told = answer["quantities"][quantity]
    typical, low, high = (np.array(told[key]) for key in ("typical", "p5", "p95"))
    area = told.get("auc_0_inf")
    most = told["peak"]
    return Curve(
        times,
        typical,
        low,
        high,
        float("nan") if area is None else float(area),
        replace(_predicted(most["mean"], most["p5"], most["p95"]), of=f"mean; {OF_PEOPLE}"),
    )


def _predicted(value: float, low: float, high: float) -> Predicted:
    if low == high:  # a model without published spread
        return Predicted(value=float(value), low=None, high=None, of="typical person")
    return Predicted(value=float(value), low=float(low), high=float(high), of=OF_PEOPLE)


def published_level(
    row: str,
    what: str,
    value: float,
    *,
    share: float = PEAK,
    unit: str = "ng/mL",
    used: Used = Used.NO,
    source: str,
    grade: str,
    if_missed: str = "",
) -> Published:
    """A published level or area, met within `share` of it."""
    return Published(
        row=row,
        what=what,
        value=value,
        unit=unit,
        accept=within_share(value, share),
        rule=f"within {100 * share:.0f} %",
        used=used,
        source=source,
        grade=grade,
        if_missed=if_missed,
    )
