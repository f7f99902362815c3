"""What was learnt of a patient, kept as JSON: `update` writes it, `plan` and `predict` read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from afterglow.core.dosing.belief import Belief

BeliefFile = Annotated[
    Path | None, typer.Option("--belief", help="What `afterglow update --out` wrote, in JSON.")
]

FARTHEST = 50.0  # deviations are logarithms: exp(50) times the typical value is nobody's


def read_belief(path: Path | None) -> Belief | None:
    """The belief in a file, or None where no file was named."""
    import json

    from afterglow.core.dosing.belief import Belief
    from afterglow.core.errors import BadInput

    if path is None:
        return None
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (RecursionError, ValueError) as error:
        raise BadInput(f"{path.name} is not JSON; `afterglow update` writes it.") from error
    try:
        return _whole(Belief.from_json(raw))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path.name} holds no belief as `update` writes it: {error}") from error


def _whole(belief: Belief) -> Belief:
    """A belief that the model of today can carry on. Raises BadInput naming what is wrong."""
    import numpy as np

    from afterglow.core.dosing.population import prior_for
    from afterglow.core.dosing.posterior import still_fits
    from afterglow.core.errors import BadInput
    from afterglow.core.refusal import Refusal

    prior = prior_for(belief.covariates, model=belief.model)
    if isinstance(prior, Refusal):
        raise BadInput(prior.because)
    if belief.observed and belief.trust is None:
        raise BadInput("trust is missing, though sessions were observed.")
    if belief.parameters != prior.parameters:
        raise BadInput(f"parameters must be those of {belief.model} today. Learn again.")
    many = len(prior.parameters)
    held = {"mean": (many,), "cov": (many, many)}
    if belief.draws is not None:
        held["draws"] = (max(1, len(belief.draws)), many)
    for name, shape in held.items():
        values = getattr(belief, name)
        if {len(row) for row in values if isinstance(row, tuple)} - {many} or (
            np.shape(values) != shape
        ):
            raise BadInput(f"{name} must have the shape {shape}.")
        if not np.all(np.abs(np.array(values)) <= FARTHEST):
            raise BadInput(f"{name} must be numbers from -{FARTHEST:g} to {FARTHEST:g}.")
    if not still_fits(belief):
        raise BadInput("it was learnt with other numbers than the model's of today. Learn again.")
    return belief
