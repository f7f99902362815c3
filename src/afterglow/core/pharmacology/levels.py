"""Arterial and venous levels, effect sites and norketamine, for many people and any doses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from afterglow.core.pharmacology.doses import R, S, Timeline
from afterglow.core.pharmacology.modes import (
    Floats,
    Shape,
    link,
    mammillary,
    mammillary3,
    through,
    twin_transit,
)
from afterglow.core.pharmacology.paths import Bank
from afterglow.core.pharmacology.routes import Way, absorbed, entering
from afterglow.core.quantity import Dose

NG_PER_ML = 1000.0  # per mg/L

# What a bank of levels holds, in ng/mL. "total" is S + R; sites are never mixed.
ARTERIAL, ARTERIAL_S = "arterial total", "arterial S"
VENOUS, VENOUS_S = "venous total", "venous S"
NORKETAMINE = "arterial norketamine total"
DISSOCIATION_SITE = "effect site of dissociation, S"
PRESSURE_SITE = "effect site of pressure, S"

Bodies = Mapping[str, Floats]  # each parameter of each person, (N,)


def levels(bodies: Bodies, line: Timeline, *outputs: str) -> dict[str, Floats]:
    """Each output at every instant of the timeline, (T, N), ng/mL. `bodies` in L, min."""
    return next(held(bank_of(bodies, line.ways, outputs), [line]))


def bank_of(bodies: Bodies, ways: Sequence[Way], outputs: Sequence[str]) -> Bank:
    """The modes of these people, made once for all timelines that use the same ways in."""
    bank = Bank(tuple(outputs))
    parents = ((S, bodies, parent(bodies)), (R, of_r(bodies), parent(of_r(bodies))))
    for place, way in enumerate(ways):
        for enantiomer, own, arterial in parents:
            _enter(bank, 2 * place + enantiomer, absorbed(arterial, way, own), own)
    return bank


def held(bank: Bank, lines: Sequence[Timeline]) -> Iterator[dict[str, Floats]]:
    """What a bank holds at every instant of each timeline: each of its outputs, (T, N), ng/mL.

    One timeline after the other; what they share is worked out once.
    """
    ready = bank.ready(lines)
    for line in lines:
        yield dict(zip(bank.outputs, ready.run(line), strict=True))


def areas(bodies: Bodies, doses: Sequence[Dose]) -> dict[str, Floats]:
    """Area under each level from 0 to infinity, (N,), ng*min/mL. Equal in artery and vein."""
    total = dict.fromkeys((ARTERIAL, ARTERIAL_S, NORKETAMINE), np.zeros(bodies["cl"].size))
    for way, dose in entering(doses):
        shares = ((dose.drug.s_fraction, bodies), (1 - dose.drug.s_fraction, of_r(bodies)))
        for enantiomer, (share, own) in enumerate(shares):
            arterial = absorbed(parent(own), way, own).times(share * dose.amount.mg)
            total[ARTERIAL] = total[ARTERIAL] + arterial.area()
            total[NORKETAMINE] = total[NORKETAMINE] + metabolite(arterial, own).area()
            if enantiomer == S:
                total[ARTERIAL_S] = total[ARTERIAL_S] + arterial.area()
    return {**total, VENOUS: total[ARTERIAL], VENOUS_S: total[ARTERIAL_S]}


def of_r(bodies: Bodies) -> dict[str, Floats]:
    """The same people as R-ketamine meets them: cleared more slowly, so more passes the liver."""
    slower = {**bodies, "cl": bodies["cl"] * bodies["r_over_s_cl"]}
    if "r_passes_liver" not in bodies:  # nothing is swallowed
        return slower
    return {**slower, "passes_liver": bodies["r_passes_liver"]}


def parent(bodies: Bodies) -> Shape:
    """Arterial ng/mL after 1 mg of one enantiomer at once."""
    two = {name: bodies[name] for name in ("v1", "cl", "q2", "v2")}
    if "q3" not in bodies:
        shape = mammillary(**two)
    else:
        shape = mammillary3(**two, q3=bodies["q3"], v3=bodies["v3"])
    shape = shape.times(NG_PER_ML)
    return before_link(shape, bodies) if "fitted_in_vein" in bodies else shape


def before_link(seen: Shape, bodies: Bodies) -> Shape:
    """Arterial blood from what a model fitted to venous blood says: the venous link turned round.

    The slow part follows venous blood itself, at k / f.
    """
    direct = bodies["venous_direct"]
    slow = link(seen, bodies["venous_per_min"] / direct).times(1 - direct)
    head = seen.coefficients - slow.coefficients[:-1]
    return Shape(slow.rates, np.vstack([head, -slow.coefficients[-1:]])).times(1 / direct)


def venous(arterial: Shape, bodies: Bodies) -> Shape:
    """The venous link: part of arterial blood at once, the rest late."""
    direct = bodies["venous_direct"]
    slow = link(arterial, bodies["venous_per_min"]).times(1 - direct)
    head = slow.coefficients[:-1] + direct * arterial.coefficients
    return Shape(slow.rates, np.vstack([head, slow.coefficients[-1:]]))


def metabolite(arterial: Shape, bodies: Bodies) -> Shape:
    """Norketamine, arterial ng/mL: formed through two transit steps, in two compartments."""
    formed = arterial.times(bodies["fraction_nk"] * bodies["cl"] * bodies["molar_nk"])
    arriving = twin_transit(formed, 2 / bodies["mtt_nk"])
    organ = mammillary(v1=bodies["v1"], cl=bodies["cl_nk"], q2=bodies["q_nk"], v2=bodies["v2_nk"])
    return through(arriving, organ)


def _enter(bank: Bank, stream: int, arterial: Shape, bodies: Bodies) -> None:
    """One enantiomer by one route, from its arterial response to 1 mg."""
    places = bank.open(stream, arterial)
    wanted = set(bank.outputs)

    def add(shape: Shape, *outputs: str) -> None:
        if kept := [one for one in outputs if one in wanted]:
            bank.add(stream, places, shape, *kept)

    only_s = stream % 2 == S
    add(arterial, ARTERIAL, *([ARTERIAL_S] if only_s else []))
    if wanted & {VENOUS, VENOUS_S}:
        add(venous(arterial, bodies), VENOUS, *([VENOUS_S] if only_s else []))
    if only_s and PRESSURE_SITE in wanted:
        add(link(arterial, bodies["pressure_per_min"]), PRESSURE_SITE)
    if only_s and DISSOCIATION_SITE in wanted:
        add(link(arterial, bodies["ke0"]), DISSOCIATION_SITE)
    if NORKETAMINE in wanted:
        add(metabolite(arterial, bodies), NORKETAMINE)
