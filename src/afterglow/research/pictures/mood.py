"""Mood after one session and six, and how relapse is spread in time."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from afterglow.core.pharmacology.mood import Expectancy, MoodCourse, Pulses, course
from afterglow.core.pharmacology.mood_people import draw
from afterglow.core.pharmacology.outcomes import chance_of_relapse
from afterglow.core.pharmacology.sourced import sheet
from afterglow.research.figures import style
from afterglow.research.pictures.common import SEED, curve, dressed

PEOPLE = 2000
DAYS = np.arange(0.0, 61.0, 0.5)
SIX = (0.0, 2.0, 4.0, 7.0, 9.0, 11.0)


def _seen(days: tuple[float, ...], drive_h: float) -> MoodCourse:
    # Who is given the drug feels it, and knows.
    belief = Expectancy.STRONG_BELIEF if drive_h else Expectancy.ACTIVE_COMPARATOR
    people = draw(PEOPLE, SEED, expectancy=belief)
    pulses = Pulses(at_days=np.array(days), drive_h=np.full((PEOPLE, len(days)), drive_h))
    return course(people, pulses, DAYS)


@style.styled
def mood_picture() -> Figure:
    """Mean MADRS of a group, and the share relapsed with and without an oral drug."""
    drive = sheet("mood").value("reference_drive")
    figure, (left, right) = style.sheet(1, 2, 7.2, 3.6)
    for k, (label, days, given) in enumerate(
        (
            ("comparator", (0.0,), 0.0),
            ("one session", (0.0,), drive),
            ("six in 12 days", SIX, drive),
        )
    ):
        curve(left, DAYS, _seen(days, given).madrs.mean(axis=0), k, label)
    left.plot(1, 14.8, "k*", ms=9, label="observed, Murrough 2013")
    dressed(left, "0.5 mg/kg over 40 min: mean MADRS", "days", "points")
    year = np.arange(0.0, 366.0)
    gone = MoodCourse(
        t_days=year, **{name: np.zeros((1, year.size)) for name in _curves_of(MoodCourse)}
    )
    for k, oral in enumerate((False, True)):
        share = 100 * chance_of_relapse(gone, 0.0, oral_antidepressant=oral)[0]
        curve(right, year, share, k, "with an oral drug" if oral else "without")
    right.plot(273, 50, "k^", ms=8, label="SUSTAIN-1: half by 273 d")
    right.plot(119, 45.3, "ks", ms=7, label="SUSTAIN-1: 45 % by 17 weeks")
    right.plot(365, 70, "k*", ms=9, label="KetECT: 70 % by a year")
    dressed(right, "Relapsed, once plasticity has faded", "days", "% of responders")
    style.foot(figure, "Hand-calibrated to groups; the 45 and 70 % were not used (PD-V12, V21).")
    return figure


def _curves_of(kind: type[MoodCourse]) -> list[str]:
    return [name for name in kind.__slots__ if name != "t_days"]
