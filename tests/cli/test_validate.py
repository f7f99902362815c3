"""`afterglow validate`: a miss is a miss in every form."""

import json

import polars as pl

from afterglow.cli.output import write
from afterglow.cli.validate import told
from afterglow.research.validation.figure import Predicted, Published, Used, found


def row(name, value, predicted, **more):
    published = Published(
        row=name,
        what="peak",
        value=value,
        unit="ng/mL",
        accept=(0.6 * value, 1.4 * value),
        rule="within 40 %",
        used=Used.NO,
        source="somebody",
        grade="A",
        if_missed="too fast",
    )
    return found(published, predicted)


ROWS = [
    row("PK-V1", 100, Predicted(value=110, low=80, high=140, of="90 % of people")),
    row("PK-V2", 100, Predicted(value=210, low=None, high=None, of="typical")),
    row("PD-V1", 10, "no model of it"),
]


def test_misses_and_what_was_not_computed_stand_in_every_form(tmp_path):
    for suffix in (".csv", ".json", ".parquet", ".png", ".svg"):
        write(told(ROWS), tmp_path / f"v{suffix}")
        assert (tmp_path / f"v{suffix}").stat().st_size > 300
    assert pl.read_csv(tmp_path / "v.csv")["verdict"].to_list() == [
        "agrees",
        "MISS",
        "not computed",
    ]
    rows = pl.read_parquet(tmp_path / "v.parquet")
    assert rows["predicted_value"].to_list() == [110, 210, None]
    assert rows["accept_high"].to_list() == [140, 140, 14]
    assert json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))[1]["why"] == "too fast"


def test_the_table_says_why_a_row_was_missed():
    lines = "\n".join(told(ROWS).lines())
    assert "MISS" in lines
    assert "too fast" in lines
    assert "no model of it" in lines
