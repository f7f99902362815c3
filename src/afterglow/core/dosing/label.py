"""What the label of nasal esketamine allows: whole devices, few of them at first, then by steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from afterglow.core.dosing.given import GivenBefore
from afterglow.core.dosing.limits import ROUNDING
from afterglow.core.pharmacology.sitting import DEVICE_MG, DEVICES_MG, is_device
from afterglow.core.quantity import Dose

OLDER_FROM_YEARS = 65.0
LABEL = "US label, esketamine nasal spray [A]"
STEPS = f"{LABEL}: steps of {DEVICE_MG:g} mg"


@dataclass(frozen=True, slots=True)
class Most:
    """The most by nose in one session, mg of base, what sets it, and where that is written."""

    mg: float
    why: str
    source: str


FIRST = Most(56.0, "at a first session by nose", f"{LABEL}: day 1 in resistant depression")
FIRST_OLDER = Most(
    28.0,
    f"at a first session by nose from {OLDER_FROM_YEARS:g} years on",
    "EU package leaflet, esketamine nasal spray [A]; the US label is unverified [C]",
)
EVER = Most(max(DEVICES_MG), "by nose, whoever signs", LABEL)


def most(age_years: float, before: Sequence[GivenBefore]) -> Most:
    """What may be given at the session ahead, by what was given by nose before it.

    The depression with acute suicidality, which begins with 84 mg, is not told apart here: a
    prescriber decides that without the engine.
    """
    given = [one.amount_mg for one in before if is_device(one.route, one.drug)]
    if not given:
        return FIRST_OLDER if age_years >= OLDER_FROM_YEARS else FIRST
    step = max(given) + DEVICE_MG
    if step >= EVER.mg:
        return EVER
    return Most(step, f"by nose after {max(given):g} mg: one device more at a time", STEPS)


def by_device(doses: Sequence[Dose]) -> bool:
    """Whether all of these go by nasal device."""
    return bool(doses) and all(is_device(dose.route, dose.drug) for dose in doses)


def over_label(dose_mg: float, age_years: float, before: Sequence[GivenBefore]) -> str:
    """Why the label does not allow so much now, or nothing."""
    allowed = most(age_years, before)
    if dose_mg <= allowed.mg + ROUNDING:
        return ""
    return f"Above {allowed.mg:g} mg {allowed.why} ({allowed.source})."
