"""A proposal's inputs as they are stored, and the one computation that stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from afterglow.clinic.planning.facts import Facts, Gathered
from afterglow.core.dosing import codec
from afterglow.core.dosing.belief import Belief, Trust
from afterglow.core.dosing.given import GivenBefore
from afterglow.core.dosing.mood_belief import MoodBelief, learn_mood
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.posterior import update
from afterglow.core.dosing.propose import Aim, Candidates, propose
from afterglow.core.dosing.propose import Proposal as Advice
from afterglow.core.dosing.several import Several, Weighed, weigh
from afterglow.core.quantity import Drug
from afterglow.core.refusal import Refusal

DRAWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodLearnt:
    """What `core.dosing.mood_belief.MoodBelief` holds beyond the belief and the course."""

    places: tuple[tuple[float, ...], ...]
    bodies: tuple[int, ...]
    trust: Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All of it: with these alone, any past proposal is computed again to the last digit."""

    facts: Facts
    idle_days: float
    draws: int
    belief: Belief | None  # the likeliest model's; None: every model refused this patient
    weight: float = 1.0  # of the likeliest model
    others: tuple[Weighed, ...] = ()  # likeliest first
    models_left_out: tuple[str, ...] = ()
    before: tuple[GivenBefore, ...] = ()
    mood: MoodLearnt | None = None
    mood_refused: Refusal | None = None  # why nothing was learned of the patient's mood

    @property
    def mood_belief(self) -> MoodBelief | None:
        """How this patient's mood answers, by the likeliest model and every score."""
        if self.belief is None or self.mood is None or self.facts.course is None:
            return None
        return MoodBelief(
            belief=self.belief,
            seen=self.facts.course,
            places=self.mood.places,
            bodies=self.mood.bodies,
            trust=self.mood.trust,
            seed=self.facts.seed,
        )

    @property
    def several(self) -> Several | None:
        """Every model of this patient with its weight."""
        if self.belief is None:
            return None
        first = Weighed(belief=self.belief, weight=self.weight)
        return Several(each=(first, *self.others), left_out=self.models_left_out)

    @classmethod
    def holding(cls, several: Several | None, gathered: Gathered, *, draws: int) -> Inputs:
        """The facts with what was learned from them."""
        known = several.each if several else ()
        return cls(
            facts=gathered.facts,
            idle_days=gathered.idle_days,
            draws=draws,
            belief=known[0].belief if known else None,
            weight=known[0].weight if known else 1.0,
            others=known[1:],
            models_left_out=several.left_out if several else (),
            before=gathered.before,
            **_mood(gathered.facts, known[0].belief, draws=draws) if known else {},
        )

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
    """Learn from the sessions, then ask the models for a dose."""
    several = believed(gathered.facts, draws=draws)
    if isinstance(several, Refusal):
        return Worked(inputs=Inputs.holding(None, gathered, draws=draws), advice=several)
    inputs = Inputs.holding(several, gathered, draws=draws)
    return Worked(inputs=inputs, advice=advised(inputs, several))


def _mood(facts: Facts, belief: Belief, *, draws: int) -> dict[str, Any]:
    """What the scores of the course teach; nothing before there are sessions and scores."""
    if facts.course is None or not facts.structures:
        return {}
    found = learn_mood(belief, facts.course, seed=facts.seed, draws=draws)
    if isinstance(found, Refusal):
        return {"mood_refused": found}
    return {"mood": MoodLearnt(places=found.places, bodies=found.bodies, trust=found.trust)}


def believed(facts: Facts, *, draws: int) -> Several | Refusal:
    """Every model in use, moved by every session that was observed, and how likely each is."""
    if not facts.structures:
        return _by_one_model(facts, draws=draws)
    return weigh(
        facts.covariates, facts.sessions, seed=facts.seed, draws=draws, models=facts.structures
    )


def _by_one_model(facts: Facts, *, draws: int) -> Several | Refusal:
    """As proposals were worked out before there was a choice: they must replay as they were."""
    belief = prior_for(facts.covariates, model=facts.model)
    if facts.sessions and not isinstance(belief, Refusal):
        belief = update(belief, facts.sessions, seed=facts.seed, draws=draws)
    if isinstance(belief, Refusal):
        return belief
    return Several(each=(Weighed(belief=belief, weight=1.0),), left_out=())


def advised(inputs: Inputs, several: Several) -> Advice | Refusal:
    """The dose for the next session by the likeliest model, if no likely one objects."""
    facts = inputs.facts
    known = several if facts.structures else several.likeliest.belief
    return proposed(inputs, known, facts.candidates)


def proposed(
    inputs: Inputs,
    known: Belief | Several,
    candidates: Candidates,
    *,
    drug: Drug = Drug.KETAMINE,
) -> Advice | Refusal:
    """The engine asked for the next session: for its proposal and for the curve it stands on."""
    facts = inputs.facts
    return propose(
        known,
        limits=facts.limits,
        candidates=candidates,
        session_number=facts.session_number,
        baseline=facts.baseline,
        seed=facts.seed,
        drug=drug,
        draws=inputs.draws,
        idle_days=inputs.idle_days,
        before=inputs.before,
        mood=inputs.mood_belief,
        # By exposure alone: how proposals were made before there was a choice of models.
        aim=Aim.BENEFIT if facts.structures else Aim.EXPOSURE,
    )
