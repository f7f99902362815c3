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

    from afterglow.cli.course_ahead import Ahead
    from afterglow.cli.course_file import PatientCourse
    from afterglow.core.dosing.belief import Belief
    from afterglow.core.dosing.mood_belief import MoodBelief
    from afterglow.core.dosing.proposal import Proposal
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
        from afterglow.cli.compiling import told_while_compiling
        from afterglow.cli.course_file import read_course

        can_write(out, reads=[one for one in (course, belief) if one])
        before = read_belief(belief)
        asked = read_course(course, before)
        with told_while_compiling():
            tell(told(asked, before), as_json=as_json, out=out)


def told(course: PatientCourse, before: Belief | None = None) -> Told:
    from afterglow.cli import learnt_mood, offers
    from afterglow.cli.course_ahead import ahead_of
    from afterglow.cli.update import teaching_nothing
    from afterglow.core.dosing.several import Several
    from afterglow.core.refusal import Refusal

    ahead = ahead_of(course, before)
    known = _known(_without_devices(course), before)
    if isinstance(known, Refusal):
        return no(known, plain=_nothing(course))
    belief = known.likeliest.belief if isinstance(known, Several) else known
    mood = learnt_mood.learn(course, belief)
    found = _proposed(course, ahead, known, None if isinstance(mood, Refusal) else mood)
    if isinstance(found, Refusal):
        return no(found, plain=_nothing(course))
    report = _high(belief, found, course)
    if isinstance(report, Refusal):
        return no(report, plain=_nothing(course))
    plain = _plain(known, belief, found, report, teaching_nothing(course, before))
    plain |= {"mood": learnt_mood.plain(mood)}
    return Told(
        plain=plain,
        lines=lambda: _lines(plain),
        rows=lambda: offers.flagged(plain),
        draw=lambda: _picture(plain),
    )


def _nothing(course: PatientCourse) -> dict[str, Any]:
    nothing: dict[str, Any] = dict.fromkeys(("chosen", "calmer", "stronger"))
    empty: dict[str, Any] = {key: [] for key in ("neighbours", "frontier", "options")}
    return {"model": course.models[0], **nothing, **empty}


def _without_devices(course: PatientCourse) -> PatientCourse:
    """Sessions by nasal device count as given, and teach nothing: uptake is never learnt."""
    from dataclasses import replace

    from afterglow.core.dosing.label import by_device

    return replace(course, sessions=tuple(s for s in course.sessions if not by_device(s.doses)))


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


def _proposed(
    course: PatientCourse, ahead: Ahead, known: Belief | Several, mood: MoodBelief | None
) -> Proposal | Refusal:
    from afterglow.core.dosing.propose import propose

    return propose(
        known,
        limits=ahead.limits,
        candidates=ahead.candidates,
        session_number=ahead.number,
        baseline=ahead.baseline,
        seed=course.seed,
        drug=ahead.drug,
        draws=course.draws,
        idle_days=ahead.idle_days,
        before=ahead.before,
        mood=mood,
    )


def _high(belief: Belief, found: Proposal, course: PatientCourse) -> HighReport | Refusal:
    from afterglow.core.dosing.felt import high_of
    from afterglow.core.dosing.outlook import Visit

    visit = Visit(
        number=found.session_number, baseline=found.baseline, idle_days=found.idle_days
    ).spaced(found.chosen.spacing_days)
    return high_of(
        belief,
        found.chosen.doses(found.drug),
        session_number=visit.number,
        baseline=visit.baseline,
        seed=course.seed,
        draws=course.draws,
        idle_days=visit.idle_days,
    )


def _plain(
    known: Belief | Several,
    belief: Belief,
    found: Proposal,
    report: HighReport,
    taught_nothing: list[str],
) -> dict[str, Any]:
    from dataclasses import asdict

    from afterglow.cli import felt, learnt, offers
    from afterglow.cli.update import weights

    return {
        "model": found.model,
        "models": weights(known),
        "drug": str(found.drug),
        "session_number": found.session_number,
        "idle_days": found.idle_days,
        "limits": asdict(found.limits),
        "candidates": asdict(found.candidates),
        "given_before": [asdict(one) for one in found.before],
        "draws": found.draws,
        "seed": found.seed,
        **offers.told(found),
        "infusions": [_given(one) for one in found.chosen.doses(found.drug)],
        "reasons": list(found.reasons),
        "high": felt.plain(report),
        "trust": learnt.trust(belief),
        "notes": [*found.notes, *taught_nothing, *_height(belief)],
        "refusal": None,
    }


def _height(belief: Belief) -> list[str]:
    """What a missing height leaves open, where the weight makes it matter."""
    from afterglow.core.dosing.population import height_unknown

    said = height_unknown(belief.covariates)
    return [said] if said else []


def _given(dose: Any) -> dict[str, Any]:
    lasts_min = dose.ends_min - dose.starts_min
    return {"amount_mg": dose.amount.mg, "start_min": dose.starts_min, "duration_min": lasts_min}


def _lines(plain: dict[str, Any]) -> Iterator[str]:
    from afterglow.cli import felt, learnt_mood, offers

    yield (
        f"Session {plain['session_number']}, {plain['drug']}, model {plain['model']}. "
        "A suggestion for a prescriber to sign or change.\n"
    )
    yield f"Proposed: {plain['chosen']['name']}"
    for one in plain["infusions"]:
        until = one["start_min"] + one["duration_min"]
        when = f"from {one['start_min']:g} to {until:g} min" if one["duration_min"] else _at(one)
        yield f"  {one['amount_mg']:.4g} mg {when}"
    for reason in plain["reasons"]:
        yield f"- {reason}"
    yield (
        "\nBenefit against high. * proposed, < calmer and > stronger on the curve of the most "
        "benefit, o on it, + one step away, x not allowed"
    )
    yield from offers.table(plain)
    yield f"Benefit: {plain['benefit_is']}\n"
    yield from felt.lines(plain["high"])
    if len(plain["models"]) > 1:
        shares = ", ".join(f"{one['model']} {one['weight']:.0%}" for one in plain["models"])
        yield f"\nWeights of the models: {shares}"
    if plain["trust"]:
        yield f"\nTrust: {plain['trust']['words']}."
    if plain["mood"]:
        yield from learnt_mood.lines(plain["mood"])
    yield "\nWhat these numbers rest on:"
    for note in dict.fromkeys([*plain["notes"], *plain["high"]["notes"]]):
        yield f"- {note}"


def _at(one: dict[str, Any]) -> str:
    return f"at {one['start_min']:g} min" if one["start_min"] else "at once"


def _picture(plain: dict[str, Any]) -> Figure:
    from afterglow.cli import offers
    from afterglow.research.figures import tradeoff

    limits = plain["limits"]
    return tradeoff.draw(
        [offers.choice(one) for one in plain["options"]],
        proposed=offers.choice(plain["chosen"]),
        neighbours=[
            offers.choice(one) for one in (plain["calmer"], plain["stronger"]) if one is not None
        ],
        frontier=[offers.choice(one) for one in plain["frontier"]],
        high_limit=limits["cadss"],
        limit_words=f"limit {limits['cadss']:g}, for {1 - limits['cadss_chance']:.0%} of peaks",
        high_words="worst in 20 of the peak of dissociation, CADSS-23 points",
        benefit_words="benefit (0 to 1; no chance of response)",
        words=f"Model {plain['model']}, session {plain['session_number']}. "
        f"Benefit: {plain['benefit_is']}",
    )
