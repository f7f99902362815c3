"""The trade-off as a curve: what each way to give a dose may bring, against how high it is.

Wider than what the model may propose by itself, so that a prescriber sees what lies beyond.
Places are in per cent of the picture: its words keep their size at every width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import ceil
from uuid import UUID

from afterglow.clinic.planning.inputs import Inputs, proposed
from afterglow.clinic.planning.models import Proposal
from afterglow.clinic.planning.queries import inputs_of
from afterglow.clinic.planning.risk import percent
from afterglow.clinic.planning.signing import advice_of
from afterglow.core.dosing.limits import INTO
from afterglow.core.dosing.options import Candidates, Option, Profile, candidates_for
from afterglow.core.dosing.propose import Proposal as Advice
from afterglow.core.refusal import Refusal

BEYOND_MG_PER_KG = 0.1  # past the ceiling, so that it can be seen
USUAL_MINUTES = (40.0, 50.0, 60.0, 80.0, 100.0)
LEFT, RIGHT, TOP, BOTTOM = 12.0, 80.0, 8.0, 88.0  # of the picture, in per cent
NAMES_AT, NAMES_APART = 83.0, 6.0  # of the rows, in the margin
HIGH_STEP = 10.0
BENEFIT_STEPS = (0.02, 0.05, 0.1, 0.2)
MOST_NUMBERS = 6  # along an edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One way to give one dose, where it lies, and what it would mean."""

    option: Option
    x: str
    y: str
    kind: str  # proposed, calmer, stronger, allowed, beyond, forbidden
    words: str
    why_not: str
    benefit: str
    cadss_chance: str
    systolic_chance: str
    sedation_chance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """All doses over so many minutes, joined."""

    name: str
    number: int  # its own dash
    lines: tuple[Line, ...]
    leader: Line  # from its last dose to its name
    y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tradeoff:
    """The picture `planning/_tradeoff.html`, and the tables beside it."""

    points: tuple[Point, ...]
    rows: tuple[Row, ...]
    best: tuple[Line, ...]  # allowed, and nothing brings as much for less high
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    limit: Tick | None
    shapes: tuple[Point, ...]  # the proposed dose by other courses of the rate

    @property
    def near(self) -> list[Point]:
        """The proposal, its neighbours on the curve, and one step away in dose or minutes."""
        return [one for one in self.points if one.kind in ("calmer", "proposed", "stronger")]


@dataclass(frozen=True, slots=True)
class _Scale:
    most_high: float
    most_benefit: float
    benefit_step: float

    def x(self, high: float) -> str:
        return _at(LEFT + (RIGHT - LEFT) * high / self.most_high)

    def y(self, benefit: float) -> str:
        return _at(BOTTOM - (BOTTOM - TOP) * benefit / self.most_benefit)

    def line(self, one: Option, other: Option) -> Line:
        return Line(
            x1=self.x(one.cadss_p95),
            y1=self.y(one.benefit or 0.0),
            x2=self.x(other.cadss_p95),
            y2=self.y(other.benefit or 0.0),
        )


@lru_cache(maxsize=64)
def tradeoff_of(proposal_id: UUID) -> Tradeoff | None:
    """Kept: a proposal never changes. None for one without a dose, or without a benefit."""
    advice = advice_of(Proposal.objects.get(pk=proposal_id))
    if advice is None or advice.chosen.benefit is None:
        return None
    inputs = inputs_of(proposal_id)
    every = _weighed(inputs, _wide(inputs, advice)) or advice.options
    return drawn(every, advice, _shapes(inputs, advice))


def drawn(every: Sequence[Option], advice: Advice, shapes: Sequence[Option] = ()) -> Tradeoff:
    """Options as a picture, told from the proposal that stands among them."""
    scale = _scale(every)
    return Tradeoff(
        points=tuple(_point(one, advice, scale) for one in every),
        rows=tuple(_rows(every, scale)),
        best=tuple(scale.line(one, other) for one, other in pairwise(advice.frontier)),
        across=tuple(
            Tick(at=scale.x(v), text=f"{v:g}") for v in _steps(scale.most_high, HIGH_STEP)
        ),
        up=tuple(
            Tick(at=scale.y(v), text=f"{100 * v:.0f} %")
            for v in _steps(scale.most_benefit, scale.benefit_step)
        ),
        limit=_limit(advice, scale),
        shapes=tuple(_point(one, advice, scale) for one in shapes),
    )


def _wide(inputs: Inputs, advice: Advice) -> Candidates:
    """All that was weighed, and beyond it every other step up to a little past the ceiling."""
    weight_kg = inputs.facts.covariates.weight_kg
    usual = advice.candidates.doses_mg
    past = candidates_for(weight_kg, inputs.facts.limits.ceiling_mg_per_kg + BEYOND_MG_PER_KG)
    beyond = [dose for dose in past.doses_mg if dose > max(usual)][1::2]
    minutes = sorted({*advice.candidates.minutes, *USUAL_MINUTES})
    return replace(advice.candidates, doses_mg=(*usual, *beyond), minutes=tuple(minutes))


def _shapes(inputs: Inputs, advice: Advice) -> tuple[Option, ...]:
    """The proposed dose and minutes at a rate that rises, or falls: beside the curve."""
    chosen = advice.chosen
    shaped = Candidates(
        doses_mg=(chosen.dose_mg,),
        minutes=(chosen.minutes,),
        profiles=(Profile.CONSTANT, Profile.RAMP, Profile.STEP_DOWN),
    )
    return _weighed(inputs, shaped)


def _weighed(inputs: Inputs, candidates: Candidates) -> tuple[Option, ...]:
    """Every candidate by the likeliest model; none where not one keeps the limits."""
    if inputs.belief is None:
        return ()
    found = proposed(inputs, inputs.belief, candidates)
    return () if isinstance(found, Refusal) else found.options


def _scale(every: Sequence[Option]) -> _Scale:
    high = max(one.cadss_p95 for one in every)
    benefit = max(one.benefit or 0.0 for one in every)
    step = next((s for s in BENEFIT_STEPS if benefit / s < MOST_NUMBERS), BENEFIT_STEPS[-1])
    return _Scale(
        most_high=HIGH_STEP * max(1, ceil(high / HIGH_STEP)),
        most_benefit=step * max(1, ceil(benefit / step)),
        benefit_step=step,
    )


def _point(one: Option, advice: Advice, scale: _Scale) -> Point:
    kind = _kind(one, advice)
    beyond = "More, or longer, than the model proposes by itself: a prescriber's decision."
    why_not = " ".join(one.broken) or (beyond if kind == "beyond" else "")
    benefit = percent(one.benefit or 0.0)
    sedation = one.sedation_chance
    return Point(
        option=one,
        x=scale.x(one.cadss_p95),
        y=scale.y(one.benefit or 0.0),
        kind=kind,
        words=f"{one}: benefit {benefit}, worst in 20 {one.cadss_p95:.0f}. {why_not}".strip(),
        why_not=why_not,
        benefit=benefit,
        cadss_chance=percent(one.cadss_chance),
        systolic_chance=percent(one.systolic_chance),
        sedation_chance="" if sedation is None else percent(sedation),
    )


def _kind(one: Option, advice: Advice) -> str:
    if one.broken:
        return "forbidden"
    named = (("proposed", advice.chosen), ("calmer", advice.calmer), ("stronger", advice.stronger))
    for kind, other in named:
        if other is not None and str(one) == str(other):
            return kind
    return "allowed" if _was_weighed(one, advice.candidates) else "beyond"


def _was_weighed(one: Option, candidates: Candidates) -> bool:
    if one.minutes:
        return one.dose_mg in candidates.doses_mg and one.minutes in candidates.minutes
    return any(one.route is way.route and one.dose_mg in way.doses_mg for way in candidates.at_once)


def _rows(every: Sequence[Option], scale: _Scale) -> Iterator[Row]:
    """One for each time, shortest last: the longest ends highest for as much high."""
    below = 0.0
    for number, minutes in enumerate(sorted({one.minutes for one in every}, reverse=True)):
        row = [one for one in every if one.minutes == minutes]
        x, y = scale.x(row[-1].cadss_p95), scale.y(row[-1].benefit or 0.0)
        below = max(float(y.rstrip("%")), below + NAMES_APART)
        yield Row(
            name=f"{minutes:g} min" if minutes else INTO[row[0].route],
            number=number,
            lines=tuple(scale.line(one, other) for one, other in pairwise(row)),
            leader=Line(x1=x, y1=y, x2=_at(NAMES_AT - 0.5), y2=_at(below)),
            y=_at(below),
        )


def _limit(advice: Advice, scale: _Scale) -> Tick | None:
    limits = advice.limits
    if limits.cadss > scale.most_high:
        return None
    text = f"limit {limits.cadss:g}, for all but {percent(limits.cadss_chance)}"
    return Tick(at=scale.x(limits.cadss), text=text)


def _steps(most: float, step: float) -> Iterator[float]:
    every = max(1, ceil(most / step / MOST_NUMBERS))
    for n in range(0, round(most / step) + 1, every):
        yield round(n * step, 6)


def _at(place: float) -> str:
    return f"{place:.2f}%"
