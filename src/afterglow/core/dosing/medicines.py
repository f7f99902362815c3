"""The patient's other medicines: which are known here, and names that would pass for unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from afterglow.core.pharmacology.liver import MEDICINES, named

OTHER_MEDICINES = {
    "clonidine": "clonidine: the rise of pressure is halved [own]; no study gives a size.",
    "lamotrigine": "lamotrigine: 300 mg before the dose lowered dissociation twice; by how "
    "much is not at hand; not counted, so dissociation may be overstated [B].",
    "naltrexone": "naltrexone: dissociation was unchanged, benefit lower in one small trial and "
    "not in another; not counted [B].",
    "haloperidol": "haloperidol: dissociation was not blocked; not counted [B].",
}


def hidden_in(words: str) -> str:
    """A medicine that is known here, among words that would not be taken for it; else nothing."""
    known = {*MEDICINES, *OTHER_MEDICINES}
    if named(words) in known:
        return ""
    each = (named(one) for one in re.findall(r"[a-z]+", words.lower()))
    return next((one for one in each if one in known), "")


def misnamed(medicines: Iterable[str]) -> str:
    """Why one of these names cannot be meant, or nothing: it would be told as unknown."""
    for one in medicines:
        if hidden := hidden_in(one):
            return f"must name {hidden!r} alone; {one!r} would not be taken for it."
    return ""
