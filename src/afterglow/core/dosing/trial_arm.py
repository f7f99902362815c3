"""One arm of a virtual trial: what is expected of it, and what real arms of its size would show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from afterglow.core.dosing import outlook
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.trial_contrasts import Estimate, Told, estimate, numbers
from afterglow.core.dosing.trial_plan import Arm, Trial
from afterglow.core.dosing.trial_seen import Figures, Seen
from afterglow.core.dosing.virtual_people import Crowd, Population, like
from afterglow.core.dosing.virtual_sessions import undergone
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.refusal import Refusal

PEOPLE_FOR_INTERVALS = 400  # arms are drawn from these, for each setting of the sheet
ARMS_EACH, MOST_DRAWN = 10, 20_000  # real arms for each setting; people in them together
LEAST_KEPT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmResult:
    """What is seen of one arm. Rates are shares of 1; change is negative when people are better."""

    name: str
    mean_change: Estimate
    sd_change: tuple[float, ...]
    response: Estimate
    remission: Estimate
    relapse: Estimate  # of those who responded after the last session; 0 before it
    peak_cadss_first: tuple[float, float, float]  # drug-caused, 5th, 50th, 95th percentile
    peak_cadss_last: tuple[float, float, float]  # the same in the last session
    dose_mg: tuple[float, float, float]  # a session, lowest, mean and highest of the people
    mean_mg: tuple[float, ...]  # of each session
    qualified: float  # share of the people that the arm is told of; 1 where all go on


@dataclass(frozen=True, slots=True)
class Made:
    """One arm, computed."""

    result: ArmResult
    told: Told


def _crowd(who: Belief | Population, n: int, seed: int) -> Crowd:
    return who.crowd(n, seed) if isinstance(who, Population) else like(who, n, seed)


def arm_made(
    trial: Trial, who: Belief | Population, people: int, seed: int, draws: int, k: int
) -> Made | Refusal:
    """The arm at place `k`, by virtual `people` and so many `draws` of the mood sheet."""
    arm = trial.arms[k]
    crowds = _crowd(who, people, seed), _crowd(who, min(people, PEOPLE_FOR_INTERVALS), seed)
    everybody, some = (
        undergone(arm, crowd, (), partial(_told_of, crowd, seed)) for crowd in crowds
    )
    typical = Seen.of(trial, arm, crowds[0].leaning, everybody, seed, None)
    if arm.only and typical.kept.sum() < LEAST_KEPT:
        return _too_few(arm, typical)
    # Real arms are other people each; settings of the sheet are the same for all arms.
    dice = np.random.default_rng([seed, 3, k])
    samples: list[Figures] = []
    for draw in range(draws):
        numbers = sheet("mood").drawn(seed + 1 + draw)
        seen = Seen.of(trial, arm, crowds[1].leaning, some, seed, numbers)
        samples += [seen.sampled(arm.patients, dice) for _ in range(_times(arm))]
    expected = typical.means()
    return Made(
        _result(arm, expected, typical, samples), Told(arm.name, arm.patients, expected, samples)
    )


def _result(arm: Arm, expected: Figures, typical: Seen, samples: list[Figures]) -> ArmResult:
    rates = {
        key: estimate(getattr(expected, field), np.array([getattr(one, field) for one in samples]))
        for key, field in (
            ("mean_change", "change"),
            ("response", "response"),
            ("remission", "remission"),
            ("relapse", "relapse"),
        )
    }
    had = [
        one
        for one, session in zip(typical.sessions, arm.sessions, strict=True)
        if session.given.doses
    ]
    first, last = (had or typical.sessions)[0], (had or typical.sessions)[-1]
    mg = np.stack([one.dose_mg[typical.kept] for one in typical.sessions])
    of_drug = mg[[bool(session.given.doses) for session in arm.sessions]] if had else mg
    return ArmResult(
        name=arm.name,
        **rates,
        sd_change=numbers(expected.sd_change),
        peak_cadss_first=_spread(first.told["peak_cadss"][typical.kept]),
        peak_cadss_last=_spread(last.told["peak_cadss"][typical.kept]),
        dose_mg=(float(of_drug.min()), float(of_drug.mean()), float(of_drug.max())),
        mean_mg=numbers(mg.mean(axis=1)),
        qualified=float(typical.kept.mean()),
    )


def _times(arm: Arm) -> int:
    """How many real arms are drawn for each setting of the sheet: fewer of very large ones."""
    return max(1, min(ARMS_EACH, MOST_DRAWN // arm.patients))


def _too_few(arm: Arm, seen: Seen) -> Refusal:
    return Refusal(
        code="too-few-qualify",
        because=f"{seen.kept.sum()} of {seen.kept.size} virtual people qualify for {arm.name!r}.",
        remedy="Raise people, or take a qualification that more people reach.",
        source=f"at least {LEAST_KEPT} are needed to tell anything of them [own]",
    )


def _told_of(
    crowd: Crowd, seed: int, visit: Visit, at_min: Floats, levels: dict[str, Floats]
) -> dict[str, Floats]:
    """Dissociation grows with the effect site, so its peak is that of the site."""
    peak = levels[lv.DISSOCIATION_SITE].max(axis=0)[None, :]
    occasion = Occasion.drawn(crowd.size, seed + visit.number)
    return {"peak_cadss": outlook.cadss(peak, crowd.bodies, visit, occasion)[0]}


def _spread(values: Floats) -> tuple[float, float, float]:
    low, middle, high = np.percentile(values, [5, 50, 95])
    return float(low), float(middle), float(high)
