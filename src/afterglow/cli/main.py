"""`afterglow`: one command for every door. Each sub-command is imported only when it is called."""

import typer

main = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
