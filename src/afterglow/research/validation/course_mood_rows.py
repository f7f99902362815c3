"""PD-X11, X12 and X16: published courses by a vein, under the skin and by mouth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from afterglow.core.dosing.trial_plan import Arm, Flexible
from afterglow.core.dosing.virtual_given import Given
from afterglow.core.quantity import BaseMass, Bolus, Dose, Route
from afterglow.research.validation import mood_trials as mt
from afterglow.research.validation.figure import Figure, Used, found
from afterglow.research.validation.mood_figure import row
from afterglow.research.validation.mood_trials import SIX, arm, trial

OPEN = (
    "An open course: what is believed of it may grow with it; here whoever feels the drug believes "
    "in it from the first session on."
)
SIX_WEEKS = tuple(float(day) for day in range(42))


def course_mood_rows() -> Iterator[Figure]:
    yield from _six_open()
    yield from _under_the_skin()
    yield from _swallowed_daily()


def _six_open() -> Iterator[Figure]:
    course = trial((arm(0.5, 97, days=SIX),), (1.0, 12.0))
    for source, first, sixth, used in (
        ("Shiroma 2014", 25.0, 92.0, Used.LOOKED_AT),
        ("Zheng 2018", 14.0, 68.0, Used.LOOKED_AT),
        ("Albott 2018 (with PTSD)", 20.0, 93.0, Used.LOOKED_AT),
        ("Phillips 2019", None, 59.0, Used.LOOKED_AT),
    ):
        for k, (name, value) in enumerate((("the first", first), ("six", sixth))):
            if value is None:
                continue
            published = row(
                "PD-X11",
                f"response the day after {name} of six by a vein",
                value,
                used=used,
                source=source,
                grade="A" if source.startswith("Phillips") else "B",
                if_missed=OPEN,
            )
            yield found(published, mt.rate(course, 0, "response", k))
    for k, (name, value) in enumerate((("the first", 9.0), ("six", 51.0))):
        published = row(
            "PD-X11",
            f"remission the day after {name} of six by a vein",
            value,
            used=Used.LOOKED_AT,
            source="Zheng 2018",
            grade="B",
            if_missed=OPEN,
        )
        yield found(published, mt.rate(course, 0, "remission", k))


def _under_the_skin() -> Iterator[Figure]:
    """Twice a week for four weeks; the ladder of the second part as it was registered."""
    days = mt.TWICE_A_WEEK
    fixed = mt.given_as(_skin(0.5), 34, days=days, per_kg=True)
    ladder = Flexible(
        rungs=tuple(Given(doses=_skin(dose), per_kg=True) for dose in (0.5, 0.6, 0.75, 0.9)),
        at_sessions=(2, 4, 6),
    )
    climbing = replace(mt.given_as(_skin(0.5), 53, days=days, per_kg=True), flexible=ladder)
    for name, one, drug, placebo in (
        ("0.5 mg/kg", fixed, 6.3, 8.8),
        ("0.5 to 0.9 mg/kg by response", climbing, 19.6, 2.0),
    ):
        comparator = mt.given_as((), one.patients, days=days)
        result = trial((comparator, one), (28.0,))
        for k, (who, value) in enumerate((("midazolam", placebo), (name, drug))):
            published = row(
                "PD-X12",
                f"under the skin twice a week, day 28: remission, {who}",
                value,
                used=Used.NO,
                source="KADS 2023; rates unverified, steps of the dose assumed",
                grade="C",
                if_missed="Hardly anybody remitted on 0.5 mg/kg under the skin there; the model "
                "makes it worth an infusion into a vein, felt and believed in.",
            )
            yield found(published, mt.rate(result, k, "remission", 0))


def _skin(mg_per_kg: float) -> tuple[Dose, ...]:
    return (Bolus(amount=BaseMass(mg_per_kg), starts_min=0, route=Route.SUBCUTANEOUS),)


def _swallowed_daily() -> Iterator[Figure]:
    """Six weeks of capsules; twice 25 mg with a new oral drug, three times 50 mg without."""
    for name, mg, times, oral, source, drug, placebo in (
        ("25 mg twice a day and sertraline", 25.0, (0.0, 720.0), True, "Arabzadeh 2018", 85, 58),
        ("50 mg three times a day", 50.0, (0.0, 360.0, 720.0), False, "150 mg a day", 60, 15),
    ):
        doses = tuple(Bolus(amount=BaseMass(mg), starts_min=at, route=Route.ORAL) for at in times)
        arms = tuple(_daily(given, oral=oral) for given in ((), doses))
        result = trial(arms, (42.0,), draws=20)  # 42 sessions, each with its own uptake
        for k, (who, value) in enumerate((("comparator", placebo), (name, drug))):
            published = row(
                "PD-X16",
                f"swallowed for six weeks, day 42: response, {who}",
                value,
                used=Used.NO,
                source=f"{source} (n = {81 if oral else 40})",
                grade="B",
                if_missed="Patients with milder depression; swallowed levels come out low "
                "(PK-V10), and hours of the day at which capsules were taken are assumed.",
            )
            yield found(published, mt.rate(result, k, "response", 0))


def _daily(doses: tuple[Dose, ...], *, oral: bool) -> Arm:
    return mt.given_as(
        doses,
        40,
        days=SIX_WEEKS,
        new_antidepressant=oral,
    )
