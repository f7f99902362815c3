"""People, doses and sessions that several engine tests share."""

from afterglow.core.body import Baseline, Covariates, Sex
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.population import prior_for
from afterglow.core.quantity import BaseMass, Drug, Infusion, Route

SOMEONE = Covariates(age_years=40, weight_kg=70, sex=Sex.FEMALE, hypertension=False)
RESTING = Baseline(systolic_mmhg=122, pulse_per_min=70)


def prior(covariates: Covariates = SOMEONE) -> Belief:
    belief = prior_for(covariates)
    assert isinstance(belief, Belief), belief
    return belief


def infusion(
    mg: float = 35,
    minutes: float = 40,
    starts_min: float = 0,
    drug: Drug = Drug.KETAMINE,
    route: Route = Route.INTRAVENOUS,
) -> Infusion:
    amount = BaseMass(mg)
    return Infusion(amount=amount, starts_min=starts_min, lasts_min=minutes, drug=drug, route=route)
