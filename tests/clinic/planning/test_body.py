"""Height and medicines reach the models, and what is not known of them is said."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import now

from afterglow.clinic.chart.models import Finding, Reading
from afterglow.clinic.chart.services import answer
from afterglow.clinic.planning.body import MEDICINES, UNKNOWN, MedicinesSaid
from afterglow.clinic.planning.facts import Facts, gather
from afterglow.clinic.planning.models import Proposal
from afterglow.clinic.planning.queries import bands_by, bands_of, high_by, inputs_of
from afterglow.clinic.planning.replay import replay
from afterglow.clinic.planning.shaped import Shaped
from afterglow.clinic.planning.signing import advice_of
from afterglow.clinic.planning.tradeoff import tradeoff_of
from afterglow.core.dosing import codec
from afterglow.core.refusal import Refusal
from tests.clinic.conftest import NINE
from tests.clinic.planning.asking import page
from tests.clinic.walk import measured, planned, proposed, signed

pytestmark = pytest.mark.django_db
LATER = NINE + timedelta(minutes=5)
HEAVY = {"weight": 105.0, "height": 166.0}  # a BMI of 38


@pytest.fixture
def here(policy, patient, nurse):
    """Ada, measured a moment ago: the screens read the clock themselves."""
    measured(patient, nurse, at=now())
    return patient


def takes(patient, nurse, said, *, at):
    told = answer(patient=patient, question=MEDICINES, said=said, by=nurse, at=at, fact_id=uuid4())
    assert isinstance(told, Finding), told


def entered(client, patient, **said):
    """What comes back from the form of measurements."""
    form = {"fact_id": uuid4()} | said
    return client.post(reverse("planning:measure", args=[patient.pk]), form)


def test_someone_on_rifampicin_is_refused_on_the_page_with_the_medicine_named(
    here, signed_in, nurse
):
    takes(here, nurse, ["rifampicin"], at=now())
    proposal = proposed(here, nurse, at=now())
    shown = page(signed_in(nurse), here)
    assert proposal.result["refusal"]["code"] == "interaction-not-modelled"
    assert "rifampicin: oral exposure fell to 0.14" in shown
    assert "The model proposes" not in shown


def test_a_bmi_of_38_changes_what_is_proposed(ready, nurse):
    measured(ready, nurse, at=LATER, weight=105.0)
    light = proposed(ready, nurse, at=LATER)
    measured(ready, nurse, at=LATER + timedelta(minutes=1), **HEAVY)
    heavy = proposed(ready, nurse, at=LATER + timedelta(minutes=1))
    before = {str(one): one for one in advice_of(light).options}
    after = {str(one): one for one in advice_of(heavy).options}
    assert before.keys() == after.keys()
    assert all(after[key].cadss_p95 > before[key].cadss_p95 for key in after)
    assert "BMI is above 35: size is counted as 96 kg [own]." in advice_of(heavy).notes


def test_height_reaches_the_bands_the_high_and_the_curve_of_the_same_plan(ready, nurse):
    told = []
    for at, size in ((LATER, {"weight": 105.0}), (LATER + timedelta(minutes=1), HEAVY)):
        measured(ready, nurse, at=at, **size)
        proposal = proposed(ready, nurse, at=at)
        inputs, dose = inputs_of(proposal.pk), Shaped(40.0, 40.0).doses
        seen = bands_by(inputs, inputs.belief, dose).series["arterial_ng_per_ml"].peak[2]
        high = high_by(inputs, inputs.belief, dose).peak_dissociation.high
        curve = tradeoff_of(proposal.pk).points[0].option.cadss_p95
        told.append((seen, high, curve))
    assert all(after > before for before, after in zip(*told, strict=True))


def test_a_proposal_with_height_and_medicines_replays_to_the_last_digit(ready, nurse):
    measured(ready, nurse, at=LATER, **HEAVY)
    takes(ready, nurse, ["clonidine", "levothyroxine"], at=LATER)
    proposal = proposed(ready, nurse, at=LATER)
    held = proposal.inputs["facts"]["covariates"]
    assert held["height_cm"] == 166.0
    assert held["medicines"] == ["clonidine", "levothyroxine"]
    assert replay(proposal.pk).same


def test_facts_from_before_medicines_were_asked_for_read_as_not_asked(ready, nurse):
    facts = gather(ready, at=LATER).facts
    old = codec.plain(facts)
    for field in ("height_at", "medicines_said", "medicines_at"):
        del old[field]
    assert codec.read(Facts, old) == facts
    assert facts.medicines_said is MedicinesSaid.NOT_ASKED


def test_a_new_medicine_makes_the_proposal_one_that_nobody_may_sign(ready, nurse, prescriber):
    proposal = proposed(ready, nurse, at=LATER)
    takes(ready, nurse, ["clarithromycin"], at=LATER + timedelta(minutes=1))
    refused = signed(proposal, prescriber, at=LATER + timedelta(minutes=2))
    assert isinstance(refused, Refusal)
    assert refused.code == "proposal-outdated"


def test_a_medicine_that_nobody_here_knows_is_said_on_the_page(here, signed_in, nurse):
    takes(here, nurse, ["levothyroxine", "clonidine"], at=now())
    proposed(here, nurse, at=now())
    shown = page(signed_in(nurse), here)
    assert "levothyroxine: nothing is known of it here; it changes nothing." in shown
    assert "clonidine: not counted; the rise of pressure may be overstated." in shown
    assert "clonidine: nothing is known" not in shown


@pytest.mark.parametrize(
    ("said", "words"),
    [(None, "Medicines: not asked. No interaction is counted."),
     (UNKNOWN, "Medicines: asked, not known. No interaction is counted.")],
)  # fmt: skip
def test_medicines_that_are_not_known_are_said_to_be_so(here, signed_in, nurse, said, words):
    if said:
        takes(here, nurse, said, at=now())
    proposed(here, nurse, at=now())
    assert words in page(signed_in(nurse), here)


def test_nobody_who_takes_none_is_said_to_be_unknown(here, signed_in, nurse):
    takes(here, nurse, [], at=now())
    proposed(here, nurse, at=now())
    shown = page(signed_in(nurse), here)
    assert "takes none" in shown
    assert "No interaction is counted" not in shown


def test_a_missing_height_is_said_only_where_the_weight_makes_it_matter(ready, nurse):
    assert not any("Height" in one for one in gather(ready, at=LATER).facts.body.unknown())
    measured(ready, nurse, at=LATER, weight=105.0)
    (said, *_) = gather(ready, at=LATER).facts.body.unknown()
    assert said.startswith("Height is not recorded. At 105 kg the BMI of anyone below 173 cm")


def test_a_height_that_does_not_go_with_the_weight_stops_the_proposal(ready, nurse):
    measured(ready, nurse, at=LATER, weight=140.0, height=106.0)
    refused = gather(ready, at=LATER)
    assert isinstance(refused, Refusal)
    assert refused.code == "height-implausible"
    assert "106 cm and 140 kg" in refused.because


def test_height_and_medicines_are_entered_on_the_planning_page(here, signed_in, nurse):
    client = signed_in(nurse)
    said = {"height": "166", "takes": "named", "medicines": "Rifampin, levothyroxine\nrifampin"}
    assert entered(client, here, **said).status_code == 302
    assert Reading.objects.get(patient=here, sign="height").value == 166
    held = Finding.objects.get(patient=here, question=MEDICINES)
    assert held.answer == ["rifampin", "levothyroxine"]
    assert proposed(here, nurse, at=now()).is_refused  # rifampin is rifampicin
    assert "166 cm, BMI 25" in page(client, here)


@pytest.mark.parametrize(
    ("said", "words"),
    [({"takes": "named"}, "Name the medicines, or choose “Takes none”."),
     ({"takes": "none", "medicines": "clonidine"}, "choose “Takes those named here”"),
     ({"medicines": "rifampicin 600 mg"}, "Write “rifampicin” alone"),
     ({"height": "1.66"}, "Height must be 100 to 250 cm, got 1.66."),
     ({"medicines": "x" * 61}, "names of up to 60 letters")],
)  # fmt: skip
def test_what_cannot_be_meant_is_answered_in_a_sentence_and_nothing_is_kept(
    here, signed_in, nurse, said, words
):
    answered = entered(signed_in(nurse), here, **said)
    assert answered.status_code == 422
    assert words in answered.content.decode()
    assert not Finding.objects.filter(patient=here, question=MEDICINES).exists()
    assert not Reading.objects.filter(patient=here, sign="height").exists()


def test_medicines_named_without_a_choice_are_taken_as_named(here, signed_in, nurse):
    assert entered(signed_in(nurse), here, medicines="sertraline").status_code == 302
    assert Finding.objects.get(patient=here, question=MEDICINES).answer == ["sertraline"]


def test_no_proposal_is_stored_while_height_and_weight_cannot_both_be(here, signed_in, nurse):
    client = signed_in(nurse)
    entered(client, here, weight="140", height="106")
    client.post(reverse("planning:propose", args=[here.pk]), {"fact_id": uuid4()})
    assert not Proposal.objects.filter(patient=here).exists()
    assert "BMI of 125" in page(client, here)


def test_the_bedside_looks_ahead_for_the_body_that_was_planned_for(ready, nurse, prescriber):
    measured(ready, nurse, at=LATER, **HEAVY)
    takes(ready, nurse, ["clonidine"], at=LATER)
    plan = signed(proposed(ready, nurse, at=LATER), prescriber, at=LATER)
    believed = inputs_of(plan.proposal_id).belief.covariates
    assert (believed.height_cm, believed.medicines) == (166.0, ("clonidine",))
    assert "BMI is above 35: size is counted as 96 kg [own]." in bands_of(plan).notes


def test_a_plan_that_stands_says_when_the_medicines_are_no_longer_those_it_was_made_for(
    policy, patient, signed_in, nurse, prescriber
):
    planned(patient, nurse, prescriber, at=now())
    assert "Medicines have changed" not in page(signed_in(nurse), patient)
    takes(patient, nurse, ["rifampicin"], at=now())
    shown = page(signed_in(nurse), patient)
    assert "Medicines have changed since it was proposed: then not asked; now rifampicin." in shown
