"""Esketamine by nose goes by whole devices, within its label, and is weighed as any other dose."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from afterglow.core.body import Ancestry
from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.case import Case
from afterglow.core.dosing.felt import high_of, high_of_case
from afterglow.core.dosing.label import most
from afterglow.core.dosing.options import BY_NOSE, AtOnce, Candidates
from afterglow.core.dosing.propose import GivenBefore, Proposal, again
from afterglow.core.dosing.several import weigh
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.sitting import DEVICES_MG
from afterglow.core.quantity import Drug, Route
from afterglow.core.refusal import Refusal
from tests.core.dosing.asking import LIMITS, ask, proposed
from tests.core.people import RESTING, SOMEONE, prior

SPRAY = Candidates(at_once=(BY_NOSE,))
LAX = replace(LIMITS, cadss=80, systolic_mmhg=220)
BEFORE = GivenBefore(
    days_ago=4, amount_mg=56, mg_per_kg=0.8, route=Route.NASAL, drug=Drug.ESKETAMINE
)


def sprayed(known=None, **changes):
    usual = {"candidates": SPRAY, "drug": Drug.ESKETAMINE, "limits": LAX}
    return proposed(known, **usual | changes)


def by_dose(found):
    return {one.dose_mg: one for one in found.options}


@pytest.mark.parametrize("dose_mg", [14.0, 42.0, 70.0, 112.0])
def test_nothing_between_devices_can_be_offered(dose_mg):
    with pytest.raises(BadInput, match="whole devices, 28, 56, 84 mg"):
        AtOnce(route=Route.NASAL, doses_mg=(28.0, dose_mg))


def test_what_is_proposed_is_one_two_or_three_devices_five_minutes_apart():
    found = sprayed(before=[BEFORE])
    assert [one.dose_mg for one in found.options] == list(DEVICES_MG)
    given = by_dose(found)[84.0].doses(Drug.ESKETAMINE)
    assert [(one.amount.mg, one.starts_min) for one in given] == [(28, 0), (28, 5), (28, 10)]


def test_more_devices_bring_more_and_are_higher_but_never_in_proportion():
    one, two, three = sprayed(before=[BEFORE]).options
    assert one.cadss_p95 < two.cadss_p95 < three.cadss_p95
    assert one.systolic_p95 < two.systolic_p95 < three.systolic_p95
    assert 0 < one.benefit < two.benefit < three.benefit
    # Of further devices 62 % as much is taken up in the nose (Perez-Ruixo 2021).
    assert two.benefit_proxy < 2 * one.benefit_proxy


def test_the_proposal_stands_between_its_neighbours_on_the_curve_of_devices():
    found = sprayed(before=[BEFORE], limits=LIMITS)
    assert [one.dose_mg for one in found.frontier] == [28.0, 56.0]
    assert found.chosen.dose_mg == 56.0
    assert found.calmer.dose_mg == 28.0
    assert {one.dose_mg for one in found.neighbours} == {28.0, 84.0}
    assert "Chance of CADSS above 30" in by_dose(found)[84.0].why_not


@pytest.mark.parametrize(
    ("age", "before", "highest"),
    [(40, (), 56.0), (70, (), 28.0), (70, (28.0,), 56.0), (70, (28.0, 56.0), 84.0),
     (40, (56.0,), 84.0), (40, (28.0,), 56.0)],
)  # fmt: skip
def test_the_label_sets_the_first_session_by_nose_and_every_step_after_it(age, before, highest):
    known = prior(replace(SOMEONE, age_years=age))
    given = [replace(BEFORE, amount_mg=mg) for mg in before]
    options = sprayed(known, before=given, session_number=4).options
    assert max(one.dose_mg for one in options if one.allowed) == highest
    assert all("label" in one.why_not or "leaflet" in one.why_not for one in options if one.broken)


def test_infusions_before_do_not_make_a_first_spray_a_later_one():
    other = GivenBefore(days_ago=4, amount_mg=35, mg_per_kg=0.5, route=Route.INTRAVENOUS)
    assert most(40, [other]).mg == 56.0
    assert by_dose(sprayed(before=[other], session_number=2))[84.0].allowed is False


def test_a_second_prescriber_does_not_lift_the_label():
    together = sprayed(limits=replace(LAX, second_prescriber=True))
    assert by_dose(together)[84.0].allowed is False


def test_where_every_strength_is_too_much_the_answer_is_a_refusal():
    found = ask(candidates=SPRAY, drug=Drug.ESKETAMINE, limits=replace(LIMITS, cadss=1))
    assert isinstance(found, Refusal)
    assert found.code == "no-safe-dose"
    assert "28 mg by nose" in found.because


@pytest.mark.parametrize("drug", [Drug.KETAMINE, Drug.ARKETAMINE])
def test_a_compounded_spray_is_never_proposed(drug):
    found = ask(candidates=SPRAY, drug=drug)
    assert isinstance(found, Refusal)
    assert found.code == "nasal-not-proposed"


def test_someone_outside_the_people_of_the_spray_is_refused():
    light = prior(replace(SOMEONE, weight_kg=45))
    assert isinstance(sprayed(light), Proposal)
    old = ask(
        replace(prior(), covariates=replace(SOMEONE, age_years=88)),
        candidates=SPRAY,
        drug=Drug.ESKETAMINE,
    )
    assert isinstance(old, Refusal)
    assert old.code == "outside-model"
    assert "Perez-Ruixo" in old.because


def test_a_japanese_patient_takes_up_more_of_each_device_as_published():
    japanese = prior(replace(SOMEONE, ancestry=Ancestry.JAPANESE))
    asian = prior(replace(SOMEONE, ancestry=Ancestry.ASIAN))
    for more, less in zip(sprayed(japanese).options, sprayed(asian).options, strict=True):
        assert more.cadss_p95 > less.cadss_p95


def test_spray_and_vein_are_weighed_on_one_scale():
    both = Candidates(doses_mg=(14.0, 21.0), minutes=(40.0,), at_once=(BY_NOSE,))
    found = sprayed(candidates=both)
    assert {one.route for one in found.options} == {Route.INTRAVENOUS, Route.NASAL}
    alone = {str(one): one for one in sprayed().options}
    assert {str(o): o for o in found.options if o.route is Route.NASAL} == alone


def test_a_proposal_by_nose_is_made_again_to_the_last_digit():
    found = sprayed(before=[BEFORE])
    held = Proposal.from_json(found.to_json())
    assert again(held, prior()) == found


def test_models_are_asked_as_for_any_dose_and_the_weights_stay():
    several = weigh(SOMEONE, [], seed=1, draws=300)
    found = sprayed(several)
    assert [one.model for one in found.models] == [one.belief.model for one in several.each]
    assert {one.option.dose_mg for one in found.models} == {found.chosen.dose_mg}


def test_the_notes_say_whose_levels_these_are_and_what_the_label_allows():
    notes = " ".join(sprayed().notes)
    assert "no session of this patient moves them" in notes
    assert "US label [A]" in notes
    assert "No ceiling for doses by nose" not in notes


def test_the_high_of_a_spray_is_that_of_the_forecast_of_a_person_alike():
    doses = by_dose(sprayed())[56.0].doses(Drug.ESKETAMINE)
    mine = high_of(prior(), doses, session_number=1, baseline=RESTING, seed=1, draws=2000)
    case = Case(
        covariates=SOMEONE,
        doses=doses,
        times_min=(0.0, 60.0),
        quantities=("cadss_23",),
        percentiles=(50.0,),
        model="default",
        patients=2000,
        seed=1,
        session_number=1,
    )
    theirs = high_of_case(case)
    assert mine.peak_dissociation.value == pytest.approx(theirs.peak_dissociation.value, abs=1.5)
    assert mine.band.value == pytest.approx(theirs.band.value, rel=0.05)
    assert mine.band_at_peak is theirs.band_at_peak


def test_what_was_learned_of_a_patients_sensitivity_moves_what_a_spray_is_expected_to_do():
    usual = prior()
    calm = [-1.0 if name == "dmax" else 0.0 for name in usual.parameters]
    known: Belief = replace(usual, mean=tuple(calm))
    assert sprayed(known).options[1].cadss_median < sprayed().options[1].cadss_median


def test_the_table_on_the_page_is_what_is_weighed_today():
    page = Path(__file__).parents[3] / "docs" / "science" / "proposal.md"
    rows = re.findall(
        r"^\| (28|56|84) mg \|(.+)\|$", page.read_text(encoding="utf-8"), re.MULTILINE
    )
    limits = replace(
        LIMITS, cadss=40, systolic_mmhg=180, systolic_chance=0.05, moaa_s=2, moaa_s_chance=0.05
    )
    found = sprayed(prior(replace(SOMEONE, age_years=45)), limits=limits, draws=1000, seed=1)
    assert found.chosen.dose_mg == 56
    for dose, told in rows:
        numbers = [float(one) for one in re.findall(r"\d+\.?\d*", told)]
        one = by_dose(found)[float(dose)]
        drowsy = 100 * one.sedation_chance
        weighed = [one.benefit, one.cadss_median, one.cadss_p95, one.systolic_p95, drowsy]
        assert numbers == pytest.approx(weighed, rel=0.01, abs=0.06), dose
    assert len(rows) == len(DEVICES_MG)
