"""No LOINC code with a wrong check digit anywhere in the source: many in circulation are wrong."""

import re
from pathlib import Path

from afterglow.core.care.instruments.loinc import DENIED, is_valid

SRC = Path(__file__).parents[2] / "src"
QUOTED = re.compile(r"""["'](\d{4,6}-\d)["']""")
DENY_LIST = SRC / "afterglow/core/care/instruments/loinc.py"


def codes_in_source():
    for path in sorted(SRC.rglob("*")):
        if path.suffix in (".py", ".toml", ".json", ".html") and path != DENY_LIST:
            for code in QUOTED.findall(path.read_text(encoding="utf-8")):
                yield path.relative_to(SRC).as_posix(), code


def test_every_code_in_the_source_has_a_right_check_digit_and_is_not_denied():
    assert [(path, code) for path, code in codes_in_source() if not is_valid(code)] == []


def test_the_search_finds_codes_at_all():
    assert "44261-6" in {code for _, code in codes_in_source()}
    assert "91006-2" in DENIED
