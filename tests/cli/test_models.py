"""`afterglow models`: the library as a clinician meets it, and a file of one's own beside it."""

import json
from importlib.resources import files

import pytest

from afterglow.core.pharmacology import library
from tests.cli.files import CASE, ran, written

TEXT = (
    files("afterglow.core.pharmacology")
    .joinpath("models", "clements_1981_250.toml")
    .read_text("utf-8")
    .replace("clements_1981_250", "our_ward")
)


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "_added", [])
    monkeypatch.setenv("AFTERGLOW_MODELS", str(tmp_path))
    yield tmp_path
    library.load.cache_clear()


def test_the_whole_library_holds_together(capsys):
    code, out, _ = ran(capsys, "models", "check")
    assert code == 0
    assert {"simons_2022.toml: holds together.", "mood.toml: holds together."} <= set(
        out.splitlines()
    )


def test_a_file_with_a_fault_ends_with_an_error_that_names_it(capsys, tmp_path):
    file = written(tmp_path, TEXT.replace('grade = "B"', 'grade = "Z"', 1), "our_ward.toml")
    code, out, _ = ran(capsys, "models", "check", file)
    assert code == 1
    assert "our_ward.toml [parameters] v1: grade must be one of" in out


def test_two_files_of_one_name_are_both_checked(capsys, tmp_path):
    (tmp_path / "other").mkdir()
    good = written(tmp_path, TEXT, "our_ward.toml")
    bad = written(
        tmp_path / "other", TEXT.replace("value = 0.0186", "value = 0.02"), "our_ward.toml"
    )
    code, out, _ = ran(capsys, "models", "check", bad, good)
    assert code == 1
    assert "our_ward, 35 mg of racemic ketamine" in out
    assert "our_ward.toml: holds together." in out


def test_what_is_no_text_is_told_in_a_sentence(capsys, tmp_path):
    file = tmp_path / "our_ward.toml"
    file.write_bytes(b"\xff\xfe")
    code, _, err = ran(capsys, "models", "check", str(file))
    assert code == 2
    assert "our_ward.toml is not text in UTF-8" in err


@pytest.mark.parametrize(
    ("model_id", "words"),
    [
        ("haemodynamics", "clonidine_share"),
        ("sedation", "150-250  UNVERIFIED"),
        ("otto_2021", "covariance of v1 and cl: 0.02261"),
        ("simons_2022", "0.14+0.87"),
        ("kamp_2020_meta", "18 to 80 years, 40 to 150 kg"),
    ],
)
def test_effects_and_outcomes_are_shown_like_models(capsys, model_id, words):
    code, out, _ = ran(capsys, "models", "show", model_id)
    assert code == 0
    assert words in out
    told = json.loads(ran(capsys, "models", "show", model_id, "--json")[1])
    assert all(one["grade"] and one["source"] for one in told["parameters"])
    _, listed, _ = ran(capsys, "models", "list")
    assert model_id in listed


def test_one_file_in_a_folder_of_its_own_is_a_model_like_any_other(capsys, shelf):
    written(shelf, TEXT, "our_ward.toml")
    _, listed, _ = ran(capsys, "models", "list")
    assert "our_ward" in listed
    _, shown, _ = ran(capsys, "models", "show", "our_ward")
    assert "1.7522" in shown
    case = written(shelf, CASE + 'model = "our_ward"\n', "case")
    code, out, _ = ran(capsys, "predict", case, "--json")
    assert code == 0
    answer = json.loads(out)
    assert answer["model"] == "our_ward"
    assert answer["quantities"]["venous_ng_per_ml"]["typical"][1] == pytest.approx(177.3, abs=0.1)


def test_a_folder_that_is_not_there_is_told_in_a_sentence(capsys, monkeypatch):
    monkeypatch.setenv("AFTERGLOW_MODELS", "no-such-folder")
    code, _, complaint = ran(capsys, "models", "list")
    assert code == 2
    assert "folder of added models must exist" in complaint
