"""The page on the high says of doses by a vein what the engine says today."""

import re
from pathlib import Path

import pytest

from afterglow.core.dosing.case import read_case
from afterglow.core.dosing.felt import high_of_case
from afterglow.core.refusal import Refusal

PAGE = Path(__file__).parents[2] / "docs" / "science" / "high.md"
ROW = r"\| ([\d.]+) in (\d+) \| (\d+ \(\d+\)) \| (\d+ \(\d+\)) min \| (.+?) \| (\d+) % \|"
ROWS = re.findall(ROW, PAGE.read_text(encoding="utf-8"))


def test_the_page_has_five_doses():
    assert len(ROWS) == 5


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} in {row[1]}")
def test_a_row_of_the_page_is_what_the_engine_says(row):
    mg_per_kg, minutes, *said = row
    dose = {"amount_mg": 70 * float(mg_per_kg), "duration_min": float(minutes)}
    report = high_of_case(
        read_case(
            {
                "patient": {"age_years": 45, "weight_kg": 70, "sex": "female"},
                "drug": {"name": "ketamine"},
                "dose": [{"route": "intravenous", **dose}],
                "output": {"times_min": [0], "quantities": ["cadss_23"]},
                "options": {"patients": 1000, "seed": 1},
            }
        )
    )
    assert not isinstance(report, Refusal)
    peak, gone = report.peak_dissociation, report.gone_at_min
    assert said == [
        f"{peak.value:.0f} ({peak.high:.0f})",
        f"{gone.value:.0f} ({gone.high:.0f})",
        str(report.band_at_peak),
        f"{100 * report.conversing.value:.0f}",
    ]
