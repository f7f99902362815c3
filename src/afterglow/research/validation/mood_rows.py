"""PD-V8 to PD-V11, V13, V14, V16 and V21: published changes of mood, by a vein."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from afterglow.core.dosing.outlook import Occasion, Visit, cadss
from afterglow.core.dosing.trial_plan import AT_REST
from afterglow.core.dosing.virtual_levels import levels_of
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.mood import Expectancy, Therapy
from afterglow.research.validation import mood_trials as mt
from afterglow.research.validation.figure import Figure, Predicted, Published, Used, found
from afterglow.research.validation.mood_figure import points, row
from afterglow.research.validation.mood_trials import SIX, arm, trial

INERT, STRONG = Expectancy.INERT, Expectancy.STRONG_BELIEF
DAILY_TO_60 = tuple(float(day) for day in range(12, 72))


def mood_rows() -> Iterator[Figure]:
    yield from _single()
    yield from _repeated()
    yield from _anaesthesia_and_therapy()
    yield found(_correlation(), _dissociation_with_benefit())
    yield from _against_ect()


def _single() -> Iterator[Figure]:
    crossover = trial((arm(0, 18, belief=INERT), arm(0.5, 18, belief=INERT)), (1.0, 7.0))
    for k, (day, value) in enumerate(((1, 1.46), (7, 0.68))):
        published = row(
            "PD-V8",
            f"0.5 mg/kg v saline, effect size on day {day}",
            value,
            unit="SD",
            by=0.2,
            rule="within 0.2 SD [own]",
            source="Zarate 2006",
            grade="B",
            if_missed="After saline hardly anybody changes here, and hardly anybody differs; one "
            "rate of fading has to serve this trial and slower fading elsewhere.",
        )
        yield found(published, mt.effect_size(crossover, k))
    murrough = trial((arm(0, 25), arm(0.5, 47)), (1.0,))
    for k, (name, value) in enumerate((("midazolam", 28.0), ("0.5 mg/kg", 64.0))):
        published = row(
            "PD-V9",
            f"response at 24 h, {name}",
            value,
            source="Murrough 2013",
            grade="A",
            if_missed="The published mean (-16.5) agrees; the few whom the drug takes much from "
            "spread the scores wider than its rate of response tells.",
        )
        yield found(published, mt.rate(murrough, k, "response", 0))
    for k, (name, change) in enumerate((("midazolam", -8.8), ("0.5 mg/kg", -16.5))):
        published = points(
            "PD-V9",
            f"change at 24 h, {name}",
            change,
            used=Used.LOOKED_AT if k else Used.FITTED,
            source="Murrough 2013, meeting abstract",
            grade="A",
            if_missed="What is believed by those who feel the drug is that of another trial.",
        )
        yield found(published, mt.change(murrough, k, 0))
    su = trial((arm(0, 24), arm(0.2, 23), arm(0.5, 24)), (2.0, 3.0, 4.0, 5.0))
    for k, (dose, value) in enumerate(((0.0, 12.0), (0.2, 39.0), (0.5, 46.0))):
        published = row(
            "PD-V11",
            f"response on day 3, {dose:g} mg/kg (published: held from day 2 to 5)",
            value,
            source="Su 2017",
            grade="B",
            if_missed="A response held for four days is rarer than one on day 3.",
        )
        yield found(published, mt.rate(su, k, "response", 1))


def _repeated() -> Iterator[Figure]:
    # Two days past the last session at once stand for "after six".
    course = trial((arm(0.5, 24, days=SIX),), DAILY_TO_60)
    published = row(
        "PD-V10",
        "response after six",
        70.8,
        source="Murrough 2013b",
        grade="B",
        if_missed="An open course: what is believed of it may grow with it, and does not here. "
        "Before, its response was read as the drug's own.",
    )
    yield found(published, mt.rate(course, 0, "response", 0))
    published = row(
        "PD-V10",
        "half of responders relapsed, days after the last",
        18,
        unit="days",
        by=6,
        rule="within a third [own]",
        source="Murrough 2013b (4 to more than 83)",
        grade="B",
    )
    yield found(published, mt.median_relapse_days(course, 0, SIX[-1]))


def _anaesthesia_and_therapy() -> Iterator[Figure]:
    lii = trial((arm(0, 20, belief=STRONG), arm(0.5, 20, belief=STRONG)), (1.0, 2.0, 3.0))
    yield found(
        Published(
            row="PD-V13",
            what="0.5 mg/kg under anaesthesia v placebo, mean difference, days 1 to 3",
            value=-5.8,
            unit="MADRS points",
            accept=(-13.3, 1.6),
            rule="inside the published interval, -13.3 to 1.6, which holds 0",
            used=Used.NO,
            source="Lii 2023",
            grade="A",
        ),
        mt.difference(lii, 1),
    )
    care = (Therapy(from_day=1.0, to_day=40.0, slowing=0.5),)
    price = trial((arm(0, 50, belief=INERT), arm(0.5, 52, belief=INERT, therapy=care)), (30.0,))
    published = row(
        "PD-V14",
        "with ASAT v saline with ASAT, day 30, benefit",
        0.61,
        unit="SD",
        by=0.2,
        rule="within 0.2 SD [own]",
        source="Price 2022",
        grade="A",
        if_missed="After saline hardly anybody differs here, which makes an effect size large.",
    )
    yield found(published, mt.effect_size(price, 0))


def _correlation() -> Published:
    return row(
        "PD-V16",
        "correlation of peak dissociation with change on day 7",
        -0.41,
        unit="1",
        by=0.15,
        rule="within 0.15 [own]",
        source="Luckenbaugh 2014",
        grade="A",
        if_missed="The correlation of 0.2 drawn between people is thinned by expectancy, rates "
        "and rating error; other series found none, so it was not raised.",
    )


def _dissociation_with_benefit() -> Predicted:
    """As a trial would see it: ratings with their error."""
    one = arm(0.5, 108)
    params, seen = mt.followed(one, np.array([1.0, 7.0]))
    crowd = mt.POPULATION.crowd(mt.PEOPLE, mt.SEED)
    site = levels_of(one.given, crowd, 0, lv.DISSOCIATION_SITE)[1][lv.DISSOCIATION_SITE]
    peak = site.max(axis=0)[None, :]
    visit = Visit(number=1, baseline=AT_REST)
    high = cadss(peak, crowd.bodies, visit, Occasion.drawn(mt.PEOPLE, mt.SEED))[0]
    dice = np.random.default_rng(mt.SEED)
    noise = dice.standard_normal(mt.PEOPLE) * params.residual_madrs
    change = (seen.madrs[:, 1] + noise) / params.baseline_madrs - 1
    r = float(np.corrcoef(high, change)[0, 1])
    half = float(1.96 * (1 - r**2) / np.sqrt(one.patients - 1))
    return Predicted(value=r, low=r - half, high=r + half, of=mt.OF_TRIAL)


def _against_ect() -> Iterator[Figure]:
    """Half of the patients had six infusions or fewer: six stand for the course."""
    year = tuple(float(day) for day in (13, 30, 60, 120, 240, 379))
    course = trial((arm(0.5, 95, days=SIX, new_antidepressant=True),), year)
    published = row(
        "PD-V21",
        "remission after up to 12 infusions, median six (six here)",
        46,
        used=Used.NO,
        source="KetECT 2022",
        grade="A",
        if_missed="These were inpatients; the model was set mostly on outpatients.",
    )
    yield found(published, mt.rate(course, 0, "remission", 0))
    published = row(
        "PD-V21",
        "relapse within 12 months (its shape in time was used, its level not)",
        70,
        source="KetECT 2022",
        grade="A",
        if_missed="The level is that of stable remitters in SUSTAIN-1, who had shown for months "
        "that a drug holds them; inpatients fresh from a course had not.",
    )
    yield found(published, mt.rate(course, 0, "relapse", 5))
