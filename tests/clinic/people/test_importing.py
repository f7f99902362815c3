"""A file of patients is taken over whole, or not at all, and the wrong line is named."""

from pathlib import Path

import pytest

from afterglow.clinic.people.importing import read, take_over
from afterglow.clinic.people.models import Patient, User
from afterglow.core.errors import BadInput
from tests.clinic.conftest import NINE

pytestmark = pytest.mark.django_db
HEAD = "number,given_name,family_name,birth_date,sex"
ADA = "X-1,Ada,Lovel,1990-05-17,female"
BEN = "X-2,Ben,Marsh,1971-01-02,male"


def written(folder: Path, *lines: str) -> Path:
    file = folder / "patients.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_everyone_in_the_file_is_admitted_once(tmp_path: Path, nurse: User) -> None:
    file = written(tmp_path, HEAD, ADA, BEN)
    assert take_over(read(file), by=nurse, at=NINE) == 2
    assert take_over(read(file), by=nurse, at=NINE) == 0
    assert Patient.objects.count() == 2


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["number,name,sex", "X-1,Ada,female"], "Line 1: the columns are wrong"),
        ([HEAD, "X-1,Ada,Lovel,17/05/1990,female"], "Line 2, birth_date: '17/05/1990' is no date"),
        ([HEAD, ADA, "X-2,Ben,Marsh,1971-01-02,m"], "Line 3, sex: 'm'"),
        ([HEAD, "X-1,,Lovel,1990-05-17,female"], "Line 2, given_name: it is empty"),
        ([HEAD, ADA + ",more"], "Line 2: it has more or fewer fields"),
        ([HEAD, ADA, ADA], "stand more than once: X-1"),
    ],
    ids=["columns", "date", "sex", "empty", "fields", "twice"],
)
def test_what_is_wrong_is_named_by_its_line(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(BadInput, match=said.replace("(", r"\(")):
        read(written(tmp_path, *lines))


def test_one_refused_patient_leaves_nobody_admitted(tmp_path: Path, nurse: User) -> None:
    file = written(tmp_path, HEAD, ADA, "X-2,Ben,Marsh,2971-01-02,male")
    with pytest.raises(BadInput, match=r"Line 3: The birth date .* lies in the future"):
        take_over(read(file), by=nurse, at=NINE)
    assert Patient.objects.count() == 0
