"""The Columbia screener: from six answers to a level of risk."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Risk(StrEnum):
    """Level of suicide risk by the screener's triage, none to high."""

    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"

    @property
    def rank(self) -> int:
        return list(Risk).index(self)


def risk(answers: Mapping[str, int]) -> Risk:
    """Risk from items 1-6 and 6a (behaviour in the past 3 months); 1 is yes.

    High: 4 or 5 in the past month, or behaviour in the past 3 months. Moderate: 3, or behaviour
    ever. Low: 1 or 2. Source: Columbia triage [A]; low and moderate unverified [C].
    """

    def yes(*items: str) -> bool:
        return any(answers.get(item) == 1 for item in items)

    if yes("4", "5", "6a"):
        return Risk.HIGH
    if yes("3", "6"):
        return Risk.MODERATE
    return Risk.LOW if yes("1", "2") else Risk.NONE
