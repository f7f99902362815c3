"""What the pages say exists, exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
SETTING = re.compile(r"env\.(?:text|flag|secret)\(\s*\"([A-Z_]+)\"")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_on_a_page_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    dead = [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    assert dead == []


def test_every_setting_is_described() -> None:
    code = (ROOT / "src/afterglow/site/settings.py").read_text(encoding="utf-8")
    described = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    asked = set(SETTING.findall(code))
    assert len(asked) > 8
    assert {name for name in asked if f"`{name}`" not in described} == set()


def test_every_command_of_the_readme_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in set(re.findall(r"^make ([a-z-]+)", readme, re.MULTILINE)):
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), name
