"""The whole trade-off of one patient, as `propose` weighs it: benefit against high."""

from __future__ import annotations

from dataclasses import replace

from matplotlib.figure import Figure

from afterglow.core.body import Baseline
from afterglow.core.dosing.options import AtOnce, Candidates, Option, Profile
from afterglow.core.dosing.propose import Limits, Proposal, propose
from afterglow.core.errors import BadInput
from afterglow.core.quantity import Route
from afterglow.research.figures import tradeoff
from afterglow.research.pictures.common import SEED, somebody

LIMITS = Limits(
    cadss=40,
    cadss_chance=0.1,
    systolic_mmhg=180,
    systolic_chance=0.05,
    moaa_s=3,
    moaa_s_chance=0.1,
    ceiling_mg_per_kg=1.0,
)
DOSES = (14.0, 21.0, 28.0, 35.0, 49.0, 63.0)
OFFERED = Candidates(
    doses_mg=DOSES,
    minutes=(40.0, 100.0),
    profiles=(Profile.CONSTANT, Profile.STEP_DOWN),
    at_once=(
        AtOnce(route=Route.INTRAMUSCULAR, doses_mg=DOSES),
        AtOnce(route=Route.SUBLINGUAL, doses_mg=(35.0, 70.0, 105.0, 140.0)),
    ),
)


def proposal_picture() -> Figure:
    """Two lengths of an infusion, two courses of its rate, muscle and tongue."""
    found = propose(
        somebody(),
        limits=LIMITS,
        candidates=OFFERED,
        session_number=1,
        baseline=Baseline(systolic_mmhg=122, pulse_per_min=70),
        seed=SEED,
        draws=400,
    )
    if not isinstance(found, Proposal):
        raise BadInput(str(found))
    beside = [one for one in (found.calmer, found.stronger) if one is not None]
    return tradeoff.draw(
        [_choice(one) for one in found.options],
        proposed=_choice(found.chosen),
        neighbours=[_choice(one) for one in beside],
        frontier=[_choice(one) for one in found.frontier],
        high_limit=LIMITS.cadss,
        limit_words=f"limit {LIMITS.cadss:g}, for {1 - LIMITS.cadss_chance:.0%} of peaks",
        high_words="worst in 20 of the peak of dissociation, CADSS-23 points",
        benefit_words="share of the starting score gone a day later",
        words="Before anything was seen of this patient, 70 kg. Benefit: a population's mean.",
    )


def _choice(one: Option) -> tradeoff.Choice:
    return tradeoff.Choice(
        row=str(replace(one, dose_mg=0.0)).removeprefix("0 mg ").removeprefix("over "),
        name=str(one),
        high=one.cadss_p95,
        benefit=one.benefit or 0.0,
        allowed=one.allowed,
    )
