"""`afterglow`: one command for every door. Each sub-command is imported only when it is called."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import typer


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table: its name, where it lives, and its line in the help."""

    name: str
    target: str  # "module:function", or "module:app" for a command with sub-commands
    help: str


HELP = "Afterglow, the open clinical system for ketamine therapy. Each command has its own --help."

COMMANDS = (
    Command("demo", "afterglow.cli.demo:demo", "Start a demonstration clinic on this machine."),
    Command("serve", "afterglow.cli.serve:serve", "Serve the site."),
    Command("listen", "afterglow.cli.listen:listen", "Take readings from bedside monitors."),
    Command(
        "simulate-monitor",
        "afterglow.cli.simulate_monitor:simulate_monitor",
        "Send a virtual patient's readings to a listener.",
    ),
    Command("migrate", "afterglow.cli.migrate:migrate", "Bring the database to this version."),
    Command("release", "afterglow.cli.release:release", "Sign the policy or models in use."),
    Command("staff", "afterglow.cli.staff:staff", "Make, renew, close and list accounts of staff."),
    Command(
        "import-patients",
        "afterglow.cli.import_patients:import_patients",
        "Take over patients from a CSV file.",
    ),
    Command("verify", "afterglow.cli.verify:verify", "Prove that no fact was changed."),
    Command("replay", "afterglow.cli.replay:replay", "Compute stored proposals again."),
    Command("predict", "afterglow.cli.predict:predict", "What doses would do: levels and effects."),
    Command("models", "afterglow.cli.models:models", "List, show and check the model library."),
    Command("plan", "afterglow.cli.plan:plan", "Propose what to give next, or refuse."),
    Command("update", "afterglow.cli.update:update", "Learn about a patient from sessions."),
    Command("high", "afterglow.cli.high:high", "How high a dose is, for how long."),
    Command(
        "mechanism",
        "afterglow.cli.mechanism:mechanism",
        "Exploratory: receptors to synapses, never for a dose.",
    ),
    Command("trial", "afterglow.cli.trial:trial", "Compare groups treated over weeks."),
    Command(
        "simulate", "afterglow.cli.simulate:simulate", "Send virtual patients through regimens."
    ),
    Command(
        "validate", "afterglow.cli.validate:validate", "Hold the model against published figures."
    ),
    Command("check", "afterglow.cli.check:check", "Check settings and migrations."),
)


def main(args: Sequence[str] | None = None) -> None:
    """Run one command. Only that command's module is imported; the others lend their help.

    A group has a --help only where it may be asked for it: to read one that was not given, Typer
    imports pydantic, which takes longer than all else of a help.
    """
    words = list(sys.argv[1:] if args is None else args)
    if folder := os.environ.get("AFTERGLOW_MODELS"):
        _add_models(folder)
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        add_help_option=words[:1] not in [[command.name] for command in COMMANDS],
        help=HELP,
        rich_markup_mode=None,
    )
    app.callback()(_one_of_several)
    for command in COMMANDS:
        if command.name in words[:1]:
            _add(app, command, words[1:])
        else:
            app.command(command.name, help=command.help)(_only_named)
    app(args=words, prog_name="afterglow")


def _add_models(folder: str) -> None:
    """A clinic's own models beside the packaged ones."""
    from afterglow.core.errors import BadLibrary
    from afterglow.core.pharmacology import library

    try:
        library.also_from(Path(folder))
    except BadLibrary as error:
        sys.stderr.write(f"AFTERGLOW_MODELS: {error}\n")
        raise SystemExit(2) from error


def _add(app: typer.Typer, command: Command, words: Sequence[str]) -> None:
    module, _, name = command.target.partition(":")
    found = getattr(import_module(module), name)
    if isinstance(found, typer.Typer):
        asked_of_it = not words or words[0].startswith("-")
        app.add_typer(found, name=command.name, add_help_option=asked_of_it)
    else:
        app.command(command.name)(found)


def _one_of_several() -> None:
    """Without this, a single command would be run without being named."""


def _only_named() -> None:
    """Stands in the help for a command that was not called."""
