"""PK-V13 and PK-X1 to X3: what medicines, the liver, age and a compounded spray do to levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from afterglow.research.validation.figure import Figure, Predicted, Published, Used, found
from afterglow.research.validation.levels import AREA, Curve, Given, curve, published_level

VENOUS, NK_VENOUS = "venous_ng_per_ml", "norketamine_venous_ng_per_ml"
SWALLOWED = Given(mg=20, route="oral", drug="esketamine")
SPRAY_28 = Given(mg=28, route="nasal", drug="esketamine")
SPRAY_84 = Given(mg=84, route="nasal", drug="esketamine")
CLARITHROMYCIN = "10.1016/j.ejpain.2009.10.003"
GRAPEFRUIT = "10.1007/s00228-012-1214-9"
RIFAMPICIN = "10.1111/j.1742-7843.2012.00908.x"
TICLOPIDINE = "10.1038/clpt.2011.140"
LABEL = "product label"
COMPOUNDED = "10.1002/phar.2669, Table 6"
AS_A_MULTIPLE = "times"


def exposure_rows() -> Iterator[Figure]:
    yield from _swallowed_with()
    yield from _sprayed_with()
    yield from _liver_and_age()
    yield from _compounded()


def _ratio(published: Published, changed: Given, alone: Given, quantity: str, what: str) -> Figure:
    """One figure of a typical person over that of another."""
    seen = [curve(one, quantity, 720) for one in (changed, alone)]
    if words := next((one for one in seen if isinstance(one, str)), None):
        return found(published, words)
    more, less = (_read(one, what) for one in seen if isinstance(one, Curve))
    return found(published, _typical(more / less))


def _read(seen: Curve, what: str) -> float:
    return seen.whole_area if what == "area" else float(seen.typical.max())


def _typical(value: float) -> Predicted:
    return Predicted(value=value, low=None, high=None, of="typical person")


def _multiple(
    row: str, what: str, value: float, used: Used, source: str, grade: str, if_missed: str
) -> Published:
    return published_level(
        row,
        f"{what}, as a multiple",
        value,
        unit=AS_A_MULTIPLE,
        share=AREA,  # of a peak too: what blurs a peak blurs both
        used=used,
        source=source,
        grade=grade,
        if_missed=if_missed,
    )


def _swallowed_with() -> Iterator[Figure]:
    """Swallowed S-ketamine with a medicine over without; each factor was solved from an area."""
    gut = "One factor stands for gut wall and liver; the wall alone would raise the peak more."
    for name, what, value, used, source in (
        ("clarithromycin", "area", 2.6, Used.SOLVED, CLARITHROMYCIN),
        ("ticlopidine", "area", 2.4, Used.SOLVED, TICLOPIDINE),
        ("grapefruit", "area", 3.0, Used.SOLVED, GRAPEFRUIT),
        ("itraconazole", "area", 1.0, Used.SOLVED, TICLOPIDINE),
        ("rifampicin", "area", 0.14, Used.SOLVED, RIFAMPICIN),
        ("clarithromycin", "peak", 3.6, Used.NO, CLARITHROMYCIN),
        ("grapefruit", "peak", 2.1, Used.NO, GRAPEFRUIT),
    ):
        published = _multiple(
            "PK-V13", f"oral S-ketamine with {name}: {what}", value, used, source, "A", gut
        )
        changed = replace(SWALLOWED, medicines=(name,))
        yield _ratio(published, changed, SWALLOWED, VENOUS, what)
    for name, value, source in (
        ("clarithromycin", 0.46, CLARITHROMYCIN),
        ("grapefruit", 0.43, GRAPEFRUIT),
    ):
        yield _norketamine_share(name, value, source)


def _norketamine_share(name: str, value: float, source: str) -> Figure:
    """Area of norketamine over that of ketamine, with a medicine over without."""
    published = _multiple(
        "PK-V13",
        f"oral S-ketamine with {name}: norketamine over ketamine",
        value,
        Used.NO,
        source,
        "A",
        "An area of norketamine does not change here while all that is cleared becomes it.",
    )
    areas = []
    for given in (replace(SWALLOWED, medicines=(name,)), SWALLOWED):
        for quantity in (NK_VENOUS, VENOUS):
            seen = curve(given, quantity, 60)
            if isinstance(seen, str):
                return found(published, seen)
            areas.append(seen.whole_area)
    return found(published, _typical(areas[0] / areas[1] / (areas[2] / areas[3])))


def _sprayed_with() -> Iterator[Figure]:
    why = "Nearly all that passes the nose meets a liver whose flow, not its power, sets clearance."
    for what, value in (("area", 0.72), ("peak", 0.83)):
        published = _multiple(
            "PK-V13",
            f"spray of 28 mg with rifampicin: {what}",
            value,
            Used.NO,
            LABEL,
            "C",
            why,
        )
        changed = replace(SPRAY_28, medicines=("rifampicin",))
        yield _ratio(published, changed, SPRAY_28, VENOUS, what)


def _liver_and_age() -> Iterator[Figure]:
    """Of the label, unverified; age by the flow of the liver alone, as Perez-Ruixo has it."""
    power = (
        "One factor on the power of the liver was solved from the area; its flow is left as it is."
    )
    spared = replace(SPRAY_28, hepatic="child-pugh-b")
    for what, value, used in (("area", 2.03, Used.SOLVED), ("peak", 1.08, Used.NO)):
        published = _multiple(
            "PK-X1", f"spray of 28 mg, Child-Pugh B: {what}", value, used, LABEL, "C", power
        )
        yield _ratio(published, spared, SPRAY_28, VENOUS, what)
    slower = (
        "Only the flow of the liver falls with age here (Perez-Ruixo): that hardly moves a peak, "
        "and why the label's peaks are higher in the old is not known."
    )
    for who, age, peak, area in (
        ("75 years or more", 78.0, 1.67, 1.38),
        ("65 to 81 years", 72.0, 1.21, 1.18),
    ):
        for what, value in (("area", area), ("peak", peak)):
            published = _multiple(
                "PK-X2", f"esketamine spray, {who}: {what}", value, Used.NO, LABEL, "C", slower
            )
            yield _ratio(published, replace(SPRAY_84, age_years=age), SPRAY_84, VENOUS, what)


def _compounded() -> Iterator[Figure]:
    """A racemic spray: geometric means of single peaks, beside the typical person's."""
    little = "How much of a compounded spray is absorbed differs by product; 0.30 is assumed."
    dripped = "How much of a compounded spray drips into the gut is not known."
    for mg, ketamine, norketamine in (
        (10.0, 22.9, 17.8),
        (30.0, 60.8, 68.1),
        (50.0, 77.6, 105.0),
    ):
        for what, value, quantity, used, why in (
            ("peak", ketamine, VENOUS, Used.NO, little),
            ("peak of norketamine", norketamine, NK_VENOUS, Used.LOOKED_AT, dripped),
        ):
            published = published_level(
                "PK-X3",
                f"racemic spray of {mg:g} mg, {what}",
                value,
                used=used,
                source=COMPOUNDED,
                grade="A",
                if_missed=why,
            )
            seen = curve(Given(mg=mg, route="nasal"), quantity, 240)
            yield found(published, seen if isinstance(seen, str) else seen.peak())
