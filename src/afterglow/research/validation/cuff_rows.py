"""PD-V6 and PD-X18: pressure and pulse as cuffs read them, session after session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from afterglow.core.body import Baseline
from afterglow.core.dosing import outlook
from afterglow.core.dosing.bodies import effect_numbers
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.virtual_given import Given
from afterglow.core.dosing.virtual_levels import levels_of
from afterglow.core.dosing.virtual_people import Crowd, Population, Spread
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.library import load_effect
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.quantity import BaseMass, Bolus, Drug, Infusion, Route
from afterglow.research.validation.figure import (
    Figure,
    Predicted,
    Published,
    Used,
    around,
    found,
    within_share,
)

PEOPLE, SEED, SESSIONS = 2000, 1, 8
AFTER_SPRAY_MIN = (40, 60, 90)  # [own]: the label's times are about these
EVERY_TEN_MIN = tuple(range(10, 121, 10))
UNDER_65, OVER_65 = (35.0, 45.0, 57.0), (70.0,)  # ages that stand for a group, each as often
AT_LEAST = (40.0, 25.0, 180.0, 110.0)  # rises of systolic and diastolic, then values, mmHg
VEIN = Given(doses=(Infusion(amount=BaseMass(0.5), starts_min=0, lasts_min=40),), per_kg=True)
SKIN = Given(
    doses=(Bolus(amount=BaseMass(1.0), starts_min=0, route=Route.SUBCUTANEOUS),), per_kg=True
)
NOTHING = Given(doses=())
WIDE = (
    "Diastolic is taken to rise three quarters as much as systolic, as after infusions; after a "
    "spray it rose little more than half as much in print. How often a cuff is read counts too."
)
PEAKS = "The slope was set on infusions of the racemate."


def spray(mg: float) -> Given:
    dose = Bolus(amount=BaseMass(mg), starts_min=0, drug=Drug.ESKETAMINE, route=Route.NASAL)
    return Given(doses=(dose,))


def cuff_rows() -> Iterator[Figure]:
    yield from _alarming()
    yield from _beyond()
    yield from _mean_course()
    yield from _highest()
    yield from _highest_after_a_spray()


@dataclass(frozen=True, slots=True)
class Cuff:
    """Readings of one session, (reads, n), each with its own error; and those before the dose."""

    systolic: Floats
    diastolic: Floats
    pulse: Floats
    systolic_before: Floats
    diastolic_before: Floats
    pulse_before: Floats


def _read(given: Given, crowd: Crowd, session: int, at_min: tuple[int, ...]) -> Cuff:
    numbers, rest = effect_numbers(), load_effect("vital_signs")
    own = np.random.default_rng([SEED, 7]).standard_normal((2, crowd.size))
    systolic = rest.value("systolic_rest") + rest.value("systolic_rest_sd") * own[0]
    pulse = rest.value("pulse_rest") + rest.value("pulse_rest_sd") * own[1]
    middle = Baseline(
        systolic_mmhg=rest.value("systolic_rest"), pulse_per_min=rest.value("pulse_rest")
    )
    visit = Visit(number=session + 1, baseline=middle)
    luck = Occasion.drawn(crowd.size, SEED + session)
    minutes, found_at = levels_of(given, crowd, session, lv.PRESSURE_SITE)
    site = found_at[lv.PRESSURE_SITE][np.searchsorted(minutes, at_min)]
    risen = outlook.systolic(site, crowd.bodies, visit, luck) - middle.systolic_mmhg
    faster = outlook.pulse(site, crowd.bodies, visit, luck) - middle.pulse_per_min
    share = numbers["diastolic_share"]
    usual = systolic * rest.value("diastolic_over_systolic")
    dice = np.random.default_rng([SEED, 8, session])

    def seen(true: Floats, error: float) -> Floats:
        return np.asarray(true + error * dice.standard_normal(true.shape))

    by, beat = numbers["systolic_residual"], numbers["pulse_residual"]
    return Cuff(
        seen(systolic + risen, by),
        seen(usual + share * risen, share * by),
        seen(pulse + faster, beat),
        seen(systolic, by),
        seen(usual, share * by),
        seen(pulse, beat),
    )


@cache
def _ever(given: Given, ages: tuple[float, ...]) -> tuple[float, ...]:
    """Of AT_LEAST, the shares of people in percent who reach each in eight sessions."""
    shares = []
    for age in ages:
        crowd = _aged(age).crowd(PEOPLE, SEED)
        ever = np.zeros((4, PEOPLE), dtype=bool)
        for session in range(SESSIONS):
            cuff = _read(given, crowd, session, AFTER_SPRAY_MIN)
            most = (
                (cuff.systolic - cuff.systolic_before).max(axis=0),
                (cuff.diastolic - cuff.diastolic_before).max(axis=0),
                cuff.systolic.max(axis=0),
                cuff.diastolic.max(axis=0),
            )
            ever |= np.stack(most) >= np.array(AT_LEAST)[:, None]
        shares.append(100 * ever.mean(axis=1))
    return tuple(float(share) for share in np.mean(shares, axis=0))


def _aged(age: float) -> Population:
    return Population(
        age_years=Spread(mean=age, sd=0, low=18, high=80),
        weight_kg=Spread(mean=80, sd=0, low=45, high=140),
        female_share=0.6,
    )


def _share(given: Given, ages: tuple[float, ...], place: int) -> Predicted:
    return Predicted(value=_ever(given, ages)[place], low=None, high=None, of="no interval")


def _alarming() -> Iterator[Figure]:
    """84 mg at each of eight sessions, the cuff read before and three times after."""
    for who, ages, value in (("under 65", UNDER_65, 8.0), ("65 or more", OVER_65, 17.0)):
        published = Published(
            row="PD-V6",
            what=f"esketamine spray: +40 mmHg at least once in 8 sessions, {who} years",
            value=value,
            unit="%",
            accept=within_share(value, 0.4),
            rule="within 40 %",
            used=Used.FITTED if value < 10 else Used.NO,
            source="product label",
            grade="A",
            if_missed=f"The spread between people was set on racemic infusions. {WIDE}",
        )
        yield found(published, _share(spray(84), ages, 0))


def _beyond() -> Iterator[Figure]:
    """The label's other thresholds, and the same after a placebo spray."""
    what = (
        "+40 mmHg systolic",
        "+25 mmHg diastolic",
        "180 mmHg systolic or more",
        "110 mmHg diastolic or more",
    )
    for who, ages, drug, placebo in (
        ("under 65", UNDER_65, (None, 13.0, 3.0, 4.0), (0.5, 3.0, 0.0, 0.5)),
        ("65 or more", OVER_65, (None, 14.0, 3.0, None), (2.0, 3.0, 2.0, None)),
    ):
        for name, given, published_shares in (
            ("84 mg", spray(84), drug),
            ("placebo spray", NOTHING, placebo),
        ):
            for place, value in enumerate(published_shares):
                if value is None:
                    continue
                published = Published(
                    row="PD-X18",
                    what=f"{what[place]} at least once in 8 sessions, {who} years, {name}",
                    value=value,
                    unit="%",
                    accept=around(value, 5.0),
                    rule="within 5 points [own]",
                    used=Used.NO,
                    source="product label",
                    grade="A",
                    if_missed=f"{WIDE} Resting pressures are those of demonstration patients "
                    "[own], without hypertension.",
                )
                yield found(published, _share(given, ages, place))


def _mean_course() -> Iterator[Figure]:
    """Drug less placebo: drift and errors cancel."""
    crowd = _aged(45.0).crowd(PEOPLE, SEED)
    drug, placebo = (_read(given, crowd, 0, AFTER_SPRAY_MIN) for given in (spray(84), NOTHING))
    for place, minute, low, high, sign in (
        (0, 40, 7.0, 9.0, "systolic"),
        (2, 90, 2.0, 5.0, "systolic"),
        (0, 40, 4.0, 6.0, "diastolic"),
        (2, 90, 1.0, 3.0, "diastolic"),
    ):
        difference = (getattr(drug, sign) - getattr(placebo, sign))[place]
        published = Published(
            row="PD-X18",
            what=f"spray of 84 mg less placebo: mean {sign} at {minute} min",
            value=(low + high) / 2,
            unit="mmHg",
            accept=(low, high),
            rule=f"the published range, {low:g} to {high:g}; its middle is shown",
            used=Used.LOOKED_AT,
            source="product label, mean course",
            grade="C",
            if_missed=PEAKS,
        )
        yield found(published, _mean(difference))


def _highest() -> Iterator[Figure]:
    """Means of each one's highest reading, every ten minutes for two hours, less that before."""
    crowd = _aged(45.0).crowd(PEOPLE, SEED)
    for what, given, source, grade, rises in (
        ("0.5 mg/kg in 40 min", VEIN, "Wan 2015", "C", (19.6, 13.4, None)),
        ("1 mg/kg under the skin", SKIN, "Glue 2018", "B", (9.4, 7.5, 4.5)),
        ("spray of 56 mg (28 to 84 in print)", spray(56), "Daly 2018", "B", (19.0, 10.0, 9.4)),
    ):
        cuff = _read(given, crowd, 0, EVERY_TEN_MIN)
        for sign, value in zip(("systolic", "diastolic", "pulse"), rises, strict=True):
            if value is None:
                continue
            most = (getattr(cuff, sign) - getattr(cuff, f"{sign}_before")).max(axis=0)
            published = Published(
                row="PD-X18",
                what=f"{what}: mean of highest rises, {sign}",
                value=value,
                unit="1/min" if sign == "pulse" else "mmHg",
                accept=within_share(value, 0.4),
                rule="within 40 %",
                used=Used.LOOKED_AT,
                source=source,
                grade=grade,
                if_missed="How often readings were taken, and whether means are of peaks or of "
                "times, is not known; a highest of twelve readings holds their error too.",
            )
            yield found(published, _mean(most))


def _highest_after_a_spray() -> Iterator[Figure]:
    """Means of each one's highest of three readings, on drug and on placebo."""
    for who, age, given, what, rises in (
        ("18 to 64 years", 45.0, spray(84), "84 mg (56 or 84 in print)", (13.3, 8.7)),
        ("18 to 64 years", 45.0, NOTHING, "placebo spray", (6.1, 4.9)),
        ("65 or more years", 70.0, spray(84), "84 mg (28 to 84 in print)", (16.0, 9.5)),
        ("65 or more years", 70.0, NOTHING, "placebo spray", (11.1, 6.8)),
    ):
        cuff = _read(given, _aged(age).crowd(PEOPLE, SEED), 0, AFTER_SPRAY_MIN)
        for sign, value in zip(("systolic", "diastolic"), rises, strict=True):
            most = (getattr(cuff, sign) - getattr(cuff, f"{sign}_before")).max(axis=0)
            published = Published(
                row="PD-X18",
                what=f"mean of highest {sign} rises, {who}, {what}",
                value=value,
                unit="mmHg",
                accept=within_share(value, 0.4),
                rule="within 40 %",
                used=Used.LOOKED_AT,
                source="Doherty 2020",
                grade="B",
                if_missed="The largest of eight sessions' means is printed, which lies above any "
                "one session's; and resting pressure varies more in the old than is taken here.",
            )
            yield found(published, _mean(most))


def _mean(values: Floats) -> Predicted:
    low, high = np.percentile(values, [5, 95])
    return Predicted(
        value=float(values.mean()), low=float(low), high=float(high), of="mean; 90 % of people"
    )
