"""The policy file is read whole or refused whole, and the refusal names the key."""

import json

import pytest

from afterglow.core.care.policy import (
    amend,
    default_policy_text,
    digest,
    dump_policy,
    load_policy,
    read_policy,
    thresholds,
)
from afterglow.core.care.words import Grade
from afterglow.core.errors import BadLibrary

from .build import POLICY

HOLD = 'systolic_hold_mmhg = { value = 160, unit = "mmHg", grade = "own", source'


def changed(old: str, new: str) -> str:
    text = default_policy_text()
    assert old in text
    return text.replace(old, new)


def test_every_threshold_carries_its_unit_source_and_grade():
    for key, threshold in thresholds(POLICY):
        assert threshold.unit, key
        assert threshold.source, key
        assert threshold.grade in Grade, key


def test_the_hold_at_160_is_marked_as_our_own_and_not_an_fda_limit():
    held = POLICY.checks.systolic_hold_mmhg
    assert (held.value, held.mark, held.note) == (160, "[own]", "not an FDA limit")


def test_a_policy_survives_json():
    assert read_policy(json.loads(json.dumps(dump_policy(POLICY)))) == POLICY


def test_a_threshold_left_out_is_named():
    text = "\n".join(
        line for line in default_policy_text().splitlines() if "nausea_at_most" not in line
    )
    with pytest.raises(BadLibrary, match=r"\[leave\] lacks nausea_at_most"):
        load_policy(text)


def test_a_policy_signed_before_a_rule_came_still_holds_and_sets_no_such_limit():
    later = ("iv_proposed_longest_min", "sedation_level", "sedation_chance_percent")
    kept = [x for x in default_policy_text().splitlines() if not x.startswith(later)]
    policy = load_policy("\n".join(kept))
    assert [getattr(policy.protocol, name) for name in later] == [None] * 3
    assert read_policy(dump_policy(policy)) == policy


@pytest.mark.parametrize("half", ["sedation_level", "sedation_chance_percent"])
def test_half_a_limit_on_sedation_is_no_policy(half):
    kept = [x for x in default_policy_text().splitlines() if not x.startswith(half)]
    with pytest.raises(BadLibrary, match=f"{half} is missing: a limit on sedation needs both"):
        load_policy("\n".join(kept))


def test_a_threshold_that_no_rule_reads_is_named():
    extra = 'nausea_maybe = { value = 3, unit = "points", grade = "own", source = "us" }\n'
    with pytest.raises(BadLibrary, match=r"\[leave\] has nausea_maybe, which no rule reads"):
        load_policy(changed("nausea_at_most", extra + "nausea_at_most"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value = 160", "value = 16", r"systolic_hold_mmhg: value must be 80 to 260 mmHg, got 16"),
        ("value = 160", 'value = "160"', r"value must be a number, got '160'"),
        ("value = 160", "value = true", r"value must be a number, got True"),
        ("value = 160", "value = nan", r"value must be 80 to 260 mmHg, got nan"),
        ('unit = "mmHg"', 'unit = "kPa"', r"unit must be 'mmHg', got 'kPa'"),
        ('grade = "own"', 'grade = "E"', r"grade must be one of A, B, C, D, own, got 'E'"),
    ],
)
def test_a_bad_row_says_where_and_what_is_accepted(old, new, message):
    line = next(x for x in default_policy_text().splitlines() if x.startswith("systolic_hold"))
    with pytest.raises(BadLibrary, match=message):
        load_policy(changed(line, line.replace(old, new)))


def test_limits_that_cross_are_refused_so_that_the_milder_cannot_hide_the_harder():
    line = next(x for x in default_policy_text().splitlines() if x.startswith("systolic_warn_mm"))
    with pytest.raises(BadLibrary, match=r"checks\.systolic_warn_mmhg is 170 mmHg, above"):
        load_policy(changed(line, line.replace("value = 140", "value = 170")))


def test_text_that_is_not_toml_says_so():
    with pytest.raises(BadLibrary, match="not valid TOML"):
        load_policy("systolic = = 3")


def test_a_clinic_changes_one_threshold_under_a_new_version_and_the_digest_differs():
    new = amend(
        POLICY,
        key="checks.systolic_hold_mmhg",
        value=170,
        source="Medical director, 2030",
        grade=Grade.OWN,
        version="3",
    )
    assert new.checks.systolic_hold_mmhg.value == 170
    assert new.checks.systolic_hold_mmhg.source == "Medical director, 2030"
    assert digest(new) != digest(POLICY)
    assert POLICY.checks.systolic_hold_mmhg.value == 160


def test_a_change_without_a_new_version_or_of_nothing_is_refused():
    with pytest.raises(BadLibrary, match="version must differ"):
        amend(POLICY, key="checks.solids_h", value=4, source="x", grade=Grade.OWN, version="2")
    with pytest.raises(BadLibrary, match=r"checks\.porridge_h: there is no such threshold"):
        amend(POLICY, key="checks.porridge_h", value=4, source="x", grade=Grade.OWN, version="3")
