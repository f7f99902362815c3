"""`afterglow plan` and `update`: what is proposed keeps the limits, and what was learnt is kept."""

import csv
import json
import re
from pathlib import Path

import pytest

from tests.cli.files import ran

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
COURSE = (EXAMPLES / "course.toml").read_text(encoding="utf-8")
WAYS = (EXAMPLES / "course-ways.toml").read_text(encoding="utf-8")
NOT_SCORED = re.sub(r"\[\[score\]\].*?(?=\[next\])", "", COURSE, flags=re.DOTALL)
SEEN = (EXAMPLES / "course-seen.csv").read_text(encoding="utf-8")
ONLY_NEXT = """\
[next]
drug = "ketamine"
idle_days = 4
systolic_mmhg = 124
pulse_per_min = 70
[limits]
cadss = 20
cadss_chance = 0.10
systolic_mmhg = 165
systolic_chance = 0.10
moaa_s = 3
moaa_s_chance = 0.05
ceiling_mg_per_kg = 0.9
muscle_ceiling_mg_per_kg = 0.5
[[exposure]]
most = 5
unit = "mg/kg"
days = 7
"""
NAIVE = """\
[patient]
age_years = 45
weight_kg = 70
hypertension = false
""" + ONLY_NEXT.replace("idle_days = 4\n", "")


def course(folder, text=COURSE, *edits):
    (folder / "course-seen.csv").write_text(SEEN, encoding="utf-8")
    for was, now in edits:
        assert was in text
        text = text.replace(was, now)
    (folder / "course.toml").write_text(text, encoding="utf-8")
    return str(folder / "course.toml")


def answered(capsys, command, *words):
    code, out, err = ran(capsys, command, *words, "--json")
    assert code == 0, err
    return json.loads(out)


def test_what_is_proposed_keeps_the_limits_and_stands_among_its_neighbours(capsys, tmp_path):
    plan = answered(capsys, "plan", course(tmp_path))
    chosen, limits = plan["chosen"], plan["limits"]
    assert plan["session_number"] == 3
    assert plan["idle_days"] == 4
    assert chosen["allowed"]
    assert chosen["cadss_chance"] <= limits["cadss_chance"]
    assert chosen["systolic_chance"] <= limits["systolic_chance"]
    assert chosen["mg_per_kg"] <= limits["ceiling_mg_per_kg"]
    assert chosen in plan["options"]
    assert 1 <= len(plan["neighbours"]) <= 4
    assert all(one in plan["options"] for one in plan["neighbours"])
    given = sum(one["amount_mg"] for one in plan["infusions"])
    assert given == pytest.approx(chosen["dose_mg"])


def test_the_proposal_is_told_with_how_high_it_is_and_every_source(capsys, tmp_path):
    told = answered(capsys, "plan", course(tmp_path))["high"]
    assert all(one["source"] and one["grade"] for one in told["findings"] + told["bands"])
    names = {one["name"] for one in told["findings"]}
    assert {"peak dissociation", "gone at", "stays able to converse"} <= names
    assert {one["band"] for one in told["bands"]} >= {
        "alcohol-like",
        "therapeutic",
        "strong dissociation",
        "recreational",
        "anaesthetic",
    }


def test_without_any_session_the_spread_is_a_populations(capsys, tmp_path):
    plan = answered(capsys, "plan", course(tmp_path, NAIVE))
    assert plan["session_number"] == 1
    assert plan["trust"] is None
    assert any("Nothing has been observed" in reason for reason in plan["reasons"])


def test_a_kept_belief_plans_as_the_sessions_it_was_learnt_from(capsys, tmp_path):
    kept = str(tmp_path / "belief.json")
    file = course(tmp_path, NOT_SCORED)
    assert ran(capsys, "update", file, "--out", kept)[0] == 0
    from_sessions = answered(capsys, "plan", file)
    later = course(tmp_path, ONLY_NEXT)
    assert answered(capsys, "plan", later, "--belief", kept) == from_sessions


def test_a_kept_belief_changes_what_is_predicted_of_this_patient(capsys, tmp_path):
    kept = str(tmp_path / "belief.json")
    weak = SEEN.replace("cadss,22", "cadss,4").replace("cadss,12", "cadss,2")
    file = course(tmp_path)
    weak = weak.replace("cadss,15", "cadss,2").replace("cadss_6,5", "cadss_6,0")
    (tmp_path / "course-seen.csv").write_text(weak, encoding="utf-8")
    assert ran(capsys, "update", file, "--out", kept)[0] == 0
    case = str(EXAMPLES / "case.toml")
    before = answered(capsys, "predict", case)["quantities"]["cadss_23"]["peak"]["mean"]
    after = answered(capsys, "predict", case, "--belief", kept)
    assert after["quantities"]["cadss_23"]["peak"]["mean"] < 0.6 * before
    high = [answered(capsys, "high", case, *more)["findings"][0]["value"]
            for more in ((), ("--belief", kept))]  # fmt: skip
    assert high[1] < 0.6 * high[0]


def test_a_belief_of_somebody_else_is_stopped(capsys, tmp_path):
    kept = str(tmp_path / "belief.json")
    assert ran(capsys, "update", course(tmp_path), "--out", kept)[0] == 0
    other = course(tmp_path, COURSE, ("weight_kg = 70", "weight_kg = 90"))
    for command in ("plan", "update"):
        code, _, err = ran(capsys, command, other, "--belief", kept)
        assert code == 2
        assert "the belief was learnt of another: 45 years, 70 kg, female" in err


def test_what_was_learnt_is_narrower_where_something_was_seen(capsys, tmp_path):
    told = answered(capsys, "update", course(tmp_path))
    assert told["observations"] == 12
    assert told["trust"]["trusted"]
    most = next(one for one in told["parameters"] if one["parameter"] == "dmax")
    for side in ("before", "after"):
        assert most[side]["p5"] < most[side]["typical"] < most[side]["p95"]
    narrower = (most["after"]["p95"] - most["after"]["p5"]) / (
        most["before"]["p95"] - most["before"]["p5"]
    )
    assert narrower < 0.9


def test_several_models_are_weighed_and_named(capsys, tmp_path):
    three = '[options]\nmodels = ["simons_2022", "otto_2021", "kamp_2020_meta"]\n'
    for command in ("update", "plan"):
        told = answered(capsys, command, course(tmp_path, COURSE + three))
        assert sum(one["weight"] for one in told["models"]) == pytest.approx(1, abs=1e-3)
        assert told["model"] == told["models"][0]["model"]
        assert len(told["models"]) == 3


def test_shapes_are_weighed_with_the_mood_models_benefit(capsys, tmp_path):
    shapes = '[candidates]\nshapes = ["constant", "step-down"]\nminutes = [40, 60]\n'
    plan = answered(capsys, "plan", course(tmp_path, COURSE + shapes))
    assert {one["shape"] for one in plan["options"]} == {"constant", "step-down"}
    assert {one["minutes"] for one in plan["options"]} == {40, 60}
    assert plan["benefit_of"] == "patient"
    assert all(one["shape"] == plan["chosen"]["shape"] for one in plan["neighbours"])


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ("systolic_mmhg = 165", "systolic_mmhg = 124", "no-safe-dose"),
        ("weight_kg = 70", "weight_kg = 200", "outside-model"),
        ("weight_kg = 70", 'weight_kg = 70\nmedicines = ["rifampicin"]', "interaction-not-"),
    ],
)
def test_what_must_not_be_proposed_is_refused(capsys, tmp_path, was, now, code):
    file = course(tmp_path, NAIVE, (was, now))
    ended, out, err = ran(capsys, "plan", file, "--out", str(tmp_path / "plan.csv"))
    assert ended == 3
    assert not out
    assert code in err
    assert not (tmp_path / "plan.csv").exists()
    told = answered(capsys, "plan", file)
    assert told["refusal"]["code"].startswith(code)
    assert told["chosen"] is None


def test_nothing_observed_is_a_refusal(capsys, tmp_path):
    silent = course(tmp_path, COURSE, ('observation = "course-seen.csv"', ""))
    code, _, err = ran(capsys, "update", silent)
    assert code == 3
    assert "nothing-observed" in err


def test_the_curve_runs_from_calm_to_strong_and_the_proposal_stands_on_it(capsys, tmp_path):
    plan = answered(capsys, "plan", course(tmp_path))
    highs = [one["cadss_p95"] for one in plan["frontier"]]
    gains = [one["benefit"] for one in plan["frontier"]]
    assert highs == sorted(highs)
    assert gains == sorted(set(gains))
    at = plan["frontier"].index(plan["chosen"])
    assert plan["calmer"] == plan["frontier"][at - 1]
    assert plan["stronger"] == plan["frontier"][at + 1]


def test_scores_of_the_course_make_the_benefit_this_patients_own(capsys, tmp_path):
    scored = answered(capsys, "plan", course(tmp_path))
    assert scored["benefit_of"] == "patient"
    assert scored["mood"]["scores_since_treatment"] == 3
    not_scored = answered(capsys, "plan", course(tmp_path, NOT_SCORED))
    assert not_scored["benefit_of"] == "population"
    assert not_scored["mood"] is None
    worse = course(tmp_path, COURSE, ("score = 12", "score = 19"), ("score = 14", "score = 20"),
                   ("score = 11", "score = 19"))  # fmt: skip
    no_better = answered(capsys, "plan", worse)
    assert no_better["mood"]["responder_chance"] < scored["mood"]["responder_chance"]
    assert no_better["chosen"]["benefit"] < scored["chosen"]["benefit"]
    # A low dose is then no answer, and must not look like one.
    doubt = "question the treatment, not only the dose"
    assert max(one["benefit"] for one in no_better["frontier"]) < 0.03
    assert any(doubt in one for one in no_better["reasons"])
    assert not any(doubt in one for one in scored["reasons"])


def test_what_was_learnt_of_mood_is_told(capsys, tmp_path):
    told = answered(capsys, "update", course(tmp_path))["mood"]
    assert told["scale"] == "phq9"
    for one in told["without_more_sessions"]:
        assert one["p5"] < one["p50"] < one["p95"]
    assert told["without_more_sessions"][0]["day"] == 5
    code, out, _ = ran(capsys, "update", course(tmp_path))
    assert code == 0
    assert "the chance of being one whom the drug itself helps most" in out
    assert answered(capsys, "update", course(tmp_path, NOT_SCORED))["mood"] is None


def test_scores_without_one_from_before_leave_the_benefit_a_populations(capsys, tmp_path):
    late = course(tmp_path, COURSE, ("day = -1\n", "day = 2\n"))
    plan = answered(capsys, "plan", late)
    assert plan["benefit_of"] == "population"
    assert plan["mood"]["refusal"]["code"] == "no-mood-baseline"
    code, out, _ = ran(capsys, "plan", late)
    assert code == 0
    assert "Mood was not learnt" in out


def test_routes_spacings_shapes_and_several_models_are_weighed_together(capsys, tmp_path):
    plan = answered(capsys, "plan", course(tmp_path, WAYS))
    options = plan["options"]
    assert {one["route"] for one in options} == {"intravenous", "intramuscular", "sublingual"}
    assert {one["spacing_days"] for one in options} == {3.5, 7, 14}
    assert {one["shape"] for one in options} == {"constant", "step-down"}
    assert len(options) == 3 * (4 * 2 * 2 + 3 + 2)
    assert [one["model"] for one in plan["chosen_by_model"]] == [
        one["model"] for one in plan["models"]
    ]
    assert any("Hirlinger" in note for note in plan["notes"])


def test_what_was_given_counts_for_the_limit_on_exposure(capsys, tmp_path):
    tight = course(tmp_path, COURSE, ("most = 5", "most = 1.5"), ("day = 7", "day = 6"))
    plan = answered(capsys, "plan", tight)
    assert [one["days_ago"] for one in plan["given_before"]] == [3, 6]
    code, _, err = ran(capsys, "plan", course(tmp_path, COURSE, ("most = 5", "most = 0.6")))
    assert code == 3
    assert "no-safe-dose" in err
    over = [one for one in plan["options"] if "mg/kg in 7 days" in one["why_not"]]
    assert over
    assert all(not one["allowed"] for one in over)


def test_a_dose_at_once_is_told_as_one(capsys, tmp_path):
    muscle = '[candidates]\nroutes = ["intramuscular"]\n'
    code, out, err = ran(capsys, "plan", course(tmp_path, COURSE + muscle))
    assert code == 0, err
    assert "mg at once" in out
    assert "into muscle" in out


def test_a_csv_says_where_each_option_stands(capsys, tmp_path):
    kept = tmp_path / "plan.csv"
    assert ran(capsys, "plan", course(tmp_path), "--out", str(kept))[0] == 0
    rows = list(csv.DictReader(kept.read_text(encoding="utf-8").splitlines()))
    for mark in ("chosen", "calmer", "stronger"):
        assert [row[mark] for row in rows].count("true") == 1
    assert [row["frontier"] for row in rows].count("true") > 3


def test_the_table_marks_the_proposal_and_its_neighbours(capsys, tmp_path):
    code, out, _ = ran(capsys, "plan", course(tmp_path))
    assert code == 0
    assert out.count("\n* ") == 1
    assert out.count("\n< ") == out.count("\n> ") == 1
    assert out.count("\no ") >= 1
    assert out.count("\n+ ") >= 1
    assert "A suggestion for a prescriber to sign or change" in out
    assert "[own] unverified" in out


@pytest.mark.parametrize(("size", "said"), [("weight_kg = 105", True), ("weight_kg = 70", False)])
def test_a_missing_height_is_said_where_the_weight_makes_it_matter(capsys, tmp_path, size, said):
    text = NAIVE.replace("weight_kg = 70", size)
    notes = answered(capsys, "plan", course(tmp_path, text))["notes"]
    assert any(one.startswith("Height is not recorded. At 105 kg") for one in notes) is said
    with_height = course(tmp_path, text.replace(size, f"{size}\nheight_cm = 166"))
    assert not any("Height" in one for one in answered(capsys, "plan", with_height)["notes"])


BY_NOSE = re.sub(r'drug = "ketamine"', 'drug = "esketamine"', NAIVE) + (
    '[candidates]\nroutes = ["nasal"]\n'
)
SPRAYED = """\
[[session]]
number = 1
day = 0
systolic_mmhg = 122
pulse_per_min = 68
[[dose]]
session = 1
drug = "esketamine"
route = "nasal"
amount_mg = 56
start_min = 0
duration_min = 0
"""


def test_esketamine_by_nose_is_proposed_by_whole_devices_within_its_label(capsys, tmp_path):
    said = answered(capsys, "plan", course(tmp_path, BY_NOSE.replace("cadss = 20", "cadss = 60")))
    assert [one["dose_mg"] for one in said["options"]] == [28, 56, 84]
    assert said["chosen"]["name"] == "56 mg by nose"
    assert said["infusions"] == [
        {"amount_mg": 28, "start_min": 0, "duration_min": 0},
        {"amount_mg": 28, "start_min": 5, "duration_min": 0},
    ]
    assert "Above 56 mg at a first session by nose" in said["options"][2]["why_not"]


def test_after_a_session_by_nose_one_device_more_is_allowed_and_nothing_is_learnt(capsys, tmp_path):
    text = BY_NOSE.replace("cadss = 20", "cadss = 60").replace(
        "[next]", f"{SPRAYED}[next]\nday = 4"
    )
    said = answered(capsys, "plan", course(tmp_path, text))
    assert said["session_number"] == 2
    assert said["options"][2]["allowed"]
    assert any("one by nose teaches nothing" in one for one in said["notes"])
    counted = "Sessions by nasal device, counted as given and teaching nothing: 1."
    assert counted in said["notes"]


def test_update_learns_from_the_other_sessions_and_its_belief_remembers_the_sprays(
    capsys, tmp_path
):
    """The label's next step by nose hangs on what was given, also where only a belief tells it."""
    scored = '[[observation]]\nsession = {}\nat_min = 40\nkind = "cadss"\nvalue = 30\n'
    infused = re.sub(r"number = 1\nday = 0", "number = 2\nday = 4", SPRAYED)
    infused = infused.replace("session = 1", "session = 2").replace("nasal", "intravenous")
    infused = infused.replace("duration_min = 0", "duration_min = 40")
    text = BY_NOSE.replace("cadss = 20", "cadss = 60")
    whole = text.replace("[next]", f"{SPRAYED}{infused}{scored.format(2)}[next]\nday = 8")
    sprayed_score = whole.replace("[next]", f"{scored.format(1)}[next]")
    out = tmp_path / "belief.json"
    said, more = (
        answered(capsys, "update", course(tmp_path, one)) for one in (whole, sprayed_score)
    )
    assert (said["sessions"], said["observations"]) == (1, 1)
    assert said == more
    assert "Sessions by nasal device, counted as given and teaching nothing: 1." in said["notes"]
    ran(capsys, "update", course(tmp_path, whole), "--out", str(out))
    later = text.replace("[next]", "[next]\nidle_days = 4")
    told = answered(capsys, "plan", course(tmp_path, later), "--belief", str(out))
    assert told["session_number"] == 3
    assert [one["amount_mg"] for one in told["given_before"] if one["route"] == "nasal"] == [56]
    assert told["options"][2]["allowed"]


def test_a_course_by_nose_alone_teaches_nothing_and_update_says_so(capsys, tmp_path):
    text = BY_NOSE.replace("[next]", f"{SPRAYED}[next]\nday = 4")
    refused = answered(capsys, "update", course(tmp_path, text))["refusal"]
    assert refused["code"] == "nothing-observed"
    assert "A session by nasal device teaches nothing" in refused["remedy"]


def test_a_compounded_spray_is_refused_with_what_to_do_instead(capsys, tmp_path):
    code, out, _ = ran(
        capsys, "plan", course(tmp_path, BY_NOSE.replace("esketamine", "ketamine")), "--json"
    )
    assert code == 0
    assert json.loads(out)["refusal"]["code"] == "nasal-not-proposed"


@pytest.mark.parametrize(
    ("more", "words"),
    [("devices_mg = [28, 42]\n", "whole devices, 28, 56, 84 mg; got 42"),
     ("devices_mg = [14]\n", "28 to 84 mg")],
)  # fmt: skip
def test_part_of_a_device_is_told_as_a_slip(capsys, tmp_path, more, words):
    code, _, err = ran(capsys, "plan", course(tmp_path, BY_NOSE + more))
    assert code == 2
    assert words in err


def test_a_belief_learnt_with_other_numbers_of_the_model_is_not_read(capsys, tmp_path):
    """It holds deviations: from another typical person they would tell another patient."""
    out = tmp_path / "belief.json"
    ran(capsys, "update", course(tmp_path), "--out", str(out))
    later = course(tmp_path, ONLY_NEXT)
    assert answered(capsys, "plan", later, "--belief", str(out))["chosen"]
    told = json.loads(out.read_text(encoding="utf-8"))
    # As if the typical rise of pressure had been half as steep again when it was learnt.
    told["mean"][told["parameters"].index("systolic_slope")] -= 0.4
    before = {**told, "trust": {**told["trust"], "misfit": None}}  # of an earlier version
    for changed in (told, before):
        out.write_text(json.dumps(changed), encoding="utf-8")
        code, _, err = ran(capsys, "plan", later, "--belief", str(out))
        assert code == 2
        assert "other numbers than the model's of today. Learn again" in err
