"""Esketamine by nose on the planning page: advice among whole devices, never a plan."""

from dataclasses import replace

import pytest

from afterglow.clinic.planning import by_nose as panel
from afterglow.clinic.planning.by_nose import by_nose
from afterglow.clinic.planning.inputs import Inputs
from afterglow.clinic.planning.queries import inputs_of
from afterglow.clinic.releases.queries import policy_in_use
from afterglow.core.dosing.given import GivenBefore
from afterglow.core.quantity import Drug, Route
from tests.clinic.planning.asking import page

pytestmark = pytest.mark.django_db
VERSION = "of-this-test"


def strengths(shown):
    return {one.option.dose_mg: one.kind for one in shown.tradeoff.points}


def test_the_page_advises_whole_devices_within_the_label(today, signed_in, nurse):
    shown = page(signed_in(nurse), today.patient)
    assert "By nose it would be 56 mg of esketamine, as advice" in shown
    assert "2 devices of 28 mg, 5 min apart" in shown
    assert "Only an infusion can be signed and given here." in shown
    assert "Above 56 mg at a first session by nose" in shown


def test_it_stands_between_its_neighbours_and_the_forbidden_one_is_crossed_out(today):
    shown = by_nose(today.pk, VERSION)
    assert strengths(shown) == {28.0: "calmer", 56.0: "proposed", 84.0: "forbidden"}
    assert len(shown.tradeoff.best) == 1
    assert shown.advice.drug is Drug.ESKETAMINE


def test_no_dose_by_nose_can_reach_the_dials_of_the_infusion(today, signed_in, nurse):
    shown = page(signed_in(nurse), today.patient)
    section = shown[shown.index('id="by-nose-title"') :]
    section = section[: section.index("</section>")]
    assert "data-show-dose" not in section
    assert "href=" not in section


def test_a_policy_stricter_than_the_label_is_kept_and_said(today, monkeypatch):
    policy = policy_in_use()
    first = replace(policy.protocol.nasal_first_most_mg, value=28.0)
    strict = replace(policy, protocol=replace(policy.protocol, nasal_first_most_mg=first))
    monkeypatch.setattr(panel, "policy_in_use", lambda: strict)
    shown = by_nose(today.pk, "strict")
    assert shown.advice.chosen.dose_mg == 28.0
    assert 56.0 not in strengths(shown)
    assert "56 mg of nasal esketamine" in shown.not_offered[0].because


def test_after_a_first_session_by_nose_one_device_more_is_allowed(today, monkeypatch):
    given = GivenBefore(
        days_ago=4, amount_mg=56, mg_per_kg=0.8, route=Route.NASAL, drug=Drug.ESKETAMINE
    )
    held: Inputs = replace(inputs_of(today.pk), before=(given,))
    monkeypatch.setattr(panel, "inputs_of", lambda _: held)
    assert strengths(by_nose(today.pk, "sprayed before"))[84.0] != "forbidden"


def test_a_proposal_from_before_benefit_was_told_has_no_advice_by_nose(today, monkeypatch):
    inputs = inputs_of(today.pk)
    old = replace(inputs, facts=replace(inputs.facts, structures=()))
    monkeypatch.setattr(panel, "inputs_of", lambda _: old)
    assert by_nose(today.pk, "old") is None
