"""Levels and effect sites of many people over one session, whatever the route."""

from __future__ import annotations

import numpy as np

from afterglow.core.dosing.device import followed
from afterglow.core.dosing.virtual_given import Given, session_grid
from afterglow.core.dosing.virtual_people import Crowd
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import routes, spray
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.modes import Floats

SITES = (lv.ARTERIAL, lv.VENOUS, lv.DISSOCIATION_SITE, lv.PRESSURE_SITE)
UPTAKE = 15  # a stream of dice: what nose, tongue and gut take up on one day


def levels_of(
    given: Given, crowd: Crowd, day: int, *sites: str
) -> tuple[Floats, dict[str, Floats]]:
    """Minutes (t,) of one session, and each of some of SITES, ng/mL (t, n).

    `day` numbers the session: uptake by nose, tongue and gut differs from one to the next.
    """
    grid = session_grid(given.doses)
    if not given.doses:
        return grid, {site: np.zeros((grid.size, crowd.size)) for site in sites}
    if given.by_own_model:
        at_min, found = _by_device(given, crowd, grid)
    else:
        line = timeline(given.doses, grid)
        at_min, found = line.at_min, lv.levels(_on_the_day(given, crowd, day), line, *sites)
    factor = given.factor(crowd.weight_kg)
    return at_min, {site: found[site] * factor for site in sites}


def _on_the_day(given: Given, crowd: Crowd, day: int) -> dict[str, Floats]:
    people = crowd.bodies
    if given.bioavailability is not None:
        people = people | {"f_nose": np.full(crowd.size, given.bioavailability)}
    if crowd.seed is None or not given.differs_by_day:
        return people
    return routes.scattered(people, seed_of(*crowd.seed, day, UPTAKE))


def _by_device(given: Given, crowd: Crowd, grid: Floats) -> tuple[Floats, dict[str, Floats]]:
    """Arterial blood from the spray's venous course, by the venous link turned round."""
    at_min, venous = spray.venous(crowd.by_spray(), given.doses, grid)
    found = followed(crowd.bodies, at_min, venous)
    return at_min, {**found, lv.ARTERIAL: found[lv.ARTERIAL_S], lv.VENOUS: venous}


def seed_of(*parts: int) -> int:
    """One number from several, as different as if each had been drawn."""
    return int(np.random.SeedSequence(parts).generate_state(1, np.uint64)[0])
