"""The trade-off as a curve: the proposal on it, its neighbours, what is forbidden crossed out."""

import re
from datetime import timedelta

import pytest

from afterglow.clinic.planning.facts import gather, limits_from
from afterglow.clinic.planning.queries import inputs_of
from afterglow.clinic.planning.signing import advice_of
from afterglow.clinic.planning.tradeoff import tradeoff_of
from afterglow.clinic.releases.queries import policy_in_use
from afterglow.core.care.policy import load_policy
from afterglow.core.dosing.propose import Aim
from tests.clinic.conftest import NINE
from tests.clinic.planning.asking import page
from tests.clinic.walk import measured, proposed, treated

pytestmark = pytest.mark.django_db


def place(percent: str) -> float:
    return float(percent.rstrip("%"))


def test_the_proposal_is_for_the_most_benefit_and_lies_on_the_curve_between_its_neighbours(
    ready, nurse
):
    proposal = proposed(ready, nurse, at=NINE)
    advice, shown = advice_of(proposal), tradeoff_of(proposal.pk)
    assert advice.aim is Aim.BENEFIT
    near = {one.kind: one for one in shown.near}
    assert str(near["proposed"].option) == str(advice.chosen)
    assert place(near["calmer"].x) < place(near["proposed"].x) < place(near["stronger"].x)
    assert place(near["calmer"].y) > place(near["proposed"].y)  # y counts from the top
    assert len(shown.best) == len(advice.frontier) - 1


def test_what_is_forbidden_is_there_and_says_every_limit_it_breaks(ready, nurse):
    shown = tradeoff_of(proposed(ready, nurse, at=NINE).pk)
    forbidden = [one for one in shown.points if one.kind == "forbidden"]
    assert any("Above 1 mg/kg" in one.why_not for one in forbidden)
    assert any("Chance of CADSS above 40" in one.why_not for one in forbidden)
    assert all(one.why_not in one.words for one in forbidden)


def test_what_the_model_would_not_propose_by_itself_is_told_from_what_it_would(ready, nurse):
    proposal = proposed(ready, nurse, at=NINE)
    usual, shown = inputs_of(proposal.pk).facts.candidates, tradeoff_of(proposal.pk)
    assert max(usual.minutes) == 60.0
    for one in shown.points:
        if one.kind in ("proposed", "calmer", "stronger", "allowed"):
            assert one.option.dose_mg <= max(usual.doses_mg)
            assert one.option.minutes <= 60.0


def test_the_page_draws_it_with_a_way_to_each_option_and_a_table(today, signed_in, prescriber):
    shown = page(signed_in(prescriber), today.patient)
    points = tradeoff_of(today.pk).points
    assert shown.count('class="point"') == len(points)
    assert shown.count('tabindex="0" aria-label="' + str(advice_of(today).chosen)) == 1
    assert "<s>" in shown
    assert 'style="' not in re.search(r"<figure.*?</figure>", shown, re.DOTALL)[0]
    assert shown.count("data-show-profile") == len(tradeoff_of(today.pk).shapes)


def test_other_courses_of_the_rate_are_told_as_advice(ready, nurse):
    shown = tradeoff_of(proposed(ready, nurse, at=NINE).pk).shapes
    assert [str(one.option.profile) for one in shown] == ["constant", "ramp", "step-down"]
    assert len({one.option.cadss_p95 for one in shown}) > 1


def test_the_limits_on_sedation_and_exposure_are_the_policys_own(policy):
    limits = limits_from(policy_in_use())
    assert (limits.moaa_s, limits.moaa_s_chance) == (2, 0.05)
    assert str(limits.exposure[0]) == "5 mg/kg in 7 days"


def test_a_policy_that_sets_no_limit_on_sedation_lets_none_pass_for_one(policy):
    from afterglow.clinic.releases.services import shipped_policy

    later = ("sedation_level", "sedation_chance")
    lines = shipped_policy().splitlines()
    kept = "\n".join(line for line in lines if not line.startswith(later))
    assert limits_from(load_policy(kept)).moaa_s is None


def test_what_was_given_counts_towards_total_exposure(ready, nurse):
    for day in range(1, 5):
        treated(ready, at=NINE + timedelta(days=day), amount_mg=80.0)
    after = NINE + timedelta(days=5)
    gathered = gather(ready, at=after)
    assert sum(one.amount_mg for one in gathered.before) == pytest.approx(320.0)
    measured(ready, nurse, at=after)
    told = proposed(ready, nurse, at=after)
    said = str(told.result)
    assert "mg/kg in 7 days, limit 5" in said


def test_the_curve_says_of_each_option_what_the_proposal_says_of_it(ready, nurse):
    proposal = proposed(ready, nurse, at=NINE)
    drawn = {str(one.option): one.option for one in tradeoff_of(proposal.pk).points}
    assert {str(one): drawn[str(one)] for one in advice_of(proposal).options} == {
        str(one): one for one in advice_of(proposal).options
    }
