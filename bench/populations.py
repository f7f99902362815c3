"""`python -m bench.populations`: the engine beside its peers, in one run, right answers first.

On a shared machine a clock on the wall measures the neighbours too. So speeds are told both ways:
by the wall, best of several runs, and by processor time, which waits for nobody.
"""

from __future__ import annotations

import argparse
import resource
import shlex
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from afterglow.core.dosing import outlook
from afterglow.core.dosing.likelihood import evidence
from afterglow.core.dosing.observed import Sampled, SessionObserved
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.posterior import Target, best_fit, update
from afterglow.core.dosing.predict import predict_bands
from afterglow.core.dosing.propose import candidates_for, propose
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.mood import Pulses, course, join, session_pulses
from afterglow.core.pharmacology.mood_people import draw
from afterglow.core.pharmacology.sweep import sweep
from afterglow.core.quantity import Analyte, ArterialLevel, BaseMass, Infusion
from afterglow.core.warm import warm
from bench.engine import BASELINE, GIVEN, LIMITS, _fresh, _session, _someone
from bench.peers import diffrax_solve, roadrunner_solve, scipy_expm
from bench.peers.question import AMOUNT_MG, LASTS_MIN, T_MIN, Floats, population
from bench.table import circumstances

PAGE = Path(__file__).resolve().parent.parent / "docs" / "measured" / "engine.md"
PEOPLE = 100_000
PEERS = ((scipy_expm, 4000), (roadrunner_solve, 200), (diffrax_solve, 2000))
APART = 1e-3
DOSE = Infusion(amount=BaseMass(AMOUNT_MG), starts_min=0, lasts_min=LASTS_MIN)
EVERY = (
    lv.ARTERIAL,
    lv.VENOUS,
    lv.NORKETAMINE,
    lv.DISSOCIATION_SITE,
    lv.PRESSURE_SITE,
)
ABOUT = """# The engine beside its peers

Written by `make bench-engine WRITE=yes`. The machine is shared: other work ran on it meanwhile (see
its load), and absolute figures are worse for it. Ratios are of one run. *By the wall* is the best
of several runs; *by processor time* counts the seconds of all threads together, so that waiting
for others plays no part, and two threads gain nothing.

numbalsoda is not among the peers: it has no wheel, and its source needs a Fortran compiler. W2 (six
sessions, 28 days) has no peer in this run, so its ratio is not shown.

Not to be quoted from a busy machine: SciPy's batched exponential reached 31,000 people a second on
a quiet machine of this class, far more than beside our neighbours. Against that figure the promise
of W1 is open until this page is written on a quiet machine.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: a figure, what was promised, and whether it was kept (empty: only to compare)."""

    name: str
    wall: str
    processor: str = ""
    promised: str = ""
    kept: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        kept = "" if self.kept is None else "yes" if self.kept else "NO"
        return self.name, self.wall, self.processor, self.promised, kept


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of one call: best by the wall, best by processor time, median and worst wall."""

    wall: float
    processor: float
    median: float
    worst: float


def took(call: Callable[[], object], times: int) -> Took:
    call()
    wall, processor = [], []
    for _ in range(times):
        began, used = time.perf_counter(), time.process_time()
        call()
        wall.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    return Took(min(wall), min(processor), statistics.median(wall), max(wall))


def one_model() -> list[Line]:
    """W1: three compartments, 40 min, 241 instants, 100,000 people."""
    bodies = population(PEOPLE)
    ask = partial(sweep, bodies, [DOSE], step_min=1.0, points=T_MIN.size)
    out = ask()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    fresh, reused = took(ask, 7), took(partial(ask, out=out), 9)
    alone = took(partial(ask, out=out, threads=1), 5)
    written = took(lambda: out.fill(1.0), 9)
    lines, rivals = [], []
    known = ask() / 1000
    for peer, people in PEERS:
        apart = _apart(peer.solve(bodies, people), known[:people])
        if apart > APART:
            raise SystemExit(f"{peer.NAME} is {apart:.1e} apart: no comparison is possible.")
        spent = took(partial(peer.solve, bodies, people), 3)
        rivals.append((people / spent.wall, people / spent.processor))
        lines.append(_speed(f"{peer.NAME} ({apart:.0e} apart)", people, spent))
    best_wall, best_processor = (max(rates) for rates in zip(*rivals, strict=True))
    against = (best_wall, best_processor)
    return [
        _speed("W1, fresh array, all threads", PEOPLE, fresh, against, 60),
        _speed("W1, reused array, all threads", PEOPLE, reused, against, 100),
        _speed("W1, reused array, one thread", PEOPLE, alone),
        *lines,
        _speed("a bare write of the same array", PEOPLE, written),
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
    spent = took(partial(lv.levels, bodies, line, *EVERY), 5)
    return [_promised_speed("whole racemic network, 241 instants", people, spent, 50_000)]


def weeks() -> list[Line]:
    """W2: six sessions in three weeks, by the minute in sessions, hourly for 28 days."""
    people, days = 4000, (0.0, 3, 7, 10, 14, 17)
    belief = _someone()
    bodies, mood = belief.bodies(belief.sample(people, 1)), draw(people, seed=1)
    line, hours = timeline([DOSE], T_MIN), np.arange(0.0, 28.0, 1 / 24)

    def follow() -> None:
        site = lv.levels(bodies, line, lv.DISSOCIATION_SITE)[lv.DISSOCIATION_SITE]
        for number in range(1, len(days) + 1):
            visit = Visit(number=number, baseline=BASELINE)
            outlook.cadss(site, bodies, visit, Occasion.drawn(people, number))
        once = session_pulses(0.0, line.at_min, site)
        pulses = [Pulses(at_days=day + once.at_days, drive_h=once.drive_h) for day in days]
        course(mood, join(pulses), hours)

    return [_speed("W2, six sessions and 28 days, hourly", people, took(follow, 3))]


def one_patient() -> list[Line]:
    """Best fit, bands, learning with trade-off, a fresh process."""
    belief = _someone()
    levels = ((5.0, 190.0), (40.0, 300.0), (90.0, 61.0), (180.0, 30.0))
    seen = tuple(
        Sampled(at_min=t, level=ArterialLevel(level, Analyte.KETAMINE)) for t, level in levels
    )
    session = SessionObserved(number=1, doses=(GIVEN,), baseline=BASELINE, observations=seen)
    target = Target.of(belief, [evidence(session, belief.model)])
    fit = took(lambda: best_fit(target.walker(), np.zeros(len(belief.parameters))), 100)
    bands = partial(predict_bands, belief, [GIVEN], t_min=range(241), session_number=1)
    band = took(partial(bands, baseline=BASELINE, seed=1, draws=10_000), 7)
    six = [_session(number) for number in range(1, 7)]
    ask = partial(propose, limits=LIMITS, candidates=candidates_for(70, 0.8), session_number=7)

    def whole() -> None:
        ask(update(belief, six, seed=1), baseline=BASELINE, seed=1)

    plan = took(whole, 7)
    learn = took(partial(update, belief, [session], seed=1), 7)
    fresh = sorted(_fresh() for _ in range(3))[0]
    return [
        _time("best fit, 4 samples (whole model, 12 parameters)", fit, 2),
        _time("bands of 10,000 draws, every output", band, 100),
        _time("6 sessions: best fit, 1,000 checked draws, trade-off", plan, 100),
        _time("fitting 1,000 patients one by one, from one", learn, 20, unit="s"),
        Line(
            name="first answer of a fresh process, best of 3",
            wall=f"{fresh / 1000:.2f} s",
            promised="under 2 s",
            kept=fresh < 2000,
        ),
    ]


def _apart(found: Floats, known: Floats) -> float:
    return float(np.max(np.abs(found[:, 1:] / known[:, 1:] - 1)))


def _speed(
    name: str,
    people: int,
    spent: Took,
    against: tuple[float, float] | None = None,
    promised: float = 0,
) -> Line:
    wall, processor = people / spent.wall, people / spent.processor
    if against is None:
        return Line(name=name, wall=f"{wall:,.0f} /s", processor=f"{processor:,.0f} /s")
    ratios = wall / against[0], processor / against[1]
    return Line(
        name=name,
        wall=f"{wall:,.0f} /s = {ratios[0]:,.0f} x",
        processor=f"{processor:,.0f} /s = {ratios[1]:,.0f} x",
        promised=f"{promised:,.0f} x the best peer",
        kept=ratios[0] >= promised,
    )


def _promised_speed(name: str, people: int, spent: Took, promised: float) -> Line:
    return Line(
        name=name,
        wall=f"{people / spent.wall:,.0f} /s",
        processor=f"{people / spent.processor:,.0f} /s",
        promised=f"{promised:,.0f} /s",
        kept=people / spent.wall >= promised,
    )


def _time(name: str, spent: Took, promised: float, unit: str = "ms") -> Line:
    """Milliseconds of one call; seconds of a thousand are the same number."""
    return Line(
        name=name,
        wall=f"{spent.median * 1000:,.1f} {unit} median, {spent.worst * 1000:,.1f} worst",
        processor=f"{spent.processor * 1000:,.1f} {unit}",
        promised=f"under {promised:g} {unit}",
        kept=spent.median * 1000 < promised,
    )


def as_page(lines: Sequence[Line], facts: Sequence[str]) -> str:
    rows = ["| " + " | ".join(line.cells) + " |" for line in lines]
    head = [
        "| figure | by the wall | by processor time | promised | kept |",
        "|---|--:|--:|--:|---|",
    ]
    return "\n".join([ABOUT, *(f"- {fact}" for fact in facts), "", *head, *rows, ""])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.populations", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"Also write {PAGE.name}.")
    told = parser.parse_args()
    command = shlex.join(["python", "-m", "bench.populations", *sys.argv[1:]])
    facts = circumstances(datetime.now(UTC).date(), command)
    warm()
    lines = [*one_model(), *whole_network(), *weeks(), *one_patient()]
    page = as_page(lines, facts)
    sys.stdout.write(page)
    if told.write:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
