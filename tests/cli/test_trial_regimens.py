"""Regimens in a trial's file: steps, lists of doses, climbing doses, and those who go on."""

import json
import tomllib
from pathlib import Path

import pytest

from tests.cli.files import ran, written

DEVICE = Path(__file__).parents[2] / "docs" / "examples" / "device.toml"
HEAD = """[trial]
scale = "madrs"
baseline_mean = 36
baseline_sd = 5
days = [1, 14, 28]
people = 100
draws = 20
response_fall = 0.5
remission_at = 12

[population]
age_years = { mean = 45, sd = 12 }
weight_kg = { mean = 80, sd = 16, low = 45, high = 140 }

"""
PLACEBO = """[[arm]]
name = "placebo"
gives = "saline"
patients = 100
session_days = [0, 3, 7]
expectancy = "active_comparator"
new_antidepressant = true

"""
SPRAY = """[[arm]]
name = "spray"
gives = "esketamine"
patients = 100
route = "nasal"
new_antidepressant = true
"""


def answered(capsys, tmp_path, text):
    code, out, err = ran(capsys, "trial", written(tmp_path, text, "trial.toml"), "--json")
    assert code == 0, err
    return json.loads(out)


def mg(capsys, tmp_path, arm):
    return answered(capsys, tmp_path, HEAD + arm)["arms"][0]["mean_mg"]


def test_steps_lists_and_spans_of_days_are_ways_to_write_one_regimen(capsys, tmp_path):
    listed = SPRAY + "session_days = [0, 7, 14, 21]\ndose_mg = [56, 84, 84, 84]\n"
    steps = (
        SPRAY
        + """[[arm.step]]
session_days = [0]
dose_mg = 56
[[arm.step]]
session_days = { from_day = 7, to_day = 21, every_days = 7 }
dose_mg = 84
"""
    )
    first, second = (answered(capsys, tmp_path, HEAD + one) for one in (listed, steps))
    assert first["arms"][0]["mean_mg"] == [56, 84, 84, 84]
    assert first["arms"] == second["arms"]


def test_a_step_may_give_something_else_by_another_route(capsys, tmp_path):
    arm = (
        SPRAY
        + """dose_mg = 84
minutes_between = 5
[[arm.step]]
session_days = [0, 3]
gives = "ketamine"
route = "intravenous"
dose_mg_per_kg = 0.5
minutes = 40
[[arm.step]]
session_days = [7, 14]
[[arm.step]]
session_days = [21]
gives = "midazolam"
"""
    )
    amounts = mg(capsys, tmp_path, arm)
    assert amounts[:2] == pytest.approx([40, 40], abs=2)
    assert amounts[2:] == [84, 84, 0]


def test_a_session_may_hold_several_doses(capsys, tmp_path):
    arm = """[[arm]]
name = "push and infusion"
gives = "ketamine"
patients = 20
session_days = [0]
most_mg = 50
[[arm.dose]]
route = "intravenous"
dose_mg_per_kg = 0.23
minutes = 1
[[arm.dose]]
route = "intravenous"
dose_mg_per_kg = 0.58
minutes = 60
start_min = 1
"""
    told = answered(capsys, tmp_path, HEAD + arm)["arms"][0]["dose_mg"]
    assert told["highest"] == pytest.approx(50)
    assert 0.81 * 45 < told["lowest"] < 45


def test_a_rate_held_for_days_is_a_dose(capsys, tmp_path):
    arm = """[[arm]]
name = "four days"
gives = "ketamine"
patients = 20
session_days = [0]
[[arm.dose]]
route = "intravenous"
mg_per_kg_per_hour = 0.15
minutes = 1440
[[arm.dose]]
route = "intravenous"
mg_per_kg_per_hour = 0.6
minutes = 4320
start_min = 1440
"""
    told = answered(capsys, tmp_path, HEAD + arm)["arms"][0]
    assert told["dose_mg"]["mean"] == pytest.approx(46.8 * 80, rel=0.05)
    assert told["response"]["value"][0] > 0.3


CLIMBING = """[[arm]]
name = "climbing"
gives = "ketamine"
patients = 70
route = "subcutaneous"
minutes = 0
session_days = [0, 3, 7, 10, 14, 17, 21, 24]
[arm.flexible]
dose_mg_per_kg = [0.5, 0.6, 0.75, 0.9]
at_sessions = [3, 5, 7]
unless_fallen_by = 0.5
"""


def test_a_dose_climbs_where_it_has_not_helped(capsys, tmp_path):
    amounts = mg(capsys, tmp_path, CLIMBING)
    assert (
        amounts[0] == amounts[1] < amounts[2] == amounts[3] < amounts[4] < amounts[6] == amounts[7]
    )


def test_a_flexible_spray_begins_low_for_everybody(capsys, tmp_path):
    arm = (
        SPRAY
        + """session_days = [0, 3, 7, 10, 14, 17, 21, 24]
minutes_between = 5
[arm.flexible]
dose_mg = [56, 84]
"""
    )
    amounts = mg(capsys, tmp_path, arm)
    assert amounts[0] == 56
    assert 56 < amounts[1] <= amounts[-1] <= 84


def test_only_those_who_remitted_are_told_of_and_compared_with_the_arm_that_stops(capsys, tmp_path):
    arm = """[[arm]]
name = "{name}"
gives = "esketamine"
patients = 90
route = "nasal"
dose_mg = 84
session_days = {{ from_day = 0, to_day = {last}, every_days = 7 }}
new_antidepressant = true
only = "remitters"
at_day = [35, 42, 49]
at_least = 2
"""
    head = HEAD.replace("[1, 14, 28]", "[49, 80, 120]").replace("people = 100", "people = 300")
    text = head + arm.format(name="stop", last=42) + arm.format(name="go on", last=119)
    answer = answered(capsys, tmp_path, text)
    stop, go_on = answer["arms"]
    assert stop["qualified"] == go_on["qualified"] < 0.95
    assert stop["relapse"]["value"][2] > go_on["relapse"]["value"][2] > 0
    (contrast,) = answer["contrasts"]
    assert contrast["relapse_hazard_ratio"]["value"][0] is None
    assert contrast["relapse_hazard_ratio"]["value"][2] < 1


def test_the_answer_says_how_it_counts_and_compares_every_arm(capsys, tmp_path):
    text = HEAD + PLACEBO + SPRAY + "session_days = [0, 3]\ndose_mg = 84\n"
    answer = answered(capsys, tmp_path, text)
    assert (answer["response_fall"], answer["remission_at"]) == (0.5, 12)
    (one,) = answer["contrasts"]
    assert (one["arm"], one["against"]) == ("spray", "placebo")
    for name in ("mean_change", "effect_size", "response", "remission", "relapse_hazard_ratio"):
        assert {len(values) for values in one[name].values()} == {3}
    usual = text.replace("remission_at = 12\n", "")
    assert answered(capsys, tmp_path, usual)["remission_at"] == 10
    named = text.replace("remission_at = 12\n", 'against = "spray"\n')
    assert answered(capsys, tmp_path, named)["contrasts"][0]["arm"] == "placebo"
    code, out, _ = ran(capsys, "trial", written(tmp_path, text, "trial.toml"))
    assert code == 0
    assert "spray less placebo" in out


@pytest.mark.parametrize(
    ("gives", "oral", "usual"),
    [
        ("saline", "false", "inert"),
        ("saline", "true", "active_comparator"),
        ("placebo", "false", "active_comparator"),
        ("midazolam", "false", "active_comparator"),
    ],
)
def test_what_people_believe_is_said_where_it_was_left_out(capsys, tmp_path, gives, oral, usual):
    arm = PLACEBO.replace('expectancy = "active_comparator"\n', "")
    arm = arm.replace('"saline"', f'"{gives}"').replace("= true", f"= {oral}")
    answer = answered(capsys, tmp_path, HEAD + arm)
    (said,) = answer["assumed"]
    assert f"{usual} is assumed" in said
    change = answer["arms"][0]["mean_change"]["value"][0]
    assert (change > -3) is (usual == "inert")


def test_the_documented_example_of_the_device_runs(capsys, tmp_path):
    text = DEVICE.read_text(encoding="utf-8").replace("people = 2000", "people = 200\ndraws = 20")
    answer = answered(capsys, tmp_path, text)
    placebo, climbing, stopped, weekly = answer["arms"]
    assert climbing["mean_change"]["value"][2] < placebo["mean_change"]["value"][2] - 3
    assert stopped["relapse"]["value"][-1] > weekly["relapse"]["value"][-1]
    assert [one["against"] for one in answer["contrasts"]] == [
        "placebo spray",
        "placebo spray",
        "remitted, then stopped",
    ]
    assert answer["contrasts"][2]["relapse_hazard_ratio"]["value"][-1] < 0.9
    as_json = tmp_path / "trial.json"
    as_json.write_text(json.dumps(tomllib.loads(text)), encoding="utf-8")
    code, out, err = ran(capsys, "trial", str(as_json), "--json")
    assert code == 0, err
    assert json.loads(out)["arms"] == answer["arms"]


STEP = SPRAY + "[[arm.step]]\nsession_days = [0]\ndose_mg = 56\n"


@pytest.mark.parametrize(
    ("arm", "line", "words"),
    [
        (SPRAY + "session_days = [0, 3]\ndose_mg = [56, 84, 84]\n", 22, "one number or 2, one for"),
        (SPRAY + "session_days = [0]\ndose_mg = []\n", 22, "dose_mg must be one number or more"),
        (SPRAY + "session_days = [0, 3]\ndose_mg = [56, nan]\n", 22, "dose_mg must be 0.1 to 2000"),
        (
            STEP.replace("route", "session_days = [3]\nroute"),
            19,
            "session_days stands in each [[step]]",
        ),
        (STEP.replace("dose_mg", "dose_gm"), 23, "dose_gm is not known here"),
        (STEP.replace("dose_mg = 56\n", ""), 21, "give dose_mg or dose_mg_per_kg"),
        (
            SPRAY + "session_days = { from_day = 9, to_day = 3, every_days = 1 }\ndose_mg = 56\n",
            21,
            "from_day must come before to_day",
        ),
        (
            SPRAY + "dose_mg = 56\nsession_days = { from_day = 9, to_day = 30, every_days = 0 }\n",
            22,
            "every_days must be 1 to 730 days",
        ),
        (CLIMBING.replace("[3, 5, 7]", "[1, 5]"), 24, "at_sessions must be 2 to 8"),
        (CLIMBING.replace("[3, 5, 7]", "[2.5]"), 24, "at_sessions must be whole numbers"),
        (
            CLIMBING.replace("[0.5, 0.6", "[0.6, 0.5"),
            23,
            "dose_mg_per_kg must be in ascending order",
        ),
        (CLIMBING.replace("[0.5, 0.6, 0.75, 0.9]", "0.5"), 23, "dose_mg_per_kg must be a list"),
        (CLIMBING.replace("by = 0.5", "by = 50"), 25, "unless_fallen_by must be 0.05 to 0.95"),
        (
            CLIMBING.replace("minutes = 0", "minutes = 0\ndose_mg = 3"),
            21,
            "dose_mg stands in [flexible]",
        ),
        (
            CLIMBING.replace("minutes = 0", "minutes = 0\nmg_per_hour = 3"),
            21,
            "mg_per_hour stands in [flexible]",
        ),
        (
            SPRAY + "session_days = [0]\nmg_per_hour = 3\n",
            22,
            "mg_per_hour is for infusions into a vein",
        ),
        (STEP + 'only = "best"\n', 24, "only is not known here"),
        (
            STEP.replace("route", 'only = "best"\nroute'),
            19,
            "only must be one of responders, nonresp",
        ),
        (STEP.replace("route", 'only = "remitters"\nroute'), 15, "at_day is missing"),
        (STEP.replace("route", "at_day = 28\nroute"), 19, "at_day means nothing without only"),
        (
            STEP.replace("route", 'only = "remitters"\nat_day = 28\nat_least = 3\nroute'),
            21,
            "at_least must be 1 to 1",
        ),
        (
            """[[arm]]
name = "a"
gives = "ketamine"
patients = 20
session_days = [0]
minutes = 5
[[arm.dose]]
route = "intravenous"
dose_mg = 20
minutes = 1
""",
            20,
            "minutes stands in each [[dose]]",
        ),
        (
            """[[arm]]
name = "a"
gives = "ketamine"
patients = 20
session_days = [0]
[[arm.dose]]
route = "intravenous"
dose_mg = 20
minutes = 1
[[arm.dose]]
route = "intravenous"
dose_mg_per_kg = 0.5
minutes = 40
""",
            24,
            "every dose of a session must be in mg, or every one per kg",
        ),
    ],
)
def test_a_slip_in_a_regimen_is_told_with_its_line(capsys, tmp_path, arm, line, words):
    code, out, err = ran(capsys, "trial", written(tmp_path, HEAD + arm, "trial.toml"))
    assert code == 2
    assert not out
    assert words in err
    assert f"trial.toml, line {line}" in err


@pytest.mark.parametrize(
    ("was", "now", "line", "words"),
    [
        ("response_fall = 0.5", "response_fall = 50", 8, "response_fall must be 0.05 to 0.95"),
        ("remission_at = 12", "remission_at = 61", 9, "remission_at must be 0 to 60 points"),
        ("remission_at = 12", 'against = "nobody"', 9, "against must be the name of an arm"),
        (
            'gives = "saline"',
            'gives = "saline"\nagainst = "placebo"',
            18,
            "must be the name of another",
        ),
        ('scale = "madrs"', 'scale = "pcl5"', 2, "scale must be one of madrs, hdrs17, qids, phq9"),
    ],
)
def test_a_slip_in_how_a_trial_counts_is_told_with_its_line(
    capsys, tmp_path, was, now, line, words
):
    text = (HEAD + PLACEBO).replace(was, now)
    code, _, err = ran(capsys, "trial", written(tmp_path, text, "trial.toml"))
    assert code == 2
    assert words in err
    assert f"trial.toml, line {line}" in err


def test_nobody_qualifying_is_a_refusal(capsys, tmp_path):
    arm = PLACEBO.replace("new_antidepressant = true", 'only = "remitters"\nat_day = 1')
    answer = answered(capsys, tmp_path, HEAD + arm.replace("active_comparator", "inert"))
    assert answer["refusal"]["code"] == "too-few-qualify"
    assert answer["arms"] == answer["contrasts"] == []
