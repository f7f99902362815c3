"""A form may come twice. What comes again must say the same, or it is not that form."""

from typing import TypeVar
from uuid import UUID

from django.db import models

from afterglow.core.refusal import Refusal

M = TypeVar("M", bound=models.Model)


def sent_before(model: type[M], fact_id: UUID, **said: object) -> M | Refusal | None:
    """What the form of this id has become. None: nothing yet; a refusal: it said something else.

    A page that was gone back to sends an old id with new words: to answer "recorded" would lose
    them. And another patient's fact must never pass for this patient's.
    """
    known = model._default_manager.filter(pk=fact_id).first()
    if known is None or all(getattr(known, name) == value for name, value in said.items()):
        return known
    return FORM_USED


FORM_USED = Refusal(
    code="form-used",
    because="This form was sent before, with something else in it; nothing was recorded now.",
    remedy="Open the page again, look at what is recorded, and enter what is still missing.",
)
