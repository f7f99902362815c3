"""The parts of a screen: what is missing says so, and nothing is told by colour alone."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from afterglow.core.refusal import Refusal
from afterglow.site.design_samples import everything

NINE = datetime(2030, 1, 1, 9, 0, tzinfo=UTC)


def drawn(source: str, **context: object) -> str:
    return Template("{% load parts %}" + source).render(Context(context))


def test_a_missing_number_is_said_to_be_missing_and_never_zero() -> None:
    html = drawn("{% number value unit='mmHg' %}", value=None)
    assert "not known" in html
    assert "mmHg" not in html
    assert ">0<" not in html


def test_a_zero_is_a_number() -> None:
    assert '<data value="0">0</data>' in drawn("{% number value unit='mg' %}", value=0)


def test_a_negative_number_has_a_true_minus_sign() -> None:
    assert "−3.2" in drawn("{% number value places=1 %}", value=-3.2)


def test_allergies_never_asked_differ_from_none_known() -> None:
    patient = {"name": "A", "number": "1", "age": 40, "weight_kg": 70.0, "holds": []}
    strip = "{% patient_strip patient %}"
    assert "Not asked" in drawn(strip, patient={**patient, "allergies": None})
    assert "None known" in drawn(strip, patient={**patient, "allergies": []})
    assert "penicillin" in drawn(strip, patient={**patient, "allergies": ["penicillin"]})


@pytest.mark.parametrize(("level", "stars"), [("high", "***"), ("medium", "**"), ("low", "*")])
def test_a_priority_has_stars_and_a_word(level: str, stars: str) -> None:
    html = drawn("{% priority level %}", level=level)
    assert f">{stars}<" in html
    assert level.capitalize() in html


@pytest.mark.parametrize("kind", ["ok", "hold", "stop", "unknown", "pending", "selected", "info"])
def test_each_state_has_its_own_shape_beside_its_words(kind: str) -> None:
    html = drawn("{% state kind 'Words' %}", kind=kind)
    others = {"ok", "hold", "stop", "unknown", "pending", "selected", "info"} - {kind}
    shape = html.split("<svg")[1].split("</svg>")[0]
    assert "Words" in html
    assert all(shape not in drawn("{% state kind 'Words' %}", kind=other) for other in others)


@pytest.mark.parametrize(("grade", "word"), [("C", "unverified"), ("own", "own default")])
def test_an_unverified_source_and_an_own_default_say_so_unopened(grade: str, word: str) -> None:
    html = drawn("{% source 'Some paper' grade %}", grade=grade)
    assert word in html.split("</button>")[0]


def test_a_refusal_shows_cause_remedy_source_and_code() -> None:
    no = Refusal(code="too-heavy", because="205 kg.", remedy="Weigh again.", source="Paper, t 1")
    html = drawn("{% refusal r %}", r=no)
    assert all(part in html for part in (no.code, no.because, no.remedy, no.source))


def test_a_tile_says_in_words_which_limit_is_passed() -> None:
    tile = "{% tile 'SPO2' 'Saturation' '%' value=value low=92 high=100 %}"
    assert "Low: below 92" in drawn(tile, value=84)
    assert "High: above 100" in drawn(tile, value=101)
    assert "No reading yet" in drawn(tile, value=None)


def test_a_score_pad_offers_each_score_once_and_none_above_its_greatest() -> None:
    html = drawn("{% score_pad 'cadss' 'Dissociation' '#' max=92 %}")
    offered = [int(part.split('"')[0]) for part in html.split('name="cadss" value="')[1:]]
    assert offered == list(range(93))


class Weight(forms.Form):
    kg = forms.FloatField(label="Weight", min_value=30, help_text="Measured today.")


def test_a_wrong_field_is_tied_to_its_help_and_its_error() -> None:
    html = drawn("{% field form.kg unit='kg' %}", form=Weight({"kg": "7"}))
    assert 'aria-describedby="id_kg_help id_kg_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_kg_error"' in html
    assert 'id="id_kg_help"' in html


def test_the_error_summary_links_to_the_field() -> None:
    html = drawn("{% error_summary form %}", form=Weight({"kg": "7"}))
    assert 'href="#id_kg"' in html
    assert "One thing to put right" in html
    assert "error-summary" not in drawn("{% error_summary form %}", form=Weight({"kg": "70"}))


def test_the_page_of_parts_holds_no_inline_style_or_script() -> None:
    html = render_to_string("design.html", everything())
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick=" not in html
    scripts = html.split("<script")[1:]
    assert all(" src=" in s.split(">")[0] or 'type="application/json"' in s for s in scripts)


def test_no_id_comes_twice_on_the_page_of_parts() -> None:
    html = render_to_string("design.html", everything())
    ids = [part.split('"')[0] for part in html.split(' id="')[1:]]
    assert len(ids) > 20
    repeated = {one for one in ids if ids.count(one) > 1}
    # The page shows the same form as it opens and with mistakes.
    assert {one for one in repeated if not one.startswith("id_")} == set()


def test_times_are_written_in_the_zone_in_force() -> None:
    from zoneinfo import ZoneInfo

    from django.utils import timezone

    with timezone.override(ZoneInfo("Europe/Amsterdam")):
        assert "10:00:00" in drawn("{% time when %}", when=NINE)
