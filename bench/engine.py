"""How quick the engine is for one patient, warm: medians of repeated calls on this machine."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from afterglow.core.body import Baseline, Covariates, Sex
from afterglow.core.dosing.bedside import Change, Wait, when_below
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.posterior import (
    BelowLimit,
    Observation,
    Pressure,
    Pulse,
    Sampled,
    Scored,
    ScoredShort,
    Sedated,
    SessionObserved,
    update,
)
from afterglow.core.dosing.predict import predict_bands
from afterglow.core.dosing.propose import Limits, candidates_for, propose
from afterglow.core.quantity import Analyte, ArterialLevel, BaseMass, Infusion, VenousLevel
from afterglow.core.warm import warm
from bench.figures import Figure

BASELINE = Baseline(systolic_mmhg=124, pulse_per_min=70)
GIVEN = Infusion(amount=BaseMass(35), starts_min=0, lasts_min=40)
LIMITS = Limits(
    cadss=30, cadss_chance=0.1, systolic_mmhg=170, systolic_chance=0.05, ceiling_mg_per_kg=0.8
)

# Beside scores, pressures and a venous level: whatever else can be observed in a session.
EVERY_KIND: tuple[Observation, ...] = (
    ScoredShort(at_min=50, cadss_6=6),
    Sedated(at_min=30, moaa_s=4),
    Pulse(at_min=30, per_min=76),
    Sampled(at_min=30, level=ArterialLevel(290, Analyte.KETAMINE)),
    Sampled(at_min=70, level=VenousLevel(46, Analyte.ESKETAMINE)),
    Sampled(at_min=90, level=ArterialLevel(66, Analyte.NORKETAMINE)),
    BelowLimit(at_min=900, limit=VenousLevel(10, Analyte.ESKETAMINE)),
)


def measure() -> list[Figure]:
    """Every figure of the engine that has a target."""
    warm()
    belief = _someone()
    bands = partial(
        predict_bands,
        belief,
        [GIVEN],
        t_min=range(241),
        session_number=1,
        baseline=BASELINE,
        seed=1,
    )
    sessions = [_session(number) for number in (1, 2, 3)]
    ask = partial(propose, belief, limits=LIMITS, candidates=candidates_for(70, 0.8))
    return [
        _took("bands, 1,000 draws, 241 min, all outputs", _median(bands), 50),
        _took(
            "learning from 3 sessions", _median(partial(update, belief, sessions, seed=1)), 1_000
        ),
        _took(
            "proposal over 65 options",
            _median(partial(ask, session_number=2, baseline=BASELINE, seed=1)),
            1_000,
        ),
        _took("when is it under 10 points if I pause now", _median(_asked_at_the_chair), 50),
        _took(
            "first plan of a fresh process, imports and all, best of 3",
            min(_fresh() for _ in range(3)),
            2_000,
        ),
    ]


def _asked_at_the_chair() -> None:
    found = when_below(
        _someone(), [GIVEN], Change(at_min=20), 10, session_number=1, baseline=BASELINE, seed=1
    )
    assert isinstance(found, Wait)


def _took(name: str, took_ms: float, at_most_ms: float) -> Figure:
    return Figure(name=name, value=took_ms, unit="ms", target=at_most_ms)


def _someone() -> Belief:
    belief = prior_for(Covariates(age_years=45, weight_kg=70, sex=Sex.FEMALE, hypertension=False))
    assert isinstance(belief, Belief)
    return belief


def _session(number: int, more: tuple[Observation, ...] = ()) -> SessionObserved:
    scores = [Scored(at_min=t, cadss=c) for t, c in ((20, 16), (40, 27), (60, 15), (90, 5))]
    cuffs = [Pressure(at_min=t, systolic_mmhg=p) for t, p in ((10, 128), (30, 139), (60, 133))]
    sample = Sampled(at_min=40, level=VenousLevel(200, Analyte.KETAMINE))
    seen = (*scores, *cuffs, sample, *more)
    return SessionObserved(number=number, doses=(GIVEN,), baseline=BASELINE, observations=seen)


def _median(call: Callable[[], object], times: int = 15) -> float:
    call()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


# What a fresh process is asked first: learn from six sessions, and weigh what to give next.
FIRST = """
from bench.one_patient import answer, six_sessions
answer(six_sessions())
"""


def _fresh() -> float:
    """Milliseconds of a whole process: start, imports, loops from the disk cache, the answer."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", FIRST], check=True)
    return (time.perf_counter() - began) * 1000
