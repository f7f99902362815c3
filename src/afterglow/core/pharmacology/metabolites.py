"""Norketamine and hydroxynorketamine by any way in: made of what circulates, and at the first pass.

Two dispositions. Arterial, on the core of Simons 2022: four fifths of what is cleared pass two
transit steps into norketamine, and 0.7 of that into hydroxynorketamine. Venous, by Otto 2021: all
that is cleared becomes norketamine at once, in mg of ketamine, as that model was fitted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterglow.core.pharmacology import crowd
from afterglow.core.pharmacology.doses import S, timeline, timeline_of
from afterglow.core.pharmacology.levels import NG_PER_ML, metabolite, of_r, parent
from afterglow.core.pharmacology.library import load, load_effect
from afterglow.core.pharmacology.modes import (
    Floats,
    Shape,
    mammillary,
    mammillary3,
    through,
    twin_transit,
)
from afterglow.core.pharmacology.paths import Bank
from afterglow.core.pharmacology.routes import (
    CHANGED_AT_FIRST_PASS,
    Way,
    absorbed,
    entering,
    first_pass,
    swallowed,
)
from afterglow.core.quantity import Dose

# ng/mL, S + R unless the name says S.
ARTERIAL, ARTERIAL_S = "arterial norketamine", "arterial S-norketamine"
VENOUS, VENOUS_S = "venous norketamine", "venous S-norketamine"
HYDROXY = "arterial hydroxynorketamine"
HYDROXY_ALONE = ("cl_hnk", "q_hnk", "v1_hnk")  # their spread moves nothing else
BODY = 6  # a stream of dice

Bodies = Mapping[str, Floats]
Made = Callable[[Way, Bodies], Shape]


@dataclass(frozen=True, slots=True)
class Disposition:
    """Where norketamine is followed, and what its outputs are called."""

    venous: bool
    total: str
    only_s: str

    def formed(self, way: Way, own: Bodies) -> Shape:
        """ng/mL of norketamine made of 1 mg, of one enantiomer, after it is in blood."""
        if not self.venous:
            return metabolite(absorbed(parent(own), way, own), own)
        three = {name: own[name] for name in ("v1", "cl", "q2", "v2", "q3", "v3")}
        seen = mammillary3(**three).times(NG_PER_ML)
        return through(absorbed(seen, way, own).times(own["cl"]), self._organ(own))

    def at_first_pass(self, way: Way, own: Bodies) -> Shape:
        """ng/mL of norketamine made of 1 mg that is swallowed, before it is in blood."""
        arriving, share = first_pass(way, own), CHANGED_AT_FIRST_PASS[way](own)
        if self.venous:
            return through(arriving.times(share * NG_PER_ML), self._organ(own))
        # The film's share is printed as fed into norketamine whole.
        share = own["f_swallowed"] if way is Way.FILM else share * own["fraction_nk"]
        arriving = twin_transit(arriving.times(share * own["molar_nk"]), 2 / own["mtt_nk"])
        return through(arriving, self._organ(own)).times(NG_PER_ML)

    def _organ(self, own: Bodies) -> Shape:
        volume = own["v1_nk" if self.venous else "v1"]
        return mammillary(v1=volume, cl=own["cl_nk"], q2=own["q_nk"], v2=own["v2_nk"])


IN_ARTERY = Disposition(venous=False, total=ARTERIAL, only_s=ARTERIAL_S)
IN_VEIN = Disposition(venous=True, total=VENOUS, only_s=VENOUS_S)


def arterial(bodies: Bodies, doses: Sequence[Dose], t_min: Floats) -> dict[str, Floats]:
    """Norketamine and hydroxynorketamine at each time, (T, N), ng/mL; bodies of simons_2022."""
    return _levels(IN_ARTERY, bodies, doses, t_min)


def venous(bodies: Bodies, doses: Sequence[Dose], t_min: Floats) -> dict[str, Floats]:
    """Norketamine in venous blood, (T, N), ng/mL; bodies of otto_2021."""
    return _levels(IN_VEIN, for_otto(bodies), doses, t_min)


def varied(model_id: str, people: Bodies, seed: int) -> dict[str, Floats]:
    """The same people with what only metabolites tell of them, as they are on one day.

    Transit and gut differ by day; hydroxynorketamine's own volumes and flows, by person.
    """
    film, found = load("simons_2022"), dict(people)
    if model_id != film.id:  # the film's way through the gut, of which no other model knows
        for name in ("ka_swallowed", "mtt_gut"):
            found[name] = np.full_like(people["cl"], film.value(name))
    own = [film.parameters[name] for name in HYDROXY_ALONE if name in found]
    luck = np.random.default_rng([seed, BODY]).standard_normal((len(own), people["cl"].size))
    for p, off in zip(own, luck, strict=True):
        found[p.name] = found[p.name] * np.exp(p.sd * off)
    return crowd.on_one_day(film, found, seed)


def for_otto(bodies: Bodies) -> dict[str, Floats]:
    """Its own rate of uptake from muscle, and the film's way through the gut, of which it knows
    nothing."""
    effect, film = load_effect("absorption"), load("simons_2022")
    own = effect.value("otto_2021_ka_muscle") / effect.value("ka_muscle")
    found = {**bodies, "ka_muscle": bodies["ka_muscle"] * own}
    for name in ("ka_swallowed", "mtt_gut"):
        found.setdefault(name, np.full_like(bodies["cl"], film.value(name)))
    return found


def areas(bodies: Bodies, doses: Sequence[Dose], *, in_vein: bool = False) -> dict[str, Floats]:
    """Area under each metabolite from 0 to infinity, (N,), ng*min/mL."""
    where, bodies = (IN_VEIN, for_otto(bodies)) if in_vein else (IN_ARTERY, bodies)
    total: dict[str, Floats] = {}
    for way, dose in entering(doses):
        for share, own in _halves(dose, bodies):
            _sum(total, where, where.formed(way, own), share * dose.amount.mg, own)
    for way, dose in swallowed(doses):
        for share, own in _halves(dose, bodies):
            _sum(total, where, where.at_first_pass(way, own), share * dose.amount.mg, own)
    return total


def _halves(dose: Dose, bodies: Bodies) -> tuple[tuple[float, Bodies], tuple[float, Bodies]]:
    return (dose.drug.s_fraction, bodies), (1 - dose.drug.s_fraction, of_r(bodies))


def _sum(
    total: dict[str, Floats], where: Disposition, shape: Shape, mg: float, own: Bodies
) -> None:
    total[where.total] = total.get(where.total, 0.0) + mg * shape.area()
    if not where.venous:
        total[HYDROXY] = total.get(HYDROXY, 0.0) + mg * hydroxy(shape, own).area()


def hydroxy(norketamine: Shape, own: Bodies) -> Shape:
    """Hydroxynorketamine, arterial ng/mL, made of arterial norketamine."""
    weight = own["molar_hnk"] / own["molar_nk"]
    cleared = norketamine.times(own["cl_nk"] * own["fraction_hnk"] * weight)
    organ = mammillary(v1=own["v1_hnk"], cl=own["cl_hnk"], q2=own["q_hnk"], v2=own["v2_hnk"])
    return through(twin_transit(cleared, 2 / own["mtt_hnk"]), organ)


def _levels(
    where: Disposition, bodies: Bodies, doses: Sequence[Dose], t_min: Floats
) -> dict[str, Floats]:
    line = timeline(doses, t_min)
    found = _run(where, bodies, line.ways, where.formed).run(line)[:, line.asked]
    if late := swallowed(doses):
        line = timeline_of(late, t_min)
        found = found + _run(where, bodies, line.ways, where.at_first_pass).run(line)[:, line.asked]
    return dict(zip(_outputs(where), found, strict=True))


def _outputs(where: Disposition) -> tuple[str, ...]:
    return (where.total, where.only_s) if where.venous else (where.total, where.only_s, HYDROXY)


def _run(where: Disposition, bodies: Bodies, ways: Sequence[Way], made: Made) -> Bank:
    bank = Bank(_outputs(where))
    for place, way in enumerate(ways):
        for enantiomer, own in enumerate((bodies, of_r(bodies))):
            shape = made(way, own)
            stream = 2 * place + enantiomer
            places = bank.open(stream, shape)
            told = (where.total, where.only_s) if enantiomer == S else (where.total,)
            bank.add(stream, places, shape, *told)
            if not where.venous:
                bank.add(stream, places, hydroxy(shape, own), HYDROXY)
    return bank
