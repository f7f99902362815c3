"""PD-V12, V19, V20 and PD-X13 to X15: trials of the nasal device, by the device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from afterglow.core.body import Ancestry
from afterglow.core.dosing.trial_plan import Only, Qualifying
from afterglow.research.validation import mood_trials as mt
from afterglow.research.validation.figure import Figure, Used, found
from afterglow.research.validation.mood_figure import points, row
from afterglow.research.validation.mood_trials import RESISTANT, sprayed, trial

INDUCTION = mt.TWICE_A_WEEK
OPTIMISING = tuple(7.0 * week for week in range(4, 16))
MAINTENANCE = tuple(7.0 * week for week in range(16, 33))
RANDOMISED_DAY, FOLLOWED_DAYS = 112.0, 120.0
DIFFERENCE = (
    "How many people the drug helps was set on the difference that 565 people showed at day 28; "
    "these trials, racemic sprays among them, showed another."
)
NULL = "A drug that works cannot be null in this model: a trial without any difference is outside."


def device_mood_rows() -> Iterator[Figure]:
    yield from _pooled()
    yield from _japan()
    yield from _fixed_doses()
    yield from _by_sex()
    yield from _withdrawn()


def _pooled() -> Iterator[Figure]:
    course = trial((sprayed(0, 400), sprayed(84, 458)), (0.125, 1.0, 28.0), RESISTANT)
    for k, (when, value) in enumerate((("2 to 4 h", -6.2), ("24 h", -10.0), ("28 d", -4.1))):
        published = points(
            "PD-V19",
            f"nasal v placebo at {when} (84 mg by device here; racemic sprays are among them)",
            value,
            source="meta-analysis of nasal trials, n = 858",
            grade="A",
            if_missed=DIFFERENCE,
        )
        yield found(published, mt.difference(course, k))


def _japan() -> Iterator[Figure]:
    people = replace(mt.POPULATION, ancestry=Ancestry.JAPANESE)
    doses = (28.0, 56.0, 84.0)
    # Their oral drug had been begun six weeks before, and had not helped them.
    arms = tuple(
        sprayed(mg, n, new_antidepressant=False)
        for mg, n in zip((0.0, *doses), (80, 41, 40, 41), strict=True)
    )
    result = trial(arms, (28.0,), RESISTANT, people=people)
    source = "Japan phase 2b, n = 202"
    published = points(
        "PD-V20",
        "Japan: placebo spray at 28 d",
        -15.3,
        used=Used.LOOKED_AT,
        source=source,
        grade="A",
        if_missed="Without a new oral drug a placebo spray takes 8 or 9 points here; eight visits "
        "to a clinic may take more than one.",
    )
    yield found(published, mt.change(result, 0, 0))
    for k, (mg, value) in enumerate(zip(doses, (-15.2, -14.5, -15.1), strict=True), 1):
        published = points(
            "PD-V20",
            f"Japan: {mg:g} mg v placebo at 28 d",
            round(value + 15.3, 1),
            source=source,
            grade="A",
            if_missed=NULL,
        )
        yield found(published, mt.difference(result, 0, k=k))


def _fixed_doses() -> Iterator[Figure]:
    arms = (sprayed(0, 113), sprayed(56, 115), sprayed(84, 114))
    result = trial(arms, (28.0,), RESISTANT, remission_at=12.0)
    for k, (name, response, remission) in enumerate(
        (("placebo", 38.9, 30.6), ("56 mg", 54.1, 36.0), ("84 mg", 53.1, 38.8))
    ):
        for what, value in (("response", response), ("remission", remission)):
            published = row(
                "PD-X13",
                f"spray and a new oral drug, day 28: {what}, {name}",
                value,
                used=Used.LOOKED_AT if k == 0 else Used.NO,
                source="TRANSFORM-1",
                grade="A",
                if_missed=DIFFERENCE,
            )
            yield found(published, mt.rate(result, k, what, 0))


def _by_sex() -> Iterator[Figure]:
    """The device's fixed and flexible trials together: most had 84 mg. Sex moves nothing here."""
    result = trial((sprayed(0, 222), sprayed(84, 343)), (28.0,), RESISTANT)
    for sex, drug, placebo in (
        ("women", (-20.3, 13.2), (-15.8, 14.7)),
        ("men", (-18.3, 14.1), (-16.0, 14.3)),
    ):
        for k, (name, (value, sd)) in enumerate((("placebo", placebo), ("84 mg", drug))):
            published = points(
                "PD-X14",
                f"spray and a new oral drug, day 28, {sex}: change, {name}",
                value,
                sd=sd,
                used=Used.FITTED,
                source="TRANSFORM-1 and -2 pooled",
                grade="A",
                if_missed=DIFFERENCE,
            )
            yield found(published, mt.change(result, k, 0))
            published = row(
                "PD-X14",
                f"spray and a new oral drug, day 28, {sex}: SD of change, {name}",
                sd,
                unit="MADRS points",
                by=2.0,
                rule="within 2 points [own]",
                used=Used.FITTED if k == 0 else Used.NO,
                source="TRANSFORM-1 and -2 pooled",
                grade="A",
                if_missed="Nobody's illness wanders by itself here.",
            )
            yield found(published, mt.spread_of_change(result, k, 0))


def _withdrawn() -> Iterator[Figure]:
    """Sixteen weeks of sprays; then those who held go on weekly or stop, for 17 weeks."""
    for who, least, sizes, relapse, ratio in (
        (Qualifying.REMITTERS, 3, (86, 90), (45.3, 26.7), 0.49),
        (Qualifying.RESPONDERS, 3, (59, 62), (57.6, 25.8), 0.30),
    ):
        only = Only(who=who, at_days=(91.0, 98.0, 105.0, RANDOMISED_DAY), at_least=least)
        first = (*INDUCTION, *OPTIMISING)
        stop = sprayed(84, sizes[0], days=first, only=only)
        go_on = sprayed(84, sizes[1], days=(*first, *MAINTENANCE), only=only)
        result = trial(
            (stop, go_on), (RANDOMISED_DAY + FOLLOWED_DAYS,), RESISTANT, remission_at=12.0
        )
        name = "PD-V12" if who is Qualifying.REMITTERS else "PD-X15"
        for k, (part, value) in enumerate(zip(("stopped", "continued"), relapse, strict=True)):
            published = row(
                name,
                f"relapse within 17 weeks, {who} who {part}",
                value,
                used=Used.FITTED if name == "PD-V12" else Used.LOOKED_AT,
                source="SUSTAIN-1",
                grade="A",
                if_missed="The published share is of follow-ups of different length, counted here "
                "to 17 weeks; the model was set on the published median (273 days).",
            )
            yield found(published, mt.rate(result, k, "relapse", 0))
        published = row(
            name,
            f"hazard of relapse, {who}: continued over stopped",
            ratio,
            unit="1",
            by=0.15,
            rule="within 0.15 [own]",
            source="SUSTAIN-1",
            grade="A",
            if_missed="One strength of protection stands between the two published ratios.",
        )
        yield found(published, mt.compared(result, "relapse_hazard_ratio", 0))
