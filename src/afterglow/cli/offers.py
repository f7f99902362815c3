"""What could be given next, in rows: the proposal, its neighbours and the whole trade-off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.options import Option, Profile
from afterglow.core.dosing.propose import propose
from afterglow.core.dosing.several import Several
from afterglow.core.quantity import Dose
from afterglow.core.refusal import Refusal

if TYPE_CHECKING:
    from afterglow.cli.course_file import Ahead
    from afterglow.research.figures.tradeoff import Choice

MOOD = "share of the starting score gone a day later by the mood model, provisional."

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A proposal as rows; each row is one thing that could be given."""

    chosen: Row
    neighbours: tuple[Row, ...]
    options: tuple[Row, ...]
    doses: tuple[Dose, ...]  # of the chosen one, as it would be given
    benefit_is: str
    reasons: tuple[str, ...]
    notes: tuple[str, ...]


def offered(known: Belief | Several, ahead: Ahead, *, draws: int, seed: int) -> Offered | Refusal:
    """What the core proposes, for one belief or several."""
    found = propose(
        known,
        limits=ahead.limits,
        candidates=ahead.candidates,
        session_number=ahead.number,
        baseline=ahead.baseline,
        seed=seed,
        drug=ahead.drug,
        draws=draws,
        idle_days=ahead.idle_days,
    )
    if isinstance(found, Refusal):
        return found
    return Offered(
        chosen=_row(found.chosen),
        neighbours=tuple(map(_row, found.neighbours)),
        options=tuple(map(_row, found.options)),
        doses=found.chosen.doses(found.drug),
        benefit_is=MOOD,
        reasons=found.reasons,
        notes=found.notes,
    )


def _row(one: Option) -> Row:
    row = asdict(one)
    row["why_not"] = " ".join(row.pop("broken"))
    return {"shape": str(row.pop("profile")), **row}


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
