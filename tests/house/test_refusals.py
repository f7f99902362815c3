"""Every refusal in the source is on the page of refusals, and says what would change it."""

import re
from pathlib import Path

from .refusals import rows

PAGE = Path(__file__).parents[2] / "docs" / "refusals.md"
RENEW = "run `python -m tests.house.refusals > docs/refusals.md`"


def documented() -> set[str]:
    text = PAGE.read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([a-z0-9*-]+)` \|", text, flags=re.MULTILINE))


def test_the_page_of_refusals_holds_every_code_in_the_source_and_no_other():
    made = {row.code for row in rows()}
    assert made - documented() == set(), RENEW
    assert documented() - made == set(), RENEW


def test_every_refusal_has_a_code_of_its_own_and_says_what_would_change_it():
    for row in rows():
        assert re.fullmatch(r"[a-z0-9*-]+", row.code), row
        assert row.code.strip("*-"), row
        assert row.because, row
        assert row.remedy, row


def test_the_reader_of_codes_finds_those_made_directly_and_those_made_by_a_helper():
    codes = {row.code for row in rows()}
    assert {"dose-above-ceiling", "answers-missing", "nasal-first-dose-too-high"} <= codes
