"""The model beside what was published: every row is there, and a miss is never dressed up."""

import json
from dataclasses import replace

import pytest

from afterglow.research.validation.figure import Figure, Predicted, Published, Used, Verdict
from afterglow.research.validation.table import ROWS, cells, figures, in_order, page, summary
from tests.cli.files import ran

# One worker: every row is computed once for all of these.
pytestmark = pytest.mark.xdist_group("validation")


@pytest.fixture(scope="module")
def found():
    return in_order(figures())


def test_every_row_of_both_tables_is_shown(found):
    assert list(dict.fromkeys(one.published.row for one in found)) == list(ROWS)


def test_a_miss_and_a_gap_each_have_a_sentence_why(found):
    for one in found:
        if one.verdict is Verdict.AGREES:
            assert not one.why
        else:
            assert one.why.endswith("."), one.published.what


def test_every_figure_has_its_source_grade_and_rule(found):
    for one in found:
        assert one.published.source
        assert one.published.grade in ("A", "B", "C", "D", "own")
        assert one.published.rule
        low, high = one.published.accept
        assert low <= high


def test_predictions_lie_inside_their_own_intervals(found):
    for one in found:
        if one.predicted and one.predicted.low is not None:
            assert one.predicted.low <= one.predicted.value <= one.predicted.high


def test_what_was_solved_from_a_row_gives_that_row_back(found):
    for one in found:
        if one.published.used is Used.SOLVED and one.published.row != "PK-V11":
            assert one.verdict is Verdict.AGREES, one.published.what


def test_known_misses_are_still_told(found):
    missed = {one.published.row for one in found if one.verdict is Verdict.MISS}
    # Muscle is too slow, relapse too rare, and a null trial impossible: nobody has mended these.
    assert {"PK-V9", "PD-V12", "PD-V20"} <= missed


def test_the_default_model_reproduces_the_venous_peak_it_was_not_fitted_to(found):
    first = next(one for one in found if one.published.row == "PK-V1")
    assert first.predicted.value == pytest.approx(189, abs=3)
    assert first.published.used is Used.LOOKED_AT


def example(value, *, predicted, used=Used.NO):
    published = Published(
        row="PK-V1",
        what="a level",
        value=value,
        unit="ng/mL",
        accept=(60.0, 140.0),
        rule="within 40%",
        used=used,
        source="somebody",
        grade="A",
        if_missed="It is too slow.",
    )
    seen = Predicted(value=predicted, low=50.0, high=200.0, of="90 % of people")
    return Figure(published=published, predicted=seen)


def test_a_prediction_outside_the_rule_is_a_miss_with_its_error():
    one = example(100.0, predicted=150.0)
    assert one.verdict is Verdict.MISS
    assert one.error == 50.0
    assert "MISS" in cells(one)
    assert one.why == "It is too slow."


def test_agreement_with_what_was_fitted_is_counted_apart():
    fitted, solved = (example(100, predicted=110, used=one) for one in (Used.FITTED, Used.SOLVED))
    said = summary([fitted, solved, solved, example(100, predicted=150)])
    assert "was solved, 2 agree and 0 are missed: they agree because they set it" in said
    assert "helped to set a number, or are a model's own data, 1 agree and 0 are missed" in said
    assert "Of the others, 0 agree and 1 are missed" in said


def test_an_error_is_told_in_percent_where_twice_as_much_is_twice_as_much():
    one = example(200.0, predicted=150.0)
    assert one.error_percent == -25.0
    assert "-25 %" in cells(one)
    share = replace(one, published=replace(one.published, unit="%"))
    assert share.error_percent is None
    nothing = replace(one, published=replace(one.published, value=0.0))
    assert nothing.error_percent is None


def test_the_page_says_when_and_how_it_was_measured():
    text = page([example(100, predicted=110)], measured_on="2026-01-01", command="afterglow x")
    assert "Measured on 2026-01-01 with `afterglow x`" in text
    assert "| PK-V1 | a level | 100 ng/mL |" in text


def test_the_command_prints_json_that_a_program_can_read(capsys, monkeypatch):
    one = example(100.0, predicted=150.0)
    monkeypatch.setattr("afterglow.research.validation.table.figures", lambda: [one])
    code, out, _ = ran(capsys, "validate", "--json")
    assert code == 0
    told = json.loads(out)[0]
    assert (told["row"], told["published"], told["verdict"]) == ("PK-V1", 100.0, "MISS")
    assert told["used"] == "no"


def test_the_command_writes_its_table_where_it_is_told(capsys, monkeypatch, tmp_path):
    one = example(100.0, predicted=110.0)
    monkeypatch.setattr("afterglow.research.validation.table.figures", lambda: [one])
    code, out, _ = ran(capsys, "validate", "--page", str(tmp_path / "table.md"))
    assert code == 0
    assert "used to calibrate: no" in out
    assert "| PK-V1 |" in (tmp_path / "table.md").read_text(encoding="utf-8")
