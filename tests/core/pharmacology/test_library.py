"""Every library file says where its numbers come from and reproduces its worked examples."""

from importlib.resources import files

import numpy as np
import pytest

from afterglow.core.errors import BadLibrary
from afterglow.core.pharmacology import library, structure

TEXT = (
    files("afterglow.core.pharmacology").joinpath("models", "simons_2022.toml").read_text("utf-8")
)


@pytest.mark.parametrize("model_id", library.drug_models())
def test_every_worked_example_comes_out(model_id):
    assert library.load(model_id).checks
    assert structure.misses(model_id) == []


@pytest.mark.parametrize("model_id", library.drug_models())
def test_every_model_says_for_whom_it_is(model_id):
    model = library.load(model_id)
    assert model.site in {"arterial", "venous", "mixed"}
    assert {"age_years", "weight_kg", "why"} <= set(model.limits)
    assert model.caveats


def test_simons_gives_the_golden_values():
    model = library.load("simons_2022")
    got = structure.recompute(model, model.checks[0])
    assert np.allclose(got["ketamine"], [288.7, 62.9, 38.2], atol=0.06)
    assert np.allclose(got["norketamine"], [68.9, 59.4, 45.2], atol=0.06)
    assert np.allclose(got["hydroxynorketamine"], [20.9, 28.5, 27.9], atol=0.06)


def test_volumes_grow_with_weight_and_flows_less_so():
    values = library.load("simons_2022").for_weight(140)
    assert values["v1"] == pytest.approx(2 * 11.6)
    assert values["cl"] == pytest.approx(1.48 * 2**0.75)
    assert values["mtt_nk"] == 20.1


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        (
            'source = "table4", weight_power = 1.0, omega2 = 0.057',
            "weight_power = 1.0",
            "v1: source",
        ),
        ('cl = { value = 1.48, unit = "L/min"', 'cl = { value = 1.48, unit = "L"', "is not a rate"),
        (
            'q2 = { value = 2.43, unit = "L/min"',
            'q2 = { value = 2.43, unit = "furlong"',
            "unit must",
        ),
        ('value = 39.0, unit = "L", grade = "B"', 'value = 39.0, unit = "L", grade = "Z"', "grade"),
        ('"centre > fast"', '"centre > nowhere"', "no such compartment"),
        ('id = "simons_2022"', 'id = "other"', "file's name"),
        (
            'citation = "Simons 2022, Front Pain Res 3:946486, Table 4"',
            'citation = " "',
            "citation",
        ),
        ('source = "table4", weight_power = 0.75, omega2 = 0.029', 'source = "hearsay"', "hearsay"),
        ("omega2 = 0.026", "omega2 = 0.026, cv = 0.2", "give one of"),
        ('"q2/v1"', '"q2/"', "not a formula"),
        ('per = "v1"', 'per = "cl"', "is not a volume"),
        ('title = "Sim', 'titles = "Sim', "title is missing"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(was, becomes, says):
    assert was in TEXT
    with pytest.raises(BadLibrary, match=says):
        library.parse(TEXT.replace(was, becomes, 1), "simons_2022.toml")


def test_a_changed_number_is_caught_by_the_worked_example(monkeypatch):
    changed = library.parse(TEXT.replace("value = 1.48", "value = 1.58"), "simons_2022.toml")
    monkeypatch.setattr(library, "load", lambda _: changed)
    assert "ketamine" in structure.misses("simons_2022")[0]


def test_a_number_that_is_unverified_says_so():
    doubtful = TEXT.replace(
        'v3 = { value = 174.0, unit = "L", grade = "B"',
        'v3 = { value = 174.0, unit = "L", grade = "C"',
    )
    model = library.parse(doubtful, "simons_2022.toml")
    assert [p.name for p in model.parameters.values() if p.unverified] == ["v3"]


def test_an_unknown_model_is_told_the_known_ones():
    with pytest.raises(BadLibrary, match="simons_2022"):
        library.load("nonesuch")
