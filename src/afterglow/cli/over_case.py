"""One frame for every command over a case: read it, answer, print and write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from afterglow.cli.output import Told, can_write, in_words, tell

if TYPE_CHECKING:
    from afterglow.core.dosing.case import Case

CaseFile = Annotated[Path, typer.Argument(help="A case, in TOML or JSON: docs/command-line.md.")]


def over_case(
    case: Path,
    told: Callable[[Case], Told],
    *,
    belief: Path | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """What `told` says of the case in a file, in the form asked for."""
    from afterglow.cli.compiling import told_while_compiling

    with in_words():
        can_write(out, reads=[one for one in (case, belief) if one])
        asked = case_in(case, belief)
        with told_while_compiling():
            tell(told(asked), as_json=as_json, out=out)


def case_in(path: Path, belief: Path | None) -> Case:
    """The case in a file; what is wrong with it is told with file and line."""
    from afterglow.cli.belief_file import read_belief
    from afterglow.cli.input_file import placed, read
    from afterglow.cli.input_table import Placed
    from afterglow.core.dosing.case import read_case
    from afterglow.core.errors import BadInput

    table, believed = read(path), read_belief(belief)
    try:
        return read_case(table.data, belief=believed)
    except BadInput as error:
        raise Placed(placed(error, table)) from error
