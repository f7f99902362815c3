"""`afterglow update COURSE.toml`: what the sessions so far teach of this patient."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from afterglow.cli.belief_file import BeliefFile
from afterglow.cli.output import AsJson, Out, Told, can_write, in_words, no, tell

if TYPE_CHECKING:
    from afterglow.cli.course_file import PatientCourse
    from afterglow.core.dosing.belief import Belief
    from afterglow.core.dosing.several import Several
    from afterglow.core.refusal import Refusal


def update(
    course: Annotated[Path, typer.Argument(help="A patient's course: docs/command-line.md.")],
    as_json: AsJson = False,
    out: Out = None,
    belief: BeliefFile = None,
) -> None:
    """Learn. `--out NAME.json` writes the belief, which plan and predict read with --belief."""
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
    from afterglow.cli import learnt, learnt_mood
    from afterglow.core.dosing.population import prior_for
    from afterglow.core.dosing.several import Several
    from afterglow.core.refusal import Refusal

    found = learn(course, before)
    if isinstance(found, Refusal):
        return no(found, plain={"model": course.models[0], "parameters": []})
    belief = found.likeliest.belief if isinstance(found, Several) else found
    prior = prior_for(belief.covariates, model=belief.model)
    if isinstance(prior, Refusal):
        return no(prior, plain={"model": belief.model, "parameters": []})
    rows = learnt.parameters(prior, belief)
    mood = learnt_mood.plain(learnt_mood.learn(course, belief))
    taught_by = belief.taught_by
    seen = sum(len(one.observations) for one in taught_by)
    plain: dict[str, Any] = {
        "model": belief.model,
        "models": weights(found),
        "sessions": len(taught_by),
        "observations": seen,
        "seed": course.seed,
        "parameters": rows,
        "trust": learnt.trust(belief),
        "mood": mood,
        "notes": [
            *teaching_nothing(course, before),
            *belief.assumptions,
            *(found.left_out if isinstance(found, Several) else ()),
        ],
        "refusal": None,
    }
    return Told(
        plain=plain,
        lines=lambda: _lines(plain),
        rows=lambda: learnt.flat(rows),
        draw=lambda: learnt.picture(rows, _about(plain)),
        file=belief.to_json(),
    )


def teaching_nothing(course: PatientCourse, before: Belief | None) -> list[str]:
    """What became of sessions by nasal device, where there were any."""
    from afterglow.core.dosing.label import by_device

    sessions = sum(by_device(one.doses) for one in course.held(before))
    said = f"Sessions by nasal device, counted as given and teaching nothing: {sessions}."
    return [said] if sessions else []


def learn(course: PatientCourse, before: Belief | None) -> Belief | Several | Refusal:
    """With one model, or with several weighed against each other."""
    from afterglow.cli.course_file import same_patient
    from afterglow.core.dosing.population import prior_for
    from afterglow.core.dosing.posterior import update as updated
    from afterglow.core.dosing.several import weigh
    from afterglow.core.refusal import Refusal

    if before is not None:
        same_patient(course, before)
    elif len(course.models) > 1:
        return weigh(
            course.covariates,
            course.sessions,
            seed=course.seed,
            draws=course.draws,
            models=course.models,
        )
    belief = before or prior_for(course.covariates, model=course.models[0])
    if isinstance(belief, Refusal):
        return belief
    return updated(belief, course.sessions, seed=course.seed, draws=course.draws)


def weights(found: Belief | Several) -> list[dict[str, Any]]:
    from afterglow.core.dosing.several import Several

    if not isinstance(found, Several):
        return [{"model": found.model, "weight": 1.0}]
    return [{"model": one.belief.model, "weight": one.weight} for one in found.each]


def _about(plain: dict[str, Any]) -> str:
    seen, sessions = plain["observations"], plain["sessions"]
    return f"Model {plain['model']}; {seen} observations in {sessions} sessions."


def _lines(plain: dict[str, Any]) -> Iterator[str]:
    from afterglow.cli import learnt, learnt_mood

    yield f"{_about(plain)}\n"
    if len(plain["models"]) > 1:
        shares = ", ".join(f"{one['model']} {one['weight']:.0%}" for one in plain["models"])
        yield f"Weights of the models: {shares}\n"
    yield from learnt.lines(plain["parameters"])
    yield f"\nTrust: {plain['trust']['words']}."
    for note in plain["notes"]:
        yield f"- {note}"
    if plain["mood"]:
        yield from learnt_mood.lines(plain["mood"])
        for note in plain["mood"].get("notes", ()):
            yield f"- {note}"
