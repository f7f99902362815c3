"""What could be given next, in rows: the proposal, its neighbours and the whole trade-off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.profiles import Course, CourseProposal, Profile, propose_course
from afterglow.core.dosing.propose import Proposal, propose
from afterglow.core.dosing.several import Several, propose_among
from afterglow.core.errors import BadInput
from afterglow.core.quantity import BaseMass, Dose, Infusion
from afterglow.core.refusal import Refusal

if TYPE_CHECKING:
    from afterglow.cli.course_file import Ahead
    from afterglow.research.figures.tradeoff import Choice

EXPOSURE = "a share from exposure (M8), not a chance of response."
MOOD = "share of the starting score gone a day later by the mood model, provisional."

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A proposal as rows; each row is one thing that could be given."""

    chosen: Row
    neighbours: tuple[Row, ...]
    options: tuple[Row, ...]
    doses: tuple[Dose, ...]  # of the chosen one, as a pump would be set
    benefit_is: str
    reasons: tuple[str, ...]
    notes: tuple[str, ...]


def offered(known: Belief | Several, ahead: Ahead, *, draws: int, seed: int) -> Offered | Refusal:
    """What the core proposes, for one belief or several, at a constant rate or in shapes."""
    asked: dict[str, Any] = {
        "limits": ahead.limits,
        "candidates": ahead.candidates,
        "session_number": ahead.number,
        "baseline": ahead.baseline,
        "seed": seed,
        "drug": ahead.drug,
        "draws": draws,
        "idle_days": ahead.idle_days,
    }
    if isinstance(known, Several):
        if ahead.shapes:
            raise BadInput("shapes are weighed with one model: leave models or shapes out.")
        found = propose_among(known, **asked)
        return found if isinstance(found, Refusal) else _of_proposal(found)
    if ahead.shapes:
        shaped = propose_course(known, profiles=ahead.shapes, **asked)
        return shaped if isinstance(shaped, Refusal) else _of_shapes(shaped)
    found = propose(known, **asked)
    return found if isinstance(found, Refusal) else _of_proposal(found)


def _of_proposal(found: Proposal) -> Offered:
    one = found.chosen
    return Offered(
        chosen=_option(one),
        neighbours=tuple(map(_option, found.neighbours)),
        options=tuple(map(_option, found.options)),
        doses=(
            Infusion(
                amount=BaseMass(one.dose_mg), starts_min=0, lasts_min=one.minutes, drug=found.drug
            ),
        ),
        benefit_is=EXPOSURE,
        reasons=found.reasons,
        notes=found.notes,
    )


def _option(one: Any) -> Row:
    row = asdict(one)
    return {"shape": str(Profile.CONSTANT), "benefit": row.pop("benefit_proxy"), **row}


def _of_shapes(found: CourseProposal) -> Offered:
    chosen = found.chosen
    same = [one for one in found.courses if one.profile is chosen.profile]
    beside = [
        *_next_to(chosen, [one for one in same if one.option.minutes == chosen.option.minutes]),
        *_next_to(chosen, [one for one in same if one.option.dose_mg == chosen.option.dose_mg]),
    ]
    return Offered(
        chosen=_course(chosen),
        neighbours=tuple(map(_course, beside)),
        options=tuple(map(_course, found.courses)),
        doses=chosen.infusions,
        benefit_is=MOOD,
        reasons=(
            f"{name(_course(chosen))}: chance of too much dissociation "
            f"{chosen.option.cadss_chance:.0%}, of too high a pressure "
            f"{chosen.option.systolic_chance:.0%}.",
            *(
                f"Not {name(_course(one))}: {one.option.why_not}"
                for one in beside
                if one.option.why_not
            ),
        ),
        notes=found.notes,
    )


def _next_to(chosen: Course, row: Sequence[Course]) -> list[Course]:
    at = list(row).index(chosen)
    return [*row[max(at - 1, 0) : at], *row[at + 1 : at + 2]]


def _course(one: Course) -> Row:
    return {**_option(one.option), "shape": str(one.profile), "benefit": one.mood_benefit}


def name(one: Mapping[str, Any]) -> str:
    """35 mg over 40 min, with its shape where that is not constant."""
    shape = "" if one["shape"] == Profile.CONSTANT else f", {one['shape']}"
    return f"{one['dose_mg']:g} mg over {one['minutes']:g} min{shape}"


def choice(one: Mapping[str, Any]) -> Choice:
    """A row as a mark of the picture."""
    from afterglow.research.figures.tradeoff import Choice

    shape = "" if one["shape"] == Profile.CONSTANT else f" {one['shape']}"
    return Choice(
        row=f"{one['minutes']:g} min{shape}",
        name=name(one),
        high=one["cadss_p95"],
        benefit=one["benefit"],
        allowed=one["allowed"],
    )


def table(plain: Mapping[str, Any]) -> Iterator[str]:
    """The whole trade-off for people, calmest first."""
    yield (
        f"  {'':32}{'benefit':>9}{'CADSS':>8}{'95th':>7}{'P(high)':>9}{'systolic 95th':>15}"
        f"{'P(pressure)':>13}"
    )
    for one in sorted(plain["options"], key=lambda one: (one["cadss_chance"], one["benefit"])):
        yield (
            f"{_mark(one, plain)} {name(one):32}{one['benefit']:>9.3f}{one['cadss_median']:>8.1f}"
            f"{one['cadss_p95']:>7.1f}{one['cadss_chance']:>9.1%}{one['systolic_p95']:>15.0f}"
            f"{one['systolic_chance']:>13.1%}"
        )


def _mark(one: Row, plain: Mapping[str, Any]) -> str:
    if one == plain["chosen"]:
        return "*"
    if one in plain["neighbours"]:
        return "+"
    return " " if one["allowed"] else "x"
