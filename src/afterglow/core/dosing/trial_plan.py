"""The plan of a virtual trial: who gets what, believing what, rated how and when."""

from __future__ import annotations

from dataclasses import dataclass

from afterglow.core.body import Baseline, within
from afterglow.core.dosing.outlook import Visit
from afterglow.core.dosing.virtual_given import Given
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.mood import Expectancy, Therapy
from afterglow.core.pharmacology.scales import Scale, from_madrs
from afterglow.core.quantity import Dose, Drug

# Rises are counted from rest; only their caps look at the resting value itself.
AT_REST = Baseline(systolic_mmhg=120, pulse_per_min=70)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One day on which something is given, counted from day 0."""

    day: float
    given: Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """What one group gets: the doses of one session (none for placebo), and on which days.

    `per_kg` reads every dose as mg per kg of body weight, at most `most_mg` a session.
    """

    name: str
    patients: int
    doses: tuple[Dose, ...]
    session_days: tuple[float, ...]
    expectancy: Expectancy
    new_antidepressant: bool = False
    therapy: tuple[Therapy, ...] = ()
    per_kg: bool = False
    most_mg: float | None = None
    bioavailability: float | None = None

    def __post_init__(self) -> None:
        within("patients", self.patients, 2, 100_000, "")
        if not self.session_days or list(self.session_days) != sorted(set(self.session_days)):
            raise BadInput(f"session_days of {self.name!r} must be ascending, one or more.")

    @property
    def given(self) -> Given:
        return Given(
            doses=self.doses,
            per_kg=self.per_kg,
            most_mg=self.most_mg,
            bioavailability=self.bioavailability,
        )

    @property
    def sessions(self) -> tuple[Session, ...]:
        given = self.given
        return tuple(Session(day=day, given=given) for day in self.session_days)

    @property
    def drugs(self) -> frozenset[Drug]:
        return frozenset(dose.drug for one in self.sessions for dose in one.given.doses)

    def visit(self, number: int) -> Visit:
        """The circumstances of one of its sessions, the first being 1."""
        before = self.session_days[max(number - 2, 0)]
        return Visit(
            number=number, baseline=AT_REST, idle_days=self.session_days[number - 1] - before
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The arms, the scale they are rated on, its baseline (mean, SD), and the days it is seen."""

    arms: tuple[Arm, ...]
    scale: Scale
    baseline: tuple[float, float]
    days: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.arms or len({arm.name for arm in self.arms}) < len(self.arms):
            raise BadInput("arms must be one or more, each with its own name.")
        if not self.days or list(self.days) != sorted(set(self.days)):
            raise BadInput("days must be ascending, one or more.")
        top = float(from_madrs(60.0, self.scale))
        within("baseline mean", self.baseline[0], 1.0, top, f"points on {self.scale}")
        within("baseline SD", self.baseline[1], 0.0, top / 2, f"points on {self.scale}")
