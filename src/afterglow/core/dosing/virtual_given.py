"""What is given in one session of a virtual trial: doses, counted in mg or by body weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterglow.core.body import within
from afterglow.core.dosing import outlook
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import routes, spray
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.sitting import is_compounded, is_device
from afterglow.core.quantity import Dose
from afterglow.core.refusal import Refusal

# Minutes followed from the start of a session: half a day, or eight hours after the last dose ends.
SESSION_MIN, AFTER_MIN = 720.0, 480.0
STEP_MIN, COARSE_MIN = 2.0, 10.0
FINE_MIN = 360.0  # of a long session, after each beginning and end of a dose


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The doses of one session, in mg or per kg of body weight, with a ceiling on their sum.

    `bioavailability` is the share of a compounded nasal spray that reaches blood, when it is known.
    """

    doses: tuple[Dose, ...]
    per_kg: bool = False
    most_mg: float | None = None
    bioavailability: float | None = None

    def __post_init__(self) -> None:
        if self.most_mg is not None:
            within("most_mg", self.most_mg, 1, 100_000, "mg")
        if self.bioavailability is not None:
            within("bioavailability", self.bioavailability, 0.05, 0.95, "(a share of the dose)")
            if any(not is_compounded(dose.route, dose.drug) for dose in self.doses):
                raise BadInput("bioavailability is for racemic nasal sprays alone.")
        by_size = self.per_kg or self.most_mg is not None
        if by_size and any(is_device(dose.route, dose.drug) for dose in self.doses):
            raise BadInput("dose_mg of a nasal device is 28 mg each, whatever the weight.")

    @property
    def by_own_model(self) -> bool:
        """Whether this is esketamine by nasal device or swallowed, which has a model of its own."""
        return bool(self.doses) and spray.follows(self.doses)

    @property
    def differs_by_day(self) -> bool:
        """Whether uptake is drawn anew for each session: by the nose, under the tongue, swallowed.

        Not by Perez-Ruixo, whose published spread does not tell people from days.
        """
        ways = {way for way, _ in routes.entering(self.doses)}
        return not self.by_own_model and not routes.WHOLE.issuperset(ways)

    def factor(self, weight_kg: Floats) -> Floats:
        """By how much each person's doses are those written, (n,)."""
        size = weight_kg if self.per_kg else np.ones_like(weight_kg)
        written = sum(dose.amount.mg for dose in self.doses)
        if self.most_mg is None or written == 0:
            return np.asarray(size, dtype=np.float64)
        return np.asarray(np.minimum(size, self.most_mg / written))

    def total_mg(self, weight_kg: Floats) -> Floats:
        """What each person is given in one session, mg of base."""
        return self.factor(weight_kg) * sum(dose.amount.mg for dose in self.doses)

    @property
    def is_long(self) -> bool:
        """Whether it is followed beyond half a day."""
        return self.lasts_days * 1440.0 > SESSION_MIN

    @property
    def lasts_days(self) -> float:
        """How long after its start a session is followed."""
        return float(session_grid(self.doses)[-1]) / 1440.0

    def refusal(self) -> Refusal | None:
        """Why the models cannot follow these doses, if so."""
        if refusal := outlook.no_mood(self.doses):
            return refusal
        if self.by_own_model or all(routes.follows(dose) for dose in self.doses):
            return None
        return Refusal(
            code="route-not-modelled",
            because="Esketamine by nasal device stands beside another route in one session: their "
            "models do not share a body.",
            remedy="Give it by itself, or with swallowed esketamine.",
            source=f"{spray.MODEL}; docs/science/routes.md",
        )


def session_grid(doses: tuple[Dose, ...] = ()) -> Floats:
    """Minutes of one session at which levels are followed, (t,): every two, of long ones fewer.

    Later drive is left out: a level eight hours after the last dose drives nothing to speak of.
    """
    edges = sorted({edge for dose in doses for edge in (dose.starts_min, dose.ends_min)})
    last = max(SESSION_MIN, edges[-1] + AFTER_MIN) if edges else SESSION_MIN
    if last == SESSION_MIN:
        return np.arange(0.0, SESSION_MIN + 1.0, STEP_MIN)
    fine = [np.arange(edge, min(edge + FINE_MIN, last), STEP_MIN) for edge in edges]
    return np.unique(np.concatenate([np.arange(0.0, last, COARSE_MIN), *fine, [last]]))
