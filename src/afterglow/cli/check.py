"""`afterglow check`: what a developer's machine must prove before a commit."""


def check() -> None:
    """Django's own checks, and no model change without its migration."""
    import os

    # No query is made: the checks need settings, not a server.
    os.environ.setdefault("DATABASE_URL", "postgresql:///afterglow")
    os.environ.setdefault("AFTERGLOW_SECRET_KEY", "for-checks-only-" + 48 * "x")
    from django.core.management import call_command

    from afterglow.cli.setup import clinic

    clinic()
    call_command("check", fail_level="WARNING")
    _migrations_are_complete()


def _migrations_are_complete() -> None:
    """What `makemigrations --check` does, without asking a server for its history."""
    import typer
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(
        graph=loader.graph
    )
    ours = {
        label: m
        for label, m in changes.items()
        if apps.get_app_config(label).name.startswith("afterglow")
    }
    if ours:
        typer.echo(f"Models changed without a migration: {', '.join(sorted(ours))}.", err=True)
        raise typer.Exit(1)
    typer.echo("Every model has its migration.")
