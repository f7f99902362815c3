"""Get the compiled loops ready before the first person waits for them."""

import numpy as np

from afterglow.core.body import Baseline, Covariates, Sex
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.observed import Pressure, Sampled, Scored, Sedated, SessionObserved
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.posterior import update
from afterglow.core.dosing.predict import predict_bands
from afterglow.core.dosing.propose import Candidates, Limits, propose
from afterglow.core.pharmacology.mechanism import cascade
from afterglow.core.pharmacology.mood import SessionDrive, course_along
from afterglow.core.pharmacology.mood_people import draw
from afterglow.core.quantity import Analyte, BaseMass, Bolus, Infusion, VenousLevel
from afterglow.core.refusal import Refusal

RESTING = Baseline(systolic_mmhg=120, pulse_per_min=70)
DOSES = (
    Infusion(amount=BaseMass(1), starts_min=0, lasts_min=2),
    Bolus(amount=BaseMass(1), starts_min=3),
)
SEEN = (
    Scored(at_min=2, cadss=1),
    Pressure(at_min=2, systolic_mmhg=121),
    Sedated(at_min=2, moaa_s=5),
    Sampled(at_min=2, level=VenousLevel(5, Analyte.KETAMINE)),
)


def warm() -> None:
    """Compile the engine's loops, or load them from disk. Call once when a process starts."""
    belief = prior_for(Covariates(age_years=40, weight_kg=70, sex=Sex.OTHER))
    if isinstance(belief, Refusal):
        return
    predict_bands(
        belief, DOSES, t_min=[0, 1, 4], session_number=1, baseline=RESTING, draws=100, seed=0
    )
    _learning(belief)
    _mood()
    _proposal(belief)


def _learning(belief: Belief) -> None:
    """The loops that walk to a best fit; what they make of so little is nothing."""
    session = SessionObserved(number=1, doses=DOSES, baseline=RESTING, observations=SEEN)
    update(belief, [session], seed=0, draws=100)


def _proposal(belief: Belief) -> None:
    """The loops that weigh options, and the population's benefit, which is kept."""
    propose(
        belief,
        limits=Limits(
            cadss=92,
            cadss_chance=1,
            systolic_mmhg=260,
            systolic_chance=1,
            ceiling_mg_per_kg=1,
            moaa_s=3,
            moaa_s_chance=1,
        ),
        candidates=Candidates(doses_mg=(1.0,), minutes=(40.0,)),
        session_number=1,
        baseline=RESTING,
        draws=100,
        seed=0,
    )


def _mood() -> None:
    """The loops of weeks and of the cascade, which no band of a session touches."""
    along = SessionDrive(at_day=0.0, t_min=np.array([0.0, 60.0]), drive=np.ones((2, 1)))
    course_along(draw(1, 0), [along], np.array([0.0, 1.0]))
    cascade(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
