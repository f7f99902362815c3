"""After `warm`, no loop of a session, a plan, of weeks or the cascade is still to be compiled."""

from afterglow.core.dosing import drive, luck, slopes
from afterglow.core.pharmacology import driven, effects, mechanism, paths, sedation, tangents
from afterglow.core.warm import warm

LOOPS = (
    paths._step,
    effects.score,
    effects.rise,
    tangents.level,
    slopes.normal,
    slopes.shared_luck,
    sedation._chances,
    luck.over_luck,
    drive.drives,
    driven._follow,
    mechanism._follow,
)


def test_every_loop_a_page_runs_is_ready():
    warm()
    for loop in LOOPS:
        assert loop.signatures, loop
