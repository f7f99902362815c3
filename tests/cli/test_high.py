"""`afterglow high`: every figure with its source, and a "no" in words."""

import json

import pytest

from tests.cli.files import CASE, ran, written


def test_every_figure_and_every_band_has_a_source_and_a_grade(capsys, tmp_path):
    code, out, _ = ran(capsys, "high", written(tmp_path, CASE), "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["refusal"] is None
    for one in answer["findings"] + answer["bands"]:
        assert one["source"]
        assert one["grade"] in ("A", "B", "C", "D", "own")


def test_half_a_milligram_per_kilo_is_told_with_its_worst_in_twenty_and_its_end(capsys, tmp_path):
    answer = json.loads(ran(capsys, "high", written(tmp_path, CASE), "--json")[1])
    told = {one["name"]: one for one in answer["findings"]}
    assert answer["band_at_peak"] == "therapeutic"
    assert told["peak dissociation"]["high"] > 1.5 * told["peak dissociation"]["value"]
    assert 80 <= told["gone at"]["value"] <= 120
    assert 0 < told["stays able to converse"]["value"] < 1
    assert sum(one["chance_of_peak"] for one in answer["bands"]) == pytest.approx(1)


def test_a_slower_infusion_leaves_more_people_able_to_converse(capsys, tmp_path):
    slow = CASE.replace("duration_min = 40", "duration_min = 100")
    chances = []
    for text in (CASE, slow):
        answer = json.loads(ran(capsys, "high", written(tmp_path, text), "--json")[1])
        told = {one["name"]: one["value"] for one in answer["findings"]}
        chances.append(told["stays able to converse"])
    assert chances[1] > chances[0] + 0.1


def test_what_is_unverified_is_said_to_be(capsys, tmp_path):
    out = ran(capsys, "high", written(tmp_path, CASE))[1]
    assert "[own] unverified" in out
    assert "worst in 20" in out
    assert "therapeutic <" in out


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ("weight_kg = 70", "weight_kg = 7000", "line 3: patient.weight_kg must be 20 to 350 kg"),
        ("weight_kg = 70", "weight_kg = nan", "line 3: patient.weight_kg must be 20 to 350 kg"),
        ('"intravenous"', '"rectal"', "line 8: dose 1: route must be one of intravenous"),
        ('"ketamine"', '"ketchup"', "drug.name must be one of ketamine"),
        ("[drug]", "[drug", "line 5"),
    ],
)
def test_a_case_that_cannot_be_meant_is_told_with_file_and_line(capsys, tmp_path, was, now, words):
    code, out, err = ran(capsys, "high", written(tmp_path, CASE.replace(was, now)))
    assert code == 2
    assert not out
    assert "case.toml" in err
    assert words in err


def test_a_file_there_is_not_is_named(capsys, tmp_path):
    code, _, err = ran(capsys, "high", str(tmp_path / "none.toml"))
    assert code == 2
    assert "none.toml: there is no such file" in err


def test_a_model_without_arterial_blood_refuses_rather_than_guesses(capsys, tmp_path):
    text = CASE + 'model = "otto_2021"\n'
    assert ran(capsys, "high", written(tmp_path, text))[0] == 3
    answer = json.loads(ran(capsys, "high", written(tmp_path, text), "--json")[1])
    assert answer["refusal"]["code"] == "effect-not-modelled"
    assert answer["findings"] == []
