"""`python -m tests.calibration`: recovery of many people, and the table of docs/measured."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.table import circumstances

from tests.calibration.ranks import SLIP, WIDTHS, Ranked
from tests.calibration.study import KINDS, cores, recover

PAGE = Path(__file__).resolve().parents[2] / "docs" / "measured" / "calibration.md"
SEED = 7
ABOUT = f"""# Intervals hold the truth

People are drawn from the prior, hidden, given 35 mg over 40 min, seen through the luck and noise
the forecasts draw, and estimated. Each line asks how often the true value of one quantity lay
within the middle 50, 80 and 95 % of its draws. Every person counts once in a line, and people are
independent: their number is the size of the sample. *Off* is the largest difference from what was
promised, in binomial standard errors of so many people. *Even* is the chance that even ranks would
depart as far from a straight line anywhere (simultaneous bounds of their distribution function,
Sailynoja 2022). *Kept* says that luck explains both: the bounds are set so that a table of true
intervals shows a NO in {SLIP:.0%} of runs. *How well it explains* is the likelihood of the truth
among that of its draws (Modrak 2023).

*Refused* people are those for whom the engine itself said that its draws cannot be trusted; they
are not counted. A coarse assay cannot quantify about half of the samples.

This shows that the estimate is right if the model is. It does not show that the model is right.
"""


def main() -> int:
    told = argparse.ArgumentParser(prog="python -m tests.calibration", description=__doc__)
    told.add_argument("--people", type=int, default=1000)
    told.add_argument("--only", action="append", choices=list(KINDS), help="This kind alone.")
    told.add_argument("--write", action="store_true", help=f"Also write {PAGE.name}.")
    args = told.parse_args()
    command = shlex.join(["python", "-m", "tests.calibration", *sys.argv[1:]])
    facts = circumstances(datetime.now(UTC).date(), command)
    found = recover(args.only or list(KINDS), args.people, SEED, cores())
    page = as_page(found, facts)
    sys.stdout.write(page)
    if args.write:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page, encoding="utf-8")
    return 0 if all(one.kept(len(found)) for one in found) else 1


def as_page(found: Sequence[Ranked], facts: Sequence[str]) -> str:
    heads = " | ".join(f"{100 * width:.0f} %" for width in WIDTHS)
    return "\n".join(
        [
            ABOUT,
            *(f"- {fact}" for fact in facts),
            "",
            f"| seen | asked | people | refused | {heads} | off | even | kept |",
            "|---|---|--:|--:|--:|--:|--:|--:|--:|---|",
            *(_line(one, len(found)) for one in found),
            "",
        ]
    )


def _line(one: Ranked, among: int) -> str:
    told = " | ".join(f"{100 * one.inside(width):.1f}" for width in WIDTHS)
    judged = f"{one.off():.1f} | {one.chance():.3f} | {'yes' if one.kept(among) else 'NO'}"
    return f"| {one.kind} | {one.name} | {one.ranks.size} | {one.refused} | {told} | {judged} |"


if __name__ == "__main__":
    sys.exit(main())
