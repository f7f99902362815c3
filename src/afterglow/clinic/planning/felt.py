"""The question of the field for the dose on the dial: how high, for how long, and when is it gone?

The engine's report in rows for the screen, each with its source and grade. A turn of the dial
changes the cells and nothing else, so that a source that was opened stays open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from afterglow.clinic.planning.risk import chance_words, percent
from afterglow.core.pharmacology.bands import BANDS, Band, edges
from afterglow.core.pharmacology.high import Finding, HighReport

TIGHT = "\N{NO-BREAK SPACE}"
NEVER = "not reached"
NEVER_THERE = "never there"
LATER = "after {:.0f} min"
NO_ONE_YET = 0.005  # a share that rounds to 0 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One figure of the high: typical, and worst in 20 where it differs between people."""

    key: str
    label: str
    typical: str
    worst: str
    words: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One band of exposure, alcohol-like to anaesthetic, and how much of this dose is in it."""

    key: str
    label: str
    reach: str
    share: float  # of people whose own peak lies here
    chance: str
    minutes: str
    holds_peak: bool
    anchor: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Felt:
    """The high of one dose, ready for `planning/_felt.html`."""

    sentence: str
    rows: tuple[Said, ...]
    steps: tuple[Step, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """What a turn of the dial changes, by the key of each cell."""
        cells = {"sentence": self.sentence}
        for row in self.rows:
            cells |= {row.key: row.typical, f"{row.key}-worst": row.worst}
            cells |= {f"{row.key}-words": row.words}
        for step in self.steps:
            cells |= {f"{step.key}-chance": step.chance, f"{step.key}-minutes": step.minutes}
        peak = next(step.key for step in self.steps if step.holds_peak)
        return {"cells": cells, "shares": {s.key: s.share for s in self.steps}, "peak": peak}


def felt(report: HighReport) -> Felt:
    """What the page says of a report."""
    return Felt(
        sentence=_sentence(report),
        rows=tuple(_rows(report)),
        steps=tuple(_steps(report)),
        notes=report.notes,
    )


def _sentence(r: HighReport) -> str:
    """The answer in words that can be said to a colleague, or to the patient."""
    peak, talks = r.peak_dissociation, percent(r.conversing.value or 0.0)
    said = (
        f"As likely as not the peak stays below {peak.value:.0f} of 92 points; 1 time in 20 it "
        f"passes {peak.high:.0f}. The typical peak level is “{r.band_at_peak}”. Chance of staying "
        f"able to converse throughout: {talks}. {_gone_words(r.gone_at_min)}"
    )
    return said.replace(" %", f"{TIGHT}%").replace(" min", f"{TIGHT}min")


def _gone_words(gone: Finding) -> str:
    if gone.value is None:
        return "Half of the time it is not gone within what was looked at."
    if gone.value <= 0:
        return "Half of the time no dissociation worth the name is felt."
    late = "1 time in 20 it lasts longer than was looked at"
    last = late if gone.high is None else f"19 times in 20 after {gone.high:.0f} min"
    return f"Gone {gone.value:.0f} min after the start half of the time, {last}."


def _rows(r: HighReport) -> Iterator[Said]:
    until = r.t_min[-1]
    peak = replace(r.peak_dissociation, words="CADSS-23 points that the drug adds")
    yield _said("peak", "Dissociation at its peak", peak, "of 92")
    yield _minutes("peak-at", "Peaks at", r.peak_at_min, until)
    yield _minutes("begins", "Begins", r.begins_at_min, until, never=NEVER)
    yield _minutes("gone", "Gone", r.gone_at_min, until)
    yield _said("level", "Peak level, arm vein", r.band, "ng/mL")
    yield _feeling_high(r.vas_high)
    yield _conversing(r.conversing)
    yield _minutes("again", "Able to converse again", r.converses_again_at_min, until)


def _said(key: str, label: str, one: Finding, unit: str) -> Said:
    typical, worst = (f"{value:.0f} {unit}" for value in (one.value, one.high))
    return _row(key, label, one, typical, worst, one.words)


def _minutes(key: str, label: str, one: Finding, until: float, *, never: str | None = None) -> Said:
    """A time; `never` says what a missing one means, else it lies beyond what was looked at."""
    unseen = never or LATER.format(until)
    told = [unseen if v is None else f"{v:.0f} min" for v in (one.value, one.high)]
    if key == "gone" and one.value == 0:
        told[0] = NEVER_THERE
    worst = "" if key == "begins" else told[1]
    if key == "again":  # the engine tells this for 19 in 20 alone
        told, worst = [""], told[0]
    return _row(key, label, one, told[0], worst, one.words)


def _feeling_high(one: Finding) -> Said:
    label = "Feeling high, of the whole scale"
    if one.value is None or one.low is None or one.high is None:
        return _row("vas", label, one, "not known", "", one.words)
    words = f"{percent(one.low)} on the weakest item, {percent(one.high)} on the strongest"
    return _row("vas", label, one, percent(one.value), "", words)


def _conversing(one: Finding) -> Said:
    chance = one.value or 0.0
    words = f"{chance_words(chance)}; {one.words}"
    return _row("converses", "Stays able to converse", one, percent(chance), "", words)


def _row(key: str, label: str, one: Finding, typical: str, worst: str, words: str) -> Said:
    return Said(
        key=key,
        label=label,
        typical=typical,
        worst=worst,
        words=words,
        source=one.source,
        grade=one.grade,
    )


def _steps(r: HighReport) -> Iterator[Step]:
    upper = edges()
    for n, (band, edge) in enumerate(zip(BANDS, (*upper, upper[-1]), strict=True)):
        low = upper[n - 1].value if n else 0.0
        yield Step(
            key=str(band).replace(" ", "-"),
            label=str(band).capitalize(),
            reach=f"{low:g} to {edge.value:g}" if n < len(upper) else f"{low:g} and more",
            share=round(r.band_chances[band], 4),
            chance=_share(r.band_chances, band),
            minutes=f"{r.minutes_in_band[band]:.0f}",
            holds_peak=band is r.band_at_peak,
            anchor=edge.where,
            source=edge.source,
            grade=edge.grade,
        )


def _share(chances: Mapping[Band, float], band: Band) -> str:
    share = chances[band]
    return f"{100 * share:.0f} %" if share >= NO_ONE_YET else "–"
