"""Questionnaires: worked examples recomputed, licences kept, dangerous answers never lost."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterglow.core.body import Sex
from afterglow.core.care.instruments import (
    Risk,
    Scored,
    catalogue,
    dangers,
    instrument,
    score,
)
from afterglow.core.care.instruments.loinc import DENIED, is_valid
from afterglow.core.care.instruments.reading import folders, read_instrument
from afterglow.core.errors import BadInput, BadLibrary
from afterglow.core.refusal import Refusal

PHQ9, QIDS, PCL5 = instrument("phq-9"), instrument("qids-sr16"), instrument("pcl-5")
CSSRS = instrument("c-ssrs-screener")


def vectors():
    for folder in folders():
        text = (folder / "vectors.toml").read_text(encoding="utf-8")
        for vector in tomllib.loads(text)["vectors"]:
            yield pytest.param(folder.name, vector, id=f"{folder.name}: {vector['about']}")


@pytest.mark.parametrize(("id", "vector"), list(vectors()))
def test_a_worked_example_comes_out_as_printed(id, vector):
    sex = Sex(vector["sex"]) if "sex" in vector else None
    got = score(instrument(id), vector["answers"], sex=sex, recall=vector.get("recall"))
    assert isinstance(got, Scored)
    assert got.total == vector["total"]
    assert [d.item for d in got.dangers] == vector.get("dangers", [])
    for field in ("band", "positive", "risk", "subscores"):
        if field in vector:
            assert getattr(got, field) == vector[field]


def test_every_instrument_has_worked_examples():
    assert {param.values[0] for param in vectors()} == {each.id for each in catalogue()}


def test_the_folder_is_named_as_the_instrument():
    assert [folder.name for folder in folders()] == [each.id for each in catalogue()]


def test_wording_is_shipped_only_where_the_licence_allows_it():
    for each in catalogue():
        worded = [item.text for item in each.items if item.text]
        if each.licence.ship_items == "yes":
            assert len(worded) == len(each.items)
        if each.licence.ship_items == "no":
            assert not worded
        assert each.licence.text
    assert {each.id for each in catalogue() if each.licence.ship_items == "no"} == {
        "cadss-23",
        "cadss-6",
        "madrs",
    }


def file(id):
    (folder,) = (each for each in folders() if each.name == id)
    return (folder / "instrument.toml").read_text(encoding="utf-8")


def test_wording_without_a_licence_is_refused_when_it_is_read():
    smuggled = file("madrs").replace('number = "1"', 'number = "1"\ntext = "Something"', 1)
    with pytest.raises(BadLibrary, match="licence does not allow item wording"):
        read_instrument(smuggled)


def test_a_wrong_loinc_code_is_refused_when_it_is_read():
    with pytest.raises(BadLibrary, match="91006-2 is not a LOINC code that may be used"):
        read_instrument(file("pcl-5").replace("101697-1", "91006-2"))


def test_bands_that_leave_a_gap_are_refused_when_they_are_read():
    with pytest.raises(BadLibrary, match="the bands must cover 0 to 27 once"):
        read_instrument(file("phq-9").replace("[5, 9, ", "[6, 9, "))


@pytest.mark.parametrize(
    "code", ["44249-1", "44261-6", "44260-8", "101697-1", "101698-9", "55758-7", "3150-0"]
)
def test_the_check_digit_holds_for_codes_known_to_be_right(code):
    assert is_valid(code)


@pytest.mark.parametrize("code", sorted(DENIED))
def test_the_codes_known_to_be_wrong_are_refused(code):
    assert not is_valid(code)


@pytest.mark.parametrize("code", ["", "44261", "44261-66", "LA6568-5", "44261-x"])
def test_what_is_not_a_plain_numeric_code_is_refused(code):
    assert not is_valid(code)


def test_item_nine_is_the_one_about_self_harm_and_the_total_has_its_own_code():
    assert PHQ9.item("9").loinc == "44260-8"
    assert PHQ9.item("4").loinc == "44254-1"
    assert PHQ9.loinc["total"] == "44261-6"


def answered(values):
    return {str(n): value for n, value in enumerate(values, 1)}


def test_a_missing_answer_is_refused_by_name_and_never_guessed():
    refusal = score(PHQ9, {str(n): 1 for n in (1, 2, 4, 5, 6, 7, 9)})
    assert isinstance(refusal, Refusal)
    assert refusal.code == "answers-missing"
    assert "item 3, item 8 not answered" in refusal.because


def test_the_function_item_may_be_left_out():
    assert score(PHQ9, answered([0] * 9)).total == 0


def test_a_dangerous_answer_counts_even_in_a_questionnaire_that_was_not_finished():
    (danger,) = dangers(PHQ9, {"9": 1})
    assert (danger.item, danger.value, danger.route_to) == ("9", 1, "a clinician, today")
    assert isinstance(score(PHQ9, {"9": 1}), Refusal)


@given(st.integers(1, 3), st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_any_answer_but_not_at_all_to_item_nine_goes_to_a_person(nine, others):
    scored = score(PHQ9, answered([*others, nine]))
    assert [d.item for d in scored.dangers] == ["9"]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"1": 4}, "phq-9 1 must be a whole number 0 to 3, got 4"),
        ({"1": -1}, "phq-9 1 must be a whole number 0 to 3"),
        ({"1": 1.5}, "whole number 0 to 3, got 1.5"),
        ({"1": True}, "whole number 0 to 3, got True"),
        ({"11": 1}, "phq-9 has no item '11'"),
        ({"total": 12}, "phq-9 has no item 'total'"),
    ],
)
def test_an_answer_that_cannot_be_says_which_and_the_range(answers, message):
    with pytest.raises(BadInput, match=message):
        score(PHQ9, answers)


def test_a_total_stands_alone_and_within_its_range():
    cadss = instrument("cadss-23")
    with pytest.raises(BadInput, match="enter the items or the total, not both"):
        score(cadss, {"1": 2, "total": 20})
    with pytest.raises(BadInput, match="total must be a whole number 0 to 92, got 93"):
        score(cadss, {"total": 93})


def test_the_short_cadss_keeps_the_numbers_of_the_long_one_and_its_version():
    short = instrument("cadss-6")
    assert [item.number for item in short.items] == ["1", "2", "6", "7", "15", "22"]
    scored = score(short, {"total": 9})
    assert scored.version == "items 1, 2, 6, 7, 15, 22 of 23; 0-24"


@given(st.lists(st.integers(0, 3), min_size=16, max_size=16))
def test_qids_counts_the_worst_of_a_domain_and_so_never_more_than_the_plain_sum(values):
    assert score(QIDS, answered(values)).total <= min(27, sum(values))


def test_the_pcl5_says_over_which_time_it_looked_back():
    answers = answered([2] * 20)
    refusal = score(PCL5, answers)
    assert (refusal.code, isinstance(refusal, Refusal)) == ("recall-missing", True)
    assert score(PCL5, answers, recall="past week").recall == "past week"
    with pytest.raises(BadInput, match="recall must be one of past month, past week"):
        score(PCL5, answers, recall="past year")


def test_the_columbia_items_after_a_no_are_not_asked_but_an_answer_given_still_counts():
    asked = [i.number for i in CSSRS.items if CSSRS.asked(i, {"1": 0, "2": 0, "6": 0})]
    assert asked == ["1", "2", "6"]
    odd = score(CSSRS, {"1": 0, "2": 0, "5": 1, "6": 0}, recall="past month")
    assert odd.risk is Risk.HIGH


def test_a_columbia_screener_without_its_follow_up_is_not_scored():
    refusal = score(CSSRS, {"1": 1, "2": 1, "6": 1}, recall="past month")
    assert "item 3, item 4, item 5, item 6a" in refusal.because


@given(st.dictionaries(st.sampled_from(["1", "2", "3", "4", "5", "6", "6a"]), st.integers(0, 1)),
       st.sampled_from(["1", "2", "3", "4", "5", "6", "6a"]))  # fmt: skip
def test_one_more_yes_never_lowers_the_risk(answers, item):
    from afterglow.core.care.instruments.cssrs import risk

    assert risk({**answers, item: 1}).rank >= risk({**answers, item: 0}).rank


@given(st.sampled_from([each.id for each in catalogue()]), st.data())
def test_a_total_is_always_within_its_range_and_has_one_band(id, data):
    which = instrument(id)
    answers = {i.number: data.draw(st.integers(i.low, i.high)) for i in which.items}
    scored = score(which, answers, recall=which.recalls[0])
    assert which.min_total <= scored.total <= which.max_total
    assert (scored.band is None) == (which.bands is None)
    assert scored.band_set == (which.bands.id if which.bands else None)


def test_an_instrument_that_does_not_exist_names_those_that_do():
    with pytest.raises(BadInput, match=r"instrument must be one of audit-c, .*phq-9"):
        instrument("phq-99")
