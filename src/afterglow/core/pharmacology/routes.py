"""How a dose enters the body by each route, on the arterial core."""

from __future__ import annotations

from collections.abc import Mapping

from afterglow.core.pharmacology.library import load_effect
from afterglow.core.pharmacology.modes import Floats, Shape, link
from afterglow.core.quantity import Dose, Infusion, Route

# route -> the parameters of its share and its rate (1/min)
FIRST_ORDER = {
    Route.INTRAMUSCULAR: ("f_muscle", "ka_muscle"),
    Route.SUBCUTANEOUS: ("f_skin", "ka_muscle"),
    Route.SUBLINGUAL: ("f_mucosa", "ka_mucosa"),
}
FOLLOWED = (Route.INTRAVENOUS, *FIRST_ORDER)


def absorbed(arterial: Shape, route: Route, bodies: Mapping[str, Floats]) -> Shape:
    """Arterial response to 1 mg by this route, from the response to 1 mg into a vein."""
    if route is Route.INTRAVENOUS:
        return arterial
    share, rate = FIRST_ORDER[route]
    return link(arterial, bodies[rate]).times(bodies[share])


def released(dose: Dose) -> Dose:
    """The dose as it leaves its form: a film gives its drug over the typical time of release."""
    if dose.route is not Route.SUBLINGUAL or isinstance(dose, Infusion):
        return dose
    return Infusion(
        amount=dose.amount,
        starts_min=dose.starts_min,
        lasts_min=load_effect("absorption").value("release_mucosa"),
        drug=dose.drug,
        route=dose.route,
    )


def named(doses: tuple[Dose, ...]) -> tuple[Route, ...]:
    """The routes in use, in a fixed order; a vein when there is no dose at all."""
    used = {dose.route for dose in doses}
    return tuple(route for route in FOLLOWED if route in used) or (Route.INTRAVENOUS,)
