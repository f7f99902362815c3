"""A proposal in words: why this one, and what its numbers rest on."""

from __future__ import annotations

from collections.abc import Sequence

from afterglow.core.dosing import device, muscle
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.drive import FELT_MIN
from afterglow.core.dosing.limits import Limits
from afterglow.core.dosing.mood_belief import MoodBelief
from afterglow.core.dosing.notes import of_medicines
from afterglow.core.dosing.options import Candidates, Option
from afterglow.core.dosing.proposal import AS_GOOD, Aim, expected
from afterglow.core.pharmacology.library import load_effect
from afterglow.core.pharmacology.outcomes import EVIDENCE_AGAINST, EVIDENCE_FOR
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import Route

NOTICED = 2 * AS_GOOD  # [own] of the starting score: a MADRS point
LONG_MIN = 240.0  # [own] a longer infusion leaves less than 8 h after it to sum over
OF_PEOPLE = (
    "Benefit is the mood model's mean over people, drug alone, as after a first session: "
    "provisional, calibrated by hand to group results, and no statement on this patient's mood."
)
OF_PATIENT = (
    "Benefit is what the sessions to come are expected to add for this patient, by the mood model "
    "and the scores of the course: exploratory."
)


def reasons(
    chosen: Option, neighbours: Sequence[Option], belief: Belief, limits: Limits
) -> tuple[str, ...]:
    sedation = ""
    if chosen.sedation_chance is not None and limits.moaa_s_chance is not None:
        sedation = (
            f", of MOAA/S {limits.moaa_s} or below {chosen.sedation_chance:.0%} "
            f"(limit {limits.moaa_s_chance:.0%})"
        )
    said = [
        f"{chosen} ({chosen.mg_per_kg:g} mg/kg): chance of CADSS above {limits.cadss:g} is "
        f"{chosen.cadss_chance:.0%} (limit {limits.cadss_chance:.0%}), of systolic above "
        f"{limits.systolic_mmhg:g} mmHg {chosen.systolic_chance:.0%} "
        f"(limit {limits.systolic_chance:.0%}){sedation}."
    ]
    said += [f"Not {one}: {one.why_not}" for one in neighbours if one.why_not]
    taught_by = belief.taught_by
    seen = sum(len(session.observations) for session in taught_by)
    if not seen:
        return (
            *said,
            "Nothing has been observed of this patient yet: the spread is a population's.",
        )
    sessions = "1 session" if len(taught_by) == 1 else f"{len(taught_by)} sessions"
    return (*said, f"Rests on {seen} observations in {sessions}.")


def little_expected(frontier: Sequence[Option]) -> tuple[str, ...]:
    """Said where hardly anything is expected of any allowed dose: a low one is then no answer."""
    most = max(expected(one) for one in frontier)
    if most >= NOTICED:
        return ()
    return (
        f"Of no allowed dose are {NOTICED:g} of the starting score expected in this patient, a "
        f"point of MADRS; the most is {most:.3f}. The dose is low because hardly more is "
        "expected of a higher one, not because it would be enough: question the treatment, not "
        "only the dose.",
    )


def notes(
    belief: Belief, limits: Limits, candidates: Candidates, aim: Aim, mood: MoodBelief | None
) -> tuple[str, ...]:
    if aim is Aim.EXPOSURE:  # worded as when such proposals were made
        return (*load_effect("exposure_proxy").caveats, *belief.assumptions)
    return (
        OF_PEOPLE if mood is None else OF_PATIENT,
        f"Of all within {AS_GOOD:g} of the most benefit, half a point of MADRS, the calmest is "
        "proposed [own].",
        *_days(candidates),
        *_cut_short(candidates),
        f"Long and low ranks well because drive saturates in this model, a hypothesis. "
        f"For it: {EVIDENCE_FOR} Against it: {EVIDENCE_AGAINST}",
        *sheet("mood").caveats,
        *limits.unset(candidates.routes),
        *(sheet("sedation").caveats if limits.moaa_s is not None else ()),
        *_routes(belief, candidates),
        *belief.assumptions,
        *of_medicines(belief.covariates, planned=True),
    )


def _days(candidates: Candidates) -> tuple[str, ...]:
    if not candidates.spacings_days:
        return ("Benefit is told as it is a day after the session.",)
    sessions = f"{candidates.sessions} session{'s' if candidates.sessions > 1 else ''}"
    return (
        f"Benefit is the mean over {candidates.over_days:g} days, with {sessions} to come, all "
        "alike.",
    )


def _cut_short(candidates: Candidates) -> tuple[str, ...]:
    if max(candidates.minutes, default=0.0) <= LONG_MIN:
        return ()
    return (
        f"Benefit and burden are summed over {FELT_MIN[-1] / 60:g} h from the start [own]: of "
        f"infusions above {LONG_MIN:g} min less of what comes after is counted.",
    )


def _routes(belief: Belief, candidates: Candidates) -> tuple[str, ...]:
    said = [
        muscle.note(belief.model, route)
        for route in candidates.routes
        if route in muscle.UNDER_OBSERVED
    ]
    if Route.SUBLINGUAL in candidates.routes:
        said += load_effect("nose_and_mouth").caveats
    if Route.NASAL in candidates.routes:
        said += device.NOTES
    return tuple(said)
