"""What cannot be meant, for every command: one sentence with file, line, field and range."""

from pathlib import Path

import pytest

from tests.cli.files import ran

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
FILE = {
    "predict": "case.toml",
    "high": "case.toml",
    "mechanism": "case.toml",
    "update": "course.toml",
    "plan": "course.toml",
    "trial": "trial.toml",
    "simulate": "population.toml",
}
READERS = {"case": ("predict", "high", "mechanism"), "course": ("update", "plan")}
WEIGHT = "weight_kg must be 20 to 350 kg, got 7000"
NOT_BASE = 'amounts are mg of base; write form = "hydrochloride"'

# file, what stood there, what stands there now, line, what is said
SLIPS = [
    ("case", '"ketamine"', '"ketchup"', 9, "drug.name must be one of ketamine, esketamine"),
    ("case", '"ketamine"', '"ketamine hydrochloride"', 9, NOT_BASE),
    ("case", '"intravenous"', '"rectal"', 12, "route must be one of intravenous, intramuscular"),
    ("case", "amount_mg = 35", "amount_mg_hydrochloride = 35", 13, NOT_BASE),
    ("case", "amount_mg = 35", "amount_mg = -35", 13, "amount_mg must be 0 to 2000 mg"),
    ("case", "weight_kg = 70", "weight_kg = 7000", 4, WEIGHT),
    ("case", "weight_kg = 70", "weight_kg = nan", 4, "weight_kg must be 20 to 350 kg, got nan"),
    ("case", "weight_kg = 70", "wieght_kg = 70", 4, "wieght_kg is not known"),
    ("case", "start_min = 0", "start_min = -5", 14, "start_min must be 0 to 10080 min"),
    ("case", "[0, 10, 20", "[0, 20, 10", 18, "output.times_min must be in ascending order"),
    ("case", "[drug]", "[drug", 8, "this is not TOML"),
    ("course", 'drug = "ketamine"', 'drug = "ketchup"', 24, "drug must be one of ketamine"),
    ("course", 'drug = "ketamine"', 'drug = "ketamine HCl"', 24, NOT_BASE),
    ("course", '"intravenous"', '"rectal"', 25, "route must be one of intravenous"),
    ("course", "amount_mg = 35", "salt_mg = 35", 26, NOT_BASE),
    ("course", "weight_kg = 70", "weight_kg = 7000", 6, WEIGHT),
    ("course", "weight_kg = 70", "weight_kg = nan", 6, "weight_kg must be 20 to 350 kg, got nan"),
    ("course", "weight_kg = 70", "wieght_kg = 70", 6, "wieght_kg is not known here"),
    ("course", "day = 3", "day = 0\nbed = 3", 19, "bed is not known here"),
    ("course", "number = 2", "number = 1", 18, "must rise from session to session"),
    ("course", "systolic_mmhg = 118", "systolic_mmhg = 11.8", 19, "must be 60 to 260 mmHg"),
    ("course", "session = 2", "session = 5", 31, "must be one of the [[session]] numbers: 1, 2"),
    ("course", "course-seen.csv", "none.csv", 2, "there is no such file"),
]
PLANS = [
    ("moaa_s = 3", "moaa_s = 7", "moaa_s must be 0 to 4"),
    ("moaa_s = 3", "moaa_s = 4", "moaa_s_chance must be 0.19 or more with moaa_s = 4"),
    ("moaa_s_chance = 0.05", "moaa_s_chance = 5", "moaa_s_chance must be 0 to 1"),
    ("moaa_s_chance = 0.05", "", "moaa_s_chance is missing: a number, 0 to 1"),
    ("muscle_ceiling_mg_per_kg = 0.5", "muscle_ceiling_mg_per_kg = 50", "must be 0.05 to 5 mg/kg"),
    ("most = 5", "most = -5", "most must be 0 to 1000000 mg/kg"),
    ('unit = "mg/kg"', 'unit = "g"', "unit must be one of mg, mg/kg, sessions"),
    ("days = 7", "days = 0", "days must be 1 to 36500"),
    ('"sublingual"]', '"oral"]', "routes must be of intravenous, intramuscular"),
    ('"step-down"]', '"spike"]', "shapes must be of constant, ramp, step-down"),
    ("muscle_doses_mg = [14", "muscle_doses_mg = [0.1", "muscle_doses_mg must be 0.5 to 500 mg"),
    (', "sublingual"]', "]", "tongue_doses_mg is of the sublingual route: add it to routes"),
    ("[3.5, 7, 14]", "[3.5, 7, 28]", "spacings_days must be 1 to 27 days"),
    ("[3.5, 7, 14]", "[7, 3.5]", "spacings_days must be in ascending order"),
    ("sessions = 4", "sessions = 0", "sessions must be 1 to 100"),
    ("over_days = 28", "over_days = 1", "over_days must be 2 to 365 days"),
]
FIRST_SCORE = 'day = -1\nscale = "phq9"\nscore = 19\n\n'
MOODS = [
    ('scale = "phq9"', 'scale = "bdi"', "scale must be one of madrs, hdrs17, qids, phq9"),
    ("score = 19", "score = 91", "score must be 0 to 27 points on phq9, got 91"),
    ("score = 19", "score = nan", "score must be 0 to 27 points on phq9, got nan"),
    ("score = 19", "points = 19", "points is not known here"),
    ("[[score]] # of", "[mood]\nexpectancy = 'high'\n[[score]] # of", "expectancy must be one of"),
    ("[[score]] # of", "[mood]\nhope = 1\n[[score]] # of", "hope is not known here"),
    ("day = 1\nscale", f"{FIRST_SCORE}[[score]]\nday = 1\nscale", "line 38; a second rating"),
]
COPIED = "1,20,cadss,12,points,,\n"
SEEN = [
    ("1,60,ketamine", "1,0,ketamine", 8, "at_min of a sample must be later than the session's"),
    ("ng/mL,venous,\n", ",venous,\n", 8, "unit is missing"),
    ("ng/mL,venous,\n", "ng/mL,,\n", 8, "site is missing: one of arterial, venous"),
    ("118,ng/mL,venous,\n", "0,ng/mL,venous,\n", 8, "below_limit = true"),
    ("cadss,12", "cadss,120", 3, "value must be 0 to 92 points, got 120"),
    ("cadss,12", "cadss,nan", 3, "value must be 0 to 92 points, got nan"),
    ("cadss,12", "high,12", 3, "kind must be one of cadss"),
    ("1,20,cadss,12,points,,", "1,20,cadss,12,points", 3, "7 cells are expected, got 5"),
    ("1,42,moaa_s,5", "1,42,moaa_s,4.5", 7, "value must be a whole number"),
    ("1,20,cadss,12,points,,", "1,20,cadss,12,points,venous,", 3, "site means nothing for cadss"),
    ("session,at_min", "session,at_hour", 2, "at_hour is not known here"),
    (COPIED, COPIED * 2, 4, "the same stands in course-seen.csv, line 3; a second reading has"),
]
GROUPS = [
    ("ketamine", "ketchup", "gives must be one of ketamine"),
    ('"ketamine"', '"ketamine hydrochloride"', "amounts are mg of base"),
    ("intravenous", "rectal", "route must be one of intravenous"),
    ("mean = 80", "mean = 8000", "mean must be 0 to 350"),
    ("mean = 80", "mean = nan", "mean must be 0 to 350, got nan"),
    ("minutes = 40", "minuets = 40", "minuets is not known here"),
    ("[0, 2, 4, 7", "[0, 4, 2, 7", "session_days must be in ascending order"),
]


def told(capsys, folder, command, edits, name=None):
    """What a command says of its example with one thing changed."""
    for file in EXAMPLES.iterdir():
        text = file.read_text(encoding="utf-8")
        for where, was, now in edits:
            if file.name == where:
                assert was in text
                text = text.replace(was, now, 1)
        (folder / file.name).write_text(text, encoding="utf-8")
    more = ["--out", str(folder / "out.parquet")] if command == "simulate" else []
    code, out, err = ran(capsys, command, str(folder / FILE[command]), *more)
    assert code == 2, err
    assert not out
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(("kind", "was", "now", "line", "words"), SLIPS)
def test_a_slip_is_told_with_file_line_field_and_range(
    capsys, tmp_path, kind, was, now, line, words
):
    for command in READERS[kind]:
        err = told(capsys, tmp_path, command, [(FILE[command], was, now)])
        assert f"{FILE[command]}, line {line}" in err
        assert words in err


@pytest.mark.parametrize(("was", "now", "line", "words"), SEEN)
def test_a_slip_in_a_csv_beside_it_is_told_with_its_own_line(
    capsys, tmp_path, was, now, line, words
):
    err = told(capsys, tmp_path, "update", [("course-seen.csv", was, now)])
    assert f"course-seen.csv, line {line}" in err
    assert words in err


def test_a_second_reading_of_the_same_minute_is_no_slip(capsys, tmp_path):
    for file in EXAMPLES.iterdir():
        text = file.read_text(encoding="utf-8")
        text = text.replace(COPIED, COPIED + COPIED.replace("12", "14"))
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    code, out, err = ran(capsys, "update", str(tmp_path / "course.toml"))
    assert code == 0, err
    assert "13 observations" in out


@pytest.mark.parametrize(("was", "now", "words"), PLANS)
def test_a_slip_in_what_is_planned_is_told(capsys, tmp_path, monkeypatch, was, now, words):
    monkeypatch.setitem(FILE, "plan", "course-ways.toml")
    err = told(capsys, tmp_path, "plan", [("course-ways.toml", was, now)])
    assert "course-ways.toml, line " in err
    assert words in err


@pytest.mark.parametrize("command", ["update", "plan"])
@pytest.mark.parametrize(("was", "now", "words"), MOODS)
def test_a_slip_in_a_score_is_told(capsys, tmp_path, command, was, now, words):
    err = told(capsys, tmp_path, command, [("course.toml", was, now)])
    assert "course.toml, line " in err
    assert words in err


def test_scores_beside_a_belief_need_every_session_in_the_file(capsys, tmp_path):
    kept, file = str(tmp_path / "belief.json"), tmp_path / "course.toml"
    assert ran(capsys, "update", str(EXAMPLES / "course.toml"), "--out", kept)[0] == 0
    text = (EXAMPLES / "course.toml").read_text(encoding="utf-8")
    file.write_text(text[text.index("[[score]]") :], encoding="utf-8")
    code, _, err = ran(capsys, "plan", str(file), "--belief", kept)
    assert code == 2
    assert "course.toml, line 1" in err
    assert "scores need every session in this file" in err


@pytest.mark.parametrize("command", ["trial", "simulate"])
@pytest.mark.parametrize(("was", "now", "words"), GROUPS)
def test_a_slip_in_a_groups_file_is_told(capsys, tmp_path, command, was, now, words):
    err = told(capsys, tmp_path, command, [(FILE[command], was, now)])
    assert f"{FILE[command]}, line " in err
    assert words in err


@pytest.mark.parametrize("command", FILE)
def test_a_file_there_is_not_is_named(capsys, tmp_path, command):
    more = ["--out", str(tmp_path / "out.parquet")] if command == "simulate" else []
    code, _, err = ran(capsys, command, str(tmp_path / "none.toml"), *more)
    assert code == 2
    assert "none.toml: there is no such file" in err


@pytest.mark.parametrize("command", FILE)
def test_a_form_nobody_writes_is_told_before_anything_is_computed(capsys, tmp_path, command):
    out = str(tmp_path / "answer.docx")
    code, _, err = ran(capsys, command, str(EXAMPLES / FILE[command]), "--out", out)
    assert code == 2
    assert "out must end in " in err
    assert ".parquet" in err


def test_what_is_missing_for_a_plan_is_said(capsys, tmp_path):
    edits = [("course.toml", "[limits]", "[limit]")]
    assert "limit is not known here" in told(capsys, tmp_path, "plan", edits)
    edits = [("course.toml", "ceiling_mg_per_kg = 0.9", "")]
    err = told(capsys, tmp_path, "plan", edits)
    assert "ceiling_mg_per_kg is missing: a number, 0.05 to 5 mg/kg" in err


def test_a_file_that_is_no_belief_is_told(capsys, tmp_path):
    file = tmp_path / "belief.json"
    for text in ("not JSON", "{}", '{"model": 3}', "[]"):
        file.write_text(text, encoding="utf-8")
        code, _, err = ran(capsys, "plan", str(EXAMPLES / "course.toml"), "--belief", str(file))
        assert code == 2, text
        assert "belief.json" in err


def test_a_belief_that_lacks_something_is_told_as_itself_and_not_as_the_case(capsys, tmp_path):
    file = tmp_path / "belief.json"
    file.write_text("{}", encoding="utf-8")
    code, _, err = ran(capsys, "high", str(EXAMPLES / "case.toml"), "--belief", str(file))
    assert code == 2
    assert err.startswith("belief.json holds no belief as `update` writes it: Belief lacks model")


def test_an_option_that_cannot_be_written_is_told_by_its_own_name(capsys, tmp_path):
    out = str(tmp_path / "people.csv")
    for said, words in {
        "summary must be another file": ("simulate", "x.toml", "--out", out, "--summary", out),
        "page must end in .md": ("validate", "--page", out),
    }.items():
        code, _, err = ran(capsys, *words)
        assert (code, err[: len(said)]) == (2, said)


def test_a_population_from_old_to_young_is_told_by_its_edges(capsys, tmp_path):
    text = (EXAMPLES / "trial.toml").read_text(encoding="utf-8").replace("low = 18", "low = 90")
    (tmp_path / "trial.toml").write_text(text, encoding="utf-8")
    code, _, err = ran(capsys, "trial", str(tmp_path / "trial.toml"))
    assert code == 2
    assert "low must be at most high, 75, got 90" in err


AMOUNT_BESIDE = (
    ("predict", "case.toml", "weight_kg = 70\n"),
    ("high", "case.toml", "weight_kg = 70\n"),
    ("update", "course.toml", "weight_kg = 70\n"),
    ("plan", "course.toml", "weight_kg = 70\n"),
    ("trial", "trial.toml", "female_share = 0.6\n"),
)


@pytest.mark.parametrize(("command", "file", "after"), AMOUNT_BESIDE)
def test_a_known_medicine_with_an_amount_beside_it_is_not_told_as_unknown(
    capsys, tmp_path, command, file, after
):
    """Rifampicin lowers what is swallowed to a seventh: it must not pass for an unknown word."""
    edit = (file, after, f'{after}medicines = ["lithium", "Rifampin/600 mg"]\n')
    err = told(capsys, tmp_path, command, [edit])
    assert f"{file}, line " in err
    assert "medicines must name 'rifampicin' alone; 'Rifampin/600 mg' would not be" in err
