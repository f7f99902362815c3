"""Levels of many people by any library model: every network at once, by their modes.

For models without a fast path of their own. Shares in `structure` how doses enter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from afterglow.core.pharmacology import units
from afterglow.core.pharmacology.compartments import WORST_CONDITION, Input, Network
from afterglow.core.pharmacology.library import Model
from afterglow.core.pharmacology.library_rules import covariance
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.sitting import ONLY, Parts, parts_of
from afterglow.core.pharmacology.structure import NG_PER_ML, releases
from afterglow.core.quantity import Dose, Drug, Infusion, Route

Values = Mapping[str, Floats]  # each parameter of each person, (N,)
DAY = 5  # a stream of dice: what differs between occasions
Modes = NDArray[Any]  # real or complex
Entry = tuple[int, Floats, float, Floats]  # compartment, mg (N,), start, minutes (N,)


def draw(
    model: Model,
    typical: Mapping[str, float] | Mapping[str, Floats],
    people: int,
    seed: int | Sequence[int],
) -> dict[str, Floats]:
    """Parameters of `people` persons around the typical, with published spread and covariance.

    A typical value is one number for all, or one for each person (N,). What differs between
    occasions of one person is drawn beside it, from a stream of its own.
    """
    spread = {name: p for name, p in model.parameters.items() if p.sd > 0}
    values = {name: np.full(people, value) for name, value in typical.items()}
    values = on_one_day(model, values, seed)
    if not spread:
        return values
    names = list(spread)
    root = np.linalg.cholesky(covariance(model, names))
    noise = np.random.default_rng(seed).standard_normal((len(names), people))
    deviations = np.einsum("ij,jn->in", root, noise)
    for name, off in zip(names, deviations, strict=True):
        value = values[name]
        logit = 1 / (1 + (1 - value) / value * np.exp(-off)) if spread[name].logit else None
        values[name] = value * np.exp(off) if logit is None else logit
    return values


def on_one_day(model: Model, people: Values, seed: int | Sequence[int]) -> dict[str, Floats]:
    """The same people on one occasion: each parameter that differs by day, moved."""
    own = np.atleast_1d(np.asarray(seed)).tolist()
    differing = [p for p in model.parameters.values() if p.occasion_sd > 0 and p.name in people]
    size = next(iter(people.values())).size
    luck = np.random.default_rng([*own, DAY]).standard_normal((len(differing), size))
    moved = {
        p.name: people[p.name] * np.exp(p.occasion_sd * off)
        for p, off in zip(differing, luck, strict=True)
    }
    return {**people, **moved}


def tells_s(model: Model, drug: Drug) -> bool:
    """Whether a model can tell how much of this drug's level is S-ketamine.

    One fitted to the racemate alone cannot; one that pools the forms takes them for alike.
    """
    return drug.s_fraction in (0, 1) or Drug.ESKETAMINE in model.drugs


def levels(
    model: Model, values: Values, doses: Sequence[Dose], t_min: Floats, *, only_s: bool = False
) -> dict[str, Floats]:
    """Levels by analyte at the model's own site, (T, N), ng/mL; of S and what S becomes, if so."""
    total: dict[str, Floats] = {}
    for drug in sorted({dose.drug for dose in doses}):
        given = [dose for dose in doses if dose.drug is drug]
        for fraction, own in _halves(model, drug, values, only_s=only_s):
            entries = _all_entries(model, given, fraction, own)
            for analyte, level in _one_drug(model, own, entries, t_min).items():
                total[analyte] = total.get(analyte, np.zeros_like(level)) + level
    return total


def areas(
    model: Model, values: Values, doses: Sequence[Dose], *, only_s: bool = False
) -> dict[str, Floats]:
    """Area under each analyte from 0 to infinity, (N,), ng*min/mL: what leaves, over its rate."""
    total: dict[str, Floats] = {}
    for drug in sorted({dose.drug for dose in doses}):
        given = [dose for dose in doses if dose.drug is drug]
        for fraction, own in _halves(model, drug, values, only_s=only_s):
            matrix = _matrices(model, own)
            entered = np.zeros(matrix.shape[:2])
            for into, amount, _, _ in _all_entries(model, given, fraction, own):
                entered[:, into] += amount
            held = np.linalg.solve(-matrix, entered[:, :, None])[:, :, 0]
            for index, one in enumerate(model.compartments):
                if one.analyte:
                    area = held[:, index] / units.evaluate(one.per, own, model.id) * NG_PER_ML
                    total[one.analyte] = total.get(one.analyte, 0.0) + area
    return total


def _halves(
    model: Model, drug: Drug, values: Values, *, only_s: bool = False
) -> list[tuple[float, Values]]:
    """Shares of a dose with what each meets. Without S there is an S share of nothing."""
    if "r_over_s_cl" not in values:
        return [(drug.s_fraction if only_s else 1.0, values)]
    if only_s:
        return [(drug.s_fraction, values)]
    slower = {**values, "cl": values["cl"] * values["r_over_s_cl"]}
    parts: list[tuple[float, Values]] = [(drug.s_fraction, values), (1 - drug.s_fraction, slower)]
    return [part for part in parts if part[0] > 0]


def _all_entries(
    model: Model, doses: Sequence[Dose], fraction: float, values: Values
) -> list[Entry]:
    parts = parts_of(doses)
    return [
        entry
        for n, dose in enumerate(doses)
        for entry in _entries(model, dose, fraction, values, parts.get(n, ONLY))
    ]


def _entries(
    model: Model, dose: Dose, fraction: float, values: Values, parts: Parts
) -> list[Entry]:
    """Where, how much and how long a dose enters, for each person."""
    people = next(iter(values.values())).size
    lasts = dose.lasts_min if isinstance(dose, Infusion) else 0.0
    amount = np.full(people, dose.amount.mg * fraction)
    if dose.route is Route.INTRAVENOUS:
        return [(0, amount, dose.starts_min, np.full(people, lasts))]
    known = {
        **values,
        "first_device": np.full(people, parts.first),
        "further_devices": np.full(people, parts.further),
    }
    at = [one.name for one in model.compartments]
    found: list[Entry] = []
    for way in model.absorption:
        if way.route == dose.route:
            own = way.over_min and not releases(dose)
            over = units.evaluate(way.over_min, known, model.id) if own else lasts
            share = units.evaluate(way.share, known, model.id)
            minutes = np.broadcast_to(over, (people,))
            found.append((at.index(way.into), amount * share, dose.starts_min, minutes))
    return found


def _one_drug(
    model: Model, values: Values, entries: Sequence[Entry], t_min: Floats
) -> dict[str, Floats]:
    measured = [index for index, one in enumerate(model.compartments) if one.analyte]
    held = _held(model, _matrices(model, values), entries, t_min, measured)
    found = {}
    for place, index in enumerate(measured):
        one = model.compartments[index]
        litres = units.evaluate(one.per, values, model.id)
        found[one.analyte] = held[:, :, place] / litres * NG_PER_ML
    return found


def _held(
    model: Model,
    matrices: Floats,
    entries: Sequence[Entry],
    t_min: Floats,
    measured: Sequence[int],
) -> Floats:
    """mg in the measured compartments, (T, N, measured). Without separate modes: one by one."""
    rates, vectors, alike = _modes(matrices)
    inverse = np.linalg.inv(vectors)
    modes = np.zeros((t_min.size, *rates.shape), dtype=rates.dtype)  # (T, N, n)
    for into, amount, starts, minutes in entries:
        modes += amount[:, None] * inverse[:, :, into] * _since(rates, t_min - starts, minutes)
    held = np.real(np.einsum("tni,nji->tnj", modes, vectors[:, list(measured)]))
    names = tuple(one.name for one in model.compartments)
    for person in np.flatnonzero(alike):
        inputs = [
            Input(names[into], float(amount[person]), starts, float(minutes[person]))
            for into, amount, starts, minutes in entries
        ]
        own = Network(names, matrices[person]).amounts(inputs, t_min.tolist())
        held[:, person] = own[:, list(measured)]
    return np.asarray(held, dtype=np.float64)


def _modes(matrices: Floats) -> tuple[Modes, Modes, NDArray[np.bool_]]:
    """Rates, vectors, and who has no separate modes. In real numbers where all modes are real."""
    rates, vectors = np.linalg.eig(matrices)
    alike = ~(np.linalg.cond(vectors) < WORST_CONDITION)
    vectors[alike] = np.eye(matrices.shape[1])
    return rates, vectors, np.asarray(alike)


def _since(rates: Modes, since: Floats, minutes: Floats) -> Modes:
    """What 1 mg has made of each mode (T, N, n), entering over `minutes` (N,) or at once."""
    found = np.zeros((since.size, *rates.shape), dtype=rates.dtype)
    begun = since >= 0
    passed = since[begun][:, None, None]
    if not minutes.any():
        found[begun] = np.exp(rates * passed)
        return found
    lasts = (minutes if np.ptp(minutes) else minutes[:1])[None, :, None]
    running = np.minimum(passed, lasts)
    safe = np.where(lasts > 0, lasts, 1.0)
    slowly = _gained(rates, running) / rates / safe * np.exp(rates * (passed - running))
    found[begun] = slowly if minutes.all() else np.where(lasts > 0, slowly, np.exp(rates * passed))
    return found


def _gained(rates: Modes, running: Floats) -> Modes:
    """exp(rates * running) - 1, of minutes alike for all, (t, 1, 1), or each one's, (t, N, 1)."""
    if running.shape[1] > 1:
        return np.asarray(np.expm1(rates * running))
    shared, place = np.unique(running, return_inverse=True)  # most times lie after the end
    return np.asarray(np.expm1(rates * shared[:, None, None])[np.ravel(place)])


def _matrices(model: Model, values: Values) -> Floats:
    """Every person's network, (N, n, n)."""
    names = [one.name for one in model.compartments]
    people = next(iter(values.values())).size
    matrix = np.zeros((people, len(names), len(names)))
    for path, formula in model.flows.items():
        source, _, to = (part.strip() for part in path.partition(">"))
        rate = units.evaluate(formula, values, model.id)
        matrix[:, names.index(source), names.index(source)] -= rate
        if to:
            matrix[:, names.index(to), names.index(source)] += rate
    return matrix
