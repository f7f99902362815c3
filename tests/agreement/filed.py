"""Shapes written as library files: the published ones, and many made up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from afterglow.core.pharmacology import crowd, library, structure, units
from afterglow.core.pharmacology.library import Model
from afterglow.core.quantity import BaseMass, Bolus, Dose, Drug, Infusion, Route
from tests.agreement.compare import TIMES
from tests.agreement.solver import Entry, Floats, solve

MADE_UP = """id = "{id}"
title = "{id}"
caveats = ["Made up: a shape, not a drug."]
drugs = ["ketamine", "esketamine"]
routes = [{routes}]
site = "mixed"

[sources.own]
citation = "Made up"

[fitted_to]
n = 0
people = "nobody"
age_years_mean = "none"
weight_kg_mean = "none"
source = "own"

[limits]
age_years = [18, 80]
weight_kg = [40, 150]
why = "Made up."

[parameters]
volume = {{ value = 20, unit = "L", grade = "own", source = "own", cv = 0.3 }}
{parameters}
{compartments}
[flows]
{flows}
{absorption}
"""
COMPARTMENT = """[[compartments]]
name = "c{i}"
analyte = "in c{i}"
per = "volume"
"""
Way = tuple[int, str]  # into which compartment, what share


@dataclass(frozen=True, slots=True)
class Filed:
    """A library model, followed by `crowd`, with doses by the routes it knows."""

    model: Model
    doses: tuple[Dose, ...]
    label: str = ""

    @property
    def name(self) -> str:
        return self.label or self.model.id

    def answers(self, people: int, seed: int) -> tuple[Floats, Floats]:
        values = crowd.draw(self.model, self.model.for_weight(82), people, seed)
        for way in self.model.absorption:  # the solver lets every form release as long for all
            if way.over_min in values:
                values[way.over_min] = np.full(people, values[way.over_min][0])
        fast = crowd.levels(self.model, values, self.doses, TIMES)
        ones = [{name: float(v[n]) for name, v in values.items()} for n in range(people)]
        solved = sum(self._solved(ones, half) for half in range(self._halves(ones[0])))
        return np.stack([fast[one] for one in self._analytes]), np.asarray(solved)

    @property
    def _analytes(self) -> list[str]:
        return [one.analyte for one in self.model.compartments if one.analyte]

    def _halves(self, values: dict[str, float]) -> int:
        return len(structure.halves(self.model, self.doses[0].drug, values))

    def _solved(self, ones: Sequence[dict[str, float]], which: int) -> Floats:
        """One enantiomer of everybody, (analytes, T, N), ng/mL: networks built one by one."""
        model, drug = self.model, self.doses[0].drug
        halves = [structure.halves(model, drug, own)[which] for own in ones]
        matrices = np.array([structure.network(model, half.values).matrix for half in halves])
        names = [one.name for one in model.compartments]
        entries = []
        for dose in self.doses:
            for into, lasts_min, share in _ways(model, dose, halves):
                amount = dose.amount.mg * halves[0].fraction * share
                entries.append(Entry(names.index(into), amount, dose.starts_min, lasts_min))
        held = solve(matrices, entries, TIMES)
        per = {
            one.name: np.array([units.evaluate(one.per, half.values, model.id) for half in halves])
            for one in model.compartments
            if one.analyte
        }
        return np.array(
            [held[:, :, names.index(name)] / litres * 1000 for name, litres in per.items()]
        )


def _ways(
    model: Model, dose: Dose, halves: Sequence[structure.Half]
) -> Iterator[tuple[str, float, Floats]]:
    """Into which compartment, over how many min, and what share (N,), read from the file anew."""
    lasts = dose.lasts_min if isinstance(dose, Infusion) else 0.0
    if dose.route is Route.INTRAVENOUS:
        yield model.compartments[0].name, lasts, np.ones(len(halves))
    first = min(1.0, 28 / dose.amount.mg)  # the part from the first nasal device
    known = [{**h.values, "first_device": first, "further_devices": 1 - first} for h in halves]
    for way in model.absorption:
        if way.route == dose.route:
            over = units.evaluate(way.over_min, known[0], model.id) if way.over_min else lasts
            shares = [units.evaluate(way.share, one, model.id) for one in known]
            yield way.into, over, np.array(shares)


def intravenous(drug: Drug) -> tuple[Dose, ...]:
    """An infusion, a pause, a short second one and a push."""
    return (
        Infusion(amount=BaseMass(35), starts_min=0, lasts_min=40, drug=drug),
        Infusion(amount=BaseMass(10), starts_min=60, lasts_min=7.5, drug=drug),
        Bolus(amount=BaseMass(5), starts_min=90, drug=drug),
    )


def by_route(drug: Drug, route: Route) -> tuple[Dose, ...]:
    """The route in question first, then a vein."""
    first = Bolus(amount=BaseMass(56), starts_min=0, drug=drug, route=route)
    return first, Infusion(amount=BaseMass(10), starts_min=60, lasts_min=30, drug=drug)


def published() -> Iterator[Filed]:
    """Every library model that `crowd` follows, by every route of it."""
    for model_id in library.drug_models():
        model = library.load(model_id)
        drug = Drug(model.drugs[0])
        yield Filed(model, intravenous(drug))
        for route in sorted({way.route for way in model.absorption}):
            yield Filed(model, by_route(drug, Route(route)), f"{model_id}, {route}")


def made_up() -> Iterator[Filed]:
    for n in range(1, 6):
        yield _shape(
            f"mammillary-{n}", [*_there_and_back(*((0, m) for m in range(1, n))), (0, None)]
        )
    for n in range(2, 6):
        chain = _there_and_back(*pairwise(range(n)))
        yield _shape(f"catenary-{n}-leaving-at-the-end", [*chain, (n - 1, None)])
    for n in range(3, 6):
        chain = _there_and_back(*pairwise(range(n)))
        yield _shape(f"catenary-{n}-leaving-at-the-start", [*chain, (0, None)])
        ring = [*pairwise(range(n)), (n - 1, 0)]
        yield _shape(f"ring-{n}-one-way", [*ring, (0, None)])
        yield _shape(f"ring-{n}-both-ways", [*_there_and_back(*ring), (n - 1, None)])
    yield from _entered()
    yield from _transited()
    yield from _metabolised()


def _entered() -> Iterator[Filed]:
    """First-order inputs: one depot, or two in parallel."""
    for n in range(1, 5):
        core = _mammillary(n)
        yield _shape(f"depot-mammillary-{n}", [*core, (n, 0)], ways=[(n, "0.9")])
    for n in range(1, 4):
        core = _mammillary(n)
        two = [(n, "0.4"), (n + 1, "0.5")]
        yield _shape(f"two-depots-mammillary-{n}", [*core, (n, 0), (n + 1, 0)], ways=two)


def _transited() -> Iterator[Filed]:
    """A chain of transit steps before two compartments."""
    for steps in range(2, 6):
        chain = [*pairwise(range(2, 2 + steps)), (1 + steps, 0)]
        core = [*_there_and_back((0, 1)), (0, None)]
        yield _shape(f"transit-{steps}-mammillary-2", [*core, *chain], ways=[(2, "0.8")])


def _metabolised() -> Iterator[Filed]:
    """A metabolite of one or two compartments, and one that turns back."""
    for n in range(1, 4):
        for m in range(1, 3):
            own = _there_and_back(
                *((0, k) for k in range(1, n)), *((n, n + k) for k in range(1, m))
            )
            flows = [*own, (0, None), (0, n), (n, None)]
            yield _shape(f"mammillary-{n}-metabolite-{m}", flows)
    yield _shape(
        "metabolite-that-turns-back", [*_there_and_back((0, 1), (0, 2)), (0, None), (2, None)]
    )


def _mammillary(n: int) -> list[tuple[int, int | None]]:
    """A centre with n - 1 compartments around it, leaving from the centre."""
    return [*_there_and_back(*((0, m) for m in range(1, n))), (0, None)]


def _there_and_back(*pairs: tuple[int, int]) -> list[tuple[int, int | None]]:
    return [way for a, b in pairs for way in ((a, b), (b, a))]


def _shape(name: str, flows: Sequence[tuple[int, int | None]], ways: Sequence[Way] = ()) -> Filed:
    """A library file from its flows, with rates drawn between 0.005 and 0.5 per min."""
    dice = np.random.default_rng(sum(map(ord, name)))
    count = 1 + max(end for flow in flows for end in flow if end is not None)
    rates = 10 ** dice.uniform(np.log10(0.005), np.log10(0.5), len(flows))
    told = [
        f'k{i} = {{ value = {rate:.6g}, unit = "1/min", grade = "own", source = "own", cv = 0.5 }}'
        for i, rate in enumerate(rates)
    ]
    seen = [COMPARTMENT.format(i=i) for i in range(count)]
    paths = [f'"c{a} > {"" if b is None else f"c{b}"}" = "k{i}"' for i, (a, b) in enumerate(flows)]
    entering = [
        f'[[absorption]]\nroute = "intramuscular"\ninto = "c{into}"\nshare = "{share}"\n'
        for into, share in ways
    ]
    text = MADE_UP.format(
        id=name,
        routes='"intravenous", "intramuscular"' if ways else '"intravenous"',
        parameters="\n".join(told),
        compartments="\n".join(seen),
        flows="\n".join(paths),
        absorption="\n".join(entering),
    )
    drug = Drug.ESKETAMINE
    doses = by_route(drug, Route.INTRAMUSCULAR) if ways else intravenous(drug)
    return Filed(library.parse(text, f"{name}.toml"), doses)
