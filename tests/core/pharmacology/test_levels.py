"""The fast path against the whole racemic network, solved independently."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from afterglow.core.dosing.bodies import bodies, typical_values
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology.compartments import Follower, Network
from afterglow.core.pharmacology.doses import checked_times, timeline
from afterglow.core.pharmacology.library import load
from afterglow.core.pharmacology.structure import halves, network
from afterglow.core.quantity import BaseMass, Bolus, Drug
from tests.core.people import SOMEONE, infusion, prior

EVERY = (
    lv.ARTERIAL,
    lv.ARTERIAL_S,
    lv.VENOUS,
    lv.VENOUS_S,
    lv.NORKETAMINE,
    lv.DISSOCIATION_SITE,
    lv.PRESSURE_SITE,
)
MODEL = load("simons_2022")
TIMES = np.array([3.0, 10, 20, 40, 41, 60, 90, 150, 240])


def whole_network(values):
    """One enantiomer with every follower, ng/mL per mg."""
    bare = network(MODEL, values)
    per = {"centre": 1000 / values["v1"]}
    followers = [
        Follower("venous slow", per, values["venous_per_min"]),
        Follower("dissociation", per, values["ke0"]),
        Follower("pressure", per, values["pressure_per_min"]),
    ]
    n = len(bare.names)
    matrix = np.zeros((n + 3, n + 3))
    matrix[:n, :n] = bare.matrix
    for row, one in enumerate(followers, start=n):
        matrix[row, row], matrix[row, 0] = -one.per_min, one.per_min * per["centre"]
    return Network((*bare.names, *(one.name for one in followers)), matrix)


def by_ode_solver(values, doses, times):
    """Every output by LSODA, one enantiomer after the other."""
    total = dict.fromkeys(EVERY, np.zeros(len(times)))
    stops = sorted({*times, 0.0, *(e for d in doses for e in (d.starts_min, d.ends_min))})
    for half in halves(MODEL, Drug.KETAMINE, values):
        whole = whole_network(half.values)
        seen, state, now = {}, np.zeros(len(whole.names)), 0.0
        for stop in stops:
            if stop > now:
                rate = np.zeros(state.size)
                rate[0] = sum(
                    d.rate_mg_per_min * 0.5
                    for d in doses
                    if not isinstance(d, Bolus) and d.starts_min <= now and stop <= d.ends_min
                )
                solved = solve_ivp(
                    lambda _, x, m=whole.matrix, r=rate: m @ x + r,
                    (now, stop),
                    state,
                    method="LSODA",
                    rtol=1e-10,
                    atol=1e-11,
                )
                state, now = solved.y[:, -1], stop
            pushed = sum(
                d.amount.mg for d in doses if isinstance(d, Bolus) and d.starts_min == stop
            )
            state = state + 0.5 * pushed * (np.arange(state.size) == 0)
            seen[stop] = state
        at = {name: np.array([seen[t][i] for t in times]) for i, name in enumerate(whole.names)}
        arterial = at["centre"] / half.values["v1"] * 1000
        direct = half.values["venous_direct"]
        venous = direct * arterial + (1 - direct) * at["venous slow"]
        nk = at["nk_centre"] * half.values["molar_nk"] / half.values["v1"] * 1000
        shares = [arterial, 0, venous, 0, nk, 0, 0]
        if half.values["cl"] == values["cl"]:
            shares = [arterial, arterial, venous, venous, nk, at["dissociation"], at["pressure"]]
        total = {key: total[key] + part for key, part in zip(EVERY, shares, strict=True)}
    return total


doses = st.one_of(
    st.builds(
        infusion,
        mg=st.floats(1, 80),
        minutes=st.sampled_from([0.7, 15.0, 40.0, 60.5]),
        starts_min=st.sampled_from([0.0, 5.5, 20.0]),
    ),
    st.builds(Bolus, amount=st.floats(1, 40).map(BaseMass), starts_min=st.sampled_from([0.0, 7.3])),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(doses, min_size=1, max_size=3), st.integers(0, 10_000))
def test_the_fast_path_agrees_with_an_ode_solver_on_the_whole_network(given_doses, seed):
    belief = prior()
    people = belief.bodies(belief.sample(5, seed))
    line = timeline(given_doses, TIMES)
    fast = lv.levels(people, line, *EVERY)
    one = {name: float(values[2]) for name, values in people.items()}
    slow = by_ode_solver(one, given_doses, TIMES)
    for key in EVERY:
        assert np.allclose(fast[key][line.asked, 2], slow[key], rtol=1e-6, atol=1e-6), key


def test_the_typical_person_has_the_published_arterial_and_venous_levels():
    people = bodies("simons_2022", SOMEONE, (), np.zeros((0, 1)))
    line = timeline([infusion(35, 40)], np.array([40.0, 80, 120]))
    found = lv.levels(people, line, lv.ARTERIAL, lv.VENOUS)
    assert np.allclose(found[lv.ARTERIAL][line.asked, 0], [298, 68, 42], atol=0.6)
    assert np.allclose(found[lv.VENOUS][line.asked, 0], [189, 90, 64], atol=0.7)


def test_a_pause_is_two_infusions_and_lowers_the_level():
    people = bodies("simons_2022", SOMEONE, (), np.zeros((0, 1)))
    paused = [infusion(17.5, 20), infusion(17.5, 20, starts_min=30)]
    times = np.array([25.0, 40.0])
    level = {}
    for name, given_doses in (("paused", paused), ("straight", [infusion(35, 40)])):
        line = timeline(given_doses, times)
        level[name] = lv.levels(people, line, lv.ARTERIAL)[lv.ARTERIAL][line.asked, 0]
    assert np.all(level["paused"] < level["straight"])


def test_only_s_ketamine_reaches_the_dissociation_site():
    people = bodies("simons_2022", SOMEONE, (), np.zeros((0, 1)))
    line = timeline([infusion(35, 40, drug=Drug.ARKETAMINE)], np.array([40.0]))
    found = lv.levels(people, line, lv.DISSOCIATION_SITE, lv.ARTERIAL)
    assert found[lv.DISSOCIATION_SITE].max() == 0
    assert found[lv.ARTERIAL].max() > 100


def test_a_heavier_person_has_the_lower_level():
    heavy = {**typical_values("simons_2022", SOMEONE), **MODEL.for_weight(100)}
    people = {name: np.array([value]) for name, value in heavy.items()}
    line = timeline([infusion(35, 40)], np.array([40.0]))
    assert lv.levels(people, line, lv.ARTERIAL)[lv.ARTERIAL].max() == pytest.approx(220, abs=15)


def test_doses_after_the_last_time_play_no_part():
    line = timeline([infusion(), Bolus(amount=BaseMass(5), starts_min=90)], np.array([30.0]))
    assert line.at_min.tolist() == [0, 30]
    assert line.jumps.sum() == 0


@pytest.mark.parametrize("wrong", [[], [1, 1], [2, 1], [-1], [float("nan")], [10081]])
def test_times_that_cannot_be_meant_are_stopped(wrong):
    with pytest.raises(ValueError, match="t_min"):
        checked_times(wrong)
