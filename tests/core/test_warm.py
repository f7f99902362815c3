"""After `warm`, no loop of a session, of weeks or of the cascade is still to be compiled."""

from afterglow.core.pharmacology import driven, effects, mechanism, paths, plasticity
from afterglow.core.warm import warm


def test_every_loop_a_page_runs_is_ready():
    warm()
    for loop in (paths._step, effects.score, plasticity.follow, driven._follow, mechanism._follow):
        assert loop.signatures, loop
