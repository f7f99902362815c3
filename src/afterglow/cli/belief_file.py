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


def read_belief(path: Path | None) -> Belief | None:
    """The belief in a file, or None where no file was named."""
    import json

    from afterglow.core.dosing.belief import Belief
    from afterglow.core.errors import BadInput

    if path is None:
        return None
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name} is not JSON; `afterglow update` writes it.") from error
    try:
        return Belief.from_json(raw)
    except (BadInput, KeyError, ValueError) as error:
        raise BadInput(f"{path.name} holds no belief as `update` writes it: {error}") from error
