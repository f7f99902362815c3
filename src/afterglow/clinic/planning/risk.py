"""The figures beside the curves: how much, how long, how likely to pass a limit."""

from collections.abc import Sequence
from dataclasses import dataclass

from afterglow.core.care.policy import Policy
from afterglow.core.care.preparing import Preparation
from afterglow.core.care.schedule import Schedule, Step, shown
from afterglow.core.dosing.bands import Bands
from afterglow.core.dosing.given import GivenBefore, most_of
from afterglow.core.dosing.propose import Limits
from afterglow.core.quantity import Route
from afterglow.core.refusal import Refusal

MEDIAN, WORST_IN_20 = 2, 4  # of Series.peak: percentiles 5, 25, 50, 75, 95
CLOSE = 0.5  # more than half of what is allowed is said to be close


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """One chance against the policy's own limit; drawn by `{% risk_table %}`."""

    label: str
    value: str
    detail: str
    limit: str
    state: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One expected number, with the worst in 20 beside it and what was expected before learning."""

    label: str
    value: str
    worst: str = ""
    note: str = ""
    before: str = ""
    warn: str = ""


def risks(bands: Bands, limits: Limits, policy: Policy) -> list[Risk]:
    """The chances of passing the limits of a proposal."""
    return [
        _chance(bands, "cadss", limits.cadss, limits.cadss_chance, policy),
        _chance(bands, "systolic_mmhg", limits.systolic_mmhg, limits.systolic_chance, policy),
    ]


def sedation_risk(chance: float | None, limits: Limits, policy: Policy) -> list[Risk]:
    """The chance of falling to the limit's level of alertness; nothing where there is no limit."""
    if limits.moaa_s is None or limits.moaa_s_chance is None:
        return []
    rule = policy.protocol.sedation_chance_percent
    return [
        Risk(
            label=f"MOAA/S {limits.moaa_s} or below",
            value="not worked out" if chance is None else percent(chance),
            detail="" if chance is None else chance_words(chance),
            limit=percent(limits.moaa_s_chance),
            state="unknown" if chance is None else _state(chance, limits.moaa_s_chance),
            source=rule.source if rule else "The limits of this proposal",
            grade=rule.grade.value if rule else "own",
        )
    ]


def exposure_risk(
    dose_mg: float,
    weight_kg: float,
    before: Sequence[GivenBefore],
    limits: Limits,
    policy: Policy,
) -> list[Risk]:
    """What this dose into a vein makes of the amount in some days, against each limit on it."""
    ahead = GivenBefore(
        days_ago=0.0, amount_mg=dose_mg, mg_per_kg=dose_mg / weight_kg, route=Route.INTRAVENOUS
    )
    past, rule = [(-one.days_ago, one) for one in before], policy.exposure.week_mg_per_kg
    return [
        Risk(
            label=f"In any {one.days:g} days" if one.days else "In a lifetime",
            value=f"{(most := most_of(one, past, [(0.0, ahead)])):.3g} {one.unit}",
            detail="with this dose, outside the gut",
            limit=f"{one.most:g} {one.unit}",
            state=_state(most, one.most),
            source=rule.source,
            grade=rule.grade.value,
        )
        for one in limits.exposure
    ]


def figures(bands: Bands, *, before: Bands | None) -> list[Figure]:
    """What this dose is expected to do, in numbers one can say to the patient."""
    return [
        _peak("Peak dissociation", "cadss", "of 92", bands, before),
        _peak("Peak systolic pressure", "systolic_mmhg", "mmHg", bands, before),
        _peak("Peak level, arterial", "arterial_ng_per_ml", "ng/mL", bands, None),
        _peak("Peak level, arm vein", "venous_ng_per_ml", "ng/mL", bands, None),
    ]


def by_weight(mg_per_kg: float) -> Figure:
    """mg of base per kg."""
    return Figure(label="Dose by weight", value=f"{mg_per_kg:.2f} mg/kg")


def signatures(alone: Refusal | None, policy: Policy) -> Figure:
    """How many prescribers must sign, and why more than one."""
    ceiling = policy.protocol.iv_ceiling_mg_per_kg
    if alone is None:
        return Figure(label="Signatures", value="one", note=f"up to {ceiling.text}")
    return Figure(label="Signatures", value="two prescribers", warn=alone.because)


def pump(made: Preparation, schedule: Schedule) -> list[Figure]:
    """How it is drawn up and how fast the pump runs: arithmetic, to be checked by hand."""
    drawn = f"{made.drawn_ml:.2f} mL"
    dilute = "dilute before use" if made.must_dilute else ""
    draw_up = Figure(label="Draw up", value=drawn, warn=dilute)
    if schedule.is_stepped:
        return [draw_up, *step_figures(schedule, mg_per_ml=made.dose_mg / made.made_up_to_ml)]
    return [draw_up, Figure(label="Pump rate", value=f"{made.pump_ml_per_h:.1f} mL/h")]


def step_figures(schedule: Schedule, *, mg_per_ml: float | None = None) -> list[Figure]:
    """Each step of a shape: from when, at what rate, how much is in by its end."""
    if not schedule.is_stepped:
        return []
    return [
        Figure(
            label=f"Step {one.number}, from minute {one.starts_min:.3g}",
            value=f"{shown(one.rate_mg_per_min)} mg/min",
            note=_note(one, mg_per_ml),
        )
        for one in schedule.steps
    ]


def _note(step: Step, mg_per_ml: float | None) -> str:
    ml_per_h = (
        "" if mg_per_ml is None else f"{shown(60 * step.rate_mg_per_min / mg_per_ml, 1)} mL/h; "
    )
    return f"{ml_per_h}{step.by_then_mg:.1f} mg in by minute {step.ends_min:.3g}"


def chance_words(probability: float) -> str:
    """A chance as people count: 1 in 25. The draws cannot tell one in a thousand from never."""
    if probability < 0.001:
        return "fewer than 1 in 1000"
    if probability > 0.999:
        return "all but fewer than 1 in 1000"
    if probability > 0.95:
        return f"all but 1 in {round(1 / (1 - probability))}"
    if probability > 0.4:
        return f"{round(probability * 10)} in 10"
    return f"1 in {round(1 / probability)}"


def percent(probability: float) -> str:
    """4.2 %: one decimal below ten per cent, none above. Draws promise neither never nor always."""
    if probability < 0.001:
        return "under 0.1 %"
    if probability > 0.99:
        return "over 99 %"
    return f"{100 * probability:.1f} %" if probability < 0.1 else f"{100 * probability:.0f} %"


def _peak(label: str, key: str, unit: str, bands: Bands, before: Bands | None) -> Figure:
    peak = bands.series[key].peak
    old = f"{before.series[key].peak[MEDIAN]:.0f}" if before else ""
    return Figure(
        label=label,
        value=f"{peak[MEDIAN]:.0f} {unit}",
        worst=f"{peak[WORST_IN_20]:.0f}",
        before=old,
        warn="unverified" if bands.series[key].unverified else "",
    )


def _chance(bands: Bands, quantity: str, above: float, most: float, policy: Policy) -> Risk:
    found = next(c for c in bands.chances if c.quantity == quantity and c.above == above)
    what, rule = {
        "cadss": (f"Dissociation above {above:g}", policy.protocol.cadss_chance_percent),
        "systolic_mmhg": (
            f"Systolic above {above:g} mmHg",
            policy.protocol.systolic_chance_percent,
        ),
    }[quantity]
    return Risk(
        label=what,
        value=percent(found.probability),
        detail=chance_words(found.probability),
        limit=percent(most),
        state=_state(found.probability, most),
        source=rule.source,
        grade=str(rule.grade),
    )


def _state(probability: float, most: float) -> str:
    if probability > most:
        return "stop"
    return "hold" if probability > CLOSE * most else "ok"
