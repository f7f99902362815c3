"""A model file with a fault is refused, and the sentence names the file and the field."""

from importlib.resources import files

import pytest

from afterglow.core.errors import BadLibrary
from afterglow.core.pharmacology import library, structure

MODELS = files("afterglow.core.pharmacology").joinpath("models")
OTTO, PEREZ, CLEMENTS, SIMONS = (
    "otto_2021",
    "perezruixo_2021",
    "clements_1981_250",
    "simons_2022",
)
FAULTS = [
    # a source
    (OTTO, 'source = "fanta_2015", weight_power = 0.75', "weight_power = 0.75", "cl: source is"),
    (OTTO, '"otto_2021" }', '"a friend" }', "v2_nk: source 'a friend' is not among"),
    (OTTO, 'source = "golden"', 'source = "platinum"', "35 mg of S-ketamine over 40 min, 70 kg: s"),
    (OTTO, "female_percent", "male_percent", "[fitted_to]: male_percent is not a key"),
    # a grade
    (OTTO, 'unit = "L/h", grade = "B"', 'unit = "L/h"', "cl: grade is missing"),
    (OTTO, 'grade = "D"\n', 'grade = "E"\n', "grade must be one of A, B, C, D, own; got 'E'"),
    # a unit
    (OTTO, 'unit = "L/h"', 'unit = "L"', "is not a rate (1/min)"),
    (OTTO, 'unit = "L/h"', 'unit = "litres"', "cl: unit must be one of"),
    (OTTO, 'per = "v1"', 'per = "v1*v1"', "[[compartments]] centre: 'v1*v1' is not a volume"),
    (OTTO, '"cl/v1"', '"cl/v1+cl"', "adds or subtracts amounts of different units"),
    (OTTO, 'unit = "ng/mL"', 'unit = "nmol/L"', "unit must be ng/mL"),
    (
        PEREZ,
        'share = "f_gut"',
        'share = "ka_oral"',
        "[[absorption]] oral: 'ka_oral' is not a share",
    ),
    (PEREZ, 'over_min = "release_oral"', 'over_min = "f_gut"', "'f_gut' is not a time"),
    (CLEMENTS, "weight_power = 1", "weight_power = 0", "L/kg needs weight_power = 1"),
    # spread
    (OTTO, "0.02261", "0.06261", "not positive definite"),
    (OTTO, '"v1 cl"', '"v1 q3"', "[covariances] 'v1 q3': name two parameters with a spread"),
    (OTTO, "omega2 = 0.026048", "omega2 = 0.026048, cv = 0.1", "cl: give one of omega2, cv"),
    (OTTO, "omega2 = 0.026048", "sd_log = -0.1", "cl: sd_log must be a number, 0 or more"),
    (SIMONS, "value = 1.48", "value = -1.48", "cl: value must be more than 0, got -1.48"),
    (SIMONS, "value = 1.48", "value = nan", "cl: value must be a finite number"),
    # another kind of thing than the key holds
    (OTTO, "value = 133", 'value = "much"', "v1: value must be a finite number, got 'much'"),
    (OTTO, "value = 133", "value = true", "v1: value must be a finite number, got True"),
    (OTTO, "omega2 = 0.026048", "omega2 = -0.1", "cl: omega2 must be a number, 0 or more"),
    (SIMONS, "nu2 = 0.154", 'nu2 = "day"', "release_mucosa: nu2 must be a number, 0 or more"),
    (OTTO, 'grade = "B"', "grade = []", "grade must be words in quotes, got []"),
    (OTTO, 'drugs = ["esketamine", "ketamine"]', "drugs = 2", "drugs must be a list of words"),
    (OTTO, "reference_weight_kg = 70", "reference_weight_kg = 0", "must be a number above 0"),
    (OTTO, "0.02261", '"a lot"', "[covariances]: v1 cl must be a finite number"),
    (OTTO, 'name = "slow"', "", "[[compartments]] 2: name is missing"),
    (OTTO, 'per = "v1"', "per = 3", "[[compartments]] 1: per must be words in quotes"),
    (OTTO, '"cl/v1"', "7", "[flows]: centre > nk_centre must be words in quotes"),
    (OTTO, "t_min = [40, 80, 120]", 't_min = "late"', "t_min must be a list of finite numbers"),
    (OTTO, "[158.0, 78.8, 55.1]", '["x"]', "ketamine must be a list of finite numbers"),
    (OTTO, "amount_mg = 35", "amount_mg = -35", "amount_mg must be a number, 0 or more"),
    (OTTO, "[limits]", "[limit]", "limit is not a key of this table"),
    (
        PEREZ,
        'intrinsic = ["k_other", "k_nk"]',
        "intrinsic = 1",
        "[liver]: intrinsic must be a list",
    ),
    (PEREZ, "q_liver = -2.19", 'q_liver = "less"', "q_liver must be a finite number"),
    # ways in
    (OTTO, '"intravenous"]', '"intravenous", "oral"]', "must agree, and oral is in one of them"),
    (PEREZ, '["nasal", "oral", "intravenous"]', '["nasal"]', "and oral is in one of them"),
    (PEREZ, '["nasal", "oral", "intravenous"]', '["rectal"]', "routes must be one of"),
    (PEREZ, 'into = "gut"', 'into = "ear"', "[[absorption]] oral: 'ear' is not a compartment"),
    (PEREZ, 'gut = "f_gut"', 'gut = "f_ear"', "[liver]: 'f_ear' is not among [parameters]"),
    # whom it is for
    (OTTO, "age_years = [18, 80]", "", "[limits]: age_years must be [lowest, highest], got None"),
    (OTTO, "weight_kg = [40, 150]", "weight_kg = [150, 40]", "weight_kg must be [lowest, highest]"),
    (OTTO, "n = 48", "", "[fitted_to]: n is missing"),
    (OTTO, 'site = "venous"', "", "site must be one of arterial, venous, mixed; got ''"),
    (OTTO, 'drugs = ["esketamine", "ketamine"]', "", "drugs is missing"),
    (OTTO, '"esketamine", "ketamine"]', '"aspirin"]', "drugs must be one of ketamine"),
    # keys
    (OTTO, "caveats", "caveat", "caveats is missing"),
    (OTTO, 'title = "', 'colour = "red"\ntitle = "', "colour is not a key"),
    (OTTO, "weight_power = 0.75", "weight_powr = 0.75", "weight_powr is not a key"),
    (OTTO, "within = 0.06\n", "", "within is missing"),
    (OTTO, "within = 0.06", "within = 0.0", "within must be a number above 0"),
    # the network
    (OTTO, 'name = "fast"', 'name = "slow"', "each needs a name of its own"),
    (OTTO, '"fast >', '"nowhere >', "no such compartment"),
    (OTTO, 'per = "v1_nk"\n', "", "nk_centre: analyte and per belong together"),
    (OTTO, "t_min = [40, 80, 120]", "t_min = [40, 80]", "one level for each of t_min"),
]


def text_of(model_id):
    return MODELS.joinpath(f"{model_id}.toml").read_text("utf-8")


@pytest.mark.parametrize(("model_id", "was", "becomes", "says"), FAULTS)
def test_a_fault_is_named_with_its_file_and_field(model_id, was, becomes, says):
    text = text_of(model_id)
    assert was in text
    with pytest.raises(BadLibrary) as refused:
        library.parse(text.replace(was, becomes, 1), f"{model_id}.toml")
    assert says in str(refused.value)
    assert str(refused.value).startswith(f"{model_id}.toml")


def test_drug_that_can_never_leave_is_refused():
    text = text_of(CLEMENTS)
    way_out = next(line for line in text.splitlines() if line.startswith('"centre >"'))
    with pytest.raises(BadLibrary, match="drug never leaves centre, slow"):
        library.parse(text.replace(way_out, ""), "clements_1981_250.toml")


def test_a_wrong_worked_example_and_a_missing_one_are_told():
    text = text_of(CLEMENTS)
    wrong = library.parse(text.replace("177.3", "187.3"), "clements_1981_250.toml")
    assert "ketamine is 177.3" in structure.failing(wrong)[0]
    bare = library.parse(text[: text.index("[[checks]]")], "clements_1981_250.toml")
    assert "at least one worked example" in structure.failing(bare)[0]


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A clinic's own folder of models, forgotten afterwards."""
    monkeypatch.setattr(library, "_added", [])
    yield tmp_path
    library.load.cache_clear()


def own(shelf, name="our_ward", **changes):
    text = text_of(CLEMENTS).replace("clements_1981_250", name)
    for was, becomes in changes.items():
        text = text.replace(was, becomes)
    shelf.joinpath(f"{name}.toml").write_text(text, encoding="utf-8")
    return shelf


def test_adding_a_model_is_one_file(shelf):
    library.also_from(own(shelf))
    assert "our_ward" in library.drug_models()
    assert "our_ward.toml" in library.texts()
    assert structure.misses("our_ward") == []
    assert library.load("our_ward").value("v1") == library.load(CLEMENTS).value("v1")


def test_an_added_file_never_stands_in_for_a_packaged_model(shelf):
    with pytest.raises(BadLibrary, match="simons_2022 is that of a packaged model"):
        library.also_from(own(shelf, name="simons_2022"))
    with pytest.raises(BadLibrary, match="must exist"):
        library.also_from(shelf / "nowhere")
