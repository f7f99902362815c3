"""Who may be treated: every row of the eligibility table, in a sentence."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterglow.core.care.eligibility import Eligibility, Verdict, Weight, assess
from afterglow.core.care.eligibility_rules import SIMPLE
from afterglow.core.care.questions import QUESTION, QUESTIONS, AnswerKind, applies, read_answers
from afterglow.core.care.words import Clearance, Grade
from afterglow.core.errors import BadInput
from afterglow.core.quantity import Drug, Route

from .build import NO, POLICY, TODAY, UNKNOWN, YES, well

ORDER = list(Verdict)  # mildest first
CLEARED = Clearance(by="Dr Heart", role="cardiologist", reason="Echo normal", on=TODAY)


def judge(answers, *, age=41.0, drug=Drug.KETAMINE, route=Route.INTRAVENOUS, **more) -> Eligibility:
    return assess(answers, at=TODAY, age_years=age, policy=POLICY, drug=drug, route=route, **more)


def weights(found: Eligibility) -> dict[str, Weight]:
    return {reason.rule: reason.weight for reason in found.reasons}


def test_a_patient_with_nothing_against_it_is_eligible_without_a_reason():
    found = judge(well())
    assert found.verdict is Verdict.ELIGIBLE
    assert found.reasons == ()


@pytest.mark.parametrize("question", ["aneurysm", "avm", "brain_bleed"])
def test_a_weak_vessel_stops_esketamine_and_leaves_ketamine_to_a_specialist(question):
    sick = well(**{question: YES})
    assert judge(sick, drug=Drug.ESKETAMINE, route=Route.NASAL).verdict is Verdict.EXCLUDED
    assert judge(sick).verdict is Verdict.SPECIALIST_OVERRIDE
    assert judge(sick, route=Route.INTRAMUSCULAR).verdict is Verdict.SPECIALIST_OVERRIDE
    assert judge(sick, route=Route.ORAL).verdict is Verdict.EXCLUDED


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        ("hypersensitivity", YES, Verdict.EXCLUDED),
        ("hypertension_uncontrolled", YES, Verdict.HOLD),
        ("unstable_angina", YES, Verdict.HOLD),
        ("valve_disease", YES, Verdict.HOLD),
        ("arrhythmia", YES, Verdict.HOLD),
        ("psychosis", YES, Verdict.SPECIALIST_OVERRIDE),
        ("mania", YES, Verdict.SPECIALIST_OVERRIDE),
        ("dementia_or_delirium", YES, Verdict.EXCLUDED),
        ("has_capacity", NO, Verdict.EXCLUDED),
        ("breastfeeding", YES, Verdict.EXCLUDED),
        ("substance_use", YES, Verdict.HOLD),
        ("ketamine_misuse", YES, Verdict.HOLD),
        ("positive_screen", YES, Verdict.HOLD),
        ("severe_liver", YES, Verdict.HOLD),
        ("intracranial_pressure", YES, Verdict.HOLD),
        ("glaucoma", YES, Verdict.HOLD),
        ("porphyria", YES, Verdict.HOLD),
        ("thyrotoxicosis", YES, Verdict.HOLD),
        ("bladder", YES, Verdict.HOLD),
        ("escort", NO, Verdict.HOLD),
        ("sedative", YES, Verdict.ELIGIBLE),
        ("pressor", YES, Verdict.ELIGIBLE),
        ("lung_disease", YES, Verdict.ELIGIBLE),
        ("sleep_apnoea", YES, Verdict.ELIGIBLE),
    ],
)
def test_one_answer_alone_gives_its_verdict_and_its_reason(question, answer, verdict):
    found = judge(well(**{question: answer}))
    assert found.verdict is verdict
    (reason,) = found.reasons
    assert reason.questions == (question,)
    assert reason.remedy
    assert reason.source


@pytest.mark.parametrize(
    ("days", "verdict"), [(0, Verdict.EXCLUDED), (41, Verdict.EXCLUDED), (42, Verdict.ELIGIBLE)]
)
def test_six_weeks_must_pass_after_a_heart_attack(days, verdict):
    on = TODAY - timedelta(days=days)
    assert judge(well(heart_event=YES, heart_event_on=on)).verdict is verdict


@pytest.mark.parametrize(
    ("days", "verdict"), [(182, Verdict.SPECIALIST_OVERRIDE), (183, Verdict.ELIGIBLE)]
)
def test_six_months_after_a_stroke_or_a_specialist(days, verdict):
    on = TODAY - timedelta(days=days)
    assert judge(well(stroke=YES, stroke_on=on)).verdict is verdict


def test_a_heart_attack_dated_in_the_future_counts_as_recent():
    found = judge(well(heart_event=YES, heart_event_on=TODAY + timedelta(days=400)))
    assert found.verdict is Verdict.EXCLUDED
    assert "a date still to come" in found.reasons[0].found


def test_a_heart_attack_without_a_date_is_a_missing_answer_not_an_old_event():
    found = judge(well(heart_event=YES))
    assert found.verdict is Verdict.NEEDS_ANSWERS
    assert found.reasons[0].questions == ("heart_event_on",)


@pytest.mark.parametrize(
    ("systolic", "diastolic", "verdict", "rules"),
    [
        (140, 90, Verdict.ELIGIBLE, {}),
        (141, 90, Verdict.ELIGIBLE, {"systolic-at-rest": Weight.CAUTION}),
        (160, 100, Verdict.ELIGIBLE,
         {"systolic-at-rest": Weight.CAUTION, "diastolic-at-rest": Weight.CAUTION}),
        (161, 80, Verdict.HOLD, {"systolic-at-rest": Weight.HOLD}),
        (130, 101, Verdict.HOLD, {"diastolic-at-rest": Weight.HOLD}),
    ],
)  # fmt: skip
def test_pressure_at_rest_warns_and_then_holds(systolic, diastolic, verdict, rules):
    found = judge(well(systolic_mmhg=float(systolic), diastolic_mmhg=float(diastolic)))
    assert found.verdict is verdict
    assert weights(found) == rules


def test_a_hold_on_pressure_says_the_value_and_the_limit_and_that_it_is_our_own():
    (reason,) = judge(well(systolic_mmhg=172.0)).reasons
    assert reason.found == "Systolic pressure 172 mmHg at rest, above 160 mmHg."
    assert reason.grade is Grade.OWN


@pytest.mark.parametrize(
    ("nyha", "weight"), [(2, Weight.CAUTION), (3, Weight.HOLD), (4, Weight.HOLD)]
)
def test_heart_failure_holds_from_class_three(nyha, weight):
    found = judge(well(heart_failure=YES, nyha_class=float(nyha)))
    assert weights(found) == {"heart-failure": weight}


def test_bipolar_disorder_goes_to_a_specialist_and_without_cover_it_also_holds():
    covered = judge(well(bipolar=YES, mood_stabiliser=YES))
    assert weights(covered) == {"bipolar": Weight.SPECIALIST}
    bare = judge(well(bipolar=YES, mood_stabiliser=NO))
    assert weights(bare) == {"bipolar": Weight.SPECIALIST, "no-mood-stabiliser": Weight.HOLD}


def test_pregnancy_stops_and_no_contraception_holds():
    may_be = {"could_be_pregnant": YES}
    assert judge(well(**may_be, pregnant=YES, contraception=NO)).verdict is Verdict.EXCLUDED
    assert judge(well(**may_be, pregnant=NO, contraception=NO)).verdict is Verdict.HOLD
    assert judge(well(**may_be, pregnant=NO, contraception=YES)).verdict is Verdict.ELIGIBLE
    assert judge(well(**may_be)).verdict is Verdict.NEEDS_ANSWERS


@pytest.mark.parametrize(
    ("trials", "verdict"), [(0, Verdict.HOLD), (1, Verdict.HOLD), (2, Verdict.ELIGIBLE)]
)
def test_two_adequate_trials_are_needed(trials, verdict):
    assert judge(well(adequate_trials=float(trials))).verdict is verdict


@pytest.mark.parametrize(("phq9", "verdict"), [(14, Verdict.HOLD), (15, Verdict.ELIGIBLE)])
def test_the_severity_gate_is_a_phq9_of_fifteen(phq9, verdict):
    assert judge(well(phq9=float(phq9))).verdict is verdict


@pytest.mark.parametrize(
    ("age", "verdict", "rules"),
    [
        (17.9, Verdict.EXCLUDED, {"under-age": Weight.HARD_STOP}),
        (18, Verdict.ELIGIBLE, {}),
        (65, Verdict.ELIGIBLE, {"elderly": Weight.CAUTION}),
    ],
)
def test_adults_only_and_care_from_sixty_five(age, verdict, rules):
    found = judge(well(), age=age)
    assert (found.verdict, weights(found)) == (verdict, rules)


def test_a_benzodiazepine_is_a_caution_and_a_large_amount_is_said_too():
    small = judge(well(benzodiazepine=YES, lorazepam_equivalent_mg=1.0))
    large = judge(well(benzodiazepine=YES, lorazepam_equivalent_mg=4.0))
    assert set(weights(small)) == {"benzodiazepine"}
    assert set(weights(large)) == {"benzodiazepine", "benzodiazepine-amount"}
    assert large.verdict is Verdict.ELIGIBLE
    assert all("abruptly" in reason.remedy for reason in large.reasons)


@pytest.mark.parametrize("question", ["cssrs_intent", "cssrs_plan", "cssrs_behaviour"])
def test_suicidality_asks_for_a_plan_today_and_does_not_exclude(question):
    found = judge(well(**{question: YES}))
    assert found.same_day_plan
    assert found.verdict is Verdict.ELIGIBLE
    assert not judge(well()).same_day_plan


def test_the_plan_today_stands_even_when_the_patient_is_excluded():
    found = judge(well(cssrs_plan=YES, hypersensitivity=YES))
    assert found.verdict is Verdict.EXCLUDED
    assert found.same_day_plan


ASKED_FIRST = [q.id for q in QUESTIONS if q.only_if is None]


@given(st.sampled_from(ASKED_FIRST))
def test_an_answer_that_is_absent_or_unknown_is_never_taken_for_no(question):
    absent = {id: answer for id, answer in well().items() if id != question}
    assert judge(absent).verdict is Verdict.NEEDS_ANSWERS
    if QUESTION[question].kind is AnswerKind.YES_NO:
        assert judge(well(**{question: UNKNOWN})).verdict is Verdict.NEEDS_ANSWERS


def test_nothing_answered_is_not_eligible():
    assert judge({}).verdict is Verdict.NEEDS_ANSWERS


YES_NO = [q.id for q in QUESTIONS if q.kind is AnswerKind.YES_NO]
CONCERN = {rule.question: rule.concern for rule in SIMPLE}
answers = st.dictionaries(st.sampled_from(YES_NO), st.sampled_from([YES, NO, UNKNOWN]))


@given(answers, st.sampled_from(sorted(CONCERN)), st.sampled_from(list(Route)))
def test_a_worse_answer_never_gives_a_better_verdict(given_answers, question, route):
    concern = CONCERN[question]
    fine = NO if concern is YES else YES
    base = {**well(), **given_answers}
    better = judge({**base, question: fine}, route=route)
    worse = judge({**base, question: concern}, route=route)
    assert ORDER.index(worse.verdict) >= ORDER.index(better.verdict)


@given(st.floats(60, 250), st.floats(0, 50))
def test_a_higher_pressure_never_gives_a_better_verdict(systolic, more):
    lower = judge(well(systolic_mmhg=systolic)).verdict
    higher = judge(well(systolic_mmhg=systolic + more)).verdict
    assert ORDER.index(higher) >= ORDER.index(lower)


def test_a_specialist_lifts_a_hold_and_the_reason_stays_with_the_name():
    found = judge(well(arrhythmia=YES), clearances={"arrhythmia": CLEARED})
    assert found.verdict is Verdict.ELIGIBLE
    assert found.reasons[0].cleared_by == CLEARED


def test_a_clearance_never_lifts_a_hard_stop_nor_stands_in_for_an_answer():
    stop = judge(well(hypersensitivity=YES), clearances={"hypersensitivity": CLEARED})
    assert stop.verdict is Verdict.EXCLUDED
    missing = judge(well(avm=UNKNOWN), clearances={"answer-missing": CLEARED, "avm": CLEARED})
    assert missing.verdict is Verdict.NEEDS_ANSWERS


def test_a_clearance_without_a_reason_does_not_count():
    empty = Clearance(by="Dr Heart", role="cardiologist", reason="  ", on=TODAY)
    found = judge(well(arrhythmia=YES), clearances={"arrhythmia": empty})
    assert found.verdict is Verdict.HOLD


def test_every_rule_asks_a_question_that_exists_and_every_followup_hangs_on_one():
    assert {rule.question for rule in SIMPLE} <= set(QUESTION)
    assert all(q.only_if is None or q.only_if[0] in QUESTION for q in QUESTIONS)
    assert len(QUESTION) == len(QUESTIONS)


def test_a_followup_is_asked_only_after_its_yes():
    nyha = QUESTION["nyha_class"]
    assert applies(nyha, {"heart_failure": YES})
    assert not applies(nyha, {"heart_failure": NO})
    assert not applies(nyha, {})


def test_form_text_becomes_answers_and_empty_text_stays_unanswered():
    raw = {"avm": "no", "phq9": "17", "stroke": "yes", "stroke_on": "2029-03-04", "mania": ""}
    assert read_answers(raw) == {
        "avm": NO,
        "phq9": 17.0,
        "stroke": YES,
        "stroke_on": date(2029, 3, 4),
    }


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"phq9": "28"}, "phq9 must be 0 to 27 points, got 28"),
        ({"phq9": "nan"}, "phq9 must be 0 to 27"),
        ({"avm": "maybe"}, "avm must be yes, no or unknown, got 'maybe'"),
        ({"stroke_on": "yesterday"}, "stroke_on must be a date"),
        ({"shoe_size": "44"}, "shoe_size is not a screening question"),
    ],
)
def test_an_impossible_answer_says_which_and_what_is_accepted(raw, message):
    with pytest.raises(BadInput, match=message):
        read_answers(raw)


def test_an_impossible_age_is_refused():
    with pytest.raises(BadInput, match="age_years must be 0 to 120"):
        judge(well(), age=410)
