"""The command line: one table, and nothing imported that was not called."""

import resource
import subprocess
import sys
from importlib import import_module

import pytest

from afterglow.cli.main import COMMANDS, main

HEAVY = (
    "django",
    "numpy",
    "scipy",
    "numba",
    "polars",
    "matplotlib",
    "distributed",
    "afterglow.core",
    "afterglow.clinic",
    "afterglow.devices",
    "afterglow.research",
)

# What a command's own module may name at its top, but a help must not load.
HEAVY_FOR_HELP = ("django", "numpy", "scipy", "numba", "polars", "matplotlib", "pydantic")
HELPS = (
    *(command.name for command in COMMANDS),
    "models list",
    "models show",
    "models check",
    "staff add",
)


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(words)
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out + printed.err


@pytest.mark.parametrize("command", COMMANDS, ids=[command.name for command in COMMANDS])
def test_every_command_of_the_table_exists(command):
    module, _, name = command.target.partition(":")
    assert callable(getattr(import_module(module), name))


def test_the_help_names_every_command(capsys):
    code, text = shown(capsys, "--help")
    assert code == 0
    for command in COMMANDS:
        assert f"  {command.name} " in text
        assert command.help in text


def test_the_help_imports_no_clinic_and_no_science():
    look = (
        "import sys; from afterglow.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in sys.modules if name.startswith({HEAVY!r})])"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")


@pytest.mark.parametrize("words", HELPS)
def test_the_help_of_a_command_comes_within_300_ms_and_computes_nothing(words):
    look = (
        "import sys; from afterglow.cli.main import main\n"
        f"try: main({[*words.split(), '--help']!r})\n"
        "except SystemExit: pass\n"
        f"print([name for name in sys.modules if name.startswith({HEAVY_FOR_HELP!r})])"
    )
    took, shown = min(_timed(look) for _ in range(3))
    assert shown.rstrip().endswith("[]")
    assert "--help" in shown
    assert took < 0.3


def _timed(program: str) -> tuple[float, str]:
    """Seconds of processor that a fresh Python spends: a busy machine does not lengthen them."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, done.stdout


def test_a_command_there_is_not_is_named(capsys):
    code, text = shown(capsys, "conjure")
    assert code == 2
    assert "No such command 'conjure'" in text


def test_a_fault_there_is_not_is_told_with_those_there_are(capsys):
    code, text = shown(
        capsys, "simulate-monitor", "--bed", "A", "--dose-mg", "40", "--fault", "gremlins"
    )
    assert code == 2
    assert "gremlins" in text
    assert "half-messages" in text


def test_a_weight_that_cannot_be_meant_is_told_with_its_range(capsys):
    code, text = shown(
        capsys, "simulate-monitor", "--bed", "A", "--dose-mg", "40", "--weight-kg", "7500"
    )
    assert code == 2
    assert "weight_kg must be 20 to 350 kg" in text


def test_a_faster_body_without_its_own_dose_is_refused(capsys):
    code, text = shown(capsys, "simulate-monitor", "--bed", "A", "--speed", "10")
    assert code == 2
    assert "add --dose-mg" in text


def test_a_time_zone_there_is_not_is_told(capsys):
    code, text = shown(capsys, "listen", "--zone", "Mars/Olympus")
    assert code == 2
    assert "'Mars/Olympus' is no time zone" in text
