"""One patient, warm: best fit, bands, learning with the trade-off; and a fresh process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.likelihood import evidence
from afterglow.core.dosing.observed import Sampled, SessionObserved
from afterglow.core.dosing.posterior import Target, best_fit, update
from afterglow.core.dosing.predict import predict_bands
from afterglow.core.dosing.propose import Proposal, candidates_for, propose
from afterglow.core.quantity import Analyte, ArterialLevel
from bench.engine import BASELINE, EVERY_KIND, GIVEN, LIMITS, _fresh, _session, _someone
from bench.lines import Line, time
from bench.timing import one_core, took

LEVELS = ((5.0, 190.0), (40.0, 300.0), (90.0, 61.0), (180.0, 30.0))


def one_patient() -> list[Line]:
    """Every promise made of a single patient, on a single core."""
    with one_core():
        return [*_four_samples(), *_six_sessions(), _first_answer()]


def _four_samples() -> list[Line]:
    prior = _someone()
    seen = tuple(
        Sampled(at_min=t, level=ArterialLevel(level, Analyte.KETAMINE)) for t, level in LEVELS
    )
    session = SessionObserved(number=1, doses=(GIVEN,), baseline=BASELINE, observations=seen)
    target = Target.of(prior, [evidence(session, prior.model)])
    fit = took(lambda: best_fit(target.walker(), np.zeros(len(prior.parameters))), 500)
    known = update(prior, [session], seed=1, draws=10_000)
    assert isinstance(known, Belief)
    bands = partial(
        predict_bands,
        known,
        [GIVEN],
        t_min=range(241),
        session_number=1,
        baseline=BASELINE,
        seed=1,
        draws=10_000,
    )
    return [
        time("best fit, 4 samples (whole model, 12 parameters)", fit, 2),
        time("band of 10,000 draws", took(partial(bands, only=("arterial_ng_per_ml",)), 100), 100),
        time("bands of 10,000 draws, every output", took(bands, 20), None),
        time(
            "fitting 1,000 patients one by one, from one",
            took(partial(update, prior, [session], seed=1), 50),
            20,
            unit="s",
        ),
    ]


def six_sessions() -> list[SessionObserved]:
    """Six sessions with every kind of observation."""
    return [_session(number, EVERY_KIND) for number in range(1, 7)]


def answer(seen: Sequence[SessionObserved]) -> Proposal:
    """What to give next: best fit, 1,000 checked draws, and the trade-off of every candidate."""
    known = update(_someone(), seen, seed=1)
    assert isinstance(known, Belief)
    found = propose(
        known,
        limits=LIMITS,
        candidates=candidates_for(70, 0.8),
        session_number=7,
        baseline=BASELINE,
        seed=1,
    )
    assert isinstance(found, Proposal)
    return found


def _six_sessions() -> list[Line]:
    name = "6 sessions, all kinds: best fit, 1,000 checked draws, trade-off"
    return [time(name, took(partial(answer, six_sessions()), 50), 100)]


def _first_answer() -> Line:
    fresh_ms = min(_fresh() for _ in range(3))
    return Line(
        name="the same as the first answer of a fresh process, best of 3",
        wall=f"{fresh_ms / 1000:.2f} s",
        promised="under 2 s",
        kept=fresh_ms < 2000,
    )
