"""`afterglow staff`: accounts of staff. A patient's account is made from their details page."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from afterglow.clinic.people.models import Role

staff = typer.Typer(no_args_is_help=True, help="Make, renew, close and list accounts of staff.")

Name = Annotated[str, typer.Argument(help="The user name they sign in with.")]
Typed = Annotated[bool, typer.Option("--type-password", help="Ask for a password; else make one.")]


@staff.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option(help="prescriber, nurse, therapist, front-desk, auditor.")],
    full_name: Annotated[str, typer.Option(help="As it is printed beside what they did.")] = "",
    type_password: Typed = False,
) -> None:
    """Make an account. Its first sign-in leads to setting up the second factor."""
    _clinic()
    from afterglow.clinic.people import staffing

    password = _password(asked=type_password)
    made = staffing.hire(username=name, name=full_name or name, role=_role(role), password=password)
    _tell(made, password, shown=not type_password)


@staff.command()
def renew(name: Name, type_password: Typed = False) -> None:
    """Set a new password and forget the second factor, for somebody who lost one."""
    _clinic()
    from afterglow.clinic.people import staffing

    password = _password(asked=type_password)
    made = staffing.renew(username=name, password=password)
    _tell(made, password, shown=not type_password)


@staff.command()
def close(name: Name) -> None:
    """Let nobody in by this account any more. What it did stays in the record."""
    _clinic()
    from afterglow.clinic.people import staffing

    _stop_if_refused(staffing.close(username=name))
    typer.echo(f"{name} is closed.")


@staff.command("list")
def list_() -> None:
    """Print user name, role, printed name, and whether the account is open."""
    _clinic()
    from afterglow.clinic.people.models import Role, User

    for one in User.objects.exclude(role=Role.PATIENT).order_by("username"):
        typer.echo(
            f"{one.username}\t{one.role}\t{one.name}\t{'open' if one.is_active else 'closed'}"
        )


def _clinic() -> None:
    from afterglow.cli.setup import clinic

    clinic()


def _role(word: str) -> "Role":
    from afterglow.clinic.people.access import STAFF
    from afterglow.clinic.people.models import Role

    if word not in STAFF:
        choices = ", ".join(role.value for role in STAFF)
        raise typer.BadParameter(f"{word!r} is not a role of staff. Choose one of: {choices}.")
    return Role(word)


def _password(*, asked: bool) -> str:
    from afterglow.clinic.people.staffing import make_password

    if not asked:
        return make_password()
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _tell(made: object, password: str, *, shown: bool) -> None:
    _stop_if_refused(made)
    typer.echo(
        "The account is ready. At the first sign-in it asks for a second factor to be set up."
    )
    if shown:
        typer.echo(f"Password, shown this once: {password}")


def _stop_if_refused(result: object) -> None:
    from afterglow.core.refusal import Refusal

    if isinstance(result, Refusal):
        typer.echo(f"Error: {result}", err=True)
        raise typer.Exit(1)
