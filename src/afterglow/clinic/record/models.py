"""What every clinical row shares: a fact is written once, and corrected by a newer one."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

CLINIC_BOOK = uuid.UUID(int=0)  # facts that belong to no one patient

# A filter for the facts that no newer row corrects: `Reading.objects.filter(CURRENT, ...)`. It asks
# for the newer row's own column, not for its id as `corrected_by=None` would: only so does
# PostgreSQL look each fact up, and not read a whole table of readings for one patient's newest.
CURRENT = Q(corrected_by__corrects=None)


class Fact(models.Model):
    """Append-only. A mistake is corrected by a new row that names the old one.

    The database refuses UPDATE, DELETE and TRUNCATE, and writes each new row into the chain of
    its book: the patient's, or the clinic's (migration `record.0001`). The id may be made by the
    client, so that the same form sent twice is one fact. A later migration may add only columns
    that are null in old rows: the chain leaves nulls out, so old seals still hold.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    # Null means a device or the system itself; the row then says which.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    class Meta:
        abstract = True


class PatientFact(Fact):
    """A fact in one patient's book."""

    patient = models.ForeignKey("people.Patient", models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class Book(models.Model):
    """The head of one chain. Moved only by the database's own trigger."""

    id = models.UUIDField(primary_key=True)
    length = models.BigIntegerField()
    head = models.BinaryField()


class Entry(models.Model):
    """One link: the n-th fact of a book, and the seal over it and all before it."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="entries")
    number = models.BigIntegerField()
    fact_table = models.CharField(max_length=63)
    fact_id = models.UUIDField()
    seal = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="entry_once_a_number", fields=["book", "number"]),
            models.UniqueConstraint(name="entry_once_a_fact", fields=["fact_table", "fact_id"]),
        ]


class Look(PatientFact):
    """Who opened which page of whose record, and when."""

    page = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(name="look_by_time", fields=["patient", "-happened_at"])]

    def __str__(self) -> str:
        return f"{self.page} at {self.happened_at:%Y-%m-%d %H:%M}"
