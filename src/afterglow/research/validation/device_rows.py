"""PK-V7's metabolites: what only a library model's own network can tell."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from afterglow.core.pharmacology import crowd
from afterglow.core.pharmacology.library import load
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.quantity import BaseMass, Bolus, Drug, Route
from afterglow.research.validation.figure import (
    Figure,
    Predicted,
    Published,
    Used,
    found,
    within_share,
)

PEOPLE, SEED = 2000, 1
FILM = "Simons 2022, Table 2"


def device_rows() -> Iterator[Figure]:
    yield from _film()


def _film() -> Iterator[Figure]:
    """The film's two ways in, by the paper's own network: half of norketamine is swallowed."""
    model, times = load("simons_2022"), np.arange(0.0, 361.0)
    film = Bolus(amount=BaseMass(50), starts_min=0, drug=Drug.ESKETAMINE, route=Route.SUBLINGUAL)
    usual = model.for_weight(73)
    people = crowd.draw(model, usual, PEOPLE // 5, SEED)
    many = crowd.levels(model, people, [film], times)
    one = crowd.levels(
        model, {name: np.array([value]) for name, value in usual.items()}, [film], times
    )
    for analyte, peak, area in (
        ("norketamine", 276.0, 38497 / 60),
        ("hydroxynorketamine", 101.0, 24087 / 60),
    ):
        for what, value, share, unit in (
            ("peak", peak, 0.4, "ng/mL"),
            ("area to 6 h", area, 0.25, "ng h/mL"),
        ):
            published = Published(
                row="PK-V7",
                what=f"S-ketamine film 50 mg, arterial {analyte}, {what}; simons_2022, its file",
                value=value,
                unit=unit,
                accept=within_share(value, share),
                rule=f"within {100 * share:.0f} %",
                used=Used.FITTED,
                source=FILM,
                grade="B",
                if_missed="The table was not reproduced by the paper's printed parameters.",
            )
            yield found(published, _read(what, one[analyte][:, 0], many[analyte], times))


def _read(what: str, typical: Floats, people: Floats, times: Floats) -> Predicted:
    if what == "peak":
        value, spread = float(typical.max()), people.max(axis=0)
    else:
        value = float(np.trapezoid(typical, times)) / 60
        spread = np.trapezoid(people, times, axis=0) / 60
    low, high = np.percentile(spread, [5, 95])
    return Predicted(value=value, low=float(low), high=float(high), of="90 % of people")
