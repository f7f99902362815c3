"""`afterglow replay`: compute stored proposals again, and say whether they are the same."""

from typing import Annotated
from uuid import UUID

import typer


def replay(
    proposals: Annotated[
        list[UUID] | None, typer.Argument(help="Ids of proposals. None: every one on record.")
    ] = None,
) -> None:
    """Recompute what the model proposed, to the last digit. Exit code 1 when any differs."""
    from afterglow.cli.setup import clinic

    clinic()
    from afterglow.clinic.planning.models import Proposal
    from afterglow.clinic.planning.replay import replay as again

    every = Proposal.objects.order_by("happened_at").values_list("pk", flat=True)
    differing = 0
    for proposal_id in proposals or every.iterator():
        if not Proposal.objects.filter(pk=proposal_id).exists():
            typer.echo(f"{proposal_id}  is not on record. Copy the id from the plan page.")
            differing += 1
            continue
        result = again(proposal_id)
        typer.echo(str(result))
        differing += not result.same
    if differing:
        raise typer.Exit(1)
