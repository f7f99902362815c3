"""How a dose enters the body by each route, on the arterial core."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

import numpy as np

from afterglow.core.pharmacology.library import load, load_effect
from afterglow.core.pharmacology.modes import Floats, Shape, link, twin_transit
from afterglow.core.pharmacology.sitting import is_device
from afterglow.core.quantity import Dose, Drug, Infusion, Route

# Routes a belief learns from and plans with; the others can be forecast only.
FOLLOWED = (Route.INTRAVENOUS, Route.INTRAMUSCULAR, Route.SUBCUTANEOUS, Route.SUBLINGUAL)


class Way(StrEnum):
    """One path into blood."""

    VEIN = "vein"
    MUSCLE = "muscle"
    SKIN = "skin"
    FILM = "film"  # one enantiomer under the tongue
    WAFER = "wafer"  # racemic ketamine under the tongue
    NOSE = "nose"  # a compounded spray, by the product's bioavailability
    MOUTH = "mouth"


SHARE_AND_RATE = {
    Way.MUSCLE: ("f_muscle", "ka_muscle"),
    Way.SKIN: ("f_skin", "ka_muscle"),
    Way.FILM: ("f_film", "ka_film"),
    Way.WAFER: ("f_wafer", "ka_film"),
    Way.NOSE: ("f_nose", "ka_nose"),
}
RELEASE_OF = {
    Way.FILM: "release_film",
    Way.WAFER: "release_film",
    Way.MOUTH: "release_mouth",
}
# Ways by which nothing of the dose is swallowed.
WHOLE = frozenset({Way.VEIN, Way.MUSCLE, Way.SKIN})
WAY_OF = {
    Route.INTRAVENOUS: Way.VEIN,
    Route.INTRAMUSCULAR: Way.MUSCLE,
    Route.SUBCUTANEOUS: Way.SKIN,
    Route.SUBLINGUAL: Way.FILM,
    Route.NASAL: Way.NOSE,
    Route.ORAL: Way.MOUTH,
}


def follows(dose: Dose) -> bool:
    """Whether the arterial core can follow this dose. A spray by device has a model of its own."""
    return not is_device(dose.route, dose.drug)


def absorbed(arterial: Shape, way: Way, bodies: Mapping[str, Floats]) -> Shape:
    """Arterial response to 1 mg by this way, from the response to 1 mg into a vein."""
    if way is Way.VEIN:
        return arterial
    if way is Way.MOUTH:
        passed = bodies["f_gut"] * bodies["passes_liver"]
        return link(arterial, bodies["ka_mouth"]).times(passed)
    share, rate = SHARE_AND_RATE[way]
    return link(arterial, bodies[rate]).times(bodies[share])


def share(way: Way, bodies: Mapping[str, Floats]) -> Floats:
    """The part of a dose by this way that reaches blood, (N,)."""
    if way is Way.VEIN:
        return np.ones_like(bodies["cl"])
    if way is Way.MOUTH:
        return np.asarray(bodies["f_gut"] * bodies["passes_liver"])
    return bodies[SHARE_AND_RATE[way][0]]


def entering(doses: Sequence[Dose]) -> list[tuple[Way, Dose]]:
    """Each dose with its way in, as it leaves its form."""
    return [(way, _released(dose, way)) for dose in doses for way in (_way(dose),)]


def _way(dose: Dose) -> Way:
    if dose.route is Route.SUBLINGUAL and dose.drug is Drug.KETAMINE:
        return Way.WAFER
    return WAY_OF[dose.route]


def _released(dose: Dose, way: Way) -> Dose:
    """A film or a tablet gives its drug over the typical time of release, unless told otherwise."""
    if way not in RELEASE_OF:
        return dose
    return _over(dose, load_effect("nose_and_mouth").value(RELEASE_OF[way]))


def _over(dose: Dose, minutes: float) -> Dose:
    if isinstance(dose, Infusion):
        return dose
    return Infusion(
        amount=dose.amount,
        starts_min=dose.starts_min,
        lasts_min=minutes,
        drug=dose.drug,
        route=dose.route,
    )


def swallowed(doses: Sequence[Dose]) -> list[tuple[Way, Dose]]:
    """What goes through gut and liver, as it leaves its form: it becomes norketamine there."""
    return [
        (way, _over(dose, _release_swallowed(way)))
        for dose in doses
        for way in (_way(dose),)
        if way not in WHOLE
    ]


def _release_swallowed(way: Way) -> float:
    if way in (Way.FILM, Way.WAFER):
        return load("simons_2022").value("release_swallowed")
    release = "release_dripped" if way is Way.NOSE else "release_mouth"
    return load_effect("nose_and_mouth").value(release)


def _dripped_and_changed(own: Mapping[str, Floats]) -> Floats:
    """Of 1 mg sprayed, what drips into the gut and is changed to norketamine by the liver.

    The whole bioavailability holds what drips and passes gut and liver. As in the network that
    was fitted to sprays (Perez-Ruixo 2021), what the gut wall takes is not seen again.
    """
    passed = own["f_gut"] * own["passes_liver"]
    dripped = np.minimum((1 - own["f_nose"]) / (1 - passed), 1.0)
    return np.asarray(dripped * own["f_gut"] * (1 - own["passes_liver"]))


# Of 1 mg, what becomes norketamine before it is in blood.
CHANGED_AT_FIRST_PASS: Mapping[Way, Callable[[Mapping[str, Floats]], Floats]] = {
    Way.FILM: lambda own: 1 - own["f_film"],
    Way.WAFER: lambda own: 1 - own["f_wafer"],
    Way.NOSE: _dripped_and_changed,
    Way.MOUTH: lambda own: 1 - own["f_gut"] * own["passes_liver"],
}


def first_pass(way: Way, bodies: Mapping[str, Floats]) -> Shape:
    """How fast 1 mg that was swallowed arrives at the liver, mg/min."""
    if way in (Way.FILM, Way.WAFER):
        rate = bodies["ka_swallowed"]
        steps = load("simons_2022").value("steps_gut")  # two, as twin_transit has
        return twin_transit(_emptying(rate), steps / bodies["mtt_gut"])
    return _emptying(bodies["ka_dripped" if way is Way.NOSE else "ka_mouth"])


def _emptying(per_min: Floats) -> Shape:
    return Shape(per_min[None], per_min[None])


def named(ways: Iterable[Way]) -> tuple[Way, ...]:
    """The ways in use, in a fixed order; a vein when there is no dose at all."""
    used = set(ways)
    return tuple(way for way in Way if way in used) or (Way.VEIN,)


def scattered(people: Mapping[str, Floats], seed: int) -> dict[str, Floats]:
    """The same people on one day: uptake by nose, tongue and gut drawn anew around its usual.

    Each parameter (N,) stays in its own unit: rates in 1/min, shares of a dose from 0 to 1.
    """
    spread = [p for p in load_effect("nose_and_mouth").parameters.values() if p.sd > 0]
    size = people["cl"].size
    luck = np.random.default_rng([seed, 3]).standard_normal((len(spread), size))
    found = dict(people)
    for p, off in zip(spread, luck, strict=True):
        usual, moved = people[p.name], np.exp(p.sd * off)
        found[p.name] = usual * moved / (1 - usual + usual * moved) if p.logit else usual * moved
    return found
