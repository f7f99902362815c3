"""The question put to other solvers is the one that Afterglow answers."""

import numpy as np
from bench.peers.weeks import DAYS, HOURS, People, scored

from afterglow.core.pharmacology.mood import SessionDrive, course_along


def test_the_score_that_peers_read_off_plasticity_is_that_of_the_mood_model():
    people = People.drawn(20)
    drive = np.full((2, 20), 0.3)
    sessions = [
        SessionDrive(at_day=float(day), t_min=np.array([0.0, 90.0]), drive=drive) for day in DAYS
    ]
    known = course_along(people.mood, sessions, HOURS)
    found = scored(people.mood, known.rapid, known.consolidated)
    assert np.allclose(found, known.madrs, rtol=1e-12)
