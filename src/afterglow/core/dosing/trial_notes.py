"""What a reader of a virtual trial must know of the ways its doses go in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from afterglow.core.dosing.notes import LINKED
from afterglow.core.dosing.predict import route_notes
from afterglow.core.dosing.trial_plan import Arm
from afterglow.core.dosing.virtual_given import Given
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.library import load
from afterglow.core.pharmacology.spray import MODEL
from afterglow.core.quantity import Infusion, Route

LONG_MIN = 480.0
SLOW_FORM = (
    "A slow form is taken to release its drug at a constant rate, with the share and the first "
    "pass of a solution [own]: no levels after such a tablet were available."
)
LONG = (
    "An infusion beyond 8 h rests on clearance alone: the model was sampled to 8 h and has no deep "
    "compartment."
)
BY_DAY = "Uptake by nose, tongue and gut is drawn anew for each session [own]."


def route_words(given: Iterable[Given]) -> tuple[str, ...]:
    """Each once, in the order in which they are met."""
    return tuple(dict.fromkeys(words for one in given for words in _of(one)))


def felt_words(arms: Iterable[Arm]) -> tuple[str, ...]:
    """Which arms come to believe more than the design let them expect."""
    felt = [arm.name for arm in arms if arm.believed is not arm.expectancy]
    if not felt:
        return ()
    return (
        f"Who feels the drug knows it: in {', '.join(map(repr, felt))} people are taken to believe "
        "strongly, whatever they were let expect [own].",
    )


def _of(given: Given) -> Iterator[str]:
    if not given.doses:
        return
    if given.by_own_model:
        yield LINKED
        yield from load(MODEL).caveats
    else:
        yield from route_notes(timeline(given.doses, np.array([0.0])))
    if given.differs_by_day:
        yield BY_DAY
    slow = [dose for dose in given.doses if isinstance(dose, Infusion)]
    if any(dose.route is Route.ORAL for dose in slow):
        yield SLOW_FORM
    if any(dose.route is Route.INTRAVENOUS and dose.lasts_min > LONG_MIN for dose in slow):
        yield LONG
