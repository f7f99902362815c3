"""`python -m bench`: measure everything, print one table. Ends with 1 when a target was missed."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import house
from bench.figures import Figure
from bench.table import as_page, as_text, circumstances

PAGE = Path(__file__).resolve().parent.parent / "docs" / "measured" / "bench.md"


def main() -> int:
    """Run what was asked for, in order, against one clinic."""
    told = _told()
    wanted = told.only or list(PIECES)
    command = shlex.join(["python", "-m", "bench", *sys.argv[1:]])
    about = circumstances(datetime.now(UTC).date(), command)
    figures: list[Figure] = []
    with house.database():
        for name in wanted:
            print(f"Measuring: {name} ...", file=sys.stderr)
            figures += PIECES[name]()
    print("\n".join([*about, "", as_text(figures)]))
    if told.write:
        PAGE.write_text(as_page(figures, about), encoding="utf-8")
    return 0 if all(figure.is_met for figure in figures) else 1


def _engine() -> Sequence[Figure]:
    from bench.engine import measure  # noqa: PLC0415

    return measure()


def _chart() -> Sequence[Figure]:
    from bench.chart import measure  # noqa: PLC0415

    return measure()


def _designer() -> Sequence[Figure]:
    from bench.designer import measure  # noqa: PLC0415

    return measure()


def _live() -> Sequence[Figure]:
    from bench.live import measure  # noqa: PLC0415

    return measure()


def _words() -> Sequence[Figure]:
    from bench.words import measure  # noqa: PLC0415

    return measure()


# Imported when run: what touches the clinic needs its database first.
PIECES: dict[str, Callable[[], Sequence[Figure]]] = {
    "words": _words,
    "engine": _engine,
    "designer": _designer,
    "chart": _chart,
    "live": _live,
}


def _told() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[[], *PIECES], metavar="piece",
                        help=f"Measure only these: {', '.join(PIECES)}.")  # fmt: skip
    parser.add_argument("--write", action="store_true", help=f"Also write {PAGE.name}.")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
