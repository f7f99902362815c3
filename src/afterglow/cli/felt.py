"""The question of the field in rows: how high, for how long, when it is gone, by which source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from afterglow.core.pharmacology.bands import BANDS, edges
from afterglow.core.pharmacology.high import Finding, HighReport

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plain(report: HighReport) -> dict[str, Any]:
    """The report as plain JSON values."""
    return {
        "findings": [_finding(one) for one in report.findings()],
        "bands": list(_bands(report)),
        "band_at_peak": str(report.band_at_peak),
        "conversing": {"t_min": list(report.t_min), "chance": list(report.conversing_at)},
        "notes": list(report.notes),
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {**asdict(one), "unverified": one.is_unverified}


def _bands(report: HighReport) -> Iterator[dict[str, Any]]:
    """Every band with its edges, each edge's source, who peaks there and for how long."""
    upper = edges()
    for k, (band, edge) in enumerate(zip(BANDS, (*upper, upper[-1]), strict=True)):
        yield {
            "band": str(band),
            "from_ng_per_ml": upper[k - 1].value if k else 0.0,
            "below_ng_per_ml": upper[k].value if k < len(upper) else None,
            "chance_of_peak": report.band_chances[band],
            "minutes": report.minutes_in_band[band],
            "source": edge.source,
            "grade": edge.grade,
            "anchor": edge.where,
        }


def lines(told: Mapping[str, Any]) -> Iterator[str]:
    """What `plain` made, as a table for people."""
    yield f"{'':24}{'typical':>10}{'5th':>10}{'worst in 20':>13}  unit; grade; source"
    for one in told["findings"]:
        figures = f"{_figure(one['value']):>10}{_figure(one['low']):>10}{_figure(one['high']):>13}"
        yield f"{one['name']:24}{figures}  {one['unit']}; {_grade(one)}; {one['source']}"
        yield f"{'':24}{one['words']}"
    head = f"{'band at peak':24}{'from ng/mL':>10}{'chance':>10}{'minutes':>13}"
    yield f"\n{head}  grade; anchored on"
    for one in told["bands"]:
        mark = " <" if one["band"] == told["band_at_peak"] else ""
        chance = f"{one['chance_of_peak']:.0%}"
        yield (
            f"{one['band'] + mark:24}{one['from_ng_per_ml']:>10g}{chance:>10}"
            f"{one['minutes']:>13.0f}  {_grade(one)}; {one['anchor']}"
        )
    yield f"Source of the bands: {told['bands'][0]['source']}."


def rows(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Findings, then bands, as rows of one table."""
    kept = ("name", "value", "low", "high", "unit", "grade", "unverified", "source", "words")
    found = [{key: one[key] for key in kept} for one in told["findings"]]
    return found + [row for one in told["bands"] for row in _band_rows(one)]


def _band_rows(one: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, unit in (("chance_of_peak", "chance"), ("minutes", "min")):
        yield {
            "name": f"{name} in {one['band']}",
            "value": one[name],
            "low": None,
            "high": None,
            "unit": unit,
            "grade": one["grade"],
            "unverified": one["grade"] in ("C", "own"),
            "source": one["source"],
            "words": one["anchor"],
        }


def picture(told: Mapping[str, Any], words: str) -> Figure:
    from afterglow.research.figures import felt

    return felt.draw(
        chances={one["band"]: one["chance_of_peak"] for one in told["bands"]},
        minutes={one["band"]: one["minutes"] for one in told["bands"]},
        peaks_in=told["band_at_peak"],
        t_min=told["conversing"]["t_min"],
        conversing=told["conversing"]["chance"],
        words=words,
    )


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def _grade(one: Mapping[str, Any]) -> str:
    return f"[{one['grade']}]" + (" unverified" if one.get("unverified") else "")
