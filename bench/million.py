"""`python -m bench.million`: a million virtual patients through six sessions, within 2 GB.

Runs `afterglow simulate` as anybody would, and watches every process it starts.
"""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from bench.table import circumstances
from bench.watched import Watched, watched

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "docs" / "examples" / "population.toml"
PAGE = ROOT / "docs" / "measured" / "simulate.md"
MOST_MB = 2000.0
HEAD = ("patients", "rows", "wall-clock", "patients/s", "peak memory of all processes", "file")
ABOUT = """# A million virtual patients

Written by `python -m bench.million --write`: `afterglow simulate` on the first regimen of
[population.toml](../examples/population.toml), six sessions, to Parquet, with a summary. Memory is
the proportional set size of all its processes together, sampled four times a second; it must stay
under 2 GB, and does not grow with the number of patients.
"""


def main() -> int:
    told = _told()
    command = shlex.join(["python", "-m", "bench.million", *sys.argv[1:]])
    facts = circumstances(datetime.now(UTC).date(), command)
    with TemporaryDirectory() as held:
        folder = Path(held)
        _run(folder, 1, workers=1)  # compiled loops are on disk from here on
        sizes = sorted({max(1, told.patients // 10), told.patients})
        runs = [(patients, _run(folder, patients, told.workers)) for patients in sizes]
        same = _killed_and_taken_up(folder, sizes[0], told.workers)
        rows = [_row(folder, patients, run) for patients, run in runs]
    page = as_page(rows, same, facts)
    sys.stdout.write(page)
    if told.write:
        PAGE.write_text(page, encoding="utf-8")
    return 0 if same and all(run.peak_mb < MOST_MB for _, run in runs) else 1


def as_page(rows: Sequence[Sequence[str]], same: bool, facts: Sequence[str]) -> str:
    table = [HEAD, ("--:",) * len(HEAD), *rows]
    digits = "the same digits" if same else "OTHER DIGITS"
    return "\n".join(
        [
            ABOUT,
            *(f"- {fact}" for fact in facts),
            "",
            *("| " + " | ".join(row) + " |" for row in table),
            "",
            f"Killed (SIGKILL) in the middle and taken up by the same command: {digits}. That",
            "neither workers, nor the size of parts, nor a cluster that loses a worker moves a",
            "digit is proved in `tests/research`.",
            "",
        ]
    )


def _row(folder: Path, patients: int, run: Watched) -> tuple[str, ...]:
    file = _file(folder, patients)
    held = pl.scan_parquet(file).select(pl.len()).collect().item()
    return (
        f"{patients:,}",
        f"{held:,}",
        f"{run.seconds:,.0f} s",
        f"{patients / run.seconds:,.0f}",
        f"{run.peak_mb:,.0f} MB",
        f"{file.stat().st_size / 1e6:,.0f} MB",
    )


def _file(folder: Path, patients: int) -> Path:
    return folder / f"{patients}.parquet"


def _run(folder: Path, patients: int, workers: int) -> Watched:
    done = watched(_command(folder, patients, _file(folder, patients), workers))
    if done.code:
        raise SystemExit(f"afterglow simulate ended with {done.code}.")
    return done


def _killed_and_taken_up(folder: Path, patients: int, workers: int) -> bool:
    """Whether a run that was killed in the middle comes to the same digits."""
    out = folder / "killed.parquet"
    parts = out.with_name(f"{out.name}.parts")
    command = _command(folder, patients, out, workers)
    watched(command, stop=lambda: len(list(parts.glob("[0-9]*.parquet"))) >= 1)
    watched(command)
    return pl.read_parquet(out).equals(pl.read_parquet(_file(folder, patients)))


def _command(folder: Path, patients: int, out: Path, workers: int) -> list[str]:
    asked = folder / f"{out.stem}.toml"
    asked.write_text(population(EXAMPLE.read_text(encoding="utf-8"), patients), encoding="utf-8")
    summary = folder / f"{out.stem}.csv"
    told = ["--out", str(out), "--summary", str(summary), "--workers", str(workers)]
    return [sys.executable, "-m", "afterglow.cli", "simulate", str(asked), *told]


def population(example: str, patients: int) -> str:
    """The example with its first regimen alone, and so many patients."""
    first = "[[regimen]]".join(example.split("[[regimen]]")[:2])
    return re.sub(r"^patients = .*$", f"patients = {patients}", first, flags=re.MULTILINE)


def _told() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.million", description=__doc__)
    parser.add_argument("--patients", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help=f"Also write {PAGE.name}.")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
