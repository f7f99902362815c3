"""PD-X1 to PD-X10: published changes of mood after one dose, at the times they were seen."""

from __future__ import annotations

from collections.abc import Iterator

from afterglow.core.dosing.trial import TrialResult
from afterglow.core.dosing.trial_plan import Arm
from afterglow.core.pharmacology.mood import Expectancy
from afterglow.core.pharmacology.outcomes import chance_of_response
from afterglow.core.quantity import BaseMass, Bolus, Drug, Route
from afterglow.research.validation import mood_trials as mt
from afterglow.research.validation.figure import Figure, Predicted, Published, Used, found
from afterglow.research.validation.mood_figure import points, row
from afterglow.research.validation.mood_trials import SIX, arm, trial

INERT, STRONG = Expectancy.INERT, Expectancy.STRONG_BELIEF
HOUR = 1 / 24
EARLY = (
    "Hope rises with a half-time of 1.4 h here (set on aan het Rot 2010), the drug's own relief "
    "within hours of it; in print half of the responders had responded at the infusion's end."
)
FADES = "One rate of fading has to serve trials in which half of it is gone in 2 to 8.5 days."
SALINE = (
    "After saline hardly anything is expected, after the drug as much as after an active "
    "comparator: who gets which, people feel."
)
NARROW = (
    "After saline hardly anybody changes here and nobody's illness wanders, so that people differ "
    "too little and an effect size comes out large."
)


def single_mood_rows() -> Iterator[Figure]:
    yield from _under_anaesthesia()
    yield from _sos()
    yield from _pooled()
    yield from _first_hours()
    yield from _still_responding()
    yield from _lowest_dose()
    yield from _esketamine_by_vein()
    yield from _compounded_spray()
    yield found(
        row(
            "PD-X10",
            "0.5 mg/kg v saline, day 1, benefit",
            1.30,
            unit="SD",
            by=0.2,
            rule="within 0.2 SD [own]",
            used=Used.NO,
            source="Price 2022",
            grade="A",
            if_missed=NARROW,
        ),
        mt.effect_size(_against_saline(52, (1.0,)), 0),
    )


def _against_saline(patients: int, days: tuple[float, ...], mg_per_kg: float = 0.5) -> TrialResult:
    """As a trial's file means it: who gets saline expects little, who gets the drug feels it."""
    return trial((arm(0, patients, belief=INERT), arm(mg_per_kg, patients)), days)


def _under_anaesthesia() -> Iterator[Figure]:
    days = (1.0, 2.0, 3.0, 5.0, 7.0, 14.0)
    for dose, start, scores in (
        (0.0, (29.9, 7.0), (16.4, 17.5, 17.2, 16.9, 18.5, 16.2)),
        (0.5, (25.1, 8.3), (12.7, 15.1, 17.0, 16.9, 15.9, 16.9)),
    ):
        group = trial((arm(dose, 20, belief=STRONG),), days, start)
        for k, (day, score) in enumerate(zip(days, scores, strict=True)):
            published = points(
                "PD-X1",
                f"under anaesthesia, change by day {day:g}, {'0.5 mg/kg' if dose else 'placebo'}",
                round(score - start[0], 1),
                used=Used.NO if dose else Used.FITTED,
                source="Lii 2023",
                grade="A",
                if_missed="What was hoped under anaesthesia did not fade on placebo and did beside "
                "the drug; one rate of fading, set on another trial, stands between.",
            )
            yield found(published, mt.change(group, 0, k))
        if dose:
            published = _response("PD-X1", "under anaesthesia, day 1, 0.5 mg/kg", 60, "Lii 2023")
            yield found(published, mt.rate(group, 0, "response", 0))


def _response(
    name: str,
    what: str,
    value: float,
    source: str,
    *,
    grade: str = "A",
    used: Used = Used.NO,
    why: str = FADES,
) -> Published:
    return row(
        name, f"response, {what}", value, used=used, source=source, grade=grade, if_missed=why
    )


def _sos() -> Iterator[Figure]:
    """The regimen was not in hand: 0.5 mg/kg in 40 min."""
    result = _against_saline(27, (1.0, 4.0, 7.0))
    for k, (day, placebo, drug) in enumerate(((1, 4.0, 37.0), (4, 4.0, 41.0), (7, 11.0, 37.0))):
        for place, (name, value) in enumerate((("saline", placebo), ("0.5 mg/kg", drug))):
            published = _response(
                "PD-X2", f"day {day}, {name}", value, "Sos 2013", grade="B", why=SALINE
            )
            yield found(published, mt.rate(result, place, "response", k))


def _pooled() -> Iterator[Figure]:
    """Meta-analyses, most trials with saline."""
    result = _against_saline(117, (1.0, 3.0, 7.0))
    for k, (when, response, remission) in enumerate(
        (("24 h", 52.2, 20.6), ("72 h", 47.9, 23.8), ("7 d", 39.8, 26.2))
    ):
        for what, value in (("response", response), ("remission", remission)):
            published = row(
                "PD-X3",
                f"{what} at {when}, pooled, 0.5 mg/kg",
                value,
                used=Used.NO,
                source="Han 2016",
                grade="A",
                if_missed="Scales and cuts of remission differ between the trials pooled; a fall "
                "of response with no fall of remission has no place in one rate of fading.",
            )
            yield found(published, mt.rate(result, 1, what, k))
    hours = _against_saline(117, (0.8 * HOUR, 80 / 1440, 3.9 * HOUR, 1.0, 4.0, 7.0))
    for place, what, k, when, value in (
        (1, "response", 0, "40 to 60 min", 43.0),
        (1, "response", 2, "230 to 240 min", 59.0),
        (1, "response", 5, "day 7", 34.0),
        (0, "response", 0, "40 to 60 min", 0.0),
        (0, "response", 2, "230 to 240 min", 2.0),
        (0, "response", 5, "day 7", 8.0),
        (1, "remission", 1, "80 min", 18.0),
        (1, "remission", 3, "day 1", 34.0),
        (1, "remission", 4, "days 3 to 5", 20.0),
    ):
        published = row(
            "PD-X4",
            f"{what} at {when}, pooled, {('placebo', '0.5 mg/kg')[place]}",
            value,
            used=Used.LOOKED_AT if place else Used.FITTED,
            source="Kishimoto 2016",
            grade="B",
            if_missed=FADES if k > 2 else EARLY,
        )
        yield found(published, mt.rate(hours, place, what, k))
    zarate = _against_saline(18, (1.0,))
    for place, what, value in (
        (0, "response", 0.0),
        (1, "response", 71.0),
        (0, "remission", 0.0),
        (1, "remission", 29.0),
    ):
        published = row(
            "PD-X4",
            f"{what} at 24 h, {('saline', '0.5 mg/kg')[place]}",
            value,
            used=Used.LOOKED_AT,
            source="Zarate 2006",
            grade="B",
            if_missed="Eighteen patients; the pooled rate of such trials is lower.",
        )
        yield found(published, mt.rate(zarate, place, what, 0))


def _first_hours() -> Iterator[Figure]:
    result = trial((arm(0.5, 26),), (2 * HOUR, 230 / 1440, 4 * HOUR, 1.0, 3.0))
    for k, when, value, source in (
        (0, "120 min", 46.0, "Mathew 2010"),
        (1, "230 min", 43.0, "Duncan 2013"),
        (2, "240 min", 62.0, "Mathew 2010"),
        (3, "24 h", 65.0, "Mathew 2010"),
        (4, "day 3", 54.0, "Mathew 2010"),
    ):
        why = EARLY if k < 3 else FADES
        published = _response("PD-X5", f"open, {when}", value, source, grade="B", why=why)
        yield found(published, mt.rate(result, 0, "response", k))
    after = trial((arm(0.5, 24, days=SIX),), (2 * HOUR,))
    published = points(
        "PD-X6",
        "change 2 h after the first of six, open",
        -19.0,
        source="Murrough 2013b",
        grade="B",
        if_missed=EARLY,
    )
    yield found(published, mt.change(after, 0, 0))


def _still_responding() -> Iterator[Figure]:
    for name, dose, value in (("0.5 mg/kg", 0.5, 100 * 21 / 30), ("midazolam", 0.0, 100 * 4 / 7)):
        one = arm(dose, 47)
        params, seen = mt.followed(one, [1.0, 7.0])
        chance = chance_of_response(params, seen)
        kept = float((chance[:, 0] * chance[:, 1]).sum() / chance[:, 0].sum())
        published = row(
            "PD-X6",
            f"of responders at 24 h, responding on day 7, {name}",
            round(value, 1),
            used=Used.FITTED,
            source="Murrough 2013",
            grade="B",
            if_missed="One rate of fading of hope was set on both arms together.",
        )
        yield found(published, Predicted(value=100 * kept, low=None, high=None, of="no interval"))


def _lowest_dose() -> Iterator[Figure]:
    result = trial((arm(0, 19), arm(0.1, 18)), (1.0,))
    published = row(
        "PD-X7",
        "0.1 mg/kg v midazolam, day 1, benefit (HAM-D6 in print, MADRS here)",
        0.82,
        unit="SD",
        by=0.2,
        rule="within 0.2 SD [own]",
        used=Used.LOOKED_AT,
        source="Fava 2020",
        grade="A",
        if_missed="The smallest dose drives little here; on day 3 it was no better than midazolam.",
    )
    yield found(published, mt.effect_size(result, 0))


def _esketamine_by_vein() -> Iterator[Figure]:
    drug = [arm(dose, 10, drug=Drug.ESKETAMINE) for dose in (0.2, 0.4)]
    result = trial((arm(0, 10, belief=INERT), *drug), (3.0,))
    why = "Ten patients an arm; the higher dose was published as no better than the lower."
    for k, (name, change, response) in enumerate(
        (("placebo", -2.3, 0.0), ("0.2 mg/kg", -16.3, 67.0), ("0.4 mg/kg", -13.4, 64.0))
    ):
        published = points(
            "PD-X8",
            f"esketamine by vein, day 3, {name}: change",
            change,
            source="Singh 2016a",
            grade="B",
            if_missed=why,
        )
        yield found(published, mt.change(result, k, 0))
        published = _response(
            "PD-X8",
            f"esketamine by vein, day 3, {name}",
            response,
            "Singh 2016a",
            grade="B",
            why=why,
        )
        yield found(published, mt.rate(result, k, "response", 0))


def _compounded_spray() -> Iterator[Figure]:
    spray = Bolus(amount=BaseMass(50), starts_min=0, route=Route.NASAL)
    arms: tuple[Arm, ...] = (
        mt.given_as((), 18, belief=INERT),
        mt.given_as((spray,), 18),
    )
    result = trial(arms, (1.0,))
    for k, (name, value) in enumerate((("saline spray", 6.0), ("50 mg by nose", 44.0))):
        published = _response(
            "PD-X9",
            f"24 h, {name} (0.30 of it absorbed)",
            value,
            "Lapidus 2014",
            grade="B",
            why="How much of a compounded spray is absorbed differs several-fold by product, and "
            "levels come out low (PD-V18).",
        )
        yield found(published, mt.rate(result, k, "response", 0))
