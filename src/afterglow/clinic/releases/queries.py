"""What is in use now."""

from functools import lru_cache

from afterglow.clinic.releases.models import ModelRelease, PolicyRelease
from afterglow.core.care.policy import Policy, load_policy
from afterglow.core.dosing.population import DEFAULT_MODEL
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.digest import library_digest


class NothingSigned(BadInput):
    """The clinic has not yet signed what it needs to treat anyone."""


def newest_policy() -> PolicyRelease | None:
    """The policy signed last; an older version signed again is the newest."""
    return PolicyRelease.objects.order_by("-happened_at", "-recorded_at").first()


def newest_models() -> ModelRelease | None:
    return ModelRelease.objects.order_by("-happened_at", "-recorded_at").first()


def policy_release() -> PolicyRelease:
    """The newest signed policy."""
    newest = newest_policy()
    if newest is None:
        raise NothingSigned(
            "No safety policy is signed. A medical director signs one with: "
            "afterglow release policy"
        )
    return newest


def policy_in_use() -> Policy:
    """The thresholds in force."""
    return _read(policy_release().content)


@lru_cache(maxsize=8)
def _read(content: str) -> Policy:
    """A release never changes, so each is read once a process."""
    return load_policy(content)


def model_in_use() -> ModelRelease:
    """The newest signed model library, which must be the one this program computes with."""
    newest = newest_models()
    if newest is None:
        raise NothingSigned(
            "No model library is signed. A medical director signs one with: "
            "afterglow release models"
        )
    if newest.digest != library_digest():
        # After an upgrade: nobody has agreed to these numbers yet.
        raise NothingSigned(
            f"The models of this version of Afterglow are not those signed as {newest.version}. "
            "A medical director looks at what changed and signs them with: afterglow release models"
        )
    return newest


def structures_of(release: ModelRelease) -> tuple[str, ...]:
    """The models that a release put into use. One signed before there was a choice: the default."""
    return tuple(release.structures or (DEFAULT_MODEL,))
