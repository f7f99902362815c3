"""Sign what is in use."""

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files

from afterglow import __version__
from afterglow.clinic.releases.models import ModelRelease, PolicyRelease
from afterglow.clinic.releases.queries import newest_models, newest_policy, structures_of
from afterglow.core.care.policy import load_policy
from afterglow.core.dosing.limits import check_drowsiness
from afterglow.core.dosing.several import STRUCTURES
from afterglow.core.errors import BadInput
from afterglow.core.pharmacology.digest import library_digest


def shipped_policy() -> str:
    """The text of the default policy. Its own defaults are marked [own]."""
    return (files("afterglow.core.care") / "policies" / "default.toml").read_text(encoding="utf-8")


def sign_policy(content: str, *, signed_as: str, at: datetime) -> PolicyRelease:
    """Put a policy into use. Raises BadInput, naming the key, for one that cannot be read.

    And for a version that was signed with another content: those thresholds would stay in force
    while the signer believes in these.
    """
    policy = load_policy(content)
    level, chance = policy.protocol.sedation_level, policy.protocol.sedation_chance_percent
    if level is not None and chance is not None:
        check_drowsiness(level.value, chance.value / 100)
    known = PolicyRelease.objects.filter(version=policy.version).first()
    if known is not None and known.content != content:
        raise BadInput(
            f"Policy version {policy.version} was signed before, with another content. "
            "Give the changed policy a version of its own."
        )
    newest = newest_policy()
    if newest is not None and newest.version == policy.version:
        return newest
    return PolicyRelease.objects.create(
        version=policy.version, content=content, signed_as=signed_as, happened_at=at
    )


def sign_models(
    *, signed_as: str, at: datetime, structures: Sequence[str] = STRUCTURES
) -> ModelRelease:
    """Put the library shipped with this version into use, by the digest of its files.

    `structures` are the models that are weighed for each patient. Raises BadInput for one that
    no proposal can rest on.
    """
    chosen = _choosable(structures)
    digest, newest = library_digest(), newest_models()
    if newest is not None and (newest.digest, structures_of(newest)) == (digest, chosen):
        return newest
    return ModelRelease.objects.create(
        version=f"{__version__}-{digest[:8]}",
        digest=digest,
        structures=list(chosen),
        signed_as=signed_as,
        happened_at=at,
    )


def _choosable(structures: Sequence[str]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(structures))
    strange = [one for one in chosen if one not in STRUCTURES]
    if strange or not chosen:
        raise BadInput(
            f"No dose can be proposed with {', '.join(strange) or 'no model at all'}. "
            f"Choose among {', '.join(STRUCTURES)}."
        )
    return chosen
