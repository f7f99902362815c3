"""People such as one in seven hundred: what is forecast of them holds, though the prior pulls."""

import numpy as np
import pytest

from afterglow.core.dosing import outlook
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.outlook import Occasion, Visit
from afterglow.core.dosing.posterior import update
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import timeline
from tests.calibration.hidden import DAYS_BETWEEN, WAYS, Sitting, observed
from tests.core.people import RESTING, infusion, prior

PEOPLE, SESSIONS, OUT = 12, 3, 3.0  # deviations
SEEN = [WAYS[way] for way in ("CADSS", "systolic pressure", "pulse", "venous ketamine")]
VISIT = Visit(number=SESSIONS + 1, baseline=RESTING, idle_days=DAYS_BETWEEN)
MINUTES = np.arange(0.0, 121.0, 5.0)


def person(parameter, deviations, dice):
    """Someone of the prior who is so far out in one parameter, and in others as goes with it."""
    cov, at = np.array(prior().cov), prior().parameters.index(parameter)
    usual = prior().sample(1, int(dice.integers(2**32)))[:, 0]
    missing = deviations * cov[at, at] ** 0.5 - usual[at]
    return usual + cov[:, at] / cov[at, at] * missing


def peaks(deviations):
    """Expected highest CADSS and systolic pressure of the next session, (2, n)."""
    people, luck = prior().bodies(deviations), Occasion.none(deviations.shape[1])
    found = lv.levels(
        people, timeline([infusion()], MINUTES), lv.DISSOCIATION_SITE, lv.PRESSURE_SITE
    )
    cadss = outlook.cadss(found[lv.DISSOCIATION_SITE], people, VISIT, luck)
    systolic = outlook.systolic(found[lv.PRESSURE_SITE], people, VISIT, luck)
    return np.stack([cadss.max(axis=0), systolic.max(axis=0)])


def ranks(parameter, out):
    """Where each true peak lies among those of the draws, (trusted people, 2)."""
    found = []
    for n in range(PEOPLE):
        dice = np.random.default_rng([7, n])
        hidden = person(parameter, out, dice)
        seen = [
            observed(SEEN, Sitting(prior(), hidden, number, 35.0, dice))
            for number in range(1, SESSIONS + 1)
        ]
        learnt = update(prior(), seen, seed=n)
        if isinstance(learnt, Belief):
            found.append(np.mean(peaks(np.array(learnt.draws).T) < peaks(hidden[:, None]), axis=1))
    return np.array(found)


@pytest.mark.parametrize(
    ("parameter", "out"), [("dmax", -OUT), ("dmax", OUT), ("systolic_slope", OUT), ("cl", OUT)]
)
def test_the_next_sessions_peaks_of_a_patient_far_out_lie_within_their_band(parameter, out):
    found = ranks(parameter, out)
    assert len(found) >= PEOPLE - 1  # trusted
    within_95 = np.abs(found - 0.5) < 0.475
    # 85 % of far larger numbers; of twelve, chance alone leaves seven inside in 99.5 %.
    assert within_95.sum(axis=0).min() >= 7
