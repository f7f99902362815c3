"""Stored values come back as they were, and what does not fit is named."""

import pytest

from afterglow.core.care import saved
from afterglow.core.care.checks import Found
from afterglow.core.errors import BadInput

from .build import NINE, ready


def test_a_field_that_does_not_exist_is_named():
    with pytest.raises(BadInput, match="Found has no field shoe_size"):
        saved.load(Found, saved.dump(ready()) | {"shoe_size": 44})


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("route", "elbow", r"Found\.route must be Route, got 'elbow'"),
        ("age_years", True, r"Found\.age_years must be float, got True"),
        ("solids_at", "breakfast", r"Found\.solids_at must be datetime"),
        ("escort_name", 3, r"Found\.escort_name must be str"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(field, value, message):
    with pytest.raises(BadInput, match=message):
        saved.load(Found, saved.dump(ready()) | {field: value})


def test_a_field_left_out_is_named():
    data = saved.dump(ready())
    del data["route"]
    with pytest.raises(BadInput, match=r"Found is incomplete: .*route"):
        saved.load(Found, data)


def test_instants_keep_their_zone():
    assert saved.load(Found, saved.dump(ready())).vitals_at == ready().vitals_at
    assert saved.dump(NINE) == "2030-01-01T09:00:00+00:00"
