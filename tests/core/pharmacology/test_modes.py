"""Sums of exponentials say the same as the networks they stand for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterglow.core.pharmacology.compartments import Flow, Follower, Input, Network
from afterglow.core.pharmacology.modes import (
    link,
    mammillary,
    mammillary3,
    through,
    twin_transit,
)

TIMES = np.array([0.0, 0.1, 1, 5, 20, 40, 90, 240])
few = settings(max_examples=40, deadline=None)
volume, flow = st.floats(1, 400), st.floats(0.05, 5)


def of(**values):
    return {name: np.array([value]) for name, value in values.items()}


def three_compartments(v1, v2, v3, cl, q2, q3, followers=()):
    flows = [
        Flow("c", "f", q2 / v1),
        Flow("f", "c", q2 / v2),
        Flow("c", "s", q3 / v1),
        Flow("s", "c", q3 / v3),
        Flow("c", None, cl / v1),
    ]
    return Network.of(["c", "f", "s"], flows, followers)


@few
@given(volume, volume, volume, flow, flow, flow)
def test_three_compartments(v1, v2, v3, cl, q2, q3):
    shape = mammillary3(**of(v1=v1, cl=cl, q2=q2, v2=v2, q3=q3, v3=v3))
    network = three_compartments(v1, v2, v3, cl, q2, q3).amounts([Input("c", 1.0)], TIMES)
    assert np.allclose(shape.at(TIMES)[:, 0], network[:, 0] / v1, rtol=1e-7, atol=1e-12)
    assert shape.area()[0] == pytest.approx(1 / cl, rel=1e-8)


@few
@given(volume, volume, flow, flow)
def test_two_compartments_clear_what_they_were_given(v1, v2, cl, q2):
    shape = mammillary(**of(v1=v1, cl=cl, q2=q2, v2=v2))
    assert shape.at(np.array([0.0]))[0, 0] == pytest.approx(1 / v1)
    assert shape.area()[0] == pytest.approx(1 / cl, rel=1e-8)


@few
@given(volume, volume, volume, flow, flow, flow, st.floats(0.005, 3))
def test_a_link_is_a_follower(v1, v2, v3, cl, q2, q3, rate):
    shape = link(mammillary3(**of(v1=v1, cl=cl, q2=q2, v2=v2, q3=q3, v3=v3)), np.array([rate]))
    follower = Follower("site", {"c": 1 / v1}, rate)
    network = three_compartments(v1, v2, v3, cl, q2, q3, [follower])
    held = network.amounts([Input("c", 1.0)], TIMES)
    assert np.allclose(shape.at(TIMES)[:, 0], held[:, -1], rtol=1e-6, atol=1e-11)


def test_a_link_at_the_very_rate_of_a_mode_is_finite_and_right():
    shape = mammillary(**of(v1=10.0, cl=1.0, q2=2.0, v2=40.0))
    rate = float(shape.rates[1, 0])
    same = link(shape, np.array([rate])).at(TIMES)
    near = link(shape, np.array([rate * 1.001])).at(TIMES)
    assert np.allclose(same, near, rtol=3e-3, atol=1e-9)


def test_transit_and_organ_together_follow_the_network():
    parent = mammillary(**of(v1=10.0, cl=1.0, q2=2.0, v2=40.0))
    organ = mammillary(**of(v1=12.0, cl=0.8, q2=1.5, v2=100.0))
    shape = through(twin_transit(parent.times(1.0), np.array([0.1])), organ)
    flows = [
        Flow("c", "f", 0.2),
        Flow("f", "c", 0.05),
        Flow("c", "t1", 0.1),
        Flow("t1", "t2", 0.1),
        Flow("t2", "m", 0.1),
        Flow("m", "n", 1.5 / 12),
        Flow("n", "m", 1.5 / 100),
        Flow("m", None, 0.8 / 12),
    ]
    network = Network.of(["c", "f", "t1", "t2", "m", "n"], flows)
    held = network.amounts([Input("c", 1.0)], TIMES)[:, 4] / 12
    assert np.allclose(shape.at(TIMES)[:, 0], held, rtol=1e-6, atol=1e-10)
