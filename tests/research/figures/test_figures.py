"""Pictures: the same bytes each time, and series that stay apart without colour."""

from itertools import combinations, pairwise
from math import nan

import polars as pl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from afterglow.core.errors import BadInput
from afterglow.research.figures import agreement, arms, bands, felt, learnt, people, style, tradeoff
from afterglow.research.figures.files import as_bytes, save

APART = 0.2  # of lightness, 0 black to 1 white: what an eye tells apart on paper


def some_bands() -> Figure:
    panel = bands.Panel(
        title="Ketamine in venous blood",
        unit="ng/mL",
        t_min=(0, 20, 40, 60),
        typical=(0, 90, 190, 110),
        percentiles={
            5: (0, 70, 160, 90),
            25: (0, 80, 175, 100),
            50: (0, 90, 189, 110),
            75: (0, 100, 205, 122),
            95: (0, 120, 230, 140),
        },
    )
    return bands.draw([panel, panel], doses=[(0, 40)], words="Model, people, seed.")


def some_tradeoff() -> Figure:
    choices = [
        tradeoff.Choice(
            row=f"{minutes} min",
            name=f"{mg} mg over {minutes} min",
            high=mg * 20 / minutes,
            benefit=mg / (mg + 30),
            allowed=mg < 50,
        )
        for minutes in (40, 60, 100)
        for mg in (20, 30, 40, 50)
    ]
    return tradeoff.draw(
        choices,
        proposed=choices[2],
        neighbours=choices[1:4:2],
        high_limit=20,
        limit_words="limit 20",
        high_words="worst in 20",
        benefit_words="benefit",
    )


def some_arms(groups: int = 7) -> Figure:
    courses = [
        arms.Course(
            name=f"arm {k}",
            at=(1, 7, 28),
            value=(-10 - k, -9 - k, nan),
            low=(-14 - k, -12 - k, nan),
            high=(-6 - k, -5 - k, nan),
        )
        for k in range(groups)
    ]
    panels = [
        arms.Panel(title=title, courses=courses, zero=True) for title in ("change", "sd", "more")
    ]
    return arms.draw(panels, x_words="day")


def some_people() -> Figure:
    rows = [
        {
            "regimen": regimen,
            "session": session,
            "day": 2.0 * session,
            "patients": 10,
            "quantity": quantity,
            "mean": 10.0,
            "p5": 5.0,
            "p50": 10.0 / session,
            "p95": 20.0,
        }
        for regimen in ("slow", "fast")
        for session in (1, 2)
        for quantity in people.SHOWN
    ]
    return people.draw(pl.DataFrame(rows))


def some_felt() -> Figure:
    return felt.draw(
        chances={"minimal": 0.1, "therapeutic": 0.8, "anaesthetic": 0.1},
        minutes={"minimal": 200, "therapeutic": 60, "anaesthetic": 0},
        peaks_in="therapeutic",
        t_min=(0, 60, 120, 180),
        conversing=(1, 0.6, 0.9, 1),
    )


def some_learnt() -> Figure:
    one = learnt.Change(name="clearance", before=(1.1, 1.5, 1.9), after=(1.2, 1.4, 1.6))
    return learnt.draw([one, one])


def some_agreement() -> Figure:
    one = agreement.Held(
        name="PK-V1 peak", ratio=1.1, low=0.8, high=1.4, accept=(0.6, 1.4), met=True
    )
    miss = agreement.Held(
        name="PK-V2 area", ratio=30, low=None, high=None, accept=(0.75, 1.25), met=False
    )
    return agreement.draw([one, miss])


EVERY = [
    some_bands,
    some_tradeoff,
    some_arms,
    some_people,
    some_felt,
    some_learnt,
    some_agreement,
]


@pytest.mark.parametrize("draw", EVERY, ids=lambda draw: draw.__name__)
@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_picture_is_the_same_bytes_twice_and_bears_no_date(draw, suffix):
    first = as_bytes(draw(), suffix)
    assert first == as_bytes(draw(), suffix)
    assert len(first) > 5000
    assert b"Matplotlib" not in first
    assert b"<dc:date>" not in first


def lightness(colour: str) -> float:
    """Relative luminance as grey paper would show it, Rec. 709."""
    red, green, blue = to_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pens_in(figure: Figure) -> list[list[tuple[str, object, object, float]]]:
    """Of each panel: the dash, marker and lightness of every named series."""
    return [
        [
            (line.get_gid(), line._unscaled_dash_pattern, line.get_marker(), lightness(line._color))
            for line in panel.get_lines()
            if line.get_gid() and line.get_linestyle() != "None"  # not the caps of its intervals
        ]
        for panel in figure.axes
    ]


def far_apart(one, other) -> bool:
    _, dash, marker, light = one
    _, other_dash, other_marker, other_light = other
    return dash != other_dash or marker != other_marker or abs(light - other_light) > APART


@pytest.mark.parametrize("draw", EVERY[:4], ids=lambda draw: draw.__name__)
def test_series_differ_by_more_than_colour(draw):
    compared = 0
    for series in pens_in(draw()):
        for one, other in combinations(series, 2):
            # The two edges of one band are meant to look alike: they lie on its two sides.
            if {one[0], other[0]} not in ({"5th", "95th"}, {"25th", "75th"}):
                assert far_apart(one, other), (one[0], other[0])
                compared += 1
    assert compared >= 3 if draw is not some_people else compared == 4


def test_colour_alone_would_be_found_out():
    pale, dark = ("a", "-", "o", 0.3), ("b", "-", "o", 0.35)
    assert not far_apart(pale, dark)


def test_every_pen_is_dark_enough_for_white_paper_and_differs_in_dash_and_marker():
    assert all(lightness(pen.colour) < 0.6 for pen in style.PENS)
    assert len({pen.marker for pen in style.PENS}) == len(style.PENS)
    assert len({str(pen.dash) for pen in style.PENS}) == len(style.PENS)


def test_every_arm_is_named_beside_its_line():
    said = {text.get_text() for panel in some_arms(4).axes for text in panel.texts}
    assert {"arm 0", "arm 1", "arm 2", "arm 3"} <= said


def test_labels_are_kept_apart_and_in_order():
    moved = style.apart([3.0, 1.0, 1.1, 1.05], 0.5)
    assert sorted(range(4), key=lambda k: moved[k]) == [1, 3, 2, 0]
    ordered = sorted(moved)
    assert all(b - a >= 0.5 - 1e-9 for a, b in pairwise(ordered))


@pytest.mark.parametrize(
    ("percentile", "words"),
    [(1, "1st"), (2.5, "2.5th"), (5, "5th"), (11, "11th"), (23, "23rd"), (50, "50th")],
)
def test_percentiles_are_named_as_people_say_them(percentile, words):
    assert bands.ordinal(percentile) == words


def test_a_picture_is_saved_by_its_suffix_or_not_at_all(tmp_path):
    save(some_learnt(), tmp_path / "one.svg")
    assert (tmp_path / "one.svg").read_text(encoding="utf-8").startswith("<?xml")
    with pytest.raises(BadInput, match=r"one of \.png, \.svg"):
        save(some_learnt(), tmp_path / "one.pdf")


def test_long_words_under_a_picture_are_broken_and_none_is_cut():
    figure = Figure(figsize=(5, 2))
    style.foot(figure, "word " * 60)
    lines = figure.get_supxlabel().split("\n")
    assert len(lines) > 1
    assert max(map(len, lines)) <= 85
    assert " ".join(lines).split() == ["word"] * 60


def test_nothing_written_on_a_trade_off_lies_outside_the_paper_or_on_another():
    figure = some_tradeoff()
    FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    (axis,) = figure.axes
    written: list[Text] = [*axis.texts, *axis.get_legend().get_texts()]
    boxes = [Text.get_window_extent(one) for one in written]  # without an annotation's arrow
    paper = figure.bbox
    for box in boxes:
        assert box.x0 >= paper.x0
        assert box.x1 <= paper.x1
        assert box.y0 >= paper.y0
        assert box.y1 <= paper.y1
    assert not any(one.overlaps(two) for one, two in combinations(boxes, 2))
