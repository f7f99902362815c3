"""Base and salt, enantiomers, artery and vein are different types: a mix does not pass."""

import re
import subprocess
import sys

import pytest

from afterglow.core.errors import BadQuantity
from afterglow.core.quantity import (
    Analyte,
    ArterialLevel,
    BaseMass,
    Bolus,
    Drug,
    Infusion,
    SaltMass,
    VenousLevel,
)

# Each line is wrong in one way; its comment is the error that mypy must give there.
MIXES = """\
from afterglow.core.quantity import (
    Analyte, ArterialLevel, BaseMass, Bolus, Drug, Infusion, Route, SaltMass, VenousLevel,
)
base, salt = BaseMass(35.0), SaltMass(40.4)
arterial = ArterialLevel(250.0, Analyte.KETAMINE)
venous = VenousLevel(185.0, Analyte.KETAMINE)
Infusion(amount=salt, starts_min=0, lasts_min=40)  # arg-type
Bolus(amount=35.0, starts_min=0)  # arg-type
base + salt  # operator
base < salt  # operator
arterial < venous  # operator
wrong_amount: BaseMass = salt  # assignment
wrong_site: VenousLevel = arterial  # assignment
VenousLevel(185.0, "ketamine")  # arg-type
VenousLevel(185.0, Drug.ESKETAMINE)  # arg-type
Bolus(amount=base, starts_min=0, drug="esketamine")  # arg-type
Bolus(amount=base, starts_min=0, drug=Analyte.ESKETAMINE)  # arg-type
Bolus(amount=base, starts_min=0, route="nasal")  # arg-type
Bolus(amount=base, starts_min=0, route=Drug.KETAMINE)  # arg-type
Infusion(amount=salt.to_base(), starts_min=0, lasts_min=40, route=Route.INTRAVENOUS)
"""


def test_every_wrong_mix_is_a_type_error_and_the_right_one_is_not(tmp_path):
    file = tmp_path / "mixes.py"
    file.write_text(MIXES, encoding="utf-8")
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = true\n", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", file.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    wanted = {
        (number, line.partition("  # ")[2])
        for number, line in enumerate(MIXES.splitlines(), start=1)
        if "  # " in line
    }
    told = re.findall(r"mixes\.py:(\d+): error: .*\[([a-z-]+)\]", ran.stdout)
    assert {(int(number), code) for number, code in told} == wanted, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (
            lambda: Infusion(amount=SaltMass(40), starts_min=0, lasts_min=40),
            "amount must be a mass of base",
        ),
        (lambda: Bolus(amount=35.0, starts_min=0), "amount must be a mass of base"),
        (
            lambda: Bolus(amount=BaseMass(1), starts_min=0, drug="aspirin"),
            "drug must be one of ketamine, esketamine, arketamine (Drug); got 'aspirin'",
        ),
        (
            lambda: Bolus(amount=BaseMass(1), starts_min=0, drug=Analyte.ESKETAMINE),
            "drug must be one of",
        ),
        (
            lambda: Bolus(amount=BaseMass(1), starts_min=0, route="rectal"),
            "route must be one of intravenous, intramuscular",
        ),
        (lambda: VenousLevel(100.0, Drug.ESKETAMINE), "analyte must be one of ketamine"),
        (lambda: ArterialLevel(100.0, "ketamine"), "analyte must be one of ketamine"),
    ],
)
def test_at_run_time_a_mix_is_a_sentence_with_the_field(made, says):
    with pytest.raises(BadQuantity, match=re.escape(says)):
        made()


def test_unlike_things_are_neither_added_nor_compared():
    for mixed in (
        lambda: BaseMass(1) + SaltMass(1),
        lambda: BaseMass(1) < SaltMass(1),
        lambda: ArterialLevel(1, Analyte.KETAMINE) < VenousLevel(1, Analyte.KETAMINE),
    ):
        with pytest.raises(TypeError):
            mixed()
    assert ArterialLevel(1, Analyte.KETAMINE) != VenousLevel(1, Analyte.KETAMINE)
    assert VenousLevel(1, Analyte.ESKETAMINE) != VenousLevel(1, Analyte.KETAMINE)
