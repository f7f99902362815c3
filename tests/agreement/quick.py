"""Shapes made of sums of exponentials, as the racemic network of the plan page is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.library import load
from afterglow.core.pharmacology.modes import (
    Shape,
    link,
    mammillary,
    mammillary3,
    through,
    twin_transit,
)
from afterglow.core.pharmacology.paths import Bank
from afterglow.core.pharmacology.structure import halves, network
from afterglow.core.quantity import Drug
from tests.agreement.compare import TIMES
from tests.agreement.filed import intravenous
from tests.agreement.solver import Entry, Floats, solve
from tests.core.people import prior

Values = Mapping[str, Floats]
TYPICAL = {"v1": 12, "cl": 1.4, "q2": 2.4, "v2": 39, "q3": 1.2, "v3": 170, "k": 0.1, "k2": 0.31}
Wire = tuple[int, int | None, Callable[[Values], Floats]]  # from, to, 1/min


@dataclass(frozen=True, slots=True)
class Quick:
    """A shape by formula, and the network it stands for. The last compartment is what is seen.

    `wires` move drug; `watched` is followed at its own rate by the next row, and loses nothing.
    """

    name: str
    shape: Callable[[Values], Shape]
    wires: tuple[Wire, ...]
    watched: tuple[tuple[int, int, str], ...] = ()  # row, what it watches, its rate
    enters: int = 0

    def answers(self, people: int, seed: int) -> tuple[Floats, Floats]:
        dice = np.random.default_rng(seed)
        own = {n: v * np.exp(0.4 * dice.standard_normal(people)) for n, v in TYPICAL.items()}
        line = timeline(intravenous(Drug.ESKETAMINE), TIMES)
        bank, shape = Bank(("seen",)), self.shape(own)
        bank.add(0, bank.open(0, Shape(shape.rates[:0], shape.coefficients[:0])), shape, "seen")
        solved = solve(self._matrices(own, people), _entries(people, self.enters, 1.0), TIMES)
        return bank.run(line)[:, line.asked], solved[None, :, :, -1]

    def _matrices(self, own: Values, people: int) -> Floats:
        ends = [end for a, b, _ in self.wires for end in (a, b) if end is not None]
        n = 1 + max([*ends, *(row for row, _, _ in self.watched)])
        matrix = np.zeros((people, n, n))
        for source, to, rate in self.wires:
            matrix[:, source, source] -= rate(own)
            if to is not None:
                matrix[:, to, source] += rate(own)
        for row, watches, rate_name in self.watched:
            matrix[:, row, row] -= own[rate_name]
            matrix[:, row, watches] += own[rate_name]
        return matrix


@dataclass(frozen=True, slots=True)
class Racemic:
    """The whole default model: both enantiomers, norketamine, effect sites and the venous link."""

    name: str = "simons_2022, with venous link and effect sites"
    outputs: tuple[str, ...] = (
        lv.ARTERIAL,
        lv.ARTERIAL_S,
        lv.VENOUS,
        lv.VENOUS_S,
        lv.NORKETAMINE,
        lv.DISSOCIATION_SITE,
        lv.PRESSURE_SITE,
    )

    def answers(self, people: int, seed: int) -> tuple[Floats, Floats]:
        belief = prior()
        own = belief.bodies(belief.sample(people, seed))
        line = timeline(intravenous(Drug.KETAMINE), TIMES)
        fast = lv.levels(own, line, *self.outputs)
        ones = [{name: float(v[n]) for name, v in own.items()} for n in range(people)]
        s, r = (self._one(ones, which) for which in (0, 1))
        arterial, venous, nk, high, pressure = range(5)
        solved = [s[arterial] + r[arterial], s[arterial], s[venous] + r[venous], s[venous]]
        solved += [s[nk] + r[nk], s[high], s[pressure]]
        return np.stack([fast[one][line.asked] for one in self.outputs]), np.stack(solved)

    def _one(self, ones: list[dict[str, float]], which: int) -> Floats:
        """One enantiomer of everybody, (arterial, venous, norketamine, two sites; T, N)."""
        model = load("simons_2022")
        own = [halves(model, Drug.KETAMINE, one)[which].values for one in ones]
        bare = [network(model, one) for one in own]
        n = len(bare[0].names)
        matrices = np.zeros((len(own), n + 3, n + 3))
        for p, (net, one) in enumerate(zip(bare, own, strict=True)):
            matrices[p, :n, :n] = net.matrix
            for row, rate in enumerate(("venous_per_min", "ke0", "pressure_per_min"), start=n):
                matrices[p, row, row] = -one[rate]
                matrices[p, row, 0] = one[rate] * 1000 / one["v1"]
        held = solve(matrices, _entries(len(own), 0, 0.5), TIMES)
        v1, direct, molar = (
            np.array([one[name] for one in own]) for name in ("v1", "venous_direct", "molar_nk")
        )
        arterial = held[:, :, 0] / v1 * 1000
        venous = direct * arterial + (1 - direct) * held[:, :, n]
        nk = held[:, :, bare[0].names.index("nk_centre")] * molar / v1 * 1000
        return np.stack([arterial, venous, nk, held[:, :, n + 1], held[:, :, n + 2]])


def _entries(people: int, into: int, share: float) -> list[Entry]:
    return [
        Entry(
            into,
            np.full(people, dose.amount.mg * share),
            dose.starts_min,
            dose.ends_min - dose.starts_min,
        )
        for dose in intravenous(Drug.KETAMINE)
    ]


TWO: tuple[Wire, ...] = (
    (0, None, lambda v: v["cl"] / v["v1"]),
    (0, 1, lambda v: v["q2"] / v["v1"]),
    (1, 0, lambda v: v["q2"] / v["v2"]),
)
THREE: tuple[Wire, ...] = (
    *TWO,
    (0, 2, lambda v: v["q3"] / v["v1"]),
    (2, 0, lambda v: v["q3"] / v["v3"]),
)


def _two(v: Values) -> Shape:
    """mg in the centre of two compartments, after 1 mg."""
    return mammillary(**{name: v[name] for name in ("v1", "cl", "q2", "v2")}).times(v["v1"])


def _three(v: Values) -> Shape:
    names = ("v1", "cl", "q2", "v2", "q3", "v3")
    return mammillary3(**{name: v[name] for name in names}).times(v["v1"])


def _eliminated(wires: tuple[Wire, ...], to: int) -> tuple[Wire, ...]:
    """The same network, with what is cleared going on to another compartment."""
    return tuple((a, to if b is None else b, rate) for a, b, rate in wires)


def quick() -> Iterator[Quick | Racemic]:
    """Effect sites, chains of sites, transit of equal rates, and an organ after an organ."""
    yield Racemic()
    for name, shape, wires, n in (("2", _two, TWO, 2), ("3", _three, THREE, 3)):
        yield Quick(
            f"effect site of mammillary-{name}",
            lambda v, s=shape: link(s(v), v["k"]),
            wires,
            ((n, 0, "k"),),
        )
        yield Quick(
            f"site after site of mammillary-{name}",
            lambda v, s=shape: link(link(s(v), v["k"]), v["k2"]),
            wires,
            ((n, 0, "k"), (n + 1, n, "k2")),
        )
        yield Quick(
            f"two equal transit steps after mammillary-{name}",
            lambda v, s=shape: twin_transit(s(v), v["k"]),
            wires,
            ((n, 0, "k"), (n + 1, n, "k")),
        )
        yield Quick(
            f"organ of two after mammillary-{name}",
            lambda v, s=shape: _organ(s(v).times(v["cl"] / v["v1"]), v),
            _with_organ(wires, n),
        )


def _organ(arriving: Shape, v: Values) -> Shape:
    """What the centre of a second organ holds: `k` leaves it, `k2` goes to a slow part and back."""
    centre = mammillary(
        v1=np.ones_like(v["k"]), cl=v["k"], q2=v["k2"], v2=np.full_like(v["k"], 2.0)
    )
    return through(arriving, centre)


def _with_organ(wires: tuple[Wire, ...], n: int) -> tuple[Wire, ...]:
    slow, centre = n, n + 1
    return (
        *_eliminated(wires, centre),
        (centre, None, lambda v: v["k"]),
        (centre, slow, lambda v: v["k2"]),
        (slow, centre, lambda v: v["k2"] / 2),
    )
