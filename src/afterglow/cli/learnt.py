"""What was learnt of one patient: each parameter before and after, and whether to trust it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.bodies import spread_parameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRAWS, SEED = 2000, 1  # the prior's interval is drawn, always the same
PERCENTILES = (5.0, 95.0)
WORDS = {
    "cl": "clearance",
    "v1": "first volume of distribution",
    "q2": "exchange with the second volume",
    "q3": "exchange with the third volume",
    "mtt_nk": "delay of norketamine",
    "cl_nk": "clearance of norketamine",
    "v1_nk": "volume of norketamine",
    "ke0": "speed of dissociation behind blood",
    "c50": "S-ketamine at half of the most dissociation",
    "dmax": "most dissociation",
    "habituation_floor": "dissociation left after many sessions",
    "systolic_slope": "rise of pressure per level",
    "pulse_slope": "rise of pulse per level",
    "ka_muscle": "uptake from muscle",
}


def parameters(prior: Belief, learnt: Belief) -> list[dict[str, Any]]:
    """One row a parameter, in natural units: typical value with its 90 % interval, twice."""
    before, after = _intervals(prior), _intervals(learnt)
    known = spread_parameters(prior.model)
    return [
        {
            "parameter": name,
            "words": WORDS.get(name, name),
            "unit": known[name].unit.replace("/h", "/min"),
            "before": before[name],
            "after": after[name],
        }
        for name in prior.parameters
    ]


def _intervals(belief: Belief) -> dict[str, dict[str, float]]:
    typical, people = belief.typical(), belief.bodies(belief.sample(DRAWS, SEED))
    edges = {name: np.percentile(people[name], PERCENTILES) for name in belief.parameters}
    return {
        name: {"typical": typical[name], "p5": float(low), "p95": float(high)}
        for name, (low, high) in edges.items()
    }


def trust(belief: Belief) -> dict[str, Any] | None:
    if belief.trust is None:
        return None
    return {**asdict(belief.trust), "trusted": belief.trust.trusted, "words": belief.trust.words}


def lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield f"{'':54}{'before':>10}{'90 %':>20}{'after':>10}{'90 %':>20}"
    for one in rows:
        what = f"{one['words']} ({one['unit']})"
        yield f"{what:54}{_told(one['before'])}{_told(one['after'])}"


def _told(found: Mapping[str, float]) -> str:
    spread = f"{found['p5']:.3g} to {found['p95']:.3g}"
    return f"{found['typical']:>10.3g}{spread:>20}"


def flat(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            **{key: one[key] for key in ("parameter", "words", "unit")},
            **{f"before_{key}": value for key, value in one["before"].items()},
            **{f"after_{key}": value for key, value in one["after"].items()},
        }
        for one in rows
    ]


def picture(rows: list[dict[str, Any]], words: str) -> Figure:
    from afterglow.research.figures import learnt

    changes = [
        learnt.Change(
            name=one["words"],
            before=(one["before"]["p5"], one["before"]["typical"], one["before"]["p95"]),
            after=(one["after"]["p5"], one["after"]["typical"], one["after"]["p95"]),
        )
        for one in rows
    ]
    return learnt.draw(changes, words=words)
