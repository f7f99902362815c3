"""The table of measured figures says what was promised and whether it was kept."""

import math

import pytest
from bench.figures import Figure, percentile
from bench.table import as_page, as_text
from bench.timing import taken_in_turn


def figure(value: float, target: float | None = 300) -> Figure:
    return Figure(name="chart", value=value, unit="ms", target=target)


@pytest.mark.parametrize(("percent", "expected"), [(1, 1), (50, 50), (99, 99), (100, 100)])
def test_a_percentile_is_a_value_that_was_measured(percent: float, expected: float) -> None:
    assert percentile(range(100, 0, -1), percent) == expected


def test_one_in_a_hundred_that_never_came_is_beyond_the_99th_and_two_are_not() -> None:
    assert percentile([1.0] * 99 + [math.inf], 99) == 1.0
    assert percentile([1.0] * 98 + [math.inf] * 2, 99) == math.inf


def test_a_figure_on_its_target_is_met_and_one_above_is_not() -> None:
    assert figure(300).is_met
    assert figure(300).ratio == 1.0
    assert not figure(300.1).is_met
    assert figure(600).cells == ("chart", "600 ms", "300 ms", "2.00", "NO")


def test_what_never_came_is_said_in_words_and_missed() -> None:
    assert figure(math.inf).cells[1] == "never"
    assert not figure(math.inf).is_met


def test_a_figure_without_a_target_promises_nothing() -> None:
    assert figure(12.34, target=None).cells == ("chart", "12.3 ms", "", "", "")
    assert figure(12.34, target=None).is_met


def test_screen_and_page_hold_the_same_figures() -> None:
    figures = [figure(150), figure(math.inf)]
    page = as_page(figures, ["Date: 2030-01-07"])

    assert "- Date: 2030-01-07" in page
    assert "| chart | 150 ms | 300 ms | 0.50 | yes |" in page
    assert [line.split()[0] for line in as_text(figures).splitlines()] == ["figure"] + ["chart"] * 2


def test_calls_take_turns_and_each_keeps_its_own_best():
    order = []
    first, second = taken_in_turn([lambda: order.append(1), lambda: order.append(2)], 3, 2)
    assert order == 3 * [1, 1, 1, 2, 2, 2]  # a warm one, and two that count
    assert min(first.wall, second.wall) > 0
    assert first.wall <= first.median <= first.p99
