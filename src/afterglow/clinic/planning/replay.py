"""Compute a stored proposal again, and say whether it is the same to the last digit."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from afterglow.clinic.planning.facts import Gathered
from afterglow.clinic.planning.inputs import Inputs, work_out
from afterglow.clinic.planning.models import Proposal

MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What came out the second time."""

    proposal_id: UUID
    same: bool
    differences: tuple[str, ...]

    def __str__(self) -> str:
        if self.same:
            return f"{self.proposal_id}  same"
        return f"{self.proposal_id}  differs: {'; '.join(self.differences)}"


def replay(proposal_id: UUID) -> Replay:
    """Recompute one proposal from its stored inputs: the belief too, not only the advice."""
    stored = Proposal.objects.get(pk=proposal_id)
    held = Inputs.from_json(stored.inputs)
    gathered = Gathered(facts=held.facts, idle_days=held.idle_days, before=held.before)
    again = work_out(gathered, draws=held.draws)
    before = {"inputs": stored.inputs, "result": stored.result}
    # Through JSON text and back, as the database did: the same digits, the same types.
    after = json.loads(json.dumps({"inputs": again.inputs.to_json(), "result": again.result()}))
    found = list(_differences("", before, after))
    named = found[:MOST_NAMED] + ([f"{len(found)} in all"] if len(found) > MOST_NAMED else [])
    return Replay(proposal_id=proposal_id, same=not found, differences=tuple(named))


def _differences(where: str, one: Any, other: Any) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        # A field that a later version added says nothing of what was stored; its effect would
        # show in the fields that were.
        for key in sorted(one):
            yield from _differences(f"{where}.{key}", one[key], other.get(key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for n, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            yield from _differences(f"{where}[{n}]", mine, theirs)
    elif one != other:
        yield f"{where.lstrip('.')} was {_short(one)}, is {_short(other)}"


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
