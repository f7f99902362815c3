"""A published figure on mood, with the rules that most of them share."""

from __future__ import annotations

from afterglow.research.validation.figure import Published, Used, around

POINTS = 3.0  # MADRS points taken as met where no SD was published [own]


def row(
    name: str,
    what: str,
    value: float,
    *,
    unit: str = "%",
    by: float = 10.0,
    rule: str = "within 10 points",
    used: Used = Used.FITTED,
    source: str,
    grade: str,
    if_missed: str = "",
) -> Published:
    return Published(
        row=name,
        what=what,
        value=value,
        unit=unit,
        accept=around(value, by),
        rule=rule,
        used=used,
        source=source,
        grade=grade,
        if_missed=if_missed,
    )


def points(
    name: str,
    what: str,
    value: float,
    *,
    sd: float | None = None,
    used: Used = Used.NO,
    source: str,
    grade: str,
    if_missed: str,
) -> Published:
    """A change in MADRS points: met within half the published SD, or within 3 points."""
    return row(
        name,
        what,
        value,
        unit="MADRS points",
        by=POINTS if sd is None else sd / 2,
        rule="within 3 points [own]" if sd is None else "within half the published SD",
        used=used,
        source=source,
        grade=grade,
        if_missed=if_missed,
    )
