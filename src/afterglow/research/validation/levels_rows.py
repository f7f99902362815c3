"""PK-V1 to PK-V12: published concentrations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from afterglow.core.pharmacology.library import load
from afterglow.research.validation.figure import (
    Figure,
    Predicted,
    Published,
    Used,
    found,
)
from afterglow.research.validation.levels import AREA, PEAK, Curve, Given, curve, published_level

VENOUS, ARTERIAL = "venous_ng_per_ml", "arterial_ng_per_ml"
NK_VENOUS = "norketamine_venous_ng_per_ml"
CHONG = "Chong 2006"
HOURS = (0.5, 1.0, 2.0, 3.0, 5.0, 6.0, 8.0, 10.0)
CHDR_K = (56.0, 27.0, 15.5, 11.5, 6.0, 4.2, 2.5, 1.8)
CHDR_NK = (10.0, 23.0, 20.0, 16.0, 12.0, 11.0, 8.0, 6.5)
SLOW_GUT = (
    "The way from the gut was fitted with swallowed esketamine in volunteers; it comes out slow "
    "and low for these small racemic doses."
)
FILM = "Simons 2022, Table 2"

Read = Callable[[Curve], Predicted]


def levels_rows() -> Iterator[Figure]:
    yield from _infusions()
    yield from _small_doses()
    yield from _volunteers()
    yield from _films_and_sprays()
    yield from _muscle_and_mouth()
    yield from _clearance()
    yield from _left_out()


def _read(published: Published, given: Given, quantity: str, how: Read) -> Figure:
    seen = curve(given, quantity)
    return found(published, seen if isinstance(seen, str) else how(seen))


def _at(t_min: float) -> Read:
    return lambda seen: seen.at(t_min)


def _infusions() -> Iterator[Figure]:
    half = Given(mg=35, minutes=40)
    for model, used in (
        ("default", Used.LOOKED_AT),
        ("otto_2021", Used.LOOKED_AT),
        ("kamp_2020_meta", Used.LOOKED_AT),
        ("domino_1982", Used.LOOKED_AT),
    ):
        by_artery = model != "default" and load(model).site != "venous"
        site = ARTERIAL if by_artery else VENOUS
        published = published_level(
            "PK-V1",
            f"0.5 mg/kg in 40 min, venous, at the end; {model}",
            185,
            used=used,
            source="Zarate 2006 via Zanos 2018",
            grade="B",
            if_missed="This set behaves as arterial at the end of an infusion; a vein lags.",
        )
        given = Given(mg=35, minutes=40, model=model)
        yield _read(published, given, site, _at(40))
    yield _read(
        Published(
            row="PK-V2",
            what="0.5 mg/kg in 40 min, venous, at 20 min",
            value=175,
            unit="ng/mL",
            accept=(100, 250),
            rule="the published range, 100 to 250; its middle is shown",
            used=Used.NO,
            source="Krystal 1994 via Zanos 2018",
            grade="B",
        ),
        half,
        VENOUS,
        _at(20),
    )


def _small_doses() -> Iterator[Figure]:
    yield found(
        published_level("PK-V3", "10 mg by vein, peak", 156, source=CHONG, grade="A"),
        "The minutes of the infusion are not in the abstract.",
    )
    yield _read(
        published_level(
            "PK-V4",
            "25 mg under the tongue, mean of peaks",
            28.6,
            source=CHONG,
            grade="A",
            if_missed="Only what the mucosa absorbs is followed, with the film's rate; a swallowed "
            "share is left out, and a troche is not a film.",
        ),
        Given(mg=25, route="sublingual"),
        VENOUS,
        lambda seen: seen.mean_of_peaks(),
    )
    yield _read(
        published_level(
            "PK-V4",
            "25 mg swallowed, mean of peaks",
            22.8,
            source=CHONG,
            grade="A",
            if_missed=SLOW_GUT,
        ),
        Given(mg=25, route="oral"),
        VENOUS,
        lambda seen: seen.mean_of_peaks(),
    )
    for route, what, value in (("sublingual", "under the tongue", 66), ("oral", "swallowed", 82)):
        yield _read(
            published_level(
                "PK-V4",
                f"25 mg {what}, mean of peaks of norketamine",
                value,
                source=CHONG,
                grade="A",
                if_missed="All that is not absorbed under the tongue is taken to be swallowed, and "
                "to become norketamine at the first pass.",
            ),
            Given(mg=25, route=route),
            NK_VENOUS,
            lambda seen: seen.mean_of_peaks(),
        )


def _volunteers() -> Iterator[Figure]:
    for model, quantity, values, used in (
        ("default", VENOUS, CHDR_K, Used.FITTED),
        ("otto_2021", VENOUS, CHDR_K, Used.FITTED),
        ("default", NK_VENOUS, CHDR_NK, Used.FITTED),
    ):
        given = Given(mg=10, minutes=30, drug="esketamine", weight_kg=68, model=model)
        seen = curve(given, quantity)
        for hour, value in zip(HOURS, values, strict=True):
            what = "norketamine" if quantity == NK_VENOUS else "S-ketamine"
            published = published_level(
                "PK-V5",
                f"S-ketamine 10 mg in 30 min: venous {what} at {hour:g} h; {model}",
                value,
                share=AREA if hour > 0.5 else PEAK,
                used=used,
                source="CHDR1311 in Otto 2021, Fig 3b and 4b, digitised",
                grade="B",
                if_missed="Read off a figure on a logarithmic axis; beyond 8 h the core has no "
                "deep compartment.",
            )
            yield found(published, seen if isinstance(seen, str) else seen.at(60 * hour))
    yield _read(
        published_level(
            "PK-V6",
            "S-ketamine 20 mg in 20 min, arterial, at the end",
            273,
            used=Used.FITTED,
            source="Simons, thesis p 21",
            grade="A",
        ),
        Given(mg=20, minutes=20, drug="esketamine", weight_kg=73),
        ARTERIAL,
        _at(20),
    )


def _films_and_sprays() -> Iterator[Figure]:
    film = Given(mg=50, route="sublingual", drug="esketamine", weight_kg=73)
    low = (
        "The engine follows the mucosal path alone; in the paper the swallowed path adds to the "
        "level."
    )
    for what, value, share, unit, read in (
        ("peak", 96.0, PEAK, "ng/mL", lambda seen: seen.peak()),
        ("area to 6 h", 8363 / 60, AREA, "ng h/mL", lambda seen: seen.area(360)),
    ):
        published = published_level(
            "PK-V7",
            f"S-ketamine film 50 mg, arterial, {what}",
            value,
            share=share,
            unit=unit,
            used=Used.FITTED,
            source=FILM,
            grade="B",
            if_missed=low,
        )
        yield _read(published, film, ARTERIAL, read)
    for mg, peak, area in ((28.0, 43.8, 147.0), (56.0, 72.5, 255.0), (84.0, 101.0, 362.0)):
        seen = curve(Given(mg=mg, route="nasal", drug="esketamine"), VENOUS, 1440)
        for what, value, unit in (("peak", peak, "ng/mL"), ("area to 24 h", area, "ng h/mL")):
            published = published_level(
                "PK-V8",
                f"esketamine spray {mg:g} mg, {what}",
                value,
                share=PEAK if what == "peak" else AREA,
                unit=unit,
                used=Used.FITTED,
                source="Perez-Ruixo 2021, Table 4",
                grade="B",
            )
            if isinstance(seen, str):
                yield found(published, seen)
            else:
                yield found(published, seen.peak() if what == "peak" else seen.area(1440))


def _muscle_and_mouth() -> Iterator[Figure]:
    for mg, minute, value in ((35.0, 30.0, 147.0), (70.0, 15.0, 474.0)):
        published = published_level(
            "PK-V9",
            f"{mg / 70:g} mg/kg into muscle, venous, at {minute:g} min",
            value,
            used=Used.FITTED,
            source="Hirlinger 1984",
            grade="A",
            if_missed="One rate of absorption, solved for another study's later peak, is too slow "
            "for these trauma patients: set limits for muscle on observed peaks.",
        )
        yield _read(published, Given(mg=mg, route="intramuscular"), VENOUS, _at(minute))
    yield _read(
        published_level(
            "PK-V10",
            "0.5 mg/kg swallowed, at 30 min",
            45,
            source="Grant 1981",
            grade="C",
            if_missed=f"{SLOW_GUT} That the dose was swallowed is itself inferred from a review.",
        ),
        Given(mg=35, route="oral"),
        VENOUS,
        _at(30),
    )


def _clearance() -> Iterator[Figure]:
    simons = load("simons_2022")
    cl = simons.for_weight(70.0)["cl"] * 1000 / 70
    for what, value, predicted in (
        ("S-ketamine", 18.4, cl),
        ("R-ketamine", 15.8, cl * simons.value("r_over_s_cl")),
    ):
        published = published_level(
            "PK-V11",
            f"clearance of {what}, 70 kg",
            value,
            share=AREA,
            unit="mL/min/kg",
            used=Used.SOLVED if what.startswith("R") else Used.NO,
            source="Wang 2019",
            grade="A",
        )
        sd = simons.parameters["cl"].sd
        edges = (predicted * 2.718281828 ** (sign * 1.645 * sd) for sign in (-1, 1))
        low, high = edges
        yield found(published, Predicted(value=predicted, low=low, high=high, of="90 % of people"))


def _left_out() -> Iterator[Figure]:
    yield found(
        published_level("PK-V12", "anaesthesia, plateau", 2211, source="Idvall 1979", grade="A"),
        "Rates varied from hour to hour and only their mean was published: not usable as a check.",
    )
