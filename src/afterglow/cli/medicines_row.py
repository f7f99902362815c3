"""The `medicines` of a table, by names that are taken for what they are."""

from afterglow.cli.input_table import Table
from afterglow.core.dosing.medicines import misnamed


def medicines_of(table: Table) -> tuple[str, ...]:
    medicines = table.some_of("medicines")
    if why := misnamed(medicines):
        raise table.wrong(f"medicines {why}", "medicines")
    return medicines
