"""Simulations at scale: the same numbers however they are cut, computed, stopped and taken up."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from afterglow.core.dosing.trial_plan import Arm, Flexible
from afterglow.core.dosing.virtual_course import BLOCK, Simulation
from afterglow.core.dosing.virtual_people import Population, Spread
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.mood import Expectancy
from afterglow.core.quantity import BaseMass, Bolus, Drug, Infusion, Route
from afterglow.research import run

PEOPLE = Population(
    age_years=Spread(mean=45, sd=12, low=18, high=75),
    weight_kg=Spread(mean=80, sd=16, low=45, high=140),
    female_share=0.6,
)


def regimen(name, mg_per_kg, minutes=40.0, days=(0.0, 2.0, 4.0), drug=Drug.KETAMINE):
    dose = Infusion(amount=BaseMass(mg_per_kg), starts_min=0, lasts_min=minutes, drug=drug)
    return Arm(
        name=name,
        patients=2,
        doses=(dose,),
        per_kg=True,
        session_days=days,
        expectancy=Expectancy.ACTIVE_COMPARATOR,
    )


SIMULATION = Simulation(
    population=PEOPLE,
    regimens=(regimen("short", 0.5), regimen("long", 0.5, 100.0)),
    baseline=(32.0, 5.0),
    patients=2 * BLOCK + 100,
    seed=1,
)


def by_mouth_or_nose(name, mg, drug, route, minutes=0.0):
    told = {"amount": BaseMass(mg), "starts_min": 0, "drug": drug, "route": route}
    dose = Infusion(**told, lasts_min=minutes) if minutes else Bolus(**told)
    return replace(regimen(name, 1), doses=(dose,), per_kg=False)


def climbing_spray():
    low, high = (by_mouth_or_nose("", mg, Drug.ESKETAMINE, Route.NASAL) for mg in (56, 84))
    ladder = Flexible(rungs=(low.given, high.given), at_sessions=(2, 3))
    return replace(low, name="climbing", flexible=ladder)


OTHER_WAYS = replace(
    SIMULATION,
    regimens=(
        by_mouth_or_nose("device", 84, Drug.ESKETAMINE, Route.NASAL),
        by_mouth_or_nose("film", 50, Drug.ESKETAMINE, Route.SUBLINGUAL),
        by_mouth_or_nose("slow tablet", 120, Drug.KETAMINE, Route.ORAL, 600.0),
        climbing_spray(),
    ),
    patients=BLOCK + 100,
)


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    out = tmp_path_factory.mktemp("whole") / "people.parquet"
    assert run.simulate(SIMULATION, out) is None
    assert [file.name for file in out.parent.iterdir()] == ["people.parquet"]
    return pl.read_parquet(out)


def test_there_is_one_row_for_each_regimen_patient_and_session(rows):
    assert rows.height == 2 * SIMULATION.patients * 3
    assert rows.select("regimen", "patient", "session").is_unique().all()
    assert rows["regimen"].unique(maintain_order=True).to_list() == ["short", "long"]
    assert rows["patient"].max() == SIMULATION.patients - 1


def test_no_figure_is_missing_or_impossible(rows):
    figures = rows.select(pl.col(pl.Float64))
    assert np.isfinite(figures.to_numpy()).all()
    assert rows["peak_cadss"].is_between(0, 92).all()
    assert rows["minutes_cadss_above_4"].is_between(0, 720).all()
    assert rows["madrs_before"].is_between(0, 60).all()
    assert (rows["dose_mg"] / rows["weight_kg"]).is_between(0.4999, 0.5001).all()


def test_a_person_is_the_same_in_every_regimen(rows):
    who = ["patient", "session", "age_years", "weight_kg", "female", "responder"]
    short, long = (rows.filter(regimen=name).select(who) for name in ("short", "long"))
    assert_frame_equal(short, long, check_exact=True)


def test_slower_is_less_high_and_the_high_wears_off_over_sessions(rows):
    middle = rows.group_by("regimen", "session").agg(pl.col("peak_cadss").median())
    seen = {(r, s): cadss for r, s, cadss in middle.iter_rows()}
    assert seen["long", 1] < 0.75 * seen["short", 1]
    assert seen["short", 3] < 0.75 * seen["short", 1]


def test_minutes_above_four_are_zero_just_where_the_peak_is_below(rows):
    low = rows.filter(pl.col("peak_cadss") <= 4)["minutes_cadss_above_4"]
    high = rows.filter(pl.col("peak_cadss") > 4.5)["minutes_cadss_above_4"]
    assert low.len() > 0
    assert (low == 0).all()
    assert (high > 0).all()


@pytest.mark.parametrize(("workers", "blocks_each"), [(1, 1), (2, 1), (1, 2)])
def test_neither_workers_nor_the_size_of_parts_move_a_digit(rows, tmp_path, workers, blocks_each):
    out = tmp_path / "again.parquet"
    run.simulate(SIMULATION, out, workers=workers, blocks_each=blocks_each)
    assert_frame_equal(pl.read_parquet(out), rows, check_exact=True)


def test_an_interrupted_run_is_taken_up_and_gives_the_same_digits(rows, tmp_path):
    out = tmp_path / "people.parquet"

    def stop(finished, every):
        if finished == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.simulate(SIMULATION, out, blocks_each=1, done=stop)
    assert not out.exists()
    counted = []
    run.simulate(SIMULATION, out, blocks_each=1, done=lambda *so_far: counted.append(so_far))
    assert counted[0] == (2, 6)  # what was done is not done again
    assert_frame_equal(pl.read_parquet(out), rows, check_exact=True)


def test_by_other_routes_too_nothing_moves_a_digit(tmp_path):
    first, again = tmp_path / "first.parquet", tmp_path / "again.parquet"
    run.simulate(OTHER_WAYS, first)
    run.simulate(OTHER_WAYS, again, workers=2, blocks_each=1)
    seen = pl.read_parquet(first)
    assert_frame_equal(pl.read_parquet(again), seen, check_exact=True)
    assert np.isfinite(seen.select(pl.col(pl.Float64)).to_numpy()).all()
    assert (seen["peak_venous_ng_per_ml"] > 0).all()
    # Uptake of a film differs by day, that of a device by person: all that is known of either.
    peak = pl.col("peak_arterial_ng_per_ml")
    alike = seen.group_by("regimen", "patient").agg(peak.n_unique().alias("peaks"))
    by_day = dict(alike.group_by("regimen").agg(pl.col("peaks").max()).iter_rows())
    assert {name: by_day[name] for name in ("device", "film", "slow tablet")} == {
        "device": 1,
        "film": 3,
        "slow tablet": 3,
    }
    doses = seen.filter(regimen="climbing").group_by("session").agg(pl.col("dose_mg").mean())
    mean_mg = [mg for _, mg in sorted(doses.iter_rows())]
    assert mean_mg[0] == 56 < mean_mg[1] < mean_mg[2] < 84


def test_fewer_patients_are_the_first_of_more(rows, tmp_path):
    out = tmp_path / "few.parquet"
    run.simulate(replace(SIMULATION, patients=BLOCK + 7), out)
    assert_frame_equal(
        pl.read_parquet(out), rows.filter(pl.col("patient") < BLOCK + 7), check_exact=True
    )


def test_parts_of_another_simulation_are_never_mixed_in(tmp_path):
    out, small = tmp_path / "people.csv", replace(SIMULATION, patients=10)

    def stop(finished, every):
        if finished:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.simulate(small, out, done=stop)
    with pytest.raises(BadInput, match="another simulation"):
        run.simulate(replace(small, seed=2), out)
    run.simulate(replace(small, seed=2), out, fresh=True)
    assert pl.read_csv(out).height == 2 * 10 * 3


def test_what_the_model_cannot_follow_is_refused_before_anything_is_written(tmp_path):
    mirror = replace(SIMULATION, regimens=(regimen("R", 0.5, drug=Drug.ARKETAMINE),))
    refusal = run.simulate(mirror, tmp_path / "people.parquet")
    assert refusal.code == "mood-not-modelled"
    assert not list(tmp_path.iterdir())


def test_a_file_of_another_kind_is_refused_in_words(tmp_path):
    with pytest.raises(BadInput, match=r"out must end in \.parquet or \.csv, got 'people\.xlsx'"):
        run.simulate(SIMULATION, tmp_path / "people.xlsx")
