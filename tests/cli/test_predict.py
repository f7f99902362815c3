"""`afterglow predict` and `afterglow models` at the command line, in a process of their own."""

import json
import subprocess
import sys
from importlib.resources import files

import pytest

CASE = """
[patient]
age_years = 45
weight_kg = {weight}
sex = "female"
[drug]
name = "ketamine"
[[dose]]
route = "intravenous"
amount_mg = 35
start_min = 0
duration_min = 40
[output]
times_min = [0, 40, 80]
quantities = ["venous_ng_per_ml", "cadss_23"]
percentiles = [5, 50, 95]
[options]
patients = 200
"""


def afterglow(*words):
    return subprocess.run(
        [sys.executable, "-m", "afterglow.cli", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "case.toml"
        path.write_text(text)
        return path

    return write


def test_a_case_is_answered_in_json(written):
    done = afterglow("predict", written(CASE.format(weight=70)), "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert told["refusal"] is None
    assert told["quantities"]["venous_ng_per_ml"]["typical"][1] == pytest.approx(188.4, abs=0.1)


def test_a_case_is_answered_in_a_table(written):
    done = afterglow("predict", written(CASE.format(weight=70)))
    assert "venous_ng_per_ml (ng/mL; by simons_2022; [D])" in done.stdout
    assert "188.405" in done.stdout
    assert "typical at 40 min" in done.stdout
    assert "426.2 in all (ng*h/mL, typical)" in done.stdout


def test_a_refusal_is_an_answer(written):
    done = afterglow("predict", written(CASE.format(weight=200)), "--json")
    assert json.loads(done.stdout)["refusal"]["code"] == "outside-model"
    assert done.returncode == 0
    assert afterglow("predict", written(CASE.format(weight=200))).returncode == 3


def test_a_weight_in_grams_is_one_sentence(written):
    done = afterglow("predict", written(CASE.format(weight=7000)), "--json")
    assert done.returncode == 2
    assert "weight_kg must be 20 to 350 kg, got 7000." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_slip_of_the_pen_names_its_line(written):
    done = afterglow("predict", written("[patient\nage_years = 45"))
    assert done.returncode == 2
    assert "line 1" in done.stderr


def test_the_library_holds_together():
    done = afterglow("models", "check")
    assert done.returncode == 0, done.stdout
    assert "simons_2022.toml: holds together." in done.stdout


def test_a_model_file_without_a_source_is_refused(tmp_path):
    root = files("afterglow.core.pharmacology").joinpath("models")
    text = root.joinpath("domino_1982.toml").read_text("utf-8")
    broken = tmp_path / "domino_1982.toml"
    broken.write_text(text.replace('source = "domino_1982", weight_power', "weight_power", 1))
    done = afterglow("models", "check", broken)
    assert done.returncode == 1
    assert "v1: source is missing" in done.stdout


def test_a_model_shows_its_numbers_with_their_sources():
    done = afterglow("models", "show", "otto_2021")
    assert "Fanta 2015" in done.stdout
    assert "95.2  L/h" in done.stdout
    assert afterglow("models", "show", "nonesuch").returncode == 2
