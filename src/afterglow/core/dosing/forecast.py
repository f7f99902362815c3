"""A case answered: each quantity for the typical person and over a population."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from afterglow.core.dosing import asked, by_model, courses, muscle
from afterglow.core.dosing.asked import Asked
from afterglow.core.dosing.case import Case
from afterglow.core.dosing.courses import Follower
from afterglow.core.dosing.measured import error_of, measured
from afterglow.core.dosing.notes import notes_on
from afterglow.core.dosing.population import DEFAULT_MODEL, outside
from afterglow.core.dosing.told import Kept, Wanted, summed_up
from afterglow.core.pharmacology.library import Model, load
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.routes import follows
from afterglow.core.quantity import Dose, Route
from afterglow.core.refusal import Refusal

AFTER_MIN = 240.0  # peaks are looked for this long after the last dose
CLOSE_MIN = 480.0  # minute by minute for so long after anything changes
APART_MIN = 10.0  # and at such steps while nothing does
# Within the minute after a push, levels fall by a quarter.
AFTER_AN_EDGE_MIN = (0.25, 0.5, 0.75)
MOST_HELD = 500_000  # instants times people at a time, for each level
NASAL_MODEL, POOLED_MODEL = "perezruixo_2021", "kamp_2020_meta"


def forecast(case: Case) -> dict[str, Any]:
    """{"model", "quantities", "notes", "refusal"} as plain JSON values.

    What can be told is told; a refusal says why anything that was asked for is not among it.
    """
    model = model_for(case)
    wanted = [asked.read(name) for name in case.quantities]
    grid = grid_of(case)
    followers = refused(case, model) or followers_of(case, model, grid, wanted)
    if isinstance(followers, Refusal):
        return {"model": model.id, "quantities": {}, "notes": [], "refusal": asdict(followers)}
    answers = _answers(case, grid, followers, wanted)
    told = [one for one in wanted if one.name in answers]
    left = [one for one in wanted if one.name not in answers]
    return {
        "model": model.id,
        "quantities": {one.name: answers[one.name] for one in told},
        "notes": [*notes_on(case, model, told), *_under_observed(case, model, told)],
        "refusal": asdict(_not_modelled(left[0], model, followers)) if left else None,
    }


def _under_observed(case: Case, model: Model, told: Sequence[Asked]) -> tuple[str, ...]:
    """Of effects by muscle and skin: a plan raises the curve, a forecast tells it as it is."""
    if not is_core(model) or all(one.is_level for one in told):
        return ()
    return muscle.as_it_is(model.id, case.doses)


def model_for(case: Case) -> Model:
    """The default depends on the route: esketamine by nose or mouth has a model of its own."""
    if case.belief is not None:
        return load(case.belief.model)
    if case.model != "default":
        return load(case.model)
    return load(NASAL_MODEL if _is_device(case) else DEFAULT_MODEL)


def refused(case: Case, model: Model) -> Refusal | None:
    if refusal := outside(model, case.covariates, unverified=bool(model.liver) or is_core(model)):
        return refusal
    for dose in case.doses:
        if not _follows(model, dose):
            return Refusal(
                code="route-not-modelled",
                because=f"{model.title} does not follow {dose.drug} by the {dose.route} route.",
                remedy=_remedy(model),
                source=model.id,
            )
    return None


def _remedy(model: Model) -> str:
    if is_core(model):
        return "Ask for nasal esketamine by itself: its own model follows it, alone or swallowed."
    return f"It follows {', '.join(model.drugs)}: {', '.join(model.routes)}."


def _follows(model: Model, dose: Dose) -> bool:
    if is_core(model):
        return follows(dose)
    return dose.route in model.routes and dose.drug in model.drugs


def is_core(model: Model) -> bool:
    return model.id == DEFAULT_MODEL


def _is_device(case: Case) -> bool:
    """By nose or swallowed, esketamine has a model of its own."""
    own = load(NASAL_MODEL)
    by_nose_or_mouth = all(d.route in (Route.NASAL, Route.ORAL) for d in case.doses)
    return by_nose_or_mouth and all(d.drug in own.drugs for d in case.doses)


def grid_of(case: Case) -> Floats:
    """Every instant that is followed: by the minute near a dose, wider apart in between."""
    over = max(dose.ends_min for dose in case.doses) + AFTER_MIN
    last = max(case.times_min[-1], case.auc_to_min or 0.0, over)
    edges = np.unique([edge for dose in case.doses for edge in (dose.starts_min, dose.ends_min)])
    minutes = np.arange(0.0, last + 1)
    since = minutes - edges[np.maximum(np.searchsorted(edges, minutes, side="right") - 1, 0)]
    kept = minutes[(since <= CLOSE_MIN) | (minutes % APART_MIN == 0)]
    just_after = (edges[:, None] + np.array(AFTER_AN_EDGE_MIN)).ravel()
    ends = [] if case.auc_to_min is None else [case.auc_to_min]
    every = np.concatenate([kept, case.times_min, edges, just_after[just_after < last], ends])
    return np.unique(every)


def followers_of(
    case: Case, model: Model, grid: Floats, wanted: Sequence[Asked]
) -> list[Follower] | Refusal:
    """Who can tell what at `grid` (T,), minutes; the first that can is to be asked."""
    if not is_core(model):
        first = by_model.as_published(case, model, grid)
        linked = model.id == POOLED_MODEL or (model.id == NASAL_MODEL and _is_device(case))
        return [by_model.linked(case, first)] if linked else [first]
    found: list[Follower] = []
    core = courses.core(case, grid)
    if isinstance(core, Refusal):
        return core
    found.append(core)
    if any(not set(one.needs) <= set(core.gives) for one in wanted):
        other = courses.venous_norketamine(case, grid)
        if isinstance(other, Refusal):
            return other
        found.append(other)
    return found


def _answers(
    case: Case, grid: Floats, followers: Sequence[Follower], wanted: Sequence[Asked]
) -> dict[str, dict[str, Any]]:
    places = np.searchsorted(grid, np.array(case.times_min))
    how = Wanted(grid, places, case.percentiles, case.auc_to_min)
    found: dict[str, dict[str, Any]] = {}
    for follower in followers:
        gives = set(follower.gives)
        mine = [one for one in wanted if one.name not in found and set(one.needs) <= gives]
        if mine:
            found |= _told_by(follower, mine, how, case)
    return found


def _told_by(
    follower: Follower, mine: Sequence[Asked], how: Wanted, case: Case
) -> dict[str, dict[str, Any]]:
    levels = {level for one in mine for level in one.needs}
    usual = follower.scene(levels)
    kept: dict[str, list[Kept]] = {one.name: [] for one in mine}
    for part in parts_of_people(case.patients, how.grid.size):
        scene = follower.scene(levels, part)
        for one in mine:
            seen = _measured_of(one, case)
            kept[one.name].append(Kept.of(seen, seen.made(scene), how))
    areas = follower.areas() if any(one.is_level for one in mine) else {}
    found = {}
    for one in mine:
        model_id = follower.model_of(one.needs[0])
        people = _as_read(one, Kept.joined(kept[one.name]), model_id, case)
        answer = summed_up(one, one.made(usual)[:, 0], people, how)
        found[one.name] = {**answer, "model": model_id}
        if one.is_level:
            found[one.name] |= _whole_area(one, areas)
    return found


def _measured_of(of: Asked, case: Case) -> Asked:
    """What a chance is of, where its measurement errs; else the quantity itself."""
    return of.passed.of if case.residual and of.passed else of


def _as_read(of: Asked, people: Kept, model_id: str, case: Case) -> Kept:
    """With the error of its measurement at the times asked for, where that is wanted and known."""
    if not case.residual:
        return people
    seen = _measured_of(of, case)
    if error := error_of(seen, model_id):
        people = replace(people, rows=measured(seen, people.rows, error, case.seed))
    return people.above(of.passed.above) if of.passed else people


def parts_of_people(people: int, instants: int) -> Iterator[slice]:
    """So many at a time that each of their levels takes little memory."""
    most = max(1, MOST_HELD // instants)
    for first in range(0, people, most):
        yield slice(first, min(first + most, people))


def _whole_area(of: Asked, areas: Mapping[str, float]) -> dict[str, Any]:
    """From 0 to infinity; an effect site has the area of what it follows."""
    whole = None
    if all(level in areas for level in of.needs):
        first, *less = (areas[level] for level in of.needs)
        whole = (first - sum(less)) / 60
    return {"auc_0_inf": whole, "auc_unit": "ng*h/mL"}


def _not_modelled(of: Asked, model: Model, followers: Sequence[Follower]) -> Refusal:
    given = {level for follower in followers for level in follower.gives}
    known = [name for name, one in asked.EVERY.items() if set(one.needs) <= given]
    return Refusal(
        code="quantity-not-modelled",
        because=f"{model.title} does not give {of.name} for this dose.",
        remedy=f"It gives {', '.join(known)}.",
        source=model.id,
    )
