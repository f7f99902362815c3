"""`afterglow mechanism`: exploratory on every form of it, with its doubt and its inverted U."""

import json

import polars as pl
import pytest

from tests.cli.files import CASE, ran, written

LONGER = CASE.replace("[0, 40, 240]", "[0, 40, 240, 1440]")


def told(capsys, folder, text=LONGER):
    code, out, err = ran(capsys, "mechanism", written(folder, text), "--json")
    assert code == 0, err
    return json.loads(out)


def test_every_answer_says_that_it_is_exploratory(capsys, tmp_path):
    answer = told(capsys, tmp_path)
    assert answer["exploratory"] is True
    assert "not for choosing a dose" in answer["notice"]
    code, out, _ = ran(capsys, "mechanism", written(tmp_path, LONGER))
    assert code == 0
    assert out.startswith("Exploratory: not for choosing a dose.")


def test_each_step_follows_the_one_before_and_carries_the_doubt_of_occupancy(capsys, tmp_path):
    steps = told(capsys, tmp_path)["steps"]
    assert steps["block_interneuron"]["typical"][1] > steps["block_pyramidal"]["typical"][1]
    assert steps["ampa"]["typical"][1] > steps["mtor"]["typical"][1]
    assert steps["proteins"]["typical"][3] > steps["proteins"]["typical"][1]
    assert steps["glutamate"]["typical"][0] == 1
    wide = steps["block_pyramidal"]
    assert wide["p95"][1] > 5 * wide["p5"][1]  # five-fold either way
    for step in steps.values():
        assert len(step["typical"]) == len(step["p95"]) == 4


def test_glutamate_and_ampa_fall_again_at_high_concentrations(capsys, tmp_path):
    held = told(capsys, tmp_path)["inverted_u"]
    for name in ("glutamate", "ampa"):
        curve = [one[name] for one in held]
        peak = curve.index(max(curve))
        assert 0 < peak < len(curve) - 1
        assert curve[-1] < 0.95 * curve[peak]


def test_receptors_are_told_with_affinity_interval_grade_and_note(capsys, tmp_path):
    answer = told(capsys, tmp_path)
    targets = {one["target"]: one for one in answer["receptors"]}
    for named in ("mu opioid", "sigma-1", "dopamine D2", "serotonin transporter (SERT)"):
        one = targets[named]
        assert 0 < one["low"] < one["share"] < one["high"] < 1
        assert one["source"]
    assert targets["dopamine D2"]["is_ceiling"]
    out = ran(capsys, "mechanism", written(tmp_path, LONGER))[1]
    assert "[C] unverified" in out
    assert "<" in out.split("dopamine D2")[1][:40]


def test_rows_and_a_picture_can_be_written(capsys, tmp_path):
    for name in ("steps.csv", "steps.svg"):
        out = str(tmp_path / name)
        assert ran(capsys, "mechanism", written(tmp_path, LONGER), "--out", out)[0] == 0
    rows = pl.read_csv(tmp_path / "steps.csv")
    assert set(rows["kind"]) == {"step", "receptor", "held"}
    assert rows["exploratory"].all()
    assert b"Exploratory" in (tmp_path / "steps.svg").read_bytes()


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ("weight_kg = 70", "weight_kg = 200", "outside-model"),
        ("[options]", '[options]\nmodel = "domino_1982"', "quantity-not-modelled"),
    ],
)
def test_what_cannot_be_followed_is_refused(capsys, tmp_path, was, now, code):
    text = LONGER.replace(was, now)
    assert told(capsys, tmp_path, text)["refusal"]["code"] == code
    assert ran(capsys, "mechanism", written(tmp_path, text))[0] == 3


def test_r_ketamine_blocks_though_it_is_not_felt(capsys, tmp_path):
    text = LONGER.replace('"ketamine"', '"arketamine"')
    steps = told(capsys, tmp_path, text)["steps"]
    assert 0 < steps["block_interneuron"]["typical"][1] < 0.15
