"""The plan of a virtual trial: who gets what, believing what, rated how and when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from afterglow.core.body import Baseline, within
from afterglow.core.dosing.outlook import Visit
from afterglow.core.dosing.virtual_given import Given
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.mood import Expectancy, Therapy
from afterglow.core.pharmacology.scales import Scale, from_madrs, remission
from afterglow.core.pharmacology.sitting import is_compounded
from afterglow.core.quantity import Dose, Drug, Route

# Rises are counted from rest; only their caps look at the resting value itself.
AT_REST = Baseline(systolic_mmhg=120, pulse_per_min=70)
HALF_A_DAY_MIN = 720.0
# By needle a dose is felt within minutes, and whoever feels it knows what was given [own].
BY_NEEDLE = frozenset({Route.INTRAVENOUS, Route.INTRAMUSCULAR, Route.SUBCUTANEOUS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One day on which something is given, counted from day 0.

    `rungs` are what may be given: one thing, or several amounts of it, of which each person gets
    one (`Flexible`).
    """

    day: float
    rungs: tuple[Given, ...]

    @property
    def given(self) -> Given:
        return self.rungs[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Sessions of an arm that are given alike."""

    session_days: tuple[float, ...]
    given: Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Flexible:
    """A dose that goes up where it has not helped enough: everybody begins on the first rung.

    Before each of `at_sessions` (the first session being 1) a person goes up one rung unless the
    rated score has fallen by the share `fall` of its rated start.
    """

    rungs: tuple[Given, ...]
    at_sessions: tuple[int, ...]
    fall: float = 0.5

    def __post_init__(self) -> None:
        within("fall", self.fall, 0.05, 0.95, "(a share of the starting score)")
        if len(self.rungs) < 2:
            raise BadInput("rungs of a flexible dose must be two or more.")
        if not self.at_sessions or min(self.at_sessions) < 2:
            raise BadInput("at_sessions must be 2 or more: nothing is known before the first.")


class Qualifying(StrEnum):
    """Who goes on after the first part of a trial."""

    RESPONDERS = "responders"
    NONRESPONDERS = "nonresponders"
    REMITTERS = "remitters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """People of whom alone an arm is told: who were rated so on at least so many of these days.

    The last of the days is that of randomisation: relapse is counted from it.
    """

    who: Qualifying
    at_days: tuple[float, ...]
    at_least: int

    def __post_init__(self) -> None:
        if not self.at_days or list(self.at_days) != sorted(set(self.at_days)):
            raise BadInput("at_day must be one day, or several in ascending order.")
        within("at_least", self.at_least, 1, len(self.at_days), "of the days")


def _felt(dose: Dose) -> bool:
    """By needle, or by a compounded spray, which tastes; the device's placebo is bitter as well.

    With the device, whether dissociation was felt made no difference (Chen 2022).
    """
    return dose.route in BY_NEEDLE or is_compounded(dose.route, dose.drug)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """What one group gets: the doses of one session (none for placebo), and on which days.

    `expectancy` is what the trial's design lets its people expect, before they feel anything.
    `per_kg` reads every dose as mg per kg of body weight, at most `most_mg` a session. Sessions
    given otherwise stand in `steps`; with `flexible`, its first rung stands for `doses`.
    """

    name: str
    patients: int
    doses: tuple[Dose, ...] = ()
    session_days: tuple[float, ...] = ()
    expectancy: Expectancy
    new_antidepressant: bool = False
    therapy: tuple[Therapy, ...] = ()
    per_kg: bool = False
    most_mg: float | None = None
    bioavailability: float | None = None
    steps: tuple[Step, ...] = ()
    flexible: Flexible | None = None
    only: Only | None = None
    against: str | None = None  # the arm it is compared with; None: the trial's comparator

    def __post_init__(self) -> None:
        within("patients", self.patients, 2, 100_000, "")
        own, days = list(self.session_days), [one.day for one in self.sessions]
        if not days or own != sorted(own) or len(set(days)) < len(days):
            raise BadInput(f"session_days of {self.name!r} must be ascending, one or more.")
        if self.flexible and max(self.flexible.at_sessions) > len(days):
            raise BadInput(f"at_sessions of {self.name!r} must be 2 to {len(days)}.")

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
        """In the order of their days."""
        rungs = self.flexible.rungs if self.flexible else (self.given,)
        own = [Session(day=day, rungs=rungs) for day in self.session_days]
        others = [
            Session(day=day, rungs=(step.given,))
            for step in self.steps
            for day in step.session_days
        ]
        return tuple(sorted([*own, *others], key=lambda one: one.day))

    @property
    def ends_day(self) -> float:
        """The day of the last session; when its doses go in for more than half a day, their end."""
        last = self.sessions[-1]
        over = max((dose.ends_min for one in last.rungs for dose in one.doses), default=0.0)
        return last.day + (over / 1440.0 if over > HALF_A_DAY_MIN else 0.0)

    @property
    def every_given(self) -> tuple[Given, ...]:
        """All that anybody may be given in a session, each once."""
        return tuple(dict.fromkeys(one for session in self.sessions for one in session.rungs))

    @property
    def believed(self) -> Expectancy:
        """What its people come to believe, whatever the trial made them expect.

        Who feels the drug believes as strongly as the people of Lii 2023 did.
        """
        felt = any(_felt(dose) for one in self.every_given for dose in one.doses)
        if self.expectancy is Expectancy.NONE or not felt:
            return self.expectancy
        return Expectancy.STRONG_BELIEF

    @property
    def drugs(self) -> frozenset[Drug]:
        return frozenset(dose.drug for one in self.every_given for dose in one.doses)

    def visit(self, number: int) -> Visit:
        """The circumstances of one of its sessions, the first being 1.

        Only sessions with drug count for habituation.
        """
        day = self.sessions[number - 1].day
        earlier = [one.day for one in self.sessions[: number - 1] if one.given.doses]
        idle = day - earlier[-1] if earlier else 0.0
        return Visit(number=len(earlier) + 1, baseline=AT_REST, idle_days=idle)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The arms, the scale they are rated on, its baseline (mean, SD), and the days it is seen.

    Response is a fall by `response_fall` of the start; remission, `remission_at` or less (None: the
    cut of the scale). Arms are compared with the arm named by `against`; by default with the first
    that gets no drug, else the first.
    """

    arms: tuple[Arm, ...]
    scale: Scale
    baseline: tuple[float, float]
    days: tuple[float, ...]
    response_fall: float = 0.5
    remission_at: float | None = None
    against: str | None = None

    def __post_init__(self) -> None:
        if not self.arms or len({arm.name for arm in self.arms}) < len(self.arms):
            raise BadInput("arms must be one or more, each with its own name.")
        if not self.days or list(self.days) != sorted(set(self.days)):
            raise BadInput("days must be ascending, one or more.")
        top = float(from_madrs(60.0, self.scale))
        within("baseline mean", self.baseline[0], 1.0, top, f"points on {self.scale}")
        within("baseline SD", self.baseline[1], 0.0, top / 2, f"points on {self.scale}")
        within("response_fall", self.response_fall, 0.05, 0.95, "(a share of the starting score)")
        if self.remission_at is not None:
            within("remission_at", self.remission_at, 0.0, top, f"points on {self.scale}")
        names = [arm.name for arm in self.arms]
        for against in (self.against, *(arm.against for arm in self.arms)):
            if against not in (None, *names):
                raise BadInput(f"against must be the name of an arm, got {against!r}.")
        if alone := [arm.name for arm in self.arms if arm.against == arm.name]:
            raise BadInput(f"against of {alone[0]!r} must be another arm.")

    @property
    def remission_cut(self) -> float:
        own = self.remission_at
        return remission(self.scale).at_most if own is None else own

    @property
    def comparator(self) -> int:
        """The place of the arm that the others are compared with."""
        for k, arm in enumerate(self.arms):
            if arm.name == self.against or (self.against is None and not arm.drugs):
                return k
        return 0

    @property
    def comparisons(self) -> tuple[tuple[int, int], ...]:
        """Places of two arms, the first to be told less the second."""
        places = {arm.name: k for k, arm in enumerate(self.arms)}
        pairs = (
            (k, places[arm.against] if arm.against else self.comparator)
            for k, arm in enumerate(self.arms)
        )
        return tuple((k, against) for k, against in pairs if k != against)
