"""What a reader of a forecast must know: the models' limits, and what was assumed of this case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from afterglow.core.body import Covariates
from afterglow.core.dosing.asked import Asked
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.case import Case
from afterglow.core.dosing.medicines import OTHER_MEDICINES
from afterglow.core.dosing.population import (
    DEFAULT_MODEL,
    liver_words,
    pressure_words,
    prior_for,
    size_words,
)
from afterglow.core.dosing.predict import route_notes
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import metabolites as mb
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.library import Model, load_effect
from afterglow.core.pharmacology.liver import MEDICINES, medicines_of
from afterglow.core.pharmacology.mechanism import NOTICE
from afterglow.core.pharmacology.sourced import sheet
from afterglow.core.quantity import Drug, Infusion, Route

VEIN, ARTERY = (lv.VENOUS, lv.VENOUS_S), (lv.ARTERIAL, lv.ARTERIAL_S)
SITES = (lv.DISSOCIATION_SITE, lv.PRESSURE_SITE)
LATE_MIN = 480.0  # sampling of the arterial core ended
PUSH_MIN = 5.0  # a dose quicker than this is a push, to the venous link
LINKED = (
    "Dissociation, pressure and arterial levels come from the venous course by the venous link "
    "turned round: a link fitted to 8 medians of another study [D]."
)
LINKED_POOLED = (
    "Venous levels and effects come from the pooled set taken as arterial, by a link fitted to 8 "
    "medians of another study [D]; S-ketamine is taken as its share of the dose."
)
RESEARCH_ONLY = (
    "Arketamine is for research only. R-ketamine had no part in dissociation (Olofsen 2022 [A]); "
    "that it leaves pressure alone rests on cardiac output (Kamp 2021 [A])."
)
PUSHED = (
    "In the first 5 min after a push no venous level can be relied on: use the arterial one for "
    "safety."
)
LATE = (
    "Times beyond 8 h after the last dose: simons_2022 has no deep compartment and falls too soon "
    '(half-life 3.2 h; 7 to 12 h reported). For residual levels ask model = "otto_2021" or '
    '"perezruixo_2021".'
)
NASAL_NORKETAMINE = "Norketamine of this model: peaks agree with print, areas do not [C]."
SEDATED = "MOAA/S counts the drug alone: on placebo 19 % were rated below 5 at some time [C]."
FELT = (
    "Bowdle's scale was measured up to 200 ng/mL (venous, racemic equivalents). A figure beyond is "
    "left out (null); in a mean, people beyond count as at 200."
)
IN_A_PLAN = {"clonidine": "clonidine: not counted; the rise of pressure may be overstated."}
READ = (
    "Mean, SD, percentiles and chances at the times asked for hold the error of measuring, where "
    "one is known (levels, CADSS, pressures, pulse); typical, areas and peaks (of a chance: that "
    "it is so at some time) do not, so that a chance at one time may lie above that of the peak."
)
STAND_IN = "Venous norketamine stands for arterial S-norketamine in cardiac output [own]."


def notes_on(case: Case, model: Model, told: Sequence[Asked]) -> list[str]:
    """Each once, the model's own first. `told`: the quantities that could be."""
    needs = {level for one in told for level in one.needs}
    said = [*model.caveats, *_of_people(case, model, needs), *of_medicines(case.covariates)]
    said += _of_doses(case, model)
    said += _of_quantities(model, told, needs)
    if case.residual:
        said.append(READ)
    return list(dict.fromkeys(said))


def _of_people(case: Case, model: Model, needs: set[str]) -> Iterator[str]:
    belief = prior_for(case.covariates, unverified=True)
    on_pressure = pressure_words(case.covariates)
    if model.id == DEFAULT_MODEL and isinstance(belief, Belief):
        yield from (one for one in belief.assumptions if one not in on_pressure)
    else:
        yield from (*size_words(case.covariates), *liver_words(case.covariates))
    if lv.PRESSURE_SITE in needs:
        yield from on_pressure
    if model.id == DEFAULT_MODEL:
        return
    own = VEIN if model.site == "venous" else ARTERY
    if needs.intersection({*VEIN, *ARTERY, *SITES} - set(own)):
        yield LINKED if model.site == "venous" else LINKED_POOLED


def of_medicines(covariates: Covariates, *, planned: bool = False) -> Iterator[str]:
    """Those the liver knows are told with the liver. A plan never counts on clonidine."""
    known = {**OTHER_MEDICINES, **(IN_A_PLAN if planned else {})}
    for name in sorted(medicines_of(covariates) - set(MEDICINES)):
        yield known.get(name, f"{name}: nothing is known of it here; it changes nothing.")


def _of_doses(case: Case, model: Model) -> Iterator[str]:
    by_core = model.id == DEFAULT_MODEL
    if by_core:
        yield from route_notes(timeline(case.doses, np.array([0.0])))
        if case.times_min[-1] > max(dose.ends_min for dose in case.doses) + LATE_MIN:
            yield LATE
    if case.doses[0].drug is Drug.ARKETAMINE:
        yield RESEARCH_ONLY
    if any(_is_push(dose.route, dose) for dose in case.doses):
        yield PUSHED


def _is_push(route: Route, dose: object) -> bool:
    quick = not isinstance(dose, Infusion) or dose.lasts_min < PUSH_MIN
    return route is Route.INTRAVENOUS and quick


def _of_quantities(model: Model, told: Sequence[Asked], needs: set[str]) -> Iterator[str]:
    names = {one.name for one in told}
    if model.id == "perezruixo_2021" and mb.VENOUS in needs:
        yield NASAL_NORKETAMINE
    if any("moaa_s" in name for name in names):
        yield from sheet("sedation").caveats
        yield SEDATED
    if "vas_high_percent" in names:
        yield FELT
    if mb.ARTERIAL_S in needs:
        yield from load_effect("cardiac_output").caveats
        if model.site == "venous":
            yield STAND_IN
    if lv.DISSOCIATION_SITE in needs:
        yield from load_effect("dissociation").caveats
    if lv.PRESSURE_SITE in needs:
        yield from load_effect("haemodynamics").caveats
    if any(one.exploratory for one in told):
        yield NOTICE
