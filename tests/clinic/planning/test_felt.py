"""The question of the field, on the page: how high is this dose, for how long, when is it gone?"""

import json
from dataclasses import replace

import pytest

from afterglow.clinic.planning.felt import felt
from afterglow.clinic.planning.queries import high_by, inputs_of
from afterglow.clinic.planning.risk import chance_words, percent
from afterglow.clinic.planning.shaped import Shaped
from tests.clinic.conftest import NINE
from tests.clinic.planning.asking import bands, page
from tests.clinic.walk import proposed

pytestmark = pytest.mark.django_db


def high(client, proposal, *, dose_mg: float, minutes: float = 40.0):
    return json.loads(bands(client, proposal, dose_mg=dose_mg, minutes=minutes).content)["felt"]


def report(proposal, *, dose_mg: float = 35.0):
    inputs = inputs_of(proposal.pk)
    assert inputs.belief is not None
    return high_by(inputs, inputs.belief, Shaped(dose_mg, 40.0).doses)


def first_number(text: str) -> float:
    return float(text.split(maxsplit=1)[0])


def test_the_page_answers_it_in_words_with_the_source_of_every_figure(today, signed_in, prescriber):
    shown = page(signed_in(prescriber), today.patient, dose_mg=35, minutes=40)
    said = felt(report(today))
    assert said.sentence in shown
    for row in said.rows:
        assert row.source, row
        assert row.grade, row
        assert row.label in shown
    for band in ("Alcohol-like", "Therapeutic", "Strong dissociation", "Recreational",
                 "Anaesthetic"):  # fmt: skip
        assert band in shown
    assert "not a measured scale" in shown


def test_it_is_the_engines_own_report_of_the_stored_belief(today, signed_in, nurse):
    found, said = report(today), high(signed_in(nurse), today, dose_mg=35)
    assert said["cells"]["peak"] == f"{found.peak_dissociation.value:.0f} of 92"
    assert said["cells"]["peak-worst"] == f"{found.peak_dissociation.high:.0f} of 92"
    assert said["cells"]["gone-worst"] == f"{found.gone_at_min.high:.0f} min"
    assert sum(said["shares"].values()) == pytest.approx(1.0, abs=1e-3)
    assert said["peak"] == str(found.band_at_peak).replace(" ", "-")


def test_more_drug_is_higher_lasts_longer_and_leaves_fewer_able_to_talk(today, signed_in, nurse):
    client = signed_in(nurse)
    less, more = (high(client, today, dose_mg=dose)["cells"] for dose in (20, 60))
    for key in ("peak", "peak-worst", "gone", "gone-worst", "level"):
        assert first_number(more[key]) > first_number(less[key]), key
    assert first_number(more["converses"]) < first_number(less["converses"])


def test_what_was_never_measured_is_said_and_not_guessed(today, signed_in, nurse):
    cells = high(signed_in(nurse), today, dose_mg=80)["cells"]
    assert cells["vas"] == "not known"
    assert "not measured above 200" in cells["vas-words"]


def test_a_high_that_is_not_over_in_time_says_so(ready, nurse):
    found = report(proposed(ready, nurse, at=NINE))
    later = replace(found, gone_at_min=replace(found.gone_at_min, high=None))
    cells = {row.key: row for row in felt(later).rows}
    assert cells["gone"].worst == "after 480 min"
    assert "1 time in 20 it lasts longer than was looked at" in felt(later).sentence


def test_who_feels_nothing_is_not_told_that_it_never_ends(ready, nurse):
    found = report(proposed(ready, nurse, at=NINE))
    unfelt = replace(found, gone_at_min=replace(found.gone_at_min, value=0.0))
    cells = {row.key: row for row in felt(unfelt).rows}
    assert cells["gone"].typical == "never there"


def test_the_late_time_of_conversing_again_stands_under_worst_in_20(ready, nurse):
    found = report(proposed(ready, nurse, at=NINE))
    late = replace(found.converses_again_at_min, value=75.0)
    cells = {row.key: row for row in felt(replace(found, converses_again_at_min=late)).rows}
    assert (cells["again"].typical, cells["again"].worst) == ("", "75 min")


def test_the_answer_names_its_dose_and_so_does_its_table(today, signed_in, nurse):
    client = signed_in(nurse)
    said = json.loads(bands(client, today, dose_mg=41, minutes=50).content)
    assert (said["dose_mg"], said["minutes"]) == (41, 50)
    shown = page(client, today.patient, dose_mg=41, minutes=50)
    assert "Of <span data-says-dose>41 mg over 50 min</span>; minutes count from its start" in shown


def test_a_dose_without_an_answer_shows_no_other_doses_high(today, signed_in, nurse):
    answer = bands(signed_in(nurse), today, dose_mg=35000, minutes=40)
    assert answer.status_code == 422
    assert json.loads(answer.content)["felt"] is None


@pytest.mark.parametrize(
    ("chance", "figure", "words"),
    [
        (0.0, "under 0.1 %", "fewer than 1 in 1000"),
        (0.04, "4.0 %", "1 in 25"),
        (0.5, "50 %", "5 in 10"),
        (0.98, "98 %", "all but 1 in 50"),
        (0.996, "over 99 %", "all but 1 in 250"),
        (1.0, "over 99 %", "all but fewer than 1 in 1000"),
    ],
)
def test_no_chance_is_told_as_never_or_always(chance, figure, words):
    assert (percent(chance), chance_words(chance)) == (figure, words)
