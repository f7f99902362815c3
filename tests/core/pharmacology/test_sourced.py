"""Every number of an outcome sheet says what it is and where it comes from, or is refused."""

import pytest

from afterglow.core.errors import BadLibrary
from afterglow.core.pharmacology.sourced import parse, sheet

GOOD = """
id = "x"
title = "x"
caveats = []
[parameters]
a = { value = 1.0, low = 0.5, high = 2.0, unit = "h", source = "s", grade = "C", where = "t1" }
[fitted_to]
people = "nobody"
[sources.s]
citation = "Somebody 2020"
"""


def test_a_good_sheet_gives_its_number_with_its_citation():
    number = parse(GOOD, "x.toml")["a"]
    assert (number.value, number.unit, number.source) == (1.0, "h", "Somebody 2020")
    assert number.is_unverified


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('unit = "h", ', "", "x.toml a: unit is missing"),
        ('source = "s"', 'source = "t"', "not among"),
        ('grade = "C"', 'grade = "Z"', "grade must be one of"),
        ("high = 2.0", "high = 0.9", "must be 0.5 to 0.9"),
        ('[fitted_to]\npeople = "nobody"', "", "fitted_to is missing"),
        ("title =", "title", "x.toml"),
        ("value = 1.0", 'value = "one"', "value must be a finite number, got 'one'"),
        ("high = 2.0", "high = nan", "high must be a finite number"),
        ('source = "s"', "source = []", "source must be words in quotes"),
        ("caveats = []", "caveats = 1", "caveats must be a list of words"),
        ('citation = "Somebody 2020"', "", "citation is missing"),
    ],
)
def test_a_sheet_that_hides_something_is_refused(old, new, words):
    with pytest.raises(BadLibrary, match=words):
        parse(GOOD.replace(old, new), "x.toml")


@pytest.mark.parametrize("name", ["mood", "sedation", "high", "mechanism", "scales"])
def test_the_packaged_sheets_hold_together(name):
    packaged = sheet(name)
    assert packaged.id == name
    assert packaged.caveats
    for number in packaged.parameters.values():
        assert number.where
        assert number.low <= number.value <= number.high
