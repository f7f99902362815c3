"""`python -m tests.agreement`: 1,000 people of every shape, and the table of docs/measured."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.table import circumstances

from afterglow.core.pharmacology import library
from tests.agreement.compare import AGREED, FAINT, TIMES, Agreement, Compared, compare
from tests.agreement.filed import made_up, published
from tests.agreement.gradient import AGREED as GRADIENT_AGREED
from tests.agreement.gradient import FAINT as GRADIENT_FAINT
from tests.agreement.gradient import STEPS, WIDER, every_slope
from tests.agreement.quick import quick
from tests.agreement.solver import ATOL, RTOL

PAGE = Path(__file__).resolve().parents[2] / "docs" / "measured" / "agreement.md"
ABOUT = f"""# Two engines agree

The fast path (modes) against an explicit Runge-Kutta method of order 8 (relative tolerance
{RTOL:g}, absolute {ATOL:g}, held by the worst of all people at every step) that knows no modes.
People differ by the published spread, or by 30 to 50 % where a shape is made up. Doses: two
infusions with a pause and a push; where a shape has a way in other than a vein, that way first.
{len(TIMES)} instants to {TIMES[-1]:g} min, every compartment.

Where the two once differed by more (a ring of five at 8.3e-6, Simons 2022 at 3.2e-6), the matrix
exponential with 50 digits sided with the fast path to 4e-14: the solver had let one fast person
slip under the mean error of a thousand. It now holds the worst of them.

*Worst* is the largest relative difference of all people, instants and compartments. Below
{FAINT:g} of a person's own peak it is counted against that level: such a trace has no meaning.
Agreed below {AGREED:g}.

"""
SLOPES = f"""
## Slopes

What the best fit walks along: the slope of the log density in every deviation of a person, by the
rules of derivatives, against central differences of the density that draws are weighed with, which
takes none. The differences are taken over {STEPS.size} steps, {STEPS[0]:g} to {STEPS[-1]:.0e} of a
deviation, and drawn out to none (Ridders 1982). Every kind of observation over two sessions;
people differ by {WIDER:g} times the model's spread. A slope below {GRADIENT_FAINT:g} of a person's
steepest is counted against that level. Agreed below {GRADIENT_AGREED:g}.

Where the two once differed by more, rates of a person met (a slope loses a digit more than a level
for each decade that two rates come nearer: they are now followed around the meeting, in the complex
plane), or arterial blood worked out from a venous model fell below nothing, where a logarithm is
cut off and its slope was not.

| model, way in | people | worst | agreed |
|---|--:|--:|---|
"""


def main() -> int:
    told = argparse.ArgumentParser(prog="python -m tests.agreement", description=__doc__)
    told.add_argument("--people", type=int, default=1000)
    told.add_argument("--write", action="store_true", help=f"Also write {PAGE.name}.")
    args = told.parse_args()
    command = shlex.join(["python", "-m", "tests.agreement", *sys.argv[1:]])
    facts = circumstances(datetime.now(UTC).date(), command)
    every: list[Compared] = [*published(), *quick(), *made_up()]
    found = [compare(one, args.people) for one in every]
    slopes = [one.compared(args.people) for one in every_slope()]
    page = as_page(found, facts) + as_section(slopes)
    sys.stdout.write(page)
    if args.write:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page, encoding="utf-8")
    return 0 if all(one.worst < AGREED for one in (*found, *slopes)) else 1


def as_page(found: Sequence[Agreement], facts: Sequence[str]) -> str:
    models = set(library.drug_models())
    own = sum(one.name.split(",")[0] not in models for one in found)
    agreed = sum(one.worst < AGREED for one in found)
    lines = [f"| {one.name} | {one.people:,} | {one.worst:.1e} | {_word(one)} |" for one in found]
    return "\n".join(
        [
            ABOUT,
            *(f"- {fact}" for fact in facts),
            f"- {len(models)} library models; {own} further shapes; {agreed} of {len(found)} agree",
            "",
            "| shape | people | worst | agreed |",
            "|---|--:|--:|---|",
            *lines,
            "",
        ]
    )


def as_section(slopes: Sequence[Agreement]) -> str:
    lines = [f"| {one.name} | {one.people:,} | {one.worst:.1e} | {_word(one)} |" for one in slopes]
    return "\n".join([SLOPES.rstrip("\n"), *lines, ""])


def _word(one: Agreement) -> str:
    return "yes" if one.worst < AGREED else "NO"


if __name__ == "__main__":
    sys.exit(main())
