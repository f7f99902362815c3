"""Which models are weighed is said before they are signed, so that nobody signs unseen."""

import pytest
from typer.testing import CliRunner

from afterglow.cli.release import release as command
from afterglow.clinic.releases.models import ModelRelease
from afterglow.core.dosing.several import STRUCTURES

pytestmark = pytest.mark.django_db


def test_the_models_are_named_before_they_are_signed() -> None:
    said = CliRunner().invoke(command, ["models", "--signed-as", "Dr Medical Director"])
    assert said.exit_code == 0, said.output
    named = f"To be signed, weighed for each patient: {', '.join(STRUCTURES)}."
    assert said.output.index(named) < said.output.index("are in use")


def test_what_cannot_be_signed_is_named_too() -> None:
    asked = ["models", "--signed-as", "Dr Medical Director", "--weigh", "no_such"]
    said = CliRunner().invoke(command, asked)
    assert said.exit_code == 2
    assert "To be signed, weighed for each patient: no_such." in said.output
    assert not ModelRelease.objects.exists()
