"""`python -m tests.calibration`: recovery of many people, and the table of docs/measured."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from bench.table import circumstances

from tests.calibration.study import KINDS, WIDTHS, Recovered, recover

PAGE = Path(__file__).resolve().parents[2] / "docs" / "measured" / "calibration.md"
SEED = 7
ABOUT = """# Intervals hold the truth

People are drawn from the prior, hidden, given 35 mg over 40 min, seen once through the noise the
engine believes in, and estimated. The table says how often the true value lay within the middle
50, 80 and 95 % of its draws, over the parameters that kind of observation speaks of most. *Off* is
the largest difference from what was promised, in Monte-Carlo standard errors; *kept* says that it
is below 3. *Refused* people are those for whom the engine itself said that its draws cannot be
trusted; they are not counted.

This shows that the estimate is right if the model is. It does not show that the model is right.
"""


def main() -> int:
    told = argparse.ArgumentParser(prog="python -m tests.calibration", description=__doc__)
    told.add_argument("--people", type=int, default=200)
    told.add_argument("--write", action="store_true", help=f"Also write {PAGE.name}.")
    args = told.parse_args()
    command = shlex.join(["python", "-m", "tests.calibration", *sys.argv[1:]])
    facts = circumstances(datetime.now(UTC).date(), command)
    page = as_page([recover(kind, args.people, SEED) for kind in KINDS], facts)
    sys.stdout.write(page)
    if args.write:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page, encoding="utf-8")
    return 0


def as_page(found: Sequence[Recovered], facts: Sequence[str]) -> str:
    heads = " | ".join(f"{100 * width:.0f} %" for width in WIDTHS)
    return "\n".join(
        [
            ABOUT,
            *(f"- {fact}" for fact in facts),
            "",
            f"| seen | parameters | people | refused | {heads} | off | kept |",
            "|---|---|--:|--:|--:|--:|--:|--:|---|",
            *(_line(one) for one in found),
            "",
        ]
    )


def _line(one: Recovered) -> str:
    shares = [one.inside(width) for width in WIDTHS]
    people = one.ranks.shape[0]
    luck = [max(one.luck(w), float(np.sqrt(w * (1 - w) / one.ranks.size))) for w in WIDTHS]
    off = max(abs(s - w) / e for s, w, e in zip(shares, WIDTHS, luck, strict=True))
    told = " | ".join(f"{100 * share:.1f}" for share in shares)
    names = ", ".join(KINDS[one.kind])
    kept = "yes" if off < 3 else "NO"
    return f"| {one.kind} | {names} | {people} | {one.refused} | {told} | {off:.1f} | {kept} |"


if __name__ == "__main__":
    sys.exit(main())
