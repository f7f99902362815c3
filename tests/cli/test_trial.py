"""`afterglow trial`: the documented example runs, and a slip in the file is told by its line."""

import json
from pathlib import Path

import pytest

from tests.cli.files import ran, written

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "trial.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8").replace("people = 2000", "people = 200\ndraws = 20")


def answered(capsys, tmp_path, text=TEXT):
    code, out, err = ran(capsys, "trial", written(tmp_path, text, "trial.toml"), "--json")
    assert code == 0, err
    return json.loads(out)


def test_every_arm_of_the_example_has_every_figure_at_every_day(capsys, tmp_path):
    answer = answered(capsys, tmp_path)
    assert [arm["name"] for arm in answer["arms"]] == ["midazolam", "once", "six, with therapy"]
    for arm in answer["arms"]:
        for figure in ("mean_change", "response", "remission", "relapse"):
            assert {len(values) for values in arm[figure].values()} == {len(answer["days"])}
        assert len(arm["sd_change"]) == len(answer["days"])


def test_ketamine_is_better_than_midazolam_and_only_ketamine_dissociates(capsys, tmp_path):
    midazolam, once, _ = answered(capsys, tmp_path)["arms"]
    assert once["mean_change"]["value"][0] < midazolam["mean_change"]["value"][0] - 3
    assert midazolam["peak_cadss_first"]["p95"] == 0
    assert once["peak_cadss_first"]["p50"] > 10


def test_the_ceiling_holds_for_the_heavy_and_weight_sets_the_dose_of_the_others(capsys, tmp_path):
    text = TEXT.replace("most_mg = 60", "most_mg = 45")
    once = answered(capsys, tmp_path, text)["arms"][1]["dose_mg"]
    assert once["highest"] == pytest.approx(45)
    assert 22 <= once["lowest"] < once["mean"] < 44


def test_an_expectancy_left_out_is_said_to_be_assumed(capsys, tmp_path):
    said = answered(capsys, tmp_path)["assumed"]
    assert len(said) == 1
    assert "'midazolam'" in said[0]


def test_the_table_shows_each_arm_with_intervals(capsys, tmp_path):
    code, out, _ = ran(capsys, "trial", written(tmp_path, TEXT, "trial.toml"))
    assert code == 0
    assert "six, with therapy (40 patients" in out
    assert "95 % intervals" in out


@pytest.mark.parametrize(
    ("was", "now", "line", "words"),
    [
        ('scale = "madrs"', 'scale = "mood"', 3, "scale must be one of madrs, hdrs17"),
        ("baseline_mean = 32", "baseline_mean = 320", 4, "baseline_mean must be 1 to 60"),
        ("days = [1, 3", "days = [3, 1", 6, "days must be in ascending order"),
        ("mean = 45", "mean = 4.5", 11, "mean must be 18 to 75"),
        ("minutes = 40", "minuets = 40", 29, "minuets is not known here"),
        ("dose_mg_per_kg = 0.5\nmost", "most", 22, "give dose_mg or dose_mg_per_kg"),
        ('gives = "midazolam"', 'gives = "midazolam"\nminutes = 3', 19, "means nothing"),
        ("patients = 40\nsession", "patients = 1\nsession", 19, "patients must be 2 to 100000"),
        ("female_share = 0.6", "female_share = true", 13, "female_share must be a number"),
    ],
)
def test_a_slip_in_the_file_is_told_with_its_line(capsys, tmp_path, was, now, line, words):
    spoilt = TEXT.replace("\ndraws = 20", "").replace(was, now, 1)
    code, out, err = ran(capsys, "trial", written(tmp_path, spoilt, "trial.toml"))
    assert code == 2
    assert not out
    assert f"trial.toml, line {line}" in err
    assert words in err


VEIN = """route = "intravenous"
dose_mg_per_kg = 0.5
most_mg = 60
minutes = 40
"""
LINKED, SLOW = "venous link turned round", "A slow form is taken to release"
WAYS = [
    ("esketamine", 'route = "nasal"\ndose_mg = 84\nminutes_between = 5\n', LINKED),
    ("esketamine", 'route = "oral"\ndose_mg = 80\n', LINKED),
    ("esketamine", 'route = "sublingual"\ndose_mg = 50\n', "drawn anew for each session"),
    ("ketamine", 'route = "nasal"\ndose_mg = 50\nbioavailability = 0.45\n', "compounded"),
    ("ketamine", 'route = "oral"\ndose_mg = 100\n', "drawn anew for each session"),
    ("ketamine", 'route = "oral"\ndose_mg = 180\nrelease_hours = 10\n', SLOW),
    ("ketamine", 'route = "sublingual"\ndose_mg_per_kg = 1\n', "under the tongue the rest"),
    ("ketamine", 'route = "intramuscular"\ndose_mg_per_kg = 0.5\nminutes = 0\n', "for muscle"),
    ("ketamine", 'route = "subcutaneous"\ndose_mg_per_kg = 0.5\nminutes = 0\n', "Muscle and skin"),
    ("ketamine", 'route = "intravenous"\ndose_mg = 1200\nminutes = 5760\n', "beyond 8 h"),
]


@pytest.mark.parametrize(("drug", "way", "words"), WAYS)
def test_every_way_a_drug_is_given_is_answered_with_benefit_and_its_notes(
    capsys, tmp_path, drug, way, words
):
    text = TEXT.replace(VEIN, way, 1)
    assert text != TEXT
    text = text.replace('"once"\ngives = "ketamine"', f'"once"\ngives = "{drug}"')
    answer = answered(capsys, tmp_path, text)
    midazolam, once, _ = answer["arms"]
    assert once["mean_change"]["value"][0] < midazolam["mean_change"]["value"][0] - 0.5
    assert once["peak_cadss_first"]["p50"] > 0.2
    assert words in " ".join(answer["notes"])
    assert words not in " ".join(answered(capsys, tmp_path)["notes"])


@pytest.mark.parametrize(
    ("now", "line", "words"),
    [
        (
            'route = "nasal"\ndose_mg_per_kg = 1\nminutes_between = 5\n',
            28,
            "minutes_between is for",
        ),
        (
            'route = "nasal"\ndose_mg = 50\nrelease_hours = 5\n',
            28,
            'release_hours is for route = "or',
        ),
        (
            'route = "oral"\ndose_mg = 50\nbioavailability = 0.5\n',
            28,
            "bioavailability is for a rac",
        ),
        ('route = "oral"\ndose_mg = 50\nminutes = 9\nrelease_hours = 5\n', 29, "one of them"),
        (
            'route = "oral"\ndose_mg = 50\nrelease_hours = 500\n',
            28,
            "release_hours must be 0.1 to 48 h",
        ),
        ('route = "intravenous"\ndose_mg = 50\n', 22, "minutes is missing: a number, 0 to 10080"),
        (
            'route = "intravenous"\ndose_mg = 50\nminutes = 20000\n',
            28,
            "minutes must be 0 to 10080 min",
        ),
        ('route = "oral"\ndose_mg = 50\nform = "salt"\n', 28, "form must be one of base, hydrochl"),
    ],
)
def test_a_field_that_means_nothing_by_a_route_is_told_with_its_line(
    capsys, tmp_path, now, line, words
):
    spoilt = TEXT.replace("\ndraws = 20", "").replace(VEIN, now, 1)
    code, _, err = ran(capsys, "trial", written(tmp_path, spoilt, "trial.toml"))
    assert code == 2
    assert words in err
    assert f"trial.toml, line {line}" in err


def test_an_amount_of_the_salt_is_counted_as_base(capsys, tmp_path):
    text = TEXT.replace("most_mg = 60", 'form = "hydrochloride"')
    base, salt = (answered(capsys, tmp_path, one)["arms"][1] for one in (TEXT, text))
    assert salt["dose_mg"]["lowest"] == pytest.approx(0.867 * base["dose_mg"]["lowest"], rel=1e-3)


@pytest.mark.parametrize(
    ("was", "now", "refused"),
    [
        ('gives = "ketamine"', 'gives = "arketamine"', "mood-not-modelled"),
        (
            "female_share = 0.6",
            'female_share = 0.6\nhepatic = "child-pugh-c"',
            "hepatic-not-modelled",
        ),
        (
            "female_share = 0.6",
            'female_share = 0.6\nmedicines = ["grapefruit", "rifampicin"]',
            "interaction-not-modelled",
        ),
        ("low = 45, high = 140", "low = 45, high = 200", "outside-model"),
        ("[0, 2, 4,", "[0, 0.5, 4,", "sessions-too-close"),
        ("seed = 1", 'seed = 1\nmodel = "otto_2021"', "effect-not-modelled"),
    ],
)
def test_what_the_model_cannot_answer_is_refused_as_a_value(capsys, tmp_path, was, now, refused):
    text = TEXT.replace(was, now)
    assert answered(capsys, tmp_path, text)["refusal"]["code"] == refused
    assert ran(capsys, "trial", written(tmp_path, text, "trial.toml"))[0] == 3
