"""A version names one text: what is in force is what was signed under that name."""

from datetime import timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest

from afterglow.clinic.releases import queries
from afterglow.clinic.releases.models import PolicyRelease
from afterglow.clinic.releases.queries import NothingSigned, model_in_use, policy_in_use
from afterglow.clinic.releases.services import shipped_policy, sign_policy
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology import digest
from afterglow.core.pharmacology.digest import library_digest
from tests.clinic.conftest import NINE

pytestmark = pytest.mark.django_db


def library_folder() -> Traversable:
    return files("afterglow.core.pharmacology") / "models"


def test_a_changed_policy_under_a_signed_version_is_refused(policy: None) -> None:
    assert (
        sign_policy(shipped_policy(), signed_as="Dr Other", at=NINE) == PolicyRelease.objects.get()
    )
    changed = shipped_policy() + "\n# another threshold\n"
    with pytest.raises(BadInput, match="version 2 was signed before"):
        sign_policy(changed, signed_as="Dr Other", at=NINE)
    assert policy_in_use().version == "2"


def test_a_limit_on_drowsiness_that_no_dose_can_keep_is_not_signed(policy: None) -> None:
    second = shipped_policy().replace('version = "2"', 'version = "3"', 1)
    drowsy = second.replace("sedation_level = { value = 2", "sedation_level = { value = 4", 1)
    with pytest.raises(BadInput, match="so drowsy on placebo"):
        sign_policy(drowsy, signed_as="Dr Other", at=NINE + timedelta(days=1))
    assert policy_in_use().version == "2"


def test_an_older_version_signed_again_is_in_use_again(policy: None) -> None:
    second = shipped_policy().replace('version = "2"', 'version = "3"', 1)
    sign_policy(second, signed_as="Dr Other", at=NINE + timedelta(days=1))
    assert policy_in_use().version == "3"
    for _ in range(2):
        sign_policy(shipped_policy(), signed_as="Dr Other", at=NINE + timedelta(days=2))
    assert policy_in_use().version == "2"
    assert PolicyRelease.objects.count() == 3


def test_models_that_nobody_signed_are_not_planned_with(
    policy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert model_in_use().digest == library_digest()
    monkeypatch.setattr(queries, "library_digest", lambda: "0" * 64)
    with pytest.raises(NothingSigned, match="afterglow release models"):
        model_in_use()


def test_the_digest_covers_effects_and_outcomes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    before = library_digest()
    shipped = dict(digest.model_files(library_folder(), ""))
    assert {"simons_2022.toml", "effects/dissociation.toml", "outcomes/mood.toml"} <= set(shipped)
    shipped["effects/dissociation.toml"] += b"\n# another number\n"
    monkeypatch.setattr(digest, "model_files", lambda *_: list(shipped.items()))
    library_digest.cache_clear()
    assert library_digest() != before
    library_digest.cache_clear()
