"""Every verb of the engine stops what cannot be meant, and refuses whom it was not fitted to."""

import math
import re
from dataclasses import replace

import pytest

from afterglow.core.body import Baseline, Covariates, Hepatic, Sex
from afterglow.core.dosing.bedside import Change, when_below
from afterglow.core.dosing.case import read_case
from afterglow.core.dosing.forecast import forecast
from afterglow.core.dosing.observed import (
    BelowLimit,
    Pressure,
    Pulse,
    Sampled,
    Scored,
    ScoredShort,
    Sedated,
    SessionObserved,
)
from afterglow.core.dosing.options import Candidates, Limits
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.posterior import update
from afterglow.core.dosing.predict import predict_bands
from afterglow.core.dosing.propose import propose
from afterglow.core.dosing.trial import run
from afterglow.core.dosing.trial_plan import Arm, Trial
from afterglow.core.dosing.virtual_people import Population, Spread
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.mood import Expectancy
from afterglow.core.pharmacology.scales import Scale
from afterglow.core.quantity import (
    Analyte,
    ArterialLevel,
    BaseMass,
    Bolus,
    Drug,
    Infusion,
    Route,
    VenousLevel,
)
from afterglow.core.refusal import Refusal
from tests.core.people import RESTING, SOMEONE, infusion, prior

NAN = math.nan
LIMITS = Limits(
    cadss=20, cadss_chance=0.2, systolic_mmhg=180, systolic_chance=0.05, ceiling_mg_per_kg=0.75
)
CANDIDATES = Candidates(doses_mg=(20.0, 35.0), minutes=(40.0,))
SPRAY = Bolus(amount=BaseMass(28), starts_min=0, drug=Drug.ESKETAMINE, route=Route.NASAL)
VENOUS = VenousLevel(200.0, Analyte.KETAMINE)


def someone(**changes):
    return replace(SOMEONE, **changes)


def predicted(belief=None, doses=None, **changes):
    asked = {"t_min": [0, 20, 40], "session_number": 1, "baseline": RESTING, "seed": 1}
    given = [infusion()] if doses is None else doses
    return predict_bands(belief or prior(), given, **{**asked, "draws": 100, **changes})


def learnt(*seen, doses=None, **changes):
    session = SessionObserved(
        number=1, doses=tuple(doses or [infusion()]), baseline=RESTING, observations=seen
    )
    return update(prior(), [session], **{"seed": 1, "draws": 200, **changes})


def proposed(**changes):
    asked = {"limits": LIMITS, "candidates": CANDIDATES, "session_number": 1, "baseline": RESTING}
    return propose(prior(), **{**asked, "seed": 1, "draws": 100, **changes})


def waited(doses=None, at_min=20.0, below=4.0, **changes):
    asked = {"session_number": 1, "baseline": RESTING, "seed": 1, "draws": 100}
    given = [infusion()] if doses is None else doses
    return when_below(prior(), given, Change(at_min=at_min), below, **{**asked, **changes})


def case(**changes):
    raw = {
        "patient": {"age_years": 45, "weight_kg": 70, "sex": "female"},
        "drug": {"name": "ketamine"},
        "dose": [
            {"route": "intravenous", "amount_mg": 35, "start_min": 0, "duration_min": 40},
        ],
        "output": {"times_min": [0, 40], "quantities": ["venous_ng_per_ml"]},
        "options": {"patients": 100},
    }
    for where, value in changes.items():
        table, key = where.split("__")
        (raw[table][0] if table == "dose" else raw[table])[key] = value
    return read_case(raw)


def arm(**changes):
    asked = {"name": "drug", "patients": 20, "doses": (infusion(),), "session_days": (0.0,)}
    return Arm(**{**asked, "expectancy": Expectancy.INERT, **changes})


def tried(one=None, who=None, **changes):
    plan = Trial(arms=(one or arm(),), scale=Scale.MADRS, baseline=(32.0, 5.0), days=(1.0,))
    return run(plan, who or prior(), **{"seed": 1, "people": 100, "draws": 20, **changes})


CANNOT_BE_MEANT = {
    "prior_for: grams": (lambda: prior_for(someone(weight_kg=7000)), "weight_kg must be 20 to 350"),
    "prior_for: months": (lambda: prior_for(someone(age_years=480)), "age_years must be 0 to 120"),
    "prior_for: NaN": (lambda: prior_for(someone(age_years=NAN)), "age_years must be 0 to 120"),
    "prior_for: metres": (lambda: prior_for(someone(height_cm=1.7)), "height_cm must be 100 to"),
    "prior_for: model": (lambda: prior_for(SOMEONE, model="mine"), "model must be one of clem"),
    "predict: order": (lambda: predicted(t_min=[40, 20]), "t_min must be in ascending order"),
    "predict: twice": (lambda: predicted(t_min=[20, 20]), "t_min must be in ascending order"),
    "predict: NaN": (lambda: predicted(t_min=[0, NAN]), "t_min must be 0 to 10080 min, finite"),
    "predict: before": (lambda: predicted(t_min=[-1, 5]), "t_min must be 0 to 10080 min"),
    "predict: no times": (lambda: predicted(t_min=[]), "t_min must hold 1 to 5000 times"),
    "predict: session": (lambda: predicted(session_number=0), "session_number must be 1 to 1000"),
    "predict: draws": (lambda: predicted(draws=5), "draws must be 100 to 20000"),
    "predict: idle": (lambda: predicted(idle_days=-1), "idle_days must be 0 to 36500 days"),
    "dose: NaN": (lambda: infusion(NAN), "A drug amount must be 0 mg or more, got nan"),
    "dose: negative": (lambda: infusion(-35), "A drug amount must be 0 mg or more, got -35"),
    "dose: no minutes": (lambda: infusion(35, 0), "lasts_min must be more than 0"),
    "dose: NaN minutes": (lambda: infusion(35, NAN), "lasts_min must be more than 0"),
    "dose: early": (lambda: infusion(35, 40, -5), "starts_min must be 0 or more"),
    "dose: drug": (lambda: infusion(drug="aspirin"), "drug must be one of ketamine, esketamine"),
    "baseline: kPa": (
        lambda: Baseline(systolic_mmhg=16, pulse_per_min=70),
        "systolic_mmhg must be 60 to 260 mmHg",
    ),
    "update: score": (lambda: learnt(Scored(at_min=40, cadss=108)), "cadss must be 0 to 92"),
    "update: NaN": (lambda: learnt(Scored(at_min=40, cadss=NAN)), "cadss must be 0 to 92"),
    "update: when": (lambda: learnt(Scored(at_min=-1, cadss=5)), "at_min must be 0 to 10080 min"),
    "update: short": (lambda: learnt(ScoredShort(at_min=4, cadss_6=25)), "cadss_6 must be 0 to 24"),
    "update: cuff": (
        lambda: learnt(Pressure(at_min=40, systolic_mmhg=16)),
        "systolic_mmhg must be 40 to 300",
    ),
    "update: pulse": (lambda: learnt(Pulse(at_min=40, per_min=NAN)), "per_min must be 20 to 250"),
    "update: alert": (lambda: learnt(Sedated(at_min=40, moaa_s=6)), "moaa_s must be 0 to 5"),
    "update: level": (
        lambda: VenousLevel(NAN, Analyte.KETAMINE),
        "A concentration must be 0 ng/mL or more, got nan",
    ),
    "update: limit": (
        lambda: BelowLimit(at_min=9, limit=VenousLevel(5000, Analyte.KETAMINE)),
        "limit must be 0.01 to 1000 ng/mL",
    ),
    "update: no dose": (
        lambda: SessionObserved(number=1, doses=(), baseline=RESTING, observations=()),
        "doses must hold at least one dose",
    ),
    "update: draws": (lambda: learnt(Scored(at_min=40, cadss=9), draws=1), "draws must be 100 to"),
    "propose: limit": (
        lambda: proposed(limits=replace(LIMITS, cadss=NAN)),
        "cadss must be 0 to 92",
    ),
    "propose: chance": (
        lambda: proposed(limits=replace(LIMITS, cadss_chance=20)),
        "cadss_chance must be 0 to 1",
    ),
    "propose: grams": (
        lambda: proposed(candidates=replace(CANDIDATES, doses_mg=(35000.0,))),
        "doses_mg must be 0.5 to 500 mg",
    ),
    "propose: hours": (
        lambda: proposed(candidates=replace(CANDIDATES, minutes=(0.7,))),
        "minutes must be 2 to 480 min",
    ),
    "propose: draws": (lambda: proposed(draws=1), "draws must be 100 to 20000"),
    "when: below": (lambda: waited(below=93), "cadss_below must be 0 to 92"),
    "when: NaN": (lambda: waited(below=NAN), "cadss_below must be 0 to 92"),
    "when: at": (lambda: waited(at_min=NAN), "at_min must be 0 to 10080"),
    "when: share": (lambda: Change(at_min=5, rate_share=2), "rate_share must be 0 to 1"),
    "forecast: drug": (lambda: case(drug__name="aspirin"), "drug.name must be one of ketamine"),
    "forecast: route": (lambda: case(dose__route="rectal"), "route must be one of"),
    "forecast: salt": (lambda: case(dose__form="sulphate"), "form must be base or hydrochloride"),
    "forecast: amount": (lambda: case(dose__amount_mg=NAN), "amount_mg must be"),
    "forecast: grams": (lambda: case(patient__weight_kg=7000), "weight_kg must be 20 to 350 kg"),
    "forecast: order": (lambda: case(output__times_min=[40, 0]), "times_min must be in ascending"),
    "forecast: model": (lambda: case(options__model="mine"), "options.model must be one of"),
    "forecast: percentile": (lambda: case(output__percentiles=[105]), "percentiles must be 0 to"),
    "trial: arm": (lambda: tried(arm(patients=1)), "patients must be 2 to 100000"),
    "trial: order": (lambda: tried(arm(session_days=(3.0, 0.0))), "must be ascending"),
    "trial: people": (lambda: tried(people=1), "people must be 100 to 20000"),
    "trial: baseline": (
        lambda: Trial(arms=(arm(),), scale=Scale.MADRS, baseline=(NAN, 5.0), days=(1.0,)),
        "baseline mean must be 1 to 60",
    ),
    "trial: days": (
        lambda: Trial(arms=(arm(),), scale=Scale.MADRS, baseline=(32.0, 5.0), days=(7.0, 1.0)),
        "days must be ascending",
    ),
}


@pytest.mark.parametrize("name", CANNOT_BE_MEANT)
def test_what_cannot_be_meant_is_a_sentence_with_the_field_and_its_range(name):
    done, says = CANNOT_BE_MEANT[name]
    with pytest.raises(BadInput, match=re.escape(says)):
        done()


def population(**changes):
    who = {
        "age_years": Spread(mean=45, sd=10, low=20, high=79),
        "weight_kg": Spread(mean=80, sd=10, low=50, high=140),
        "female_share": 0.5,
    }
    return Population(**{**who, **changes})


CHILD = Covariates(age_years=12, weight_kg=40, sex=Sex.FEMALE)
REFUSED = {
    "prior_for: a child": (lambda: prior_for(CHILD), "outside-model"),
    "prior_for: too heavy": (lambda: prior_for(someone(weight_kg=200)), "outside-model"),
    "prior_for: too old": (lambda: prior_for(someone(age_years=85)), "outside-model"),
    "prior_for: liver": (
        lambda: prior_for(someone(hepatic=Hepatic.CHILD_PUGH_C)),
        "hepatic-not-modelled",
    ),
    "prior_for: medicine": (
        lambda: prior_for(someone(medicines=("rifampicin",))),
        "interaction-not-modelled",
    ),
    "predict: spray": (lambda: predicted(doses=[SPRAY]), "route-not-modelled"),
    "predict: drug": (
        lambda: predicted(prior_for(SOMEONE, model="otto_2021"), [infusion(drug=Drug.ARKETAMINE)]),
        "route-not-modelled",
    ),
    "update: sample before": (
        lambda: learnt(Sampled(at_min=0, level=VENOUS)),
        "sample-before-dose",
    ),
    "update: before a late dose": (
        lambda: learnt(Sampled(at_min=20, level=VENOUS), doses=[infusion(starts_min=30)]),
        "sample-before-dose",
    ),
    "update: venous norketamine": (
        lambda: learnt(Sampled(at_min=60, level=VenousLevel(50.0, Analyte.NORKETAMINE))),
        "level-not-modelled",
    ),
    "update: nothing": (learnt, "nothing-observed"),
    "update: spray": (
        lambda: learnt(Scored(at_min=40, cadss=9), doses=[SPRAY]),
        "nothing-observed",
    ),
    "update: compounded spray": (
        lambda: learnt(Scored(at_min=40, cadss=9), doses=[replace(SPRAY, drug=Drug.KETAMINE)]),
        "route-not-modelled",
    ),
    "propose: hard cap": (
        lambda: proposed(candidates=replace(CANDIDATES, doses_mg=(80.0,))),
        "above-hard-cap",
    ),
    "propose: no safe dose": (
        lambda: proposed(limits=replace(LIMITS, cadss=0.0, cadss_chance=0.0)),
        "no-safe-dose",
    ),
    "when: spray": (lambda: waited(doses=[SPRAY]), "route-not-modelled"),
    "trial: arketamine": (
        lambda: tried(arm(doses=(infusion(drug=Drug.ARKETAMINE),))),
        "mood-not-modelled",
    ),
    "trial: too close": (lambda: tried(arm(session_days=(0.0, 0.5))), "sessions-too-close"),
    "trial: children": (
        lambda: tried(who=population(age_years=Spread(mean=12, sd=1, low=8, high=17))),
        "outside-model",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_beyond_what_is_known_is_a_refusal_with_a_remedy(name):
    done, code = REFUSED[name]
    answer = done()
    assert isinstance(answer, Refusal), answer
    assert answer.code == code
    assert answer.because
    assert answer.remedy


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"patient__age_years": 12, "patient__weight_kg": 40}, "outside-model"),
        ({"options__model": "otto_2021", "dose__route": "oral"}, "route-not-modelled"),
        ({"options__model": "domino_1982", "drug__name": "esketamine"}, "route-not-modelled"),
        ({"patient__hepatic": "child-pugh-c"}, "hepatic-not-modelled"),
        ({"output__quantities": ["cadss_23"], "options__model": "domino_1982"}, "quantity-not"),
    ],
)
def test_a_forecast_beyond_what_is_known_says_so_and_gives_no_number(changes, code):
    answer = forecast(case(**changes))
    assert answer["refusal"]["code"].startswith(code)
    assert answer["quantities"] == {}


def test_an_arterial_sample_and_a_venous_one_teach_different_things():
    at_artery = learnt(Sampled(at_min=40, level=ArterialLevel(200.0, Analyte.KETAMINE)))
    at_vein = learnt(Sampled(at_min=40, level=VENOUS))
    assert not isinstance(at_artery, Refusal)
    assert not isinstance(at_vein, Refusal)
    assert at_artery.mean != at_vein.mean


def test_an_infusion_that_is_salt_must_say_so():
    told = case(dose__form="hydrochloride", dose__amount_mg=100).doses[0]
    assert isinstance(told, Infusion)
    assert told.amount.mg == pytest.approx(86.7, abs=0.05)
