"""The arithmetic of drawing up a dose and setting the pump, and of nasal devices."""

from __future__ import annotations

from dataclasses import dataclass

from afterglow.core.body import within
from afterglow.core.care.policy import Policy, Threshold
from afterglow.core.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What to draw, what to make it up to, and how to set the pump."""

    dose_mg: float
    drawn_ml: float
    made_up_to_ml: float
    rate_mg_per_min: float
    pump_ml_per_h: float
    must_dilute: bool


def prepare(
    dose_mg: float,
    *,
    lasts_min: float,
    concentration_mg_per_ml: float,
    made_up_to_ml: float | None,
    policy: Policy,
) -> Preparation | Refusal:
    """Draw-up and pump setting for one constant-rate infusion.

    Made up to 50 mL over 40 min the pump runs at 75 mL/h at any weight. `made_up_to_ml` of None
    means undiluted, which a strong concentrate refuses.
    """
    within("dose_mg", dose_mg, 0, 10_000, "mg")
    within("lasts_min", lasts_min, 1e-3, 1440, "min")
    within("concentration_mg_per_ml", concentration_mg_per_ml, 0.1, 500, "mg/mL")
    limit = policy.protocol.dilute_from_mg_per_ml
    drawn_ml = dose_mg / concentration_mg_per_ml
    total_ml = drawn_ml if made_up_to_ml is None else made_up_to_ml
    strong = concentration_mg_per_ml >= limit.value
    if refusal := _check_volume(drawn_ml, made_up_to_ml, strong, limit):
        return refusal
    return Preparation(
        dose_mg=dose_mg,
        drawn_ml=drawn_ml,
        made_up_to_ml=total_ml,
        rate_mg_per_min=dose_mg / lasts_min,
        pump_ml_per_h=total_ml / lasts_min * 60,
        must_dilute=strong,
    )


def _check_volume(
    drawn_ml: float, made_up_to_ml: float | None, strong: bool, limit: Threshold
) -> Refusal | None:
    if made_up_to_ml is not None and made_up_to_ml < drawn_ml:
        return Refusal(
            code="volume-too-small",
            because=f"The dose alone is {drawn_ml:g} mL, more than the {made_up_to_ml:g} mL it is "
            "to be made up to.",
            remedy="Make it up to more, or use a stronger vial.",
        )
    if strong and (made_up_to_ml is None or made_up_to_ml == drawn_ml):
        return Refusal(
            code="must-dilute",
            because=f"A vial of {limit.text} or more may not enter a vein undiluted.",
            remedy="Enter the volume it is made up to.",
            source=limit.source,
        )
    return None


def check_nasal_dose(
    *,
    dose_mg: float,
    day_one: bool,
    age_years: float,
    acute_suicidality: bool,
    policy: Policy,
) -> Refusal | None:
    """Nasal esketamine: whole devices, within the label, and a low first day."""
    p = policy.protocol
    device, most = p.nasal_device_mg, p.nasal_most_mg
    if not 0 < dose_mg <= most.value:
        return _nasal("nasal-dose-out-of-range", dose_mg, most, f"one device to {most.text}")
    if dose_mg % device.value:
        return _nasal("nasal-not-whole-devices", dose_mg, device, f"steps of {device.text}")
    first = _first_day_most(age_years, acute_suicidality, policy)
    if day_one and dose_mg > first.value:
        return _nasal("nasal-first-dose-too-high", dose_mg, first, f"{first.text} on day 1")
    return None


def _first_day_most(age_years: float, acute_suicidality: bool, policy: Policy) -> Threshold:
    p = policy.protocol
    if age_years >= p.elderly_from_years.value:
        return p.nasal_first_most_elderly_mg
    return p.nasal_acute_first_mg if acute_suicidality else p.nasal_first_most_mg


def _nasal(code: str, dose_mg: float, limit: Threshold, allowed: str) -> Refusal:
    return Refusal(
        code=code,
        because=f"{dose_mg:g} mg of nasal esketamine; the label allows {allowed} {limit.mark}.",
        remedy="Choose a dose within the label.",
        source=limit.source,
    )
