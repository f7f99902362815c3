"""`afterglow simulate`: the documented example runs; nonsense is told by its line."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.cli.files import ran, written

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "population.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8").replace("patients = 20000", "patients = 30")


def test_the_example_is_written_with_the_documented_columns(capsys, tmp_path):
    out = tmp_path / "people.csv"
    file = written(tmp_path, TEXT, "people.toml")
    code, said, err = ran(capsys, "simulate", file, "--out", str(out), "--workers", "1")
    assert code == 0, err
    assert "360 rows" in said
    rows = pl.read_csv(out)
    assert rows.height == 360
    described = (EXAMPLE.parents[1] / "trial-format.md").read_text(encoding="utf-8")
    assert all(f"`{column}`" in described for column in rows.columns)


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ("patients = 30", "patients = 0", "line 3 [simulate]: patients must be 1 to 10000000"),
        ("baseline_sd = 5", "baseline_sd = inf", "line 5 [simulate]: baseline_sd must be 0 to 30"),
        ('name = "100 minutes"', 'name = "40 minutes"', "must be different"),
        ("minutes = 40", "minutes = 40\npatients = 3", "patients is not known here"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line(capsys, tmp_path, was, now, words):
    file = written(tmp_path, TEXT.replace(was, now), "people.toml")
    code, _, err = ran(capsys, "simulate", file, "--out", str(tmp_path / "people.csv"))
    assert code == 2
    assert words in err


def test_a_refusal_is_told_and_nothing_is_written(capsys, tmp_path):
    file = written(tmp_path, TEXT.replace('"ketamine"', '"arketamine"'), "people.toml")
    code, _, err = ran(capsys, "simulate", file, "--out", str(tmp_path / "people.csv"))
    assert code == 3
    assert "mood-not-modelled" in err
    assert not (tmp_path / "people.csv").exists()
    code, said, _ = ran(capsys, "simulate", file, "--out", str(tmp_path / "people.csv"), "--json")
    assert code == 0
    assert json.loads(said)["refusal"]["code"] == "mood-not-modelled"


def test_a_population_is_summed_up_by_session_in_every_form(capsys, tmp_path):
    file, out = written(tmp_path, TEXT, "people.toml"), tmp_path / "people.parquet"
    words = ["simulate", file, "--out", str(out), "--workers", "1", "--json"]
    for suffix in (".csv", ".json", ".parquet", ".png", ".svg"):
        told = tmp_path / f"sum{suffix}"
        code, printed, err = ran(capsys, *words, "--summary", str(told))
        assert code == 0, err
        assert told.stat().st_size > 500
    summary = json.loads(printed)["summary"]
    assert summary == json.loads((tmp_path / "sum.json").read_text(encoding="utf-8"))["summary"]
    rows = pl.read_parquet(out)
    for one in summary:
        mine = rows.filter(
            pl.col("regimen") == one["regimen"], pl.col("session") == one["session"]
        )[one["quantity"]].cast(pl.Float64)
        assert one["mean"] == pytest.approx(mine.mean())
        assert one["p5"] <= one["p50"] <= one["p95"]
        assert mine.min() <= one["p5"]
        assert one["patients"] == 30
    assert len(summary) == 2 * 6 * 7
    assert summary[0]["regimen"] == "40 minutes"
    assert any("drawn apart" in words for words in json.loads(printed)["notes"])


def test_a_regimen_may_climb_but_has_nobody_who_goes_on_alone(capsys, tmp_path):
    ladder = "[regimen.flexible]\ndose_mg_per_kg = [0.25, 0.5]\nat_sessions = [2, 4]\n"
    text = TEXT.replace("dose_mg_per_kg = 0.5\nminutes = 100\n", "minutes = 100\n") + ladder
    out = tmp_path / "people.csv"
    file = written(tmp_path, text, "people.toml")
    code, _, err = ran(capsys, "simulate", file, "--out", str(out), "--workers", "1")
    assert code == 0, err
    rows = pl.read_csv(out).filter(regimen="100 minutes")
    per_kg = (rows["dose_mg"] / rows["weight_kg"]).round(6)
    assert set(per_kg) == {0.25, 0.5}
    assert set(rows.with_columns(kg=per_kg).filter(session=1)["kg"]) == {0.25}
    only = TEXT.replace("minutes = 100", 'minutes = 100\nonly = "remitters"')
    code, _, err = ran(capsys, "simulate", written(tmp_path, only, "p.toml"), "--out", str(out))
    assert code == 2
    assert "only is not known here" in err
