"""What can be tapped on the bedside page: rating scales and symptoms."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from afterglow.clinic.treatment.answering import CADSS, CADSS6, MOAAS, SCALES
from afterglow.core.care.instruments import instrument
from afterglow.core.care.symptoms import Symptom

# The wish to stop has its own button, beside the dose.
SYMPTOMS = (
    Symptom.CHEST_PAIN,
    Symptom.BREATHLESS,
    Symptom.SUDDEN_HEADACHE,
    Symptom.PANIC,
    Symptom.SEVERE_AGITATION,
    Symptom.PSYCHOTIC_DISTRESS,
    Symptom.VOMITING_DROWSY,
    Symptom.VISUAL_CHANGE,
    Symptom.NEW_ARRHYTHMIA,
    Symptom.FOCAL_DEFICIT,
    Symptom.SEIZURE,
    Symptom.APNOEA,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pad:
    """One scale as a pad: few choices with words, a short row of numbers, or tens and ones."""

    scale: str
    label: str
    most: int
    choices: tuple[tuple[int, str], ...]  # with words; empty: numbers alone
    fact_id: UUID

    @property
    def hidden(self) -> dict[str, str]:
        return {"scale": self.scale, "fact_id": str(self.fact_id)}

    @property
    def legend(self) -> str:
        return f"{self.label}, 0 to {self.most}"

    @property
    def row(self) -> range:
        return range(self.most + 1)


def all_pads() -> dict[str, Sequence[Pad]]:
    """Sedation and dissociation are always open; the rest is one tap away."""
    return {
        "open": (_pad(MOAAS), _pad(CADSS)),
        "folded": (_pad("nrs-distress"), _pad("nrs-nausea"), _pad(CADSS6)),
    }


def _pad(scale: str) -> Pad:
    words: tuple[tuple[int, str], ...] = ()
    if scale == MOAAS:
        found = instrument(scale).items[0].choices
        words = tuple((int(one.value), one.text) for one in reversed(found))
    known = SCALES[scale]
    return Pad(scale=scale, label=known.label, most=known.most, choices=words, fact_id=uuid4())
