"""A proposal: what to give, what lies beside it, and all that is needed to compute it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from afterglow.core.body import Baseline
from afterglow.core.dosing import codec
from afterglow.core.dosing.benefit import Whose
from afterglow.core.dosing.given import GivenBefore
from afterglow.core.dosing.limits import Limits
from afterglow.core.dosing.options import Candidates, Option
from afterglow.core.quantity import Drug

AS_GOOD = 0.015  # [own] of the starting score: half a MADRS point, which no rating can tell


class Aim(StrEnum):
    """What is made as great as the limits allow."""

    BENEFIT = "benefit"  # that the mood model expects
    EXPOSURE = (
        "exposure"  # its proxy: how the first proposals were made; kept to compute them again
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSays:
    """What one structural model says of the chosen option."""

    model: str
    weight: float  # how well it explains the patient, 0 to 1
    option: Option


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A suggestion for a person to sign or change, with all that is needed to compute it again."""

    chosen: Option
    neighbours: tuple[Option, ...]  # one step away in dose or minutes, allowed or not
    options: tuple[Option, ...]  # the whole trade-off
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    drug: Drug
    limits: Limits
    candidates: Candidates
    session_number: int
    baseline: Baseline
    idle_days: float
    model: str
    draws: int
    seed: int
    aim: Aim = Aim.EXPOSURE
    benefit_of: Whose | None = None
    # Allowed options than which none brings as much for less high, calmest first.
    frontier: tuple[Option, ...] = ()
    calmer: Option | None = None  # next to the chosen one on the frontier
    stronger: Option | None = None
    before: tuple[GivenBefore, ...] = ()
    models: tuple[ModelSays, ...] = ()  # where several were weighed

    def to_json(self) -> dict[str, Any]:
        """A dict of plain JSON values."""
        raw: dict[str, Any] = codec.plain(self)
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Proposal:
        return codec.read(cls, raw)


def frontier_of(options: Sequence[Option]) -> tuple[Option, ...]:
    """Allowed options than which none brings as much for less high, calmest first.

    High is the worst in 20 of the peak of dissociation.
    """
    kept: list[Option] = []
    allowed = (one for one in options if one.allowed)
    for one in sorted(allowed, key=lambda one: (one.cadss_p95, -expected(one), one.minutes)):
        if not kept or expected(one) > expected(kept[-1]):
            kept.append(one)
    return tuple(kept)


def expected(one: Option) -> float:
    return 0.0 if one.benefit is None else one.benefit


def beside(chosen: Option, options: Sequence[Option]) -> tuple[Option, ...]:
    """One step lower and higher in dose, one step shorter and longer in time, all else the same."""
    alike = [one for one in options if _manner(one) == _manner(chosen)]
    same_time = [one for one in alike if one.minutes == chosen.minutes]
    same_dose = [one for one in alike if one.dose_mg == chosen.dose_mg]
    found: list[Option] = []
    for row in (same_time, same_dose):
        at = row.index(chosen)
        found += row[max(at - 1, 0) : at] + row[at + 1 : at + 2]
    return tuple(found)


def _manner(one: Option) -> tuple[object, ...]:
    return (one.route, one.profile, one.spacing_days)
