"""`afterglow plan COURSE.toml`: what to give next, what else could be given, and how high it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from afterglow.cli.belief_file import BeliefFile
from afterglow.cli.output import AsJson, Out, Told, can_write, in_words, no, tell

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from afterglow.cli.course_file import Ahead, PatientCourse
    from afterglow.cli.offers import Offered
    from afterglow.core.dosing.belief import Belief
    from afterglow.core.dosing.several import Several
    from afterglow.core.pharmacology.high import HighReport
    from afterglow.core.refusal import Refusal


def plan(
    course: Annotated[Path, typer.Argument(help="A patient's course: docs/command-line.md.")],
    as_json: AsJson = False,
    out: Out = None,
    belief: BeliefFile = None,
) -> None:
    """Propose, or refuse with exit code 3. A suggestion for a prescriber, never an order."""
    with in_words():
        from afterglow.cli.belief_file import read_belief
        from afterglow.cli.course_file import read_course

        can_write(out, reads=(course,))
        before = read_belief(belief)
        tell(told(read_course(course, before), before), as_json=as_json, out=out)


def told(course: PatientCourse, before: Belief | None = None) -> Told:
    from afterglow.cli import offers
    from afterglow.core.dosing.several import Several
    from afterglow.core.refusal import Refusal

    ahead = course.ahead(before)
    known = _known(course, before)
    if isinstance(known, Refusal):
        return no(known, plain=_nothing(course))
    offered = offers.offered(known, ahead, draws=course.draws, seed=course.seed)
    if isinstance(offered, Refusal):
        return no(offered, plain=_nothing(course))
    belief = known.likeliest.belief if isinstance(known, Several) else known
    report = _high(belief, offered, ahead, course)
    if isinstance(report, Refusal):
        return no(report, plain=_nothing(course))
    plain = _plain(course, ahead, known, offered, report)
    return Told(
        plain=plain,
        lines=lambda: _lines(plain),
        rows=lambda: [
            {**one, "chosen": one == plain["chosen"], "neighbour": one in plain["neighbours"]}
            for one in plain["options"]
        ],
        draw=lambda: _picture(plain),
    )


def _nothing(course: PatientCourse) -> dict[str, Any]:
    return {"model": course.models[0], "chosen": None, "neighbours": [], "options": []}


def _known(course: PatientCourse, before: Belief | None) -> Belief | Several | Refusal:
    """What is believed: the prior where nothing was seen, else what the sessions taught."""
    from afterglow.cli.course_file import same_patient
    from afterglow.cli.update import learn
    from afterglow.core.dosing.population import prior_for

    if course.sessions or len(course.models) > 1:
        return learn(course, before)
    if before is not None:
        same_patient(course, before)
        return before
    return prior_for(course.covariates, model=course.models[0])


def _high(
    belief: Belief, offered: Offered, ahead: Ahead, course: PatientCourse
) -> HighReport | Refusal:
    from afterglow.core.dosing.felt import high_of

    return high_of(
        belief,
        offered.doses,
        session_number=ahead.number,
        baseline=ahead.baseline,
        seed=course.seed,
        draws=course.draws,
        idle_days=ahead.idle_days,
    )


def _plain(
    course: PatientCourse,
    ahead: Ahead,
    known: Belief | Several,
    offered: Offered,
    report: HighReport,
) -> dict[str, Any]:
    from dataclasses import asdict

    from afterglow.cli import felt, learnt
    from afterglow.cli.update import weights
    from afterglow.core.dosing.several import Several

    belief = known.likeliest.belief if isinstance(known, Several) else known
    return {
        "model": belief.model,
        "models": weights(known),
        "drug": str(ahead.drug),
        "session_number": ahead.number,
        "idle_days": ahead.idle_days,
        "limits": asdict(ahead.limits),
        "draws": course.draws,
        "seed": course.seed,
        "benefit_is": offered.benefit_is,
        "chosen": offered.chosen,
        "neighbours": list(offered.neighbours),
        "options": list(offered.options),
        "infusions": [_given(one) for one in offered.doses],
        "reasons": list(offered.reasons),
        "high": felt.plain(report),
        "trust": learnt.trust(belief),
        "notes": list(offered.notes),
        "refusal": None,
    }


def _given(dose: Any) -> dict[str, Any]:
    lasts_min = dose.ends_min - dose.starts_min
    return {"amount_mg": dose.amount.mg, "start_min": dose.starts_min, "duration_min": lasts_min}


def _lines(plain: dict[str, Any]) -> Iterator[str]:
    from afterglow.cli import felt, offers

    yield (
        f"Session {plain['session_number']}, {plain['drug']}, model {plain['model']}. "
        "A suggestion for a prescriber to sign or change.\n"
    )
    yield f"Proposed: {offers.name(plain['chosen'])}"
    for one in plain["infusions"]:
        until = one["start_min"] + one["duration_min"]
        yield f"  {one['amount_mg']:.4g} mg from {one['start_min']:g} to {until:g} min"
    for reason in plain["reasons"]:
        yield f"- {reason}"
    yield "\nBenefit against high, * proposed, + neighbour, x not allowed"
    yield from offers.table(plain)
    yield f"Benefit: {plain['benefit_is']}\n"
    yield from felt.lines(plain["high"])
    if len(plain["models"]) > 1:
        shares = ", ".join(f"{one['model']} {one['weight']:.0%}" for one in plain["models"])
        yield f"\nWeights of the models: {shares}"
    if plain["trust"]:
        yield f"\nTrust: {plain['trust']['words']}."
    yield "\nWhat these numbers rest on:"
    for note in dict.fromkeys([*plain["notes"], *plain["high"]["notes"]]):
        yield f"- {note}"


def _picture(plain: dict[str, Any]) -> Figure:
    from afterglow.cli import offers
    from afterglow.research.figures import tradeoff

    limits = plain["limits"]
    return tradeoff.draw(
        [offers.choice(one) for one in plain["options"]],
        proposed=offers.choice(plain["chosen"]),
        neighbours=[offers.choice(one) for one in plain["neighbours"]],
        high_limit=limits["cadss"],
        limit_words=f"limit {limits['cadss']:g}, for {1 - limits['cadss_chance']:.0%} of peaks",
        high_words="worst in 20 of the peak of dissociation, CADSS-23 points",
        benefit_words="benefit (0 to 1; no chance of response)",
        words=f"Model {plain['model']}, session {plain['session_number']}. "
        f"Benefit: {plain['benefit_is']}",
    )
