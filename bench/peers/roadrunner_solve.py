"""libroadrunner: the model as SBML, compiled once, then CVODE for one person after the other."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import roadrunner

from bench.peers.question import AMOUNT_MG, LAST_MIN, LASTS_MIN, Bodies, Floats

NAME = "libroadrunner, CVODE"
FLOWS = (("a1", "a2", "k12"), ("a2", "a1", "k21"), ("a1", "a3", "k13"), ("a3", "a1", "k31"))


def _reaction(name: str, source: str, to: str, law: str) -> str:
    kept = 'stoichiometry="1" constant="true"'
    taken = f'<listOfReactants><speciesReference species="{source}" {kept}/></listOfReactants>'
    given = f'<listOfProducts><speciesReference species="{to}" {kept}/></listOfProducts>'
    return (
        f'<reaction id="{name}" reversible="false" fast="false">{taken if source else ""}'
        f'{given if to else ""}<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML">'
        f"{law}</math></kineticLaw></reaction>"
    )


def _times(rate: str, amount: str) -> str:
    return f"<apply><times/><ci>{rate}</ci><ci>{amount}</ci></apply>"


def _sbml() -> str:
    species = "".join(
        f'<species id="{one}" compartment="body" initialAmount="0" hasOnlySubstanceUnits="true" '
        'boundaryCondition="false" constant="false"/>'
        for one in ("a1", "a2", "a3")
    )
    values = "".join(
        f'<parameter id="{one}" value="0.1" constant="false"/>'
        for one in ("k10", "k12", "k21", "k13", "k31", "entering")
    )
    reactions = [_reaction(f"r{n}", a, b, _times(k, a)) for n, (a, b, k) in enumerate(FLOWS)]
    reactions.append(_reaction("leaves", "a1", "", _times("k10", "a1")))
    reactions.append(_reaction("enters", "", "a1", "<ci>entering</ci>"))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">'
        '<model id="three"><listOfCompartments><compartment id="body" size="1" '
        'spatialDimensions="3" constant="true"/></listOfCompartments>'
        f"<listOfSpecies>{species}</listOfSpecies><listOfParameters>{values}</listOfParameters>"
        f"<listOfReactions>{''.join(reactions)}</listOfReactions></model></sbml>"
    )


@cache
def _model() -> Any:
    model = roadrunner.RoadRunner(_sbml())
    model.integrator.setValue("relative_tolerance", 1e-7)
    model.integrator.setValue("absolute_tolerance", 1e-9)
    model.timeCourseSelections = ["a1"]
    return model


def solve(bodies: Bodies, people: int) -> Floats:
    model, levels = _model(), np.zeros((people, LAST_MIN + 1))
    for n in range(people):
        own = {name: float(values[n]) for name, values in bodies.items()}
        model.reset()
        model["k10"], model["k12"] = own["cl"] / own["v1"], own["q2"] / own["v1"]
        model["k13"], model["k21"] = own["q3"] / own["v1"], own["q2"] / own["v2"]
        model["k31"], model["entering"] = own["q3"] / own["v3"], AMOUNT_MG / LASTS_MIN
        levels[n, : LASTS_MIN + 1] = model.simulate(0, LASTS_MIN, LASTS_MIN + 1)[:, 0]
        model["entering"] = 0.0
        rest = LAST_MIN - LASTS_MIN
        levels[n, LASTS_MIN:] = model.simulate(LASTS_MIN, LAST_MIN, rest + 1)[:, 0]
    return levels / bodies["v1"][:people, None]
