"""The science pages show what the engine gives today: pictures and tables are made again."""

import re
from pathlib import Path

import pytest

from afterglow.core.pharmacology import library
from afterglow.research.pictures.every import drawings, svg
from afterglow.research.pictures.facts import blocks, filled

SCIENCE = Path(__file__).resolve().parents[2] / "docs" / "science"
LARGEST = 60_000  # bytes


@pytest.mark.parametrize("name", drawings())
def test_a_picture_is_what_the_engine_draws_today(name):
    kept = (SCIENCE / "pictures" / f"{name}.svg").read_bytes()
    assert len(kept) < LARGEST
    assert kept == svg(name), "run: python -m afterglow.research.pictures docs/science"


def test_there_is_no_picture_that_nobody_draws():
    assert {file.stem for file in (SCIENCE / "pictures").iterdir()} == set(drawings())


@pytest.mark.parametrize("path", blocks())
def test_the_numbers_on_a_page_are_those_of_the_file(path):
    page = (SCIENCE / path).read_text(encoding="utf-8")
    assert page == filled(page, blocks()[path])


def test_every_drug_model_has_a_page_with_its_picture_and_its_misfits():
    for model_id in library.drug_models():
        page = (SCIENCE / "models" / f"{model_id}.md").read_text(encoding="utf-8")
        assert f"../pictures/{model_id}.svg" in page
        for part in ("## Derivation", "## Known misfits", "PK-V", "Fitted to"):
            assert part in page, f"{model_id}: {part}"


def test_every_picture_is_shown_and_no_link_leads_nowhere():
    shown = set()
    for page in SCIENCE.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).is_file(), f"{page.name}: {target}"
                shown.add(Path(target).stem)
    assert set(drawings()) <= shown


def test_lines_can_be_told_apart_without_colour():
    for draw in (drawings()["models"], drawings()["routes"]):
        lines = [line for line in draw().axes[0].lines if len(line.get_xdata()) > 2]
        markers = {line.get_marker() for line in lines}
        assert len(markers) == len(lines)
