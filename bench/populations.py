"""`python -m bench.populations`: the engine beside its peers, in one run, right answers first.

On a shared machine a clock on the wall measures the neighbours too. So speeds are told both ways:
by the wall, best of several runs, and by processor time, which waits for nobody.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from afterglow.core.warm import warm
from bench.crowds import one_model, weeks, whole_network
from bench.lines import Line
from bench.one_patient import one_patient
from bench.table import circumstances

PAGE = Path(__file__).resolve().parent.parent / "docs" / "measured" / "engine.md"
ABOUT = """# The engine beside its peers

Written by `make bench-engine WRITE=yes`. Ratios are of one run, on all cores, ours and the peers'.
*By the wall* is the best of several runs, for one patient the median and the 99th percentile on one
core; *by processor time* counts the seconds of all threads together, so that two threads gain
nothing. In W1 all take turns, in rounds: a slow spell of the machine is nobody's alone. Nobody's
speed is told whose answers differ by more than 0.1 %.

W1: three compartments, 40 min, 241 instants, 100,000 people. W2: six sessions in three weeks with
effect site, dissociation and mood, by the minute in sessions and hourly for 28 days; *apart* is the
worst of all people and times against LSODA at a tolerance of 1e-9, as a share of a person's highest
dissociation and of the MADRS before treatment. All kinds of observations: CADSS, CADSS-6, MOAA/S,
pressure, pulse, arterial and venous levels by either assay, norketamine, a level below its limit.
"""


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
    lines = [*one_patient(), *one_model(), *whole_network(), *weeks()]
    page = as_page(lines, facts)
    sys.stdout.write(page)
    if told.write:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page, encoding="utf-8")
    return 0 if all(line.kept is not False for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
