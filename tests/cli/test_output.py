"""Every form of an answer holds the same figures, byte for byte the same twice."""

import json
import resource
import subprocess
import sys
import tomllib
from pathlib import Path

import polars as pl
import pytest

from tests.cli.files import ran

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
ASKED = {
    "predict": "case.toml",
    "high": "case.toml",
    "update": "course.toml",
    "plan": "course.toml",
}


def wrote(capsys, folder, command, suffix):
    out = folder / f"answer{suffix}"
    code, _, err = ran(capsys, command, str(EXAMPLES / ASKED[command]), "--out", str(out))
    assert code == 0, err
    assert f"Written to {out}" in err
    return out.read_bytes()


@pytest.mark.parametrize("command", ASKED)
@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet", ".png", ".svg"])
def test_a_file_is_the_same_bytes_twice(capsys, tmp_path, command, suffix):
    first = wrote(capsys, tmp_path, command, suffix)
    assert first == wrote(capsys, tmp_path, command, suffix)
    assert len(first) > 200


@pytest.mark.parametrize("command", ASKED)
def test_csv_and_parquet_hold_the_same_rows(capsys, tmp_path, command):
    wrote(capsys, tmp_path, command, ".csv")
    wrote(capsys, tmp_path, command, ".parquet")
    as_csv = pl.read_csv(tmp_path / "answer.csv", infer_schema_length=None)
    as_parquet = pl.read_parquet(tmp_path / "answer.parquet")
    assert as_csv.columns == as_parquet.columns
    assert as_csv.height == as_parquet.height > 5
    for name in as_csv.columns:
        assert as_csv[name].cast(pl.String).fill_null("").to_list() == (
            as_parquet[name].cast(pl.String).fill_null("").to_list()
        )


def test_the_rows_of_predict_hold_the_figures_of_its_json(capsys, tmp_path):
    wrote(capsys, tmp_path, "predict", ".parquet")
    answer = json.loads(wrote(capsys, tmp_path, "predict", ".json"))
    rows = pl.read_parquet(tmp_path / "answer.parquet")
    for name, told in answer["quantities"].items():
        mine = rows.filter(pl.col("quantity") == name)
        assert mine["typical"].to_list() == told["typical"]
        if "p95" in told:
            assert mine["p95"].to_list() == told["p95"]
        else:
            assert mine["p95"].null_count() == mine.height


def test_a_case_in_json_is_answered_as_the_same_case_in_toml(capsys, tmp_path):
    raw = tomllib.loads((EXAMPLES / "case.toml").read_text(encoding="utf-8"))
    (tmp_path / "case.json").write_text(json.dumps(raw, indent=1), encoding="utf-8")
    from_toml = ran(capsys, "predict", str(EXAMPLES / "case.toml"), "--json")
    assert from_toml == ran(capsys, "predict", str(tmp_path / "case.json"), "--json")
    raw["dose"] = "doses.csv"
    (tmp_path / "case.json").write_text(json.dumps(raw, indent=1), encoding="utf-8")
    (tmp_path / "doses.csv").write_text(
        "route,amount_mg,start_min,duration_min\nintravenous,35,0,40\n", encoding="utf-8"
    )
    assert from_toml == ran(capsys, "predict", str(tmp_path / "case.json"), "--json")


def test_a_slip_in_json_is_told_with_its_line(capsys, tmp_path):
    raw = tomllib.loads((EXAMPLES / "case.toml").read_text(encoding="utf-8"))
    raw["dose"][0]["route"] = "rectal"
    text = json.dumps(raw, indent=1)
    line = 1 + text[: text.index('"route"')].count("\n")
    (tmp_path / "case.json").write_text(text, encoding="utf-8")
    code, _, err = ran(capsys, "predict", str(tmp_path / "case.json"))
    assert code == 2
    assert f"case.json, line {line}: dose 1: route must be one of" in err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"patient": }', "line 1: this is not JSON"),
        ("[1, 2]", "an object of tables is expected"),
        ('{"drug": {"name": "ketamine", "name": "ketamine"}}', "name stands there twice"),
    ],
)
def test_a_file_that_is_not_a_case_is_told(capsys, tmp_path, text, words):
    (tmp_path / "case.json").write_text(text, encoding="utf-8")
    code, _, err = ran(capsys, "predict", str(tmp_path / "case.json"))
    assert code == 2
    assert words in err


def test_nothing_is_written_of_a_refusal(capsys, tmp_path):
    text = (EXAMPLES / "case.toml").read_text(encoding="utf-8")
    heavy = tmp_path / "case.toml"
    heavy.write_text(text.replace("weight_kg = 70", "weight_kg = 200"), encoding="utf-8")
    for command in ("predict", "high"):
        out = tmp_path / f"{command}.csv"
        assert ran(capsys, command, str(heavy), "--out", str(out))[0] == 3
        assert not out.exists()


def test_a_folder_there_is_not_is_told_before_the_work(capsys, tmp_path):
    out = str(tmp_path / "none" / "a.csv")
    code, _, err = ran(capsys, "predict", str(EXAMPLES / "case.toml"), "--out", out)
    assert code == 2
    assert "out must lie in a folder that exists" in err


def test_the_models_are_listed_for_programs_too(capsys, tmp_path):
    listed = json.loads(ran(capsys, "models", "list", "--json")[1])
    assert {"simons_2022", "otto_2021"} <= {one["id"] for one in listed}
    shown = json.loads(ran(capsys, "models", "show", "simons_2022", "--json")[1])
    assert all(one["unit"] and one["source"] for one in shown["parameters"])
    code, _, err = ran(capsys, "models", "list", "--out", str(tmp_path / "models.png"))
    assert code == 2
    assert "out must end in .csv, .parquet, .json" in err


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet", ".png", ".svg"])
def test_a_full_disk_is_told_and_leaves_the_file_that_was_there(capsys, tmp_path, suffix):
    out = tmp_path / f"answer{suffix}"
    out.write_text("what was there", encoding="utf-8")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))  # as a disk with 100 bytes left
        code, _, err = ran(capsys, "predict", str(EXAMPLES / "case.toml"), "--out", str(out))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code == 2
    assert err.startswith(f"{out}: ")
    assert [file.name for file in tmp_path.iterdir()] == [out.name]
    assert out.read_text(encoding="utf-8") == "what was there"


def test_the_file_that_is_read_is_never_written_over(capsys, tmp_path):
    for command, name in ASKED.items():
        raw = tomllib.loads((EXAMPLES / name).read_text(encoding="utf-8"))
        file = tmp_path / f"{command}.json"
        file.write_text(json.dumps(raw), encoding="utf-8")
        (tmp_path / "again.json").unlink(missing_ok=True)
        (tmp_path / "again.json").symlink_to(file)
        for out in (file, tmp_path / "again.json"):
            code, _, err = ran(capsys, command, str(file), "--out", str(out))
            assert code == 2
            assert "out must be another file than what is read" in err
        assert json.loads(file.read_text(encoding="utf-8")) == raw


def test_a_link_is_written_through_and_a_folder_refused(capsys, tmp_path):
    case = str(EXAMPLES / "case.toml")
    (tmp_path / "linked.csv").symlink_to(tmp_path / "real.csv")
    assert ran(capsys, "predict", case, "--out", str(tmp_path / "linked.csv"))[0] == 0
    assert (tmp_path / "linked.csv").is_symlink()
    assert (tmp_path / "real.csv").stat().st_size > 200
    (tmp_path / "folder.csv").mkdir()
    code, _, err = ran(capsys, "predict", case, "--out", str(tmp_path / "folder.csv"))
    assert code == 2
    assert "out must be a file" in err


def begun(*words, **pipes):
    command = [sys.executable, "-m", "afterglow.cli", *words]
    return subprocess.Popen(command, text=True, stderr=subprocess.PIPE, **pipes)


def test_a_reader_that_had_enough_sees_no_traceback():
    with begun("plan", str(EXAMPLES / "course.toml"), stdout=subprocess.PIPE) as process:
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()


def test_a_standard_output_that_is_full_is_told():
    with Path("/dev/full").open("w") as full, begun("models", "list", stdout=full) as process:
        assert "standard output: No space left on device." in process.stderr.read()
    assert process.returncode == 2


def test_ctrl_c_is_one_sentence(capsys, tmp_path, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("afterglow.core.dosing.forecast.forecast", stopped)
    out = tmp_path / "answer.csv"
    code, said, err = ran(capsys, "predict", str(EXAMPLES / "case.toml"), "--out", str(out))
    assert (code, said) == (130, "")
    assert err == "Stopped. No file is left half written.\n"
    assert not out.exists()


@pytest.mark.parametrize("command", ASKED)
def test_json_is_all_that_is_printed_and_strict(capsys, tmp_path, command):
    file, out = str(EXAMPLES / ASKED[command]), tmp_path / "answer.csv"
    code, said, err = ran(capsys, command, file, "--json", "--out", str(out))
    assert code == 0
    assert err == f"Written to {out}.\n"
    assert json.loads(said, parse_constant=pytest.fail)["refusal"] is None
