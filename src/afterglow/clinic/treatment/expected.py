"""What this session's doses are expected to do, by what was believed when the plan was signed."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import zip_longest
from uuid import UUID

from afterglow.clinic.chart.models import DoseGiven
from afterglow.clinic.planning.models import Plan
from afterglow.clinic.planning.observed import baseline_before
from afterglow.clinic.planning.queries import bands_of
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.pump import Pump
from afterglow.clinic.treatment.rules import steps_of
from afterglow.core.body import Baseline
from afterglow.core.care.schedule import Run
from afterglow.core.dosing.bands import Bands
from afterglow.core.quantity import BaseMass, Dose, Drug, Infusion, Route
from afterglow.core.refusal import Refusal

SHORTEST_MIN = 1 / 60


def minute_of(instant: datetime, session: Session) -> float:
    """Minutes since the session started."""
    return (instant - session.started_at).total_seconds() / 60


def doses(
    session: Session, rows: Sequence[DoseGiven], pump: Pump, *, at: datetime
) -> tuple[list[Dose], list[Dose]]:
    """What was given until `at`, and what is still to come by the plan, from the session's start.

    A paused dose, and one not begun, is drawn as if it went on now, to the minute; a change of rate
    that is due, as if it were made now.
    """
    given: list[Dose] = []
    rates = [row for row in rows if row.rate_mg_per_min is not None]
    last = min(at, pump.ends_at) if pump.ends_at else at
    for row, after in zip_longest(rates, rates[1:]):
        end = after.happened_at if after else last
        given += _ran(session, row.rate_mg_per_min or 0.0, row.happened_at, end)
    for row in rows:
        if row.amount_mg is not None:
            minutes = row.duration_min or SHORTEST_MIN
            end = row.happened_at + timedelta(minutes=minutes)
            given += _ran(session, row.amount_mg / minutes, row.happened_at, end)
    if session.stage != Session.Stage.RUNNING or pump.is_all_in:
        return given, []
    begins = at if pump.is_running else at.replace(second=0, microsecond=0)
    begins = max(begins, session.started_at)
    return given, run_on(session, steps_of(session, pump, at=at).to_come(), begins)


def run_on(session: Session, runs: Iterable[Run], begins: datetime) -> list[Dose]:
    """One rate after the other."""
    found: list[Dose] = []
    for run in runs:
        ends = begins + timedelta(minutes=run.lasts_min)
        found += _ran(session, run.rate_mg_per_min, begins, ends)
        begins = ends
    return found


def _ran(session: Session, rate: float, start: datetime, end: datetime) -> list[Dose]:
    lasts = (end - start).total_seconds() / 60
    if rate <= 0 or lasts < SHORTEST_MIN:
        return []
    return [
        Infusion(
            amount=BaseMass(rate * lasts),
            starts_min=minute_of(start, session),
            lasts_min=lasts,
            drug=Drug(session.plan.drug),
            route=Route(session.plan.route),
        )
    ]


def bands_now(
    session: Session, all_doses: tuple[Dose, ...], pump: Pump, *, at: datetime, until_min: int
) -> Bands | Refusal:
    """The bands of all doses, begun from what was measured before the first of them."""
    measured = baseline_before(session.patient, pump.begun_at or at)
    return _computed(session.plan_id, _joined(all_doses), measured, until_min)


@lru_cache(maxsize=128)
def _computed(
    plan_id: UUID, all_doses: tuple[Dose, ...], baseline: Baseline | None, until_min: int
) -> Bands | Refusal:
    """Computed anew only when a dose or a baseline changes, by what was believed at planning."""
    plan = Plan.objects.select_related("proposal").get(pk=plan_id)
    return bands_of(plan, all_doses, baseline=baseline, until_min=until_min)


def _joined(all_doses: tuple[Dose, ...]) -> tuple[Dose, ...]:
    """Given and to come at one rate are one infusion: the same curve at every second of it."""
    joined: list[Infusion] = []
    for dose in all_doses:
        if not isinstance(dose, Infusion):
            continue
        last = joined[-1] if joined else None
        if last and abs(last.ends_min - dose.starts_min) < SHORTEST_MIN and _same_rate(last, dose):
            minutes = dose.ends_min - last.starts_min
            joined[-1] = _tidy(dose, last.starts_min, minutes, last.rate_mg_per_min * minutes)
        else:
            joined.append(_tidy(dose, dose.starts_min, dose.lasts_min, dose.amount.mg))
    return tuple(joined)


def _same_rate(one: Infusion, other: Infusion) -> bool:
    return abs(one.rate_mg_per_min - other.rate_mg_per_min) < 1e-6


def _tidy(dose: Infusion, starts_min: float, lasts_min: float, mg: float) -> Infusion:
    return Infusion(
        amount=BaseMass(round(mg, 3)),
        starts_min=round(starts_min, 2),
        lasts_min=round(lasts_min, 2),
        drug=dose.drug,
        route=dose.route,
    )
