"""What each drug model says of one dose, and what the way in and the liver make of it."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from afterglow.core.body import Covariates, Sex
from afterglow.core.pharmacology import crowd, library
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.library import Model
from afterglow.core.pharmacology.liver import gut_share
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.quantity import BaseMass, Bolus, Dose, Drug, Infusion, Route
from afterglow.research.figures import style
from afterglow.research.pictures.common import (
    PEOPLE,
    SEED,
    curve,
    dressed,
    followed,
    middle_and_band,
)

TIMES = np.arange(0.0, 361.0, 4.0)
MINUTES, LEVEL = "minutes from the start", "ng/mL"
HALF_MG_PER_KG = 35.0
ZARATE = (40.0, 185.0)  # venous peak of 0.5 mg/kg, PK-V1


def by_vein(drug: Drug) -> Dose:
    return Infusion(amount=BaseMass(HALF_MG_PER_KG), starts_min=0, lasts_min=40, drug=drug)


def _of(model: Model, doses: list[Dose]) -> dict[str, Floats]:
    who = Covariates(age_years=45, weight_kg=70, sex=Sex.FEMALE)
    people = crowd.draw(model, model.for_person(who), PEOPLE, SEED)
    return crowd.levels(model, people, doses, TIMES)


@style.styled
def model_picture(model_id: str) -> Figure:
    """35 mg over 40 min into a vein: each analyte, median and 90 % of people."""
    model = library.load(model_id)
    drug = Drug(model.drugs[0])
    figure, (panel,) = style.sheet(1, 1, 6.4, 3.4)
    for k, (analyte, people) in enumerate(_of(model, [by_vein(drug)]).items()):
        middle, band = middle_and_band(people)
        curve(panel, TIMES, middle, k, analyte, band if np.ptp(band, axis=0).max() > 0 else None)
    if model.site == "venous" and drug is Drug.KETAMINE:
        panel.plot(*ZARATE, "k*", ms=10, label="observed, Zarate 2006")
    site = "arterial and venous, pooled" if model.site == "mixed" else model.site
    dressed(panel, f"35 mg of {drug} over 40 min, 70 kg: {site} plasma", MINUTES, LEVEL)
    style.foot(figure, "Median; shaded where the file gives a spread: 90 % of people.")
    return figure


@style.styled
def spray_picture() -> Figure:
    """The nasal spray by device, venous, against the published peaks."""
    model = library.load("perezruixo_2021")
    figure, (panel,) = style.sheet(1, 1, 6.4, 3.6)
    for k, (mg, peak) in enumerate(((28.0, 43.8), (56.0, 72.5), (84.0, 101.0))):
        spray = Bolus(amount=BaseMass(mg), starts_min=0, drug=Drug.ESKETAMINE, route=Route.NASAL)
        middle, band = middle_and_band(_of(model, [spray])["ketamine"])
        curve(panel, TIMES, middle, k, f"{mg:g} mg", band if k == 2 else None)
        panel.axhline(peak, color=style.QUIET, lw=0.6, ls=(0, (1, 2)))
    dressed(panel, "Esketamine spray by device: venous plasma", MINUTES, LEVEL)
    style.foot(figure, "Dotted: published peaks. Shaded: 90 % of people after 84 mg.")
    return figure


@style.styled
def models_together() -> Figure:
    """All models on one dose: how far they are apart."""
    figure, (panel,) = style.sheet(1, 1, 6.4, 4.0)
    for k, model_id in enumerate(library.drug_models()):
        model = library.load(model_id)
        drug = Drug.KETAMINE if Drug.KETAMINE in model.drugs else Drug.ESKETAMINE
        usual = {name: np.array([value]) for name, value in model.for_weight(70).items()}
        level = crowd.levels(model, usual, [by_vein(drug)], TIMES)["ketamine"][:, 0]
        curve(panel, TIMES, level, k, f"{model_id} ({model.site})")
    panel.plot(*ZARATE, "k*", ms=10, label="observed venous, Zarate 2006")
    dressed(panel, "35 mg over 40 min, 70 kg, typical person", MINUTES, LEVEL)
    style.foot(figure, "Perez-Ruixo: esketamine. Early, arterial and venous differ by site.")
    return figure


@style.styled
def routes_picture() -> Figure:
    """35 mg of racemic ketamine by each way in, venous, typical of many."""
    figure, (panel,) = style.sheet(1, 1, 6.4, 4.0)
    for k, route in enumerate(Route):
        dose: Dose = by_vein(Drug.KETAMINE)
        if route is not Route.INTRAVENOUS:
            dose = Bolus(amount=BaseMass(HALF_MG_PER_KG), starts_min=0, route=route)
        found, _ = followed([dose], TIMES, lv.VENOUS)
        curve(panel, TIMES, np.median(found[lv.VENOUS], axis=1), k, route.value)
    panel.plot(30, 147, "k*", ms=10, label="observed, muscle (Hirlinger 1984)")
    dressed(panel, "35 mg of racemic ketamine by each route: venous plasma", MINUTES, LEVEL)
    style.foot(figure, "Medians. By a vein over 40 min, else at once. Muscle comes out low.")
    return figure


@style.styled
def liver_picture() -> Figure:
    """What a factor on intrinsic clearance does to the area, by a vein and by mouth."""
    numbers, factor = library.load_effect("liver"), np.geomspace(0.2, 5.0, 49)
    usual, gut = numbers.value("extraction"), numbers.value("f_gut")
    taken = factor * usual / (1 - usual + factor * usual)
    vein = usual / taken
    passes = np.array([gut_share(gut, one) for one in factor]) / gut
    figure, (panel,) = style.sheet(1, 1, 6.4, 3.4)
    curve(panel, factor, vein, 0, "by a vein")
    curve(panel, factor, vein * (1 - taken) / (1 - usual), 1, "by mouth, liver alone")
    curve(panel, factor, passes * vein * (1 - taken) / (1 - usual), 2, "by mouth, liver and gut")
    panel.set_xscale("log")
    panel.set_xticks([0.25, 0.5, 1, 2, 4], ["1/4", "1/2", "1", "2", "4"], minor=False)
    panel.set_yscale("log")
    panel.set_yticks([0.1, 0.25, 0.5, 1, 2, 4], ["0.1", "1/4", "1/2", "1", "2", "4"])
    for k, (name, area) in enumerate((("rifampicin", 0.14), ("clarithromycin", 2.6))):
        panel.plot(numbers.value(f"{name}_liver"), area, "k*" if k else "k^", ms=8, label=name)
    panel.minorticks_off()
    panel.set_title("Area under the curve against intrinsic clearance, as multiples", loc="left")
    panel.set_xlabel("intrinsic clearance, as a multiple of usual")
    panel.legend(frameon=False, fontsize=8, handlelength=4)
    return figure
