"""Nasal esketamine by device: the first of a sitting is absorbed better than those that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from afterglow.core.quantity import Dose, Drug, Route

DEVICE_MG = 28.0  # of esketamine in one nasal device
DEVICES_MG = (DEVICE_MG, 2 * DEVICE_MG, 3 * DEVICE_MG)  # one, two or three in a sitting
APART_MIN = 5.0  # between one device and the next (REMS form [A])
SITTING_MIN = 120.0  # [own] sprays this long after the one before begin a new sitting


def is_device(route: Route, drug: Drug) -> bool:
    """Whether this goes by nasal device: esketamine alone does."""
    return route is Route.NASAL and drug is Drug.ESKETAMINE


def is_compounded(route: Route, drug: Drug) -> bool:
    """Whether this is a spray that a pharmacy makes: every other one by nose."""
    return route is Route.NASAL and not is_device(route, drug)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one dose from the first device of its sitting and from further ones; sum 1."""

    first: float
    further: float


ONLY = Parts(1.0, 0.0)


def parts_of(doses: Sequence[Dose]) -> dict[int, Parts]:
    """Parts of each nasal dose, by its place in `doses`: three devices in a row are 84 mg."""
    nasal = [n for n, dose in enumerate(doses) if dose.route is Route.NASAL]
    found, before, since = {}, 0.0, -SITTING_MIN
    for n in sorted(nasal, key=lambda at: doses[at].starts_min):
        dose = doses[n]
        before = 0.0 if dose.starts_min - since >= SITTING_MIN else before
        first = min(dose.amount.mg, max(0.0, DEVICE_MG - before))
        share = first / dose.amount.mg if dose.amount.mg else 1.0
        found[n] = Parts(share, 1.0 - share)
        before, since = before + dose.amount.mg, dose.ends_min
    return found
