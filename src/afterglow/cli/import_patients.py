"""`afterglow import-patients`: take over patients from another system."""

from pathlib import Path
from typing import Annotated

import typer


def import_patients(
    file: Annotated[Path, typer.Argument(help="CSV with number, names, birth_date and sex.")],
    by: Annotated[str, typer.Option(help="User name of the member of staff who answers for it.")],
) -> None:
    """Admit everyone in a CSV file, or nobody: a wrong line is named and nothing is written."""
    from afterglow.cli.setup import clinic

    clinic()
    from django.utils.timezone import now

    from afterglow.clinic.people import importing
    from afterglow.clinic.people.models import User
    from afterglow.core.errors import BadInput

    person = User.objects.filter(username=by, patient=None).first()
    if person is None:
        typer.echo(
            f"There is no staff account named {by}. `afterglow staff list` shows them.", err=True
        )
        raise typer.Exit(2)
    try:
        new = importing.take_over(importing.read(file), by=person, at=now())
    except (BadInput, OSError, UnicodeDecodeError) as error:
        typer.echo(f"{file.name}: {error} Nothing was written.", err=True)
        raise typer.Exit(2) from error
    typer.echo(f"{new} patients admitted. Those already here were left as they are.")
