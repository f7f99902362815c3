"""Which models and which safety policy are in use, since when, and who signed them."""

from django.db import models

from afterglow.clinic.record.models import Fact


class PolicyRelease(Fact):
    """The clinic's thresholds, whole, as its medical director signed them. The newest is in use.

    A version may be signed again, to go back to it; it always names the same content.
    """

    version = models.CharField(max_length=40)
    content = models.TextField(help_text="The policy file: core/care/policies/*.toml")
    signed_as = models.CharField(max_length=120, help_text="Printed name of the signer")

    def __str__(self) -> str:
        return self.version


class ModelRelease(Fact):
    """A library of published models, by name and digest of its files. The newest is in use.

    Of the library, only the models named in `structures` plan for patients.
    """

    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    signed_as = models.CharField(max_length=120)
    structures = models.JSONField(
        null=True,
        blank=True,
        help_text="Ids of the models weighed for each patient; without them, the default alone",
    )

    def __str__(self) -> str:
        return self.version
