"""Effects of levels: which of them each follows, where it ends, and what is not known."""

import numpy as np
import pytest

from afterglow.core.body import Baseline
from afterglow.core.dosing import asked, scene
from afterglow.core.dosing.outlook import Visit
from afterglow.core.dosing.scene import Luck, Scene
from afterglow.core.dosing.told import Kept, Wanted, summed_up
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import mechanism, sedation
from afterglow.core.pharmacology import metabolites as mb
from tests.core.people import prior

RISING = np.array([[0.0], [50.0], [100.0], [200.0], [400.0], [4000.0]])


def at(s=RISING, r=0.0, norketamine_s=0.0):
    """The typical person, all sites at the same level of S."""
    belief = prior()
    people = belief.bodies(np.zeros((len(belief.parameters), 1)))
    total = s + r
    levels = {
        **dict.fromkeys((lv.DISSOCIATION_SITE, lv.PRESSURE_SITE, lv.VENOUS_S, lv.ARTERIAL_S), s),
        lv.VENOUS: total,
        lv.ARTERIAL: total,
        mb.ARTERIAL_S: np.full_like(s, norketamine_s),
    }
    resting = Baseline(systolic_mmhg=120, pulse_per_min=70)
    return Scene(people, levels, Visit(number=1, baseline=resting), Luck.none(1))


def values(name, **levels):
    return asked.read(name).made(at(**levels))[:, 0]


@pytest.mark.parametrize(
    "name",
    [
        "cadss_23",
        "cadss_6",
        "systolic_rise_mmhg",
        "diastolic_rise_mmhg",
        "map_rise_mmhg",
        "pulse_rise_per_min",
        "cardiac_output_rise_percent",
        "vas_high_percent",
    ],
)
def test_more_s_ketamine_is_more_and_r_ketamine_is_nothing(name):
    found = values(name)
    assert found[0] == 0
    assert np.all(np.diff(found) >= 0)
    assert np.array_equal(values(name, r=300.0), found)


def test_diastolic_and_mean_pressure_follow_systolic():
    systolic = values("systolic_rise_mmhg")
    assert np.allclose(values("diastolic_rise_mmhg"), 0.75 * systolic)
    assert np.allclose(values("map_rise_mmhg"), (1 + 2 * 0.75) / 3 * systolic)


def test_the_short_form_ends_at_24_points():
    seen = at()
    seen = Scene(seen.people, seen.levels, seen.visit, Luck.drawn(1, seed=1))
    wide = Luck(seen.luck.occasion, np.array([50.0]), np.ones(1), np.ones(1))
    assert scene.cadss_6(Scene(seen.people, seen.levels, seen.visit, wide)).max() == 24
    assert values("cadss_6")[3] == pytest.approx(6 / 23 * values("cadss_23")[3], rel=2e-3)


def test_cardiac_output_levels_off_and_s_norketamine_lowers_it():
    assert values("cardiac_output_rise_percent").max() == 50
    opposed = values("cardiac_output_rise_percent", norketamine_s=100.0)
    assert opposed[0] == pytest.approx(-4.0)
    assert np.allclose(values("cardiac_output_rise_percent") - opposed, 4.0)


def test_alertness_is_five_less_every_chance_of_less():
    found = values("moaa_s")
    assert found[0] == 5
    most = [sedation.chance_at_or_below(level, 2 * RISING[:, 0]) for level in range(5)]
    chances = np.diff(np.stack([np.zeros(6), *most, np.ones(6)]), axis=0)
    assert np.allclose(found, np.arange(6) @ chances)
    below, deep = values("probability_moaa_s_below_5"), values("probability_moaa_s_at_most_0")
    assert np.allclose(below, most[4])
    assert np.allclose(deep, most[0])
    assert np.array_equal(
        values("probability_moaa_s_below_4"), values("probability_moaa_s_at_most_3")
    )


def test_block_counts_r_ketamine_by_its_affinity():
    racemic = mechanism.racemic_equivalent(np.array([92.5]), np.array([92.5]))
    assert racemic[0] == pytest.approx(185)
    pure, mirror = values("nmda_block_pyramidal_percent"), mechanism.racemic_equivalent(0.0, 100.0)
    assert 0 < mirror < 50
    assert pure[2] > values("nmda_block_pyramidal_percent", s=RISING / 1e9, r=100.0)[2] > 0
    half = np.array([[92.5]])
    assert values("nmda_block_pyramidal_percent", s=half, r=92.5)[0] == pytest.approx(8, abs=0.5)


def test_a_feeling_beyond_what_was_measured_is_left_out_and_not_drawn_out():
    felt = asked.read("vas_high_percent")
    course = felt.made(at())[:, 0]
    assert course[1] == pytest.approx(32)  # 100 ng/mL of racemate
    how = Wanted(np.arange(6.0), np.arange(6), (50.0,), None)
    found = summed_up(felt, course, Kept.of(felt, course[:, None], how), how)
    assert found["typical"][:3] == pytest.approx([0, 32, 64])
    assert found["typical"][3:] == [None, None, None]
    assert found["peak"]["typical"] is None
    assert found["mean"][3] is None


def test_a_mean_counts_the_few_beyond_as_at_the_edge():
    felt = asked.read("vas_high_percent")
    people = np.array([[20.0, 40.0, 60.0, 100.0]])
    how = Wanted(np.zeros(1), np.zeros(1, dtype=np.intp), (25.0, 95.0), None)
    found = summed_up(felt, people[:, 0], Kept.of(felt, people, how), how)
    assert found["mean"] == pytest.approx([(20 + 40 + 60 + 64) / 4])
    assert found["p25"] == pytest.approx([35])
    assert found["p95"] == [None]


def test_the_peak_of_a_scale_that_falls_is_its_lowest():
    alert = asked.read("moaa_s")
    course = alert.made(at())[:, 0]
    how = Wanted(np.arange(6.0), np.arange(6), (50.0,), None)
    found = summed_up(alert, course, Kept.of(alert, course[:, None], how), how)
    assert found["peak"]["typical"] == course.min()
    assert found["time_of_peak_min"] == 5


def test_a_chance_of_passing_can_be_asked_of_every_effect_and_level_that_does_not_fall():
    for name in (one for one in asked.EVERY if not asked.EVERY[one].falls):
        stem = name
        for unit in asked.UNITS_IN_NAMES:
            stem = stem.removesuffix(unit)
        one = asked.read(f"probability_{stem}_above_0.5")
        assert one.unit == "1"
        assert one.needs == asked.EVERY[name].needs
