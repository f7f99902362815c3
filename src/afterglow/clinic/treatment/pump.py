"""What the pump has given and has still to give, reckoned from what was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from afterglow.clinic.chart.models import DoseGiven

ROUNDING_MG = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Pump:
    """Where the dose stands at one instant. `given_mg` never runs past the plan.

    The software does not drive the pump: it reckons from the rates a person recorded, and from
    the pump being set to stop at the planned amount.
    """

    planned_mg: float
    given_mg: float
    rate_mg_per_min: float  # now; 0 while paused and after the end
    last_rate_mg_per_min: float  # the newest that was not 0; 0 before the first
    begun_at: datetime | None
    ends_at: datetime | None  # when the planned amount is in at the rate of now, while it runs
    step: int | None = None  # of the signed plan, that the rate of now follows; None: set by hand

    @property
    def left_mg(self) -> float:
        return max(0.0, self.planned_mg - self.given_mg)

    @property
    def left_min(self) -> float | None:
        """At the rate of now; None while nothing runs."""
        return self.left_mg / self.rate_mg_per_min if self.is_running else None

    @property
    def is_running(self) -> bool:
        return self.rate_mg_per_min > 0

    @property
    def is_all_in(self) -> bool:
        return self.left_mg <= ROUNDING_MG

    @property
    def is_paused(self) -> bool:
        return self.begun_at is not None and not self.is_running and not self.is_all_in

    @property
    def state(self) -> str:
        """One word for the screen: not-begun, running, paused or all-in."""
        if self.begun_at is None:
            return "not-begun"
        if self.is_all_in:
            return "all-in"
        return "running" if self.is_running else "paused"


def pump_at(rows: Sequence[DoseGiven], *, planned_mg: float, at: datetime) -> Pump:
    """The state at `at` of the doses recorded until then (in order of time, mg of base).

    A push counts whole from its start: it cannot be taken back.
    """
    pushed = [row for row in rows if row.amount_mg is not None]
    rates = [row for row in rows if row.rate_mg_per_min is not None]
    given = sum(row.amount_mg or 0.0 for row in pushed)
    for row, after in pairwise(rates):
        given += (row.rate_mg_per_min or 0.0) * _min(after.happened_at - row.happened_at)
    rate = (rates[-1].rate_mg_per_min or 0.0) if rates else 0.0
    ends_at = None
    if rate > 0:
        since = rates[-1].happened_at
        ends_at = since + timedelta(minutes=max(0.0, planned_mg - given) / rate)
        given += rate * _min(min(at, ends_at) - since)
    all_in = ends_at is not None and ends_at <= at
    return Pump(
        planned_mg=planned_mg,
        given_mg=min(given, planned_mg) if all_in else given,
        rate_mg_per_min=0.0 if all_in else rate,
        last_rate_mg_per_min=_last_rate(rates),
        begun_at=_begun_at(rows),
        ends_at=ends_at,
        step=rates[-1].plan_step if rates and rate > 0 else None,
    )


def _last_rate(rates: Sequence[DoseGiven]) -> float:
    return next((row.rate_mg_per_min for row in reversed(rates) if row.rate_mg_per_min), 0.0)


def _begun_at(rows: Sequence[DoseGiven]) -> datetime | None:
    real = (row.happened_at for row in rows if row.amount_mg or row.rate_mg_per_min)
    return next(real, None)


def _min(span: timedelta) -> float:
    return span.total_seconds() / 60
