"""`afterglow high CASE.toml`: how high these doses are, for how long, and when it is gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afterglow.cli.belief_file import BeliefFile
from afterglow.cli.output import AsJson, Out, Told, no
from afterglow.cli.over_case import CaseFile, over_case

if TYPE_CHECKING:
    from afterglow.core.dosing.case import Case


def high(
    case: CaseFile, as_json: AsJson = False, out: Out = None, belief: BeliefFile = None
) -> None:
    """The high of a dose. Exit code 2 when the case cannot be meant, 3 when refused."""
    over_case(case, told, belief=belief, as_json=as_json, out=out)


def told(case: Case) -> Told:
    from afterglow.cli import felt
    from afterglow.core.dosing.felt import high_of_case, people_of
    from afterglow.core.dosing.forecast import model_for
    from afterglow.core.refusal import Refusal

    report = high_of_case(case)
    if isinstance(report, Refusal):
        return no(report, plain={"model": case.model, "findings": [], "bands": []})
    answer: dict[str, Any] = {
        "model": model_for(case).id,
        "session_number": case.session_number,
        "people": people_of(case, len(report.t_min)),
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
