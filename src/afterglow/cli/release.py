"""`afterglow release`: sign which safety policy and which models are in use."""

from pathlib import Path
from typing import Annotated

import typer

release = typer.Typer(no_args_is_help=True, help=__doc__)


@release.command()
def policy(
    signed_as: Annotated[str, typer.Option(help="Printed name of the medical director.")],
    file: Annotated[
        Path | None, typer.Option(help="A policy file; without it, the defaults shipped.")
    ] = None,
) -> None:
    """Put a safety policy into use. The one before stays in the record."""
    from afterglow.cli.setup import clinic

    clinic()
    from django.utils.timezone import now

    from afterglow.clinic.releases import services
    from afterglow.core.errors import BadInput

    content = services.shipped_policy() if file is None else file.read_text(encoding="utf-8")
    try:
        signed = services.sign_policy(content, signed_as=signed_as, at=now())
    except BadInput as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(f"Policy {signed.version} is in use, signed by {signed.signed_as}.")


@release.command()
def models(
    signed_as: Annotated[str, typer.Option(help="Printed name of the medical director.")],
    weigh: Annotated[
        list[str] | None,
        typer.Option(help="A model to weigh for each patient; again for more. None: all that can."),
    ] = None,
) -> None:
    """Put the model library of this version of Afterglow into use."""
    from afterglow.cli.setup import clinic

    clinic()
    from django.utils.timezone import now

    from afterglow.clinic.releases import services
    from afterglow.clinic.releases.queries import structures_of
    from afterglow.core.dosing.several import STRUCTURES
    from afterglow.core.errors import BadInput

    chosen = weigh or STRUCTURES
    typer.echo(f"To be signed, weighed for each patient: {', '.join(chosen)}.")
    try:
        signed = services.sign_models(signed_as=signed_as, at=now(), structures=chosen)
    except BadInput as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(
        f"Models {signed.version} are in use, weighing {', '.join(structures_of(signed))}, "
        f"signed by {signed.signed_as}."
    )
