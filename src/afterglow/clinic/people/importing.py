"""Take over patients from another system, all of a file or none of it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid5

from django.db import transaction

from afterglow.clinic.people.models import Patient, Sex, User
from afterglow.clinic.people.services import Details, admit
from afterglow.core.errors import BadInput
from afterglow.core.refusal import Refusal

NEEDED = ("number", "given_name", "family_name", "birth_date", "sex")
ALSO = ("phone", "email", "contact_name", "contact_phone")
# The same number in the same file is the same patient, however often the file is taken in.
FAMILY = UUID("3f0a4f0e-7c39-4b3c-9a4e-0c7c9a5b7d21")


@dataclass(frozen=True, slots=True)
class Line:
    """One patient of the file, and the line they stand on."""

    line: int
    number: str
    details: Details


def take_over(lines: list[Line], *, by: User, at: datetime) -> int:
    """Admit everyone in the file. Returns how many were new.

    Raises BadInput with the line and the reason; then nobody was admitted.
    """
    before = Patient.objects.count()
    with transaction.atomic():
        for one in lines:
            told = admit(
                patient_id=uuid5(FAMILY, one.number),
                number=one.number,
                details=one.details,
                by=by,
                at=at,
            )
            if isinstance(told, Refusal):
                raise BadInput(f"Line {one.line}: {told}")
    return Patient.objects.count() - before


def read(file: Path) -> list[Line]:
    """The patients in a CSV file (UTF-8, commas, a head line).

    Raises BadInput naming the line and the column of what cannot be meant.
    """
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = csv.DictReader(text)
        _check_columns(rows.fieldnames or [])
        lines = list(_lines(rows))
    numbers = [one.number for one in lines]
    twice = {number for number in numbers if numbers.count(number) > 1}
    if twice:
        raise BadInput(f"These numbers stand more than once: {', '.join(sorted(twice))}.")
    return lines


def _check_columns(found: object) -> None:
    columns = list(found) if isinstance(found, list | tuple) else []
    missing = [name for name in NEEDED if name not in columns]
    unknown = [str(name) for name in columns if name not in (*NEEDED, *ALSO)]
    if missing or unknown:
        said = [f"missing: {', '.join(missing)}"] if missing else []
        said += [f"not known: {', '.join(unknown)}"] if unknown else []
        raise BadInput(
            f"Line 1: the columns are wrong ({'; '.join(said)}). "
            f"Needed: {', '.join(NEEDED)}. Allowed too: {', '.join(ALSO)}."
        )


def _lines(rows: "csv.DictReader[str]") -> Iterator[Line]:
    for row in rows:
        line = rows.line_num
        if None in row or None in row.values():
            raise BadInput(f"Line {line}: it has more or fewer fields than the head line.")
        said = {name: text.strip() for name, text in row.items()}
        for name in NEEDED:
            if not said[name]:
                raise BadInput(f"Line {line}, {name}: it is empty.")
        yield Line(line, said["number"], _details(said, line))


def _details(said: dict[str, str], line: int) -> Details:
    try:
        birth_date = date.fromisoformat(said["birth_date"])
    except ValueError as error:
        raise BadInput(
            f"Line {line}, birth_date: {said['birth_date']!r} is no date. Write 1990-05-17."
        ) from error
    if said["sex"] not in Sex.values:
        raise BadInput(f"Line {line}, sex: {said['sex']!r}; it must be {' or '.join(Sex.values)}.")
    return Details(
        given_name=said["given_name"],
        family_name=said["family_name"],
        birth_date=birth_date,
        sex=said["sex"],
        **{name: said.get(name, "") for name in ALSO},
    )
