"""W2 by Afterglow: levels by exact modes, mood along each session's own drive."""

from __future__ import annotations

import numpy as np

from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.mood import SessionDrive, course_along, drive_minutes, drive_rate
from afterglow.core.quantity import BaseMass, Infusion
from bench.peers.question import AMOUNT_MG, LASTS_MIN, T_MIN
from bench.peers.weeks import DAYS, HOURS, People, Weeks, felt

DOSE = Infusion(amount=BaseMass(AMOUNT_MG), starts_min=0, lasts_min=LASTS_MIN)
DRIVEN = drive_minutes([DOSE])
GRID = np.union1d(T_MIN, DRIVEN)


def solve(people: People) -> Weeks:
    line = timeline([DOSE], GRID)
    site = lv.levels(people.bodies, line, lv.DISSOCIATION_SITE)[lv.DISSOCIATION_SITE]
    minutes, driven = np.searchsorted(line.at_min, T_MIN), np.searchsorted(line.at_min, DRIVEN)
    drive = drive_rate(site[driven])
    sessions = [SessionDrive(at_day=float(day), t_min=DRIVEN, drive=drive) for day in DAYS]
    course = course_along(people.mood, sessions, HOURS)
    return Weeks(felt([site[minutes]] * len(DAYS), people.bodies), course.madrs)
