"""The invented people of the demonstration: twelve patients, each at another point of care."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Point(StrEnum):
    """How far a patient has come when the demonstration opens."""

    ARRIVED = "arrived"
    INTAKE = "intake half answered"
    HELD = "held for blood pressure"
    EXCLUDED = "excluded"
    ELIGIBLE = "eligible, no consent yet"
    CONSENTED = "consented, nothing planned"
    PLANNED = "first session planned"
    CHECKED = "checked and ready to start"
    IN_SESSION = "in a session now"
    LEARNED = "two sessions, strongly dissociated in the first"
    RESPONDED = "six sessions, better"
    NOT_BETTER = "four sessions, not better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One invented patient. `seed` fixes their hidden body: the demonstration's, never shown."""

    number: str
    given_name: str
    family_name: str
    birth_date: date
    sex: str
    weight_kg: float
    systolic_mmhg: float
    pulse_per_min: float
    point: Point
    seed: int
    past_bed: str = "Room 1"
    phq9: tuple[int, ...] = (18,)
    sessions: int = 0
    answers: tuple[tuple[str, Any], ...] = ()


PEOPLE = (
    Person(
        number="LS-1001", given_name="Amara", family_name="Nwosu", birth_date=date(1988, 4, 12),
        sex="female", weight_kg=64, systolic_mmhg=118, pulse_per_min=70,
        point=Point.ARRIVED, seed=11,
    ),
    Person(
        number="LS-1002", given_name="Tomas", family_name="Berg", birth_date=date(1979, 11, 3),
        sex="male", weight_kg=86, systolic_mmhg=126, pulse_per_min=68,
        point=Point.INTAKE, seed=12,
    ),
    Person(
        number="LS-1003", given_name="Ruth", family_name="Ashdown", birth_date=date(1961, 2, 27),
        sex="female", weight_kg=78, systolic_mmhg=172, pulse_per_min=82,
        point=Point.HELD, seed=13,
    ),
    Person(
        number="LS-1004", given_name="Victor", family_name="Calloway", birth_date=date(1955, 8, 19),
        sex="male", weight_kg=81, systolic_mmhg=138, pulse_per_min=74,
        point=Point.EXCLUDED, seed=14,
    ),
    Person(
        number="LS-1005", given_name="Mei", family_name="Tanaka", birth_date=date(1993, 6, 30),
        sex="female", weight_kg=55, systolic_mmhg=112, pulse_per_min=66,
        point=Point.ELIGIBLE, seed=15, phq9=(19,),
    ),
    Person(
        number="LS-1006", given_name="Isaac", family_name="Feld", birth_date=date(1984, 1, 8),
        sex="male", weight_kg=92, systolic_mmhg=128, pulse_per_min=72,
        point=Point.CONSENTED, seed=16, phq9=(21,),
    ),
    Person(
        number="LS-1007", given_name="Leila", family_name="Haddad", birth_date=date(1990, 9, 14),
        sex="female", weight_kg=68, systolic_mmhg=116, pulse_per_min=71,
        point=Point.PLANNED, seed=17, phq9=(20,),
    ),
    Person(
        number="LS-1008", given_name="Noah", family_name="Lindqvist", birth_date=date(1976, 12, 22),
        sex="male", weight_kg=79, systolic_mmhg=124, pulse_per_min=64,
        point=Point.CHECKED, seed=18, phq9=(17,),
    ),
    Person(
        number="LS-1009", given_name="Clara", family_name="Moreau", birth_date=date(1981, 3, 5),
        sex="female", weight_kg=70, systolic_mmhg=122, pulse_per_min=69,
        point=Point.IN_SESSION, seed=19, phq9=(22, 17), sessions=1,
    ),
    Person(
        number="LS-1010", given_name="Daniel", family_name="Okafor", birth_date=date(1969, 7, 17),
        sex="male", weight_kg=84, systolic_mmhg=131, pulse_per_min=75,
        point=Point.LEARNED, past_bed="Room 3", seed=107, phq9=(20, 16, 14), sessions=2,
    ),
    Person(
        number="LS-1011", given_name="Sofia", family_name="Reyes", birth_date=date(1996, 10, 1),
        sex="female", weight_kg=61, systolic_mmhg=110, pulse_per_min=73,
        point=Point.RESPONDED, past_bed="Room 4", seed=21,
        phq9=(21, 17, 13, 11, 8, 6, 4), sessions=6,
    ),
    Person(
        number="LS-1012", given_name="Henrik", family_name="Vogel", birth_date=date(1972, 5, 25),
        sex="male", weight_kg=88, systolic_mmhg=134, pulse_per_min=77,
        point=Point.NOT_BETTER, past_bed="Room 5", seed=22, phq9=(19, 20, 18, 19, 18), sessions=4,
    ),
)  # fmt: skip
