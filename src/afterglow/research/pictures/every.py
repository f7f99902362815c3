"""Which pictures there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from matplotlib.figure import Figure

from afterglow.core.pharmacology import library
from afterglow.research.pictures import felt, levels, mood, proposal
from afterglow.research.pictures.common import as_svg


def drawings() -> Mapping[str, Callable[[], Figure]]:
    """How each picture of docs/science/pictures is drawn, by its name."""
    models = {one: partial(levels.model_picture, one) for one in library.drug_models()}
    return {
        **models,
        "perezruixo_2021_spray": levels.spray_picture,
        "models": levels.models_together,
        "routes": levels.routes_picture,
        "liver": levels.liver_picture,
        "dissociation": felt.dissociation_picture,
        "high": felt.high_picture,
        "pressure": felt.pressure_picture,
        "sedation": felt.sedation_picture,
        "mechanism": felt.mechanism_picture,
        "mood": mood.mood_picture,
        "proposal": proposal.proposal_picture,
    }


def svg(name: str) -> bytes:
    return as_svg(drawings()[name]())
