"""Several models of one patient: only signed ones, every belief stored, and silence where they
disagree."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from afterglow.clinic.planning import inputs as planning_inputs
from afterglow.clinic.planning.facts import Facts, gather
from afterglow.clinic.planning.inputs import Inputs
from afterglow.clinic.planning.models import Proposal
from afterglow.clinic.planning.queries import inputs_of
from afterglow.clinic.planning.replay import replay
from afterglow.clinic.planning.risk import percent
from afterglow.clinic.releases.models import ModelRelease
from afterglow.clinic.releases.services import sign_models
from afterglow.core.dosing.agreement import LEAST_WEIGHT, MOST_OVER
from afterglow.core.dosing.population import prior_for
from afterglow.core.dosing.propose import Aim, propose
from afterglow.core.dosing.several import STRUCTURES, Several, Weighed, weigh
from afterglow.core.errors import BadInput
from tests.clinic.conftest import NINE
from tests.clinic.planning.asking import bands, behind_the_records_back, page
from tests.clinic.walk import measured, proposed, treated

pytestmark = pytest.mark.django_db
AFTER = NINE + timedelta(days=3)
ADDED = ("structures", "course")  # to the facts, when several models came
STRONG = ((20.0, 48.0), (40.0, 62.0), (80.0, 25.0))


def learned(patient, nurse) -> Proposal:
    """A proposal after one strong session."""
    treated(patient, at=NINE + timedelta(hours=1), cadss=STRONG)
    measured(patient, nurse, at=AFTER)
    return proposed(patient, nurse, at=AFTER)


def test_the_page_tells_when_a_model_objects_by_the_engines_own_numbers(
    today, signed_in, prescriber
):
    shown = page(signed_in(prescriber), today.patient)
    assert f"more than {100 * MOST_OVER:g} percentage points above" in shown
    assert f"A model of {percent(LEAST_WEIGHT)} weight or more objects" in shown


def test_every_models_belief_is_stored_and_recomputed_to_the_last_digit(ready, nurse):
    proposal = learned(ready, nurse)
    held = Inputs.from_json(Proposal.objects.get(pk=proposal.pk).inputs)
    assert {one.belief.model for one in held.several.each} == set(STRUCTURES)
    assert sum(one.weight for one in held.several.each) == pytest.approx(1.0, abs=1e-3)
    assert all(one.belief.draws for one in held.several.each)
    again = replay(proposal.pk)
    assert again.same, again.differences


def test_a_digit_changed_in_an_unlikely_models_belief_is_found(ready, nurse):
    proposal = learned(ready, nurse)
    inputs = json.loads(json.dumps(proposal.inputs))
    inputs["others"][-1]["belief"]["mean"][0] += 1e-12
    behind_the_records_back(proposal, "inputs", inputs)
    again = replay(proposal.pk)
    assert again.differences[0].startswith("inputs.others[1].belief.mean[0]")


def test_a_proposal_from_before_there_was_a_choice_still_reads_and_replays(ready, nurse):
    # given one as an earlier version stored it: one belief, and the dose of most exposure
    stored = of_one_model(gather(ready, at=NINE).facts)
    proposal = Proposal.objects.create(
        patient=ready, recorded_by=nurse, happened_at=NINE, session_number=1,
        policy_version="1", model_version="before", **stored,
    )  # fmt: skip
    # then it is read as resting on that model alone, and comes out the same
    assert [one.belief.model for one in inputs_of(proposal.pk).several.each] == ["simons_2022"]
    again = replay(proposal.pk)
    assert again.same, again.differences


def of_one_model(facts: Facts) -> dict[str, dict[str, object]]:
    """Inputs and result by the core alone, in the fields that there were."""
    belief = prior_for(facts.covariates)
    advice = propose(
        belief, limits=facts.limits, candidates=facts.candidates, session_number=1,
        baseline=facts.baseline, seed=facts.seed, draws=500, aim=Aim.EXPOSURE,
    )  # fmt: skip
    held = {key: value for key, value in facts.to_json().items() if key not in ADDED}
    inputs = {"kind": "Inputs", "facts": held, "idle_days": 0.0, "draws": 500}
    return {
        "inputs": inputs | {"belief": belief.to_json()},
        "result": {"proposal": advice.to_json()},
    }


def test_only_models_that_were_signed_plan_for_patients(ready, nurse):
    sign_models(signed_as="Dr Medical Director", at=AFTER, structures=("otto_2021",))
    proposal = learned(ready, nurse)
    assert [one.belief.model for one in inputs_of(proposal.pk).several.each] == ["otto_2021"]


def test_a_release_signed_before_there_was_a_choice_means_the_default_alone(ready, nurse):
    first = ModelRelease.objects.get()
    ModelRelease.objects.create(
        version=first.version, digest=first.digest, signed_as="Dr Before", happened_at=AFTER
    )
    assert gather(ready, at=AFTER).facts.structures == ("simons_2022",)
    # and signing again, now with the choice, is a new release
    assert sign_models(signed_as="Dr After", at=AFTER + timedelta(hours=1)).pk != first.pk


@pytest.mark.parametrize("strange", [("domino_1982",), ("made_up",), ()])
def test_a_model_that_no_proposal_can_rest_on_cannot_be_signed_into_use(policy, strange):
    with pytest.raises(BadInput, match="Choose among simons_2022"):
        sign_models(signed_as="Dr Other", at=AFTER, structures=strange)


def test_the_page_shows_each_models_weight_and_what_it_says_of_the_dial(
    today, signed_in, prescriber
):
    client = signed_in(prescriber)
    shown = page(client, today.patient)
    for name in ("Simons 2022", "Otto 2021", "Kamp 2020 meta-analysis"):
        assert name in shown
    assert "Several models, weighed for this patient" in shown
    less, more = (
        json.loads(bands(client, today, dose_mg=dose, minutes=40).content)["voices"]
        for dose in (20, 60)
    )
    for model in STRUCTURES:
        assert float(more[f"{model}-peak"]) > float(less[f"{model}-peak"])


def test_where_the_models_disagree_none_is_proposed_and_the_page_says_what_to_do(
    policy, patient, nurse, prescriber, signed_in, monkeypatch
):
    from django.utils.timezone import now

    from tests.clinic.walk import screened

    monkeypatch.setattr(planning_inputs, "weigh", another_dissociates_strongly)
    screened(patient, nurse, at=now())
    measured(patient, nurse, at=now())
    proposal = proposed(patient, nurse, at=now())
    assert proposal.result["refusal"]["code"] == "models-disagree"
    client = signed_in(prescriber)
    shown = page(client, patient)
    assert "Give a dose that both allow, or take a level or two" in shown
    # no dose stands on the dials unasked
    assert "Look at the usual dose, 35 mg over 40 min" in shown
    assert 'value="35"' not in shown
    # and a dose looked at is told by every model
    asked = page(client, patient, dose_mg=35, minutes=40)
    assert asked.count('data-says="otto_2021-cadss"') == 1
    assert "models-disagree" in asked


def another_dissociates_strongly(covariates, sessions, **asked) -> Several:
    """The models as they are, but one believes in twice the dissociation."""
    found = weigh(covariates, sessions, **asked)
    assert isinstance(found, Several)
    first, other, last = found.each
    dmax = other.belief.parameters.index("dmax")
    mean = [0.0] * len(other.belief.mean)
    mean[dmax] = 1.2
    strong = replace(other.belief, mean=tuple(mean))
    return replace(found, each=(first, Weighed(belief=strong, weight=other.weight), last))
