"""Esketamine by nasal device for one patient: levels of people, sensitivity of this patient.

The spray has a model of its own, in venous blood, which no session of a patient moves. What their
sessions taught of dissociation, pressure and the effect sites is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterglow.core.body import Covariates
from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.dosing.by_model import following, to_artery, typical_of
from afterglow.core.dosing.population import outside
from afterglow.core.pharmacology import crowd, spray
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.library import load
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.sitting import is_device
from afterglow.core.quantity import Dose, Drug, Route
from afterglow.core.refusal import Refusal

SPRAYED = 21  # a stream of dice: how people take up a spray
LINK = ("venous_direct", "venous_per_min")
NOTES = (
    "By nose: levels are those of people by Perez-Ruixo 2021, published for this device; no "
    "session of this patient moves them, and one by nose teaches nothing. How strongly levels are "
    "felt is this patient's.",
    "Venous levels become arterial by a link fitted to 8 medians of another study [D].",
    "Whole devices of 28 mg, 5 min apart (REMS form [A]). A first session by nose goes up to 56 mg "
    "(US label [A]), from 65 years on to 28 mg (EU leaflet [A]); then one device more at a time.",
)
People = Mapping[str, Floats]


def refused(covariates: Covariates, drug: Drug) -> Refusal | None:
    """Why no dose by nose may be proposed for this patient, if so."""
    if not is_device(Route.NASAL, drug):
        return Refusal(
            code="nasal-not-proposed",
            because=f"No dose of {drug} by nose is proposed: how much of a compounded spray "
            "reaches blood differs from product to product, 10 to 45 % [D].",
            remedy="Offer esketamine by device, or look ahead with the product's own "
            "bioavailability: afterglow high.",
            source="docs/science/routes.md",
        )
    return outside(load(spray.MODEL), covariates)


@dataclass(frozen=True, slots=True)
class Sprayed:
    """People (N,) with what the model of the spray knows of them."""

    people: People
    by_spray: People

    @classmethod
    def of(cls, covariates: Covariates, people: People, seed: int) -> Sprayed:
        model, numbers = load(spray.MODEL), effect_numbers()
        typical = typical_of(model, covariates)
        taken = crowd.draw(model, typical, people["cl"].size, (seed, SPRAYED))
        # A library model's own link tells its own veins; this one is the spray's.
        link = {name: np.full_like(people["cl"], numbers[name]) for name in LINK}
        return cls({**people, **link}, taken)

    def levels(self, doses: Sequence[Dose], t_min: Floats) -> tuple[Floats, dict[str, Floats]]:
        """Minutes (t,) and S-ketamine in blood and at the effect sites, ng/mL (t, N)."""
        at_min, venous = spray.venous(self.by_spray, doses, t_min)
        return at_min, followed(self.people, at_min, venous)


def followed(people: People, at_min: Floats, venous: Floats) -> dict[str, Floats]:
    """What a venous course of S-ketamine (t, N) means elsewhere: the venous link turned round."""
    arterial = to_artery(venous, at_min, people)
    return {
        lv.ARTERIAL_S: arterial,
        lv.VENOUS_S: venous,
        lv.DISSOCIATION_SITE: following(arterial, at_min, people["ke0"]),
        lv.PRESSURE_SITE: following(arterial, at_min, people["pressure_per_min"]),
    }
