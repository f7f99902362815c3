"""A version names one text: what is in force is what was signed under that name."""

import pytest

from afterglow.clinic.releases.models import PolicyRelease
from afterglow.clinic.releases.queries import policy_in_use
from afterglow.clinic.releases.services import shipped_policy, sign_policy
from afterglow.core.errors import BadInput
from tests.clinic.conftest import NINE

pytestmark = pytest.mark.django_db


def test_a_changed_policy_under_a_signed_version_is_refused(policy: None) -> None:
    assert (
        sign_policy(shipped_policy(), signed_as="Dr Other", at=NINE) == PolicyRelease.objects.get()
    )
    changed = shipped_policy() + "\n# another threshold\n"
    with pytest.raises(BadInput, match="version 1 was signed before"):
        sign_policy(changed, signed_as="Dr Other", at=NINE)
    assert policy_in_use().version == "1"
