"""Draw every picture and fill in every table of a docs/science folder again."""

from __future__ import annotations

import sys
from pathlib import Path

from afterglow.research.pictures.every import drawings, svg
from afterglow.research.pictures.facts import blocks, filled


def main(folder: Path) -> None:
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    for name in drawings():
        (folder / "pictures" / f"{name}.svg").write_bytes(svg(name))
    for path, block in blocks().items():
        page = folder / path
        page.write_text(filled(page.read_text(encoding="utf-8"), block), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/science"))
