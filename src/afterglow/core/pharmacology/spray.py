"""Esketamine by nasal device or swallowed, in the venous blood of very many people.

Perez-Ruixo's parent drug alone, as sums of exponentials. His four compartments (centre, two outer
ones, liver) exchange both ways, so that in units of the root of their volumes the matrix is
symmetric and its modes are real. The library's own file gives the same levels, a hundred times
more slowly (`crowd`); a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from afterglow.core.pharmacology.doses import laid_out
from afterglow.core.pharmacology.library import load
from afterglow.core.pharmacology.modes import Floats, Shape, link
from afterglow.core.pharmacology.paths import Bank
from afterglow.core.pharmacology.sitting import ONLY, parts_of
from afterglow.core.quantity import BaseMass, Bolus, Dose, Drug, Infusion, Route

MODEL = "perezruixo_2021"
NG_PER_ML = 1000.0  # per mg/L
VENOUS = "venous"
# What is absorbed in the nose; all that is sprayed, as if it were swallowed; what of that the nose
# has kept; what is swallowed as such.
NOSE, SPRAYED, KEPT, MOUTH = range(4)
PATHS = 4


def follows(doses: Sequence[Dose]) -> bool:
    """Whether these are doses of esketamine by nasal device or by mouth, and nothing else."""
    return all(
        dose.drug is Drug.ESKETAMINE and dose.route in (Route.NASAL, Route.ORAL) for dose in doses
    )


def venous(
    bodies: Mapping[str, Floats], doses: Sequence[Dose], t_min: Floats
) -> tuple[Floats, Floats]:
    """Minutes (t,) and venous esketamine (t, N), ng/mL, at `t_min` and wherever a dose changes.

    `bodies` are the parameters of the library's file, each (N,), in L, L/min and 1/min. Devices
    within two hours of one another are one sitting: the first is absorbed better. A swallowed
    `Infusion` is a form that releases its drug over so many minutes.
    """
    entering = list(_entering(doses))
    line = laid_out(entering, (), t_min, paths=PATHS)
    bank, shapes = Bank((VENOUS,)), _responses(bodies)
    for path in sorted({path for path, _ in entering}):
        places = bank.open(2 * path, shapes[path])
        bank.add(2 * path, places, shapes[path], VENOUS)
    return line.at_min, bank.run(line)[0]


def _entering(doses: Sequence[Dose]) -> Iterator[tuple[int, Dose]]:
    numbers, parts = load(MODEL), parts_of(doses)
    for n, dose in enumerate(doses):
        if dose.route is Route.ORAL:
            as_such = isinstance(dose, Infusion)
            yield MOUTH, dose if as_such else _over(dose, 1.0, numbers.value("release_oral"))
            continue
        own, release = parts.get(n, ONLY), numbers.value("release_swallowed")
        kept = own.first + own.further * numbers.value("nasal_further")
        yield NOSE, _over(dose, kept, dose.ends_min - dose.starts_min)
        yield SPRAYED, _over(dose, 1.0, release)
        yield KEPT, _over(dose, kept, release)


def _over(dose: Dose, share: float, minutes: float) -> Dose:
    amount, starts = BaseMass(dose.amount.mg * share), dose.starts_min
    if minutes == 0:
        return Bolus(amount=amount, starts_min=starts, drug=dose.drug, route=dose.route)
    return Infusion(
        amount=amount, starts_min=starts, lasts_min=minutes, drug=dose.drug, route=dose.route
    )


def _responses(bodies: Mapping[str, Floats]) -> tuple[Shape, ...]:
    """Venous ng/mL after 1 mg by each path."""
    into_centre, into_liver = _centre_and_liver(bodies)
    swallowed = link(into_liver, bodies["ka_swallowed"]).times(bodies["f_gut"])
    return (
        link(into_centre, bodies["ka_nasal"]).times(bodies["nasal_first"]),
        swallowed,
        swallowed.times(-bodies["nasal_first"]),
        link(into_liver, bodies["ka_oral"]).times(bodies["f_gut"]),
    )


def _centre_and_liver(bodies: Mapping[str, Floats]) -> tuple[Shape, Shape]:
    """Venous ng/mL after 1 mg at once into the centre, and into the liver."""
    volumes = np.stack([bodies[name] for name in ("v1", "v2", "v3", "v_liver")], axis=-1)
    flows = np.stack([bodies[name] for name in ("q2", "q3", "q_liver")], axis=-1)
    centre, outer = volumes[:, :1], volumes[:, 1:]
    matrix = np.zeros((volumes.shape[0], 4, 4))
    matrix[:, 0, 1:] = matrix[:, 1:, 0] = flows / np.sqrt(centre * outer)
    matrix[:, 0, 0] = -(flows / centre).sum(axis=1)
    matrix[:, [1, 2, 3], [1, 2, 3]] = -flows / outer
    matrix[:, 3, 3] -= bodies["k_other"] + bodies["k_nk"]
    modes, vectors = np.linalg.eigh(matrix)
    seen = vectors[:, 0] * NG_PER_ML / np.sqrt(centre)
    entered = (vectors[:, 0] / np.sqrt(centre), vectors[:, 3] / np.sqrt(outer[:, 2:]))
    first, second = (Shape(-modes.T, (seen * one).T) for one in entered)
    return first, second
