"""Very many people at once: one model, the whole network, and weeks of treatment."""

from __future__ import annotations

import resource
from collections.abc import Callable
from functools import partial

from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.sweep import sweep
from afterglow.core.quantity import BaseMass, Infusion
from bench.engine import _someone
from bench.lines import Line, Speed, against, speed
from bench.peers import (
    diffrax_solve,
    diffrax_weeks,
    numbalsoda_solve,
    numbalsoda_weeks,
    our_weeks,
    roadrunner_solve,
    scipy_expm,
)
from bench.peers.question import AMOUNT_MG, LASTS_MIN, T_MIN, Floats, population
from bench.peers.weeks import People
from bench.timing import taken_in_turn, took

PEOPLE = 100_000
ROUNDS = 8
PEERS = (
    (scipy_expm, 4000),
    (numbalsoda_solve, 4000),
    (roadrunner_solve, 200),
    (diffrax_solve, 2000),
)
WEEKS_PEERS = ((numbalsoda_weeks, 1000), (diffrax_weeks, 100))
APART = 1e-3
DOSE = Infusion(amount=BaseMass(AMOUNT_MG), starts_min=0, lasts_min=LASTS_MIN)
EVERY = (lv.ARTERIAL, lv.VENOUS, lv.NORKETAMINE, lv.DISSOCIATION_SITE, lv.PRESSURE_SITE)


def one_model() -> list[Line]:
    """W1: three compartments, 40 min, 241 instants, 100,000 people."""
    bodies = population(PEOPLE)
    ask = partial(sweep, bodies, [DOSE], step_min=1.0, points=T_MIN.size)
    out = ask()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    known = ask() / 1000
    named = [(peer.NAME, _apart(peer.solve(bodies, n), known[:n])) for peer, n in PEERS]
    ours = (ask, partial(ask, out=out), partial(ask, out=out, threads=1), lambda: out.fill(1.0))
    theirs = [partial(peer.solve, bodies, n) for peer, n in PEERS]
    fresh, reused, alone, written, *others = taken_in_turn([*ours, *theirs], ROUNDS, 5)
    rivals = [Speed.of(n, spent) for (_, n), spent in zip(PEERS, others, strict=True)]
    best = Speed.best(rivals)
    return [
        against("W1, fresh array, all threads", Speed.of(PEOPLE, fresh), best, 60),
        against("W1, reused array, all threads", Speed.of(PEOPLE, reused), best, 100),
        speed("W1, reused array, one thread", Speed.of(PEOPLE, alone)),
        *(
            speed(f"{name} ({_gated(name, apart):.0e} apart)", one)
            for (name, apart), one in zip(named, rivals, strict=True)
        ),
        speed("a bare write of the same array", Speed.of(PEOPLE, written)),
        Line(
            name="W1, reused, times a bare write",
            wall=f"{reused.wall / written.wall:.1f} x",
            processor=f"{reused.processor / written.processor:.1f} x",
            promised="at most 3 x",
            kept=reused.wall / written.wall <= 3,
        ),
        Line(name="peak memory, 193 MB of it the answer", wall=f"{peak_mb:,.0f} MB"),
    ]


def whole_network() -> list[Line]:
    """S and R, norketamine, effect sites and the venous link, 241 instants."""
    people = 20_000
    belief = _someone()
    bodies = belief.bodies(belief.sample(people, 1))
    line = timeline([DOSE], T_MIN)
    spent = took(partial(lv.levels, bodies, line, *EVERY), 7)
    return [speed("whole racemic network, 241 instants", Speed.of(people, spent), 50_000)]


def weeks() -> list[Line]:
    """W2: six sessions in three weeks, by the minute in sessions, hourly for 28 days."""
    few, many = People.drawn(100), People.drawn(4000)
    known = numbalsoda_weeks.solve(few, rtol=1e-9, atol=1e-10)
    ours = max(known.apart(our_weeks.solve(few)))
    found = Speed.of(4000, took(partial(our_weeks.solve, many), 7))
    _gated("Afterglow", ours)
    lines, rivals = [], []
    for peer, count in WEEKS_PEERS:
        apart = _gated(peer.NAME, max(known.apart(peer.solve(few))))
        lines.append(
            _rival(
                f"W2, {peer.NAME}",
                f"{apart:.0e} apart",
                count,
                partial(peer.solve, People.drawn(count)),
                rivals,
            )
        )
    name = f"W2, six sessions and 28 days ({ours:.0e} apart)"
    return [against(name, found, Speed.best(rivals), 10), *lines]


def _rival(
    name: str, apart: str, people: int, ask: Callable[[], object], rivals: list[Speed]
) -> Line:
    rivals.append(Speed.of(people, took(ask, 3)))
    return speed(f"{name} ({apart})", rivals[-1])


def _gated(name: str, apart: float) -> float:
    """Speeds of wrong answers are not compared."""
    if not apart <= APART:
        raise SystemExit(f"{name} is {apart:.1e} apart: no comparison is possible.")
    return apart


def _apart(found: Floats, known: Floats) -> float:
    return float(abs(found[:, 1:] / known[:, 1:] - 1).max())
