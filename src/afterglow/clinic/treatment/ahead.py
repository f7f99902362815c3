"""The question at the chair: if I pause or slow now, when will dissociation be under so much?

By what was believed when the plan was signed, as the curves are. Where today's ratings lie outside
what that belief expected, the answer says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from afterglow.clinic.chart.clock import at_clinic
from afterglow.clinic.chart.models import DoseGiven, Rating
from afterglow.clinic.chart.queries import dose_rows
from afterglow.clinic.planning.inputs import Inputs
from afterglow.clinic.planning.observed import baseline_before
from afterglow.clinic.planning.queries import inputs_of
from afterglow.clinic.record.models import CURRENT
from afterglow.clinic.treatment.answering import CADSS
from afterglow.clinic.treatment.expected import bands_now, doses, minute_of, run_on
from afterglow.clinic.treatment.models import Session
from afterglow.clinic.treatment.pump import Pump, pump_at
from afterglow.clinic.treatment.rules import policy_now, steps_of
from afterglow.clinic.treatment.steps import Steps
from afterglow.core.body import Baseline
from afterglow.core.care.schedule import Run
from afterglow.core.dosing.bands import Bands
from afterglow.core.dosing.bedside import Change, Wait, when_below
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import Dose
from afterglow.core.refusal import Refusal

RUNNING = ((0.0, "Pause now"), (0.5, "Half the rate from now"), (1.0, "Go on as now"))
BY_STEPS = ((0.0, "Pause now"), (0.5, "Half the rate from now"), (1.0, "Go on by the steps"))
PAUSED = ((0.0, "Give no more"), (0.5, "Go on at half the rate"), (1.0, "Go on at the last rate"))
OFF = ((0.0, "Give no more"), (0.5, "Go on at half the rate"), (1.0, "Go on by the steps"))
ALL_IN = ((0.0, "Nothing more is given"),)
DRAWS = 500  # three answers at once, while somebody waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A score one may ask about, with where it comes from."""

    points: float
    meaning: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One thing that could be done now, and when the score is then below for good."""

    label: str
    all_in_at: datetime | None  # when the last drug goes in, if any is still to come
    typical: str
    late: str  # 19 in 20 are there by then


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """The panel `treatment/_ahead.html`. `refusal` stands instead of `ways`."""

    at: datetime
    level: Level
    levels: tuple[Level, ...]
    ways: tuple[Way, ...]
    doubts: tuple[str, ...]
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every answer of one panel shares."""

    inputs: Inputs
    given: tuple[Dose, ...]
    baseline: Baseline
    at: datetime
    at_min: float
    points: float


def levels() -> tuple[Level, ...]:
    """The scores that are offered, highest first: the clinic's limit, talking, and gone."""
    limit, high = policy_now().protocol.cadss_peak_most, sheet("high")
    talks, gone = high["conversing_below"], high["gone_below"]
    return (
        Level(
            points=limit.value,
            meaning="the clinic’s limit",
            source=limit.source,
            grade=limit.grade.value,
        ),
        Level(
            points=talks.value, meaning="able to converse", source=talks.source, grade=talks.grade
        ),
        Level(points=gone.value, meaning="gone", source=gone.source, grade=gone.grade),
    )


def ahead_of(session: Session, *, at: datetime, below: float | None = None) -> Ahead | None:
    """The answer for each thing that could be done now. None before the dose and after the end."""
    rows = dose_rows(session.encounter, at=at)
    pump = pump_at(rows, planned_mg=session.plan.amount_mg, at=at)
    if pump.begun_at is None or session.is_ended:
        return None
    offered = levels()
    level = next((one for one in offered if one.points == below), offered[1])
    try:
        told = _answers(session, rows, pump, level, at=at)
        doubts = tuple(_doubts(session, rows, pump, at=at))
    except BadInput as error:  # advice only: the page that watches the patient must stand
        told, doubts = [_not_worked_out(error)], ()
    refusal = next((one for one in told if isinstance(one, Refusal)), None)
    ways = () if refusal else tuple(one for one in told if isinstance(one, Way))
    return Ahead(at=at, level=level, levels=offered, ways=ways, doubts=doubts, refusal=refusal)


def _answers(
    session: Session, rows: Sequence[DoseGiven], pump: Pump, level: Level, *, at: datetime
) -> list[Way | Refusal]:
    given, _ = doses(session, rows, pump, at=at)
    inputs = inputs_of(session.plan.proposal_id)
    baseline = baseline_before(session.patient, pump.begun_at or at) or inputs.facts.baseline
    asked = _Asked(inputs, tuple(given), baseline, at, minute_of(at, session), level.points)
    return _never(asked) or list(_ways(session, asked, steps_of(session, pump, at=at)))


def _not_worked_out(error: BadInput) -> Refusal:
    return Refusal(
        code="not-worked-out",
        because=f"No time can be told from what is recorded: {error}",
        remedy="Judge by the patient and the ratings.",
    )


def _offered(session: Session, steps: Steps) -> Sequence[tuple[float, str]]:
    if session.stage != Session.Stage.RUNNING or steps.pump.is_all_in:
        return ALL_IN
    if steps.is_stepped:
        followed = BY_STEPS if not steps.is_off else RUNNING
        return followed if steps.pump.is_running else OFF
    return RUNNING if steps.pump.is_running else PAUSED


def _never(asked: _Asked) -> list[Way | Refusal]:
    """Under the score that was rated at rest, nobody ever is."""
    if asked.baseline.cadss < asked.points:
        return []
    return [
        Refusal(
            code="below-the-baseline",
            because=f"Before the dose the score was {asked.baseline.cadss:g}: it is not expected "
            f"below {asked.points:g}.",
            remedy="Ask about a higher score.",
        )
    ]


def _ways(session: Session, asked: _Asked, steps: Steps) -> Iterator[Way | Refusal]:
    for share, label in _offered(session, steps):
        wait = _wait(asked, run_on(session, _runs(steps, share), asked.at))
        yield wait if isinstance(wait, Refusal) else _way(label, wait, asked)


def _runs(steps: Steps, share: float) -> tuple[Run, ...]:
    """What is still given. A rate set by hand stands, where no step of the plan is slower."""
    if share == 0:
        return ()
    return steps.to_come(at_most=share * steps.going_mg_per_min) if share < 1 else steps.to_come()


def _wait(asked: _Asked, to_come: Sequence[Dose]) -> Wait | Refusal:
    inputs, facts = asked.inputs, asked.inputs.facts
    if inputs.belief is None:
        return Refusal(
            code="no-belief",
            because="The plan was signed without a model: no time can be told.",
            remedy="Judge by the patient and the ratings.",
        )
    return when_below(
        inputs.belief,
        (*asked.given, *to_come),
        Change(at_min=asked.at_min, rate_share=1.0),
        asked.points,
        session_number=facts.session_number,
        baseline=asked.baseline,
        seed=facts.seed,
        draws=DRAWS,
        idle_days=inputs.idle_days,
    )


def _way(label: str, wait: Wait, asked: _Asked) -> Way:
    last = max((dose.ends_min for dose in wait.doses), default=asked.at_min)
    more_min = last - asked.at_min
    return Way(
        label=label,
        all_in_at=asked.at + timedelta(minutes=more_min) if more_min > 0.5 else None,
        typical=_when(wait.median_min, asked.at),
        late=_when(wait.p95_min, asked.at),
    )


def _when(wait_min: float | None, at: datetime) -> str:
    if wait_min is None:
        return "not within 3 hours of the last drug"
    if wait_min <= 0:
        return "stays below"
    then = at_clinic(at + timedelta(minutes=wait_min))
    return f"{then:%H:%M}, in {wait_min:.0f}\N{NO-BREAK SPACE}min"


def _doubts(
    session: Session, rows: Sequence[DoseGiven], pump: Pump, *, at: datetime
) -> Iterator[str]:
    """Why these times should not be relied on, if so."""
    mine = Rating.objects.filter(CURRENT, encounter_id=session.pk, scale=CADSS)
    newest = mine.filter(happened_at__gt=pump.begun_at).order_by("-happened_at").first()
    if newest is None:
        yield "No rating since the dose began: nothing of today has been held against these times."
        return
    yield from _old(newest, pump, at=at)
    yield from _unexpected(newest, session, rows, pump, at=at)


def _old(newest: Rating, pump: Pump, *, at: datetime) -> Iterator[str]:
    """A rating is old once the next round of measuring, with its grace, has gone by without one."""
    watch = policy_now().watch
    every = watch.iv_after_every_min if pump.is_all_in else watch.iv_during_every_min
    old_min = (at - newest.happened_at).total_seconds() / 60
    if old_min > every.value + watch.interval_grace_min.value:
        yield f"The last rating is {old_min:.0f} min old: these times rest on the model alone."


def _unexpected(
    newest: Rating, session: Session, rows: Sequence[DoseGiven], pump: Pump, *, at: datetime
) -> Iterator[str]:
    given, to_come = doses(session, rows, pump, at=at)
    minute = minute_of(newest.happened_at, session)
    bands = bands_now(session, (*given, *to_come), pump, at=at, until_min=int(minute) + 2)
    if not isinstance(bands, Bands):
        return
    series, n = bands.series["cadss"], round(minute)
    low, high = series.p5[n], series.p95[n]
    if low <= newest.value <= high:
        return
    word = "above" if newest.value > high else "below"
    yield (
        f"The rating of {newest.value:g} at {at_clinic(newest.happened_at):%H:%M} lies {word} what "
        f"was expected then ({low:.0f} to {high:.0f}): do not rely on these times."
    )
