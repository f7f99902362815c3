"""EXPLORATORY: what a case's doses would do to receptors, glutamate and synapses. Never a dose.

No plan, proposal or alarm reads this module; see docs/science/mechanism.md.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Any

import numpy as np

from afterglow.core.dosing.case import Case
from afterglow.core.dosing.forecast import (
    followers_of,
    grid_of,
    model_for,
    parts_of_people,
    refused,
)
from afterglow.core.dosing.notes import notes_on
from afterglow.core.dosing.scene import Scene
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.mechanism import (
    NOTICE,
    Cascade,
    cascade,
    racemic_equivalent,
    receptors,
)
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.refusal import Refusal

NEEDS = (lv.VENOUS, lv.VENOUS_S)
STEPS = {
    "block_interneuron": "NMDA block of interneurons, share",
    "block_pyramidal": "NMDA block of pyramidal cells, share",
    "glutamate": "glutamate, 1 at rest",
    "ampa": "AMPA throughput, at most 1",
    "mtor": "mTOR signalling, at most 1",
    "proteins": "synaptic proteins, at most 1",
    "spines": "spines, at most 1",
}
HELD_NG_PER_ML = (50.0, 100.0, 185.0, 300.0, 500.0, 700.0, 1000.0, 2000.0, 5000.0)
HELD_MIN = 600.0  # long enough for glutamate to settle
PERCENTILES = (5.0, 50.0, 95.0)


def explore(case: Case) -> dict[str, Any]:
    """Each step over time with the five-fold doubt of occupancy, and receptors at the peak.

    {"exploratory", "notice", "model", "t_min", "steps", "peak_racemic_ng_per_ml", "receptors",
    "inverted_u", "notes", "refusal"} as plain JSON values. Percentiles are over people and over how
    much of the drug reaches their receptors.
    """
    model, grid = model_for(case), grid_of(case)
    followers = refused(case, model) or followers_of(case, model, grid, [])
    answer: dict[str, Any] = {"exploratory": True, "notice": NOTICE, "model": model.id}
    if isinstance(followers, Refusal):
        return {**answer, "steps": {}, "receptors": [], "refusal": asdict(followers)}
    first = followers[0]
    if not set(NEEDS) <= set(first.gives):
        followers = _not_told_apart(model.id)
        return {**answer, "steps": {}, "receptors": [], "refusal": asdict(followers)}
    usual = racemic(first.scene(NEEDS))
    asked = np.searchsorted(grid, np.array(case.times_min))
    many = [
        _steps(_followed(grid, first.scene(NEEDS, part)), asked)
        for part in parts_of_people(case.patients, 4 * grid.size)
    ]
    typical = _steps(cascade(grid, usual), asked)
    peak = float(usual.max())
    return {
        **answer,
        "t_min": list(case.times_min),
        "steps": {
            name: _over(typical[name][:, 0], np.hstack([one[name] for one in many]), words)
            for name, words in STEPS.items()
        },
        "peak_racemic_ng_per_ml": peak,
        "receptors": [asdict(one) for one in receptors(peak)],
        "inverted_u": inverted_u(),
        "notes": [*sheet("mechanism").caveats, *notes_on(case, model, [])],
        "refusal": None,
    }


@cache
def inverted_u() -> list[dict[str, float]]:
    """Glutamate and AMPA throughput at concentrations that are held."""
    minutes, held = np.arange(0.0, HELD_MIN + 1, 5.0), np.array(HELD_NG_PER_ML)
    seen = cascade(minutes, np.broadcast_to(held, (minutes.size, held.size)).copy())
    return [
        {"racemic_ng_per_ml": level, "glutamate": float(glutamate), "ampa": float(ampa)}
        for level, glutamate, ampa in zip(
            HELD_NG_PER_ML, seen.glutamate[-1], seen.ampa[-1], strict=True
        )
    ]


def racemic(scene: Scene) -> Floats:
    """Venous S and R as the racemate that blocks as much, (T, N)."""
    s = scene.levels[lv.VENOUS_S]
    return np.maximum(racemic_equivalent(s, scene.levels[lv.VENOUS] - s), 0.0)


def _followed(grid: Floats, scene: Scene) -> Cascade:
    return cascade(grid, racemic(scene), scene.luck.reach)


def _steps(seen: Cascade, asked: np.ndarray[Any, np.dtype[np.intp]]) -> dict[str, Floats]:
    return {name: getattr(seen, name)[asked] for name in STEPS}


def _over(typical: Floats, people: Floats, words: str) -> dict[str, Any]:
    every = np.percentile(people, PERCENTILES, axis=1)
    bands = {f"p{p:g}": values.tolist() for p, values in zip(PERCENTILES, every, strict=True)}
    return {"what": words, "typical": typical.tolist(), **bands}


def _not_told_apart(model_id: str) -> Refusal:
    return Refusal(
        code="quantity-not-modelled",
        because=f"{model_id} does not tell S- from R-ketamine in venous blood.",
        remedy='Write model = "default".',
        source="docs/science/mechanism.md",
    )
