"""One way to ask for a proposal that the tests of it share."""

from afterglow.core.dosing.propose import Candidates, Limits, Profile, Proposal, propose
from tests.core.people import RESTING, prior

LIMITS = Limits(
    cadss=30, cadss_chance=0.1, systolic_mmhg=170, systolic_chance=0.1, ceiling_mg_per_kg=0.8
)
GRID = Candidates(doses_mg=(21.0, 35.0, 49.0), minutes=(40.0, 60.0), profiles=tuple(Profile))


def ask(known=None, **changes):
    usual = {
        "limits": LIMITS,
        "candidates": GRID,
        "session_number": 1,
        "baseline": RESTING,
        "seed": 1,
        "draws": 300,
    }
    return propose(known or prior(), **usual | changes)


def proposed(known=None, **changes):
    found = ask(known, **changes)
    assert isinstance(found, Proposal), found
    return found
