"""Questionnaires: one folder each, with its items or structure, bands, licence and test vectors."""

from afterglow.core.care.instruments.cssrs import Risk
from afterglow.core.care.instruments.instrument import Choice, Instrument, Item
from afterglow.core.care.instruments.reading import catalogue, instrument
from afterglow.core.care.instruments.scoring import Danger, Scored, dangers, score

__all__ = [
    "Choice",
    "Danger",
    "Instrument",
    "Item",
    "Risk",
    "Scored",
    "catalogue",
    "dangers",
    "instrument",
    "score",
]
