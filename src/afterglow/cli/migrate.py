"""`afterglow migrate`: bring the database to this version."""


def migrate() -> None:
    """Apply the migrations that are missing. Safe to run twice."""
    from django.core.management import call_command

    from afterglow.cli.setup import clinic

    clinic()
    call_command("migrate", interactive=False, verbosity=1)
