"""How much a scale has changed, and what that is called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from afterglow.core.body import within
from afterglow.core.care.policy import Policy, Threshold


class Scale(StrEnum):
    """The scales a course is followed on; a higher score is worse on each."""

    PHQ9 = "phq-9"
    GAD7 = "gad-7"
    QIDS = "qids-sr16"
    MADRS = "madrs"
    HAMD17 = "ham-d17"
    PCL5 = "pcl-5"
    BDI2 = "bdi-ii"

    @property
    def most(self) -> float:
        return _MOST[self]


_MOST = {
    Scale.PHQ9: 27,
    Scale.GAD7: 21,
    Scale.QIDS: 27,
    Scale.MADRS: 60,
    Scale.HAMD17: 52,
    Scale.PCL5: 80,
    Scale.BDI2: 63,
}


class Response(StrEnum):
    """Best first."""

    REMISSION = "remission"
    RESPONSE = "response"
    PARTIAL = "partial"
    NONE = "none"
    WORSE = "worse"

    @property
    def rank(self) -> int:
        return list(Response).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From `before` to `now`. `fraction` 0.5 is a fall by half; below 0 is worse."""

    scale: Scale
    before: float
    now: float
    points: float
    fraction: float
    response: Response
    rests_on: tuple[Threshold, ...]

    @property
    def text(self) -> str:
        turn = "fell" if self.points >= 0 else "rose"
        return (
            f"{self.scale.value.upper()} {turn} from {self.before:g} to {self.now:g} "
            f"({-100 * self.fraction:+.0f} %)"
        )


def remission_at_most(scale: Scale, policy: Policy) -> Threshold:
    """The highest score that is still remission."""
    c = policy.course
    return {
        Scale.PHQ9: c.phq9_remission_at_most,
        Scale.GAD7: c.gad7_remission_at_most,
        Scale.QIDS: c.qids_remission_at_most,
        Scale.MADRS: c.madrs_remission_at_most,
        Scale.HAMD17: c.hamd17_remission_at_most,
        Scale.PCL5: c.pcl5_remission_at_most,
        Scale.BDI2: c.bdi2_remission_at_most,
    }[scale]


def compare(scale: Scale, before: float, now: float, policy: Policy) -> Change:
    """What the change from baseline is called, by this scale's own rules.

    Remission needs an improvement too: somebody who began below the line has nothing to remit from.
    """
    within("before", before, 0, scale.most, "points")
    within("now", now, 0, scale.most, "points")
    points = before - now
    fraction = points / before if before else min(0.0, points)
    best = remission_at_most(scale, policy)
    return Change(
        scale=scale, before=before, now=now, points=points, fraction=fraction,
        response=_named(scale, now, points, fraction, policy),
        rests_on=(best, _response_line(scale, policy)),
    )  # fmt: skip


def _named(scale: Scale, now: float, points: float, fraction: float, policy: Policy) -> Response:
    if points < 0:
        return Response.WORSE
    if points == 0:
        return Response.NONE
    if now <= remission_at_most(scale, policy).value:
        return Response.REMISSION
    if _responds(scale, points, fraction, policy):
        return Response.RESPONSE
    return Response.PARTIAL if _noticeable(scale, points, fraction, policy) else Response.NONE


def _response_line(scale: Scale, policy: Policy) -> Threshold:
    c = policy.course
    return c.pcl5_meaningful_points if scale is Scale.PCL5 else c.response_percent


def _responds(scale: Scale, points: float, fraction: float, policy: Policy) -> bool:
    line = _response_line(scale, policy).value
    return points >= line if scale is Scale.PCL5 else 100 * fraction >= line - 1e-9


def _noticeable(scale: Scale, points: float, fraction: float, policy: Policy) -> bool:
    c = policy.course
    if scale is Scale.PCL5:
        return points >= c.pcl5_reliable_points.value
    return 100 * fraction >= c.early_percent.value - 1e-9
