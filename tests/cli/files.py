"""Files for the command line's tests, and the command line itself."""

from pathlib import Path

import pytest

from afterglow.cli.main import main

CASE = """\
[patient]
age_years = 45
weight_kg = 70
sex = "female"
[drug]
name = "ketamine"
[[dose]]
route = "intravenous"
amount_mg = 35
start_min = 0
duration_min = 40
[output]
times_min = [0, 40, 240]
quantities = ["venous_ng_per_ml"]
[options]
patients = 200
"""


def written(folder: Path, text: str, name: str = "case.toml") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def ran(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, what was printed, and what was complained of."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err
