"""A proposal's inputs as they are stored, and the one computation that stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from afterglow.clinic.planning.facts import Facts, Gathered
from afterglow.core.dosing import codec
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.posterior import update
from afterglow.core.dosing.propose import Aim, propose
from afterglow.core.dosing.propose import Proposal as Advice
from afterglow.core.refusal import Refusal

DRAWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All of it: with these alone, any past proposal is computed again to the last digit."""

    facts: Facts
    idle_days: float
    draws: int
    belief: Belief | None  # None: the model refused this patient

    def to_json(self) -> dict[str, Any]:
        raw: dict[str, Any] = codec.plain(self)
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Inputs:
        return codec.read(cls, raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A computed proposal: what went in, and what came out."""

    inputs: Inputs
    advice: Advice | Refusal

    def result(self) -> dict[str, Any]:
        """The advice as it is stored: under its own name, so that a "no" cannot pass for a dose."""
        if isinstance(self.advice, Refusal):
            return {"refusal": codec.plain(self.advice)}
        return {"proposal": self.advice.to_json()}


def work_out(gathered: Gathered, *, draws: int = DRAWS) -> Worked:
    """Learn from the sessions, then ask the model for a dose."""
    facts = gathered.facts
    belief = believed(facts, draws=draws)
    held = None if isinstance(belief, Refusal) else belief
    inputs = Inputs(facts=facts, idle_days=gathered.idle_days, draws=draws, belief=held)
    return Worked(
        inputs=inputs, advice=belief if isinstance(belief, Refusal) else advised(inputs, belief)
    )


def believed(facts: Facts, *, draws: int) -> Belief | Refusal:
    """The prior of this body, moved by every session that was observed."""
    prior = prior_for(facts.covariates, model=facts.model)
    if isinstance(prior, Refusal) or not facts.sessions:
        return prior
    return update(prior, facts.sessions, seed=facts.seed, draws=draws)


def advised(inputs: Inputs, belief: Belief) -> Advice | Refusal:
    """The model's dose for the next session."""
    facts = inputs.facts
    return propose(
        belief,
        limits=facts.limits,
        candidates=facts.candidates,
        session_number=facts.session_number,
        baseline=facts.baseline,
        seed=facts.seed,
        draws=inputs.draws,
        idle_days=inputs.idle_days,
        aim=Aim.EXPOSURE,
    )
