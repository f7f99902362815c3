"""`afterglow high CASE.toml`: how high these doses are, for how long, and when it is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from afterglow.cli.belief_file import BeliefFile
from afterglow.cli.output import AsJson, Out, Told, can_write, in_words, no, tell

if TYPE_CHECKING:
    from afterglow.core.dosing.belief import Belief
    from afterglow.core.dosing.case import Case
    from afterglow.core.pharmacology.high import HighReport
    from afterglow.core.refusal import Refusal

MOST_PEOPLE = 20_000


def high(
    case: Annotated[Path, typer.Argument(help="A case, in TOML or JSON, as for predict.")],
    as_json: AsJson = False,
    out: Out = None,
    belief: BeliefFile = None,
) -> None:
    """The high of a dose. Exit code 2 when the case cannot be meant, 3 when refused."""
    from afterglow.cli.predict import case_in

    with in_words():
        can_write(out, reads=(case,))
        tell(told(case_in(case, belief)), as_json=as_json, out=out)


def told(case: Case) -> Told:
    from afterglow.cli import felt
    from afterglow.core.refusal import Refusal

    report = _report(case)
    if isinstance(report, Refusal):
        return no(report, plain={"model": case.model, "findings": [], "bands": []})
    answer: dict[str, Any] = {
        "model": _model(case),
        "session_number": case.session_number,
        "people": min(case.patients, MOST_PEOPLE),
        "seed": case.seed,
        "refusal": None,
        **felt.plain(report),
    }
    return Told(
        plain=answer,
        lines=lambda: _lines(answer),
        rows=lambda: felt.rows(answer),
        draw=lambda: felt.picture(answer, _about(answer)),
    )


def _model(case: Case) -> str:
    from afterglow.core.dosing.population import DEFAULT_MODEL

    return DEFAULT_MODEL if case.model == "default" else case.model


def _report(case: Case) -> HighReport | Refusal:
    from afterglow.core.body import Baseline
    from afterglow.core.dosing.felt import high_of
    from afterglow.core.refusal import Refusal

    belief = _belief(case)
    if isinstance(belief, Refusal):
        return belief
    # Pressure and pulse play no part in the high; the report leaves the score before the dose out.
    resting = Baseline(systolic_mmhg=120, pulse_per_min=70)
    return high_of(
        belief,
        case.doses,
        session_number=case.session_number,
        baseline=resting,
        seed=case.seed,
        draws=min(case.patients, MOST_PEOPLE),
    )


def _belief(case: Case) -> Belief | Refusal:
    from afterglow.core.dosing.population import DEFAULT_MODEL, prior_for
    from afterglow.core.refusal import Refusal

    if _model(case) != DEFAULT_MODEL:
        return Refusal(
            code="effect-not-modelled",
            because=f"Dissociation is driven by arterial blood; {case.model} does not follow it.",
            remedy=f'Write model = "default" ({DEFAULT_MODEL}).',
            source="docs/science/high.md",
        )
    return case.belief or prior_for(case.covariates)


def _about(answer: dict[str, Any]) -> str:
    people, session = answer["people"], answer["session_number"]
    return f"Model {answer['model']}, session {session}, {people} people."


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    from afterglow.cli import felt

    yield f"{_about(answer)}\n"
    yield from felt.lines(answer)
    yield ""
    for note in answer["notes"]:
        yield f"- {note}"
