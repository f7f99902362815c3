"""The exact solver keeps the laws of linear networks and agrees with an ODE solver."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.compartments import Flow, Follower, Input, Network

TIMES = np.array([0.0, 0.5, 3, 7, 12, 20, 33, 60, 90, 150])
few = settings(max_examples=30, deadline=None)


@st.composite
def networks(draw):
    """A connected network of 2 to 6 compartments that drug leaves, with rates over five decades."""
    n = draw(st.integers(2, 6))
    names = [f"c{i}" for i in range(n)]
    rate = st.floats(-4, 1).map(lambda power: 10.0**power)
    flows = [Flow(names[i], names[i + 1], draw(rate)) for i in range(n - 1)]
    flows += [Flow(names[i + 1], names[i], draw(rate)) for i in range(n - 1) if draw(st.booleans())]
    flows.append(Flow(names[-1], None, draw(rate)))
    flows.append(Flow(names[0], None, draw(rate)))
    return Network.of(names, flows)


@st.composite
def inputs(draw):
    into = draw(st.sampled_from(["c0", "c1"]))
    amount, starts = draw(st.floats(0.1, 100)), draw(st.integers(0, 160)) / 4
    return Input(into, amount, starts, draw(st.sampled_from([0.0, 0.25, 10.0, 40.0])))


def by_ode_solver(network, ones, times):
    """An independent answer: LSODA between the instants at which something changes."""
    stops = sorted(
        {*times, *(i.starts_min for i in ones), *(i.starts_min + i.lasts_min for i in ones)}
    )
    state, now, seen = np.zeros(len(network.names)), stops[0], {}
    for stop in stops:
        if stop > now:
            rates = np.zeros(state.size)
            for one in ones:
                if (
                    one.lasts_min
                    and one.starts_min <= now
                    and stop <= one.starts_min + one.lasts_min
                ):
                    rates[network.names.index(one.into)] += one.amount / one.lasts_min
            state = solve_ivp(
                lambda _, x, r=rates: network.matrix @ x + r,
                (now, stop),
                state,
                method="LSODA",
                jac=lambda *_: network.matrix,
                rtol=1e-10,
                atol=1e-12,
            ).y[:, -1]
            now = stop
        for one in ones:
            if one.lasts_min == 0 and one.starts_min == stop:
                state = state + one.amount * (np.array(network.names) == one.into)
        seen[stop] = state
    return np.array([seen[t] for t in times])


@few
@given(networks(), st.lists(inputs(), min_size=1, max_size=3))
def test_agrees_with_an_ode_solver(network, ones):
    exact = network.amounts(ones, TIMES)
    assert np.allclose(exact, by_ode_solver(network, ones, TIMES), rtol=1e-6, atol=1e-8)


@few
@given(networks(), inputs(), inputs())
def test_two_doses_add_up(network, first, second):
    both = network.amounts([first, second], TIMES)
    apart = network.amounts([first], TIMES) + network.amounts([second], TIMES)
    assert np.allclose(both, apart, rtol=1e-9, atol=1e-12)


@few
@given(networks(), inputs(), st.floats(0.1, 10))
def test_levels_are_in_proportion_to_the_dose(network, one, times):
    more = Input(one.into, one.amount * times, one.starts_min, one.lasts_min)
    usual = network.amounts([one], TIMES)
    assert np.allclose(network.amounts([more], TIMES), usual * times, rtol=1e-9, atol=1e-10)


@few
@given(networks(), inputs(), st.floats(0, 100))
def test_a_later_dose_does_the_same_later(network, one, later_min):
    moved = Input(one.into, one.amount, one.starts_min + later_min, one.lasts_min)
    usual = network.amounts([one], TIMES)
    assert np.allclose(network.amounts([moved], TIMES + later_min), usual, rtol=1e-7, atol=1e-9)


@few
@given(inputs(), st.lists(st.floats(0.001, 2), min_size=4, max_size=4))
def test_what_entered_is_in_the_body_or_has_left(one, rates):
    flows = [
        Flow("c0", "c1", rates[0]),
        Flow("c1", "c0", rates[1]),
        Flow("c0", "left", rates[2]),
        Flow("c1", "left", rates[3]),
    ]
    held = Network.of(["c0", "c1", "left"], flows).amounts([one], TIMES)
    entered = np.clip((TIMES - one.starts_min) / (one.lasts_min or 1e-12), 0, 1)
    entered = np.where(one.starts_min <= TIMES, np.where(one.lasts_min, entered, 1.0), 0.0)
    assert np.allclose(held.sum(axis=1), one.amount * entered, rtol=1e-9, atol=1e-9)
    assert np.all(held >= -1e-9)


def test_compartments_with_the_same_rate_have_no_modes_and_are_still_exact():
    chain = Network.of(["c0", "c1", "c2"], [Flow("c0", "c1", 0.1), Flow("c1", "c2", 0.1)])
    held = chain.amounts([Input("c0", 1.0)], TIMES)
    assert np.allclose(held[:, 1], 0.1 * TIMES * np.exp(-0.1 * TIMES), rtol=1e-10, atol=1e-14)


def test_a_follower_takes_no_drug():
    flows = [Flow("c0", None, 0.05)]
    alone = Network.of(["c0"], flows).amounts([Input("c0", 10, 0, 30)], TIMES)
    watched = Network.of(["c0"], flows, [Follower("site", {"c0": 0.5}, 0.08)])
    both = watched.amounts([Input("c0", 10, 0, 30)], TIMES)
    assert np.allclose(both[:, 0], alone[:, 0], rtol=1e-10)
    assert both[-1, 1] > 0


def test_times_out_of_order_are_stopped():
    network = Network.of(["c0"], [Flow("c0", None, 1.0)])
    with pytest.raises(BadInput, match="ascending"):
        network.amounts([Input("c0", 1)], [3, 2])


def test_a_negative_rate_is_stopped():
    with pytest.raises(BadInput, match="0 per min or more"):
        Network.of(["c0"], [Flow("c0", None, -1)])
