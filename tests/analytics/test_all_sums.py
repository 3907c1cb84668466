"""What all sums tell together, against every table there is."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics import withholding
from core.analytics.all_sums import told_by_all
from core.analytics.bounds import Sums, bounds
from core.analytics.withholding import Ties


def a_puzzle():
    """1 + 7 = 8, and 1 + 7 + 1 + 8 = 17: published as 10, 10 and 15.

    The first two are 8 at least together, and the last is as well: of 17, the most that
    15 stands for, the third has 1. By the second sum alone it would be up to 7.
    """
    exact = np.array([1, 7, 1, 8, 8, 17])
    relation = np.array([0, 0, 1, 1, 1, 1])
    return exact, Sums(relation, np.array([0, 1, 0, 1, 2, 3]), np.array([4, 5]))


def test_what_no_sum_tells_by_itself_is_found_in_all_of_them():
    exact, sums = a_puzzle()
    span = bounds(exact, np.zeros(6, bool), sums)
    assert (span[0][2], span[1][2]) == (1, 7)
    told = told_by_all(exact, span, sums, np.arange(6) < 3)
    assert set(told) == {2}
    assert {3, 4, 5} <= set(told[2])


def test_what_all_sums_tell_together_is_not_published():
    exact, sums = a_puzzle()
    hide = withholding.withheld(exact, sums)
    assert hide.any()
    assert not told_by_all(exact, bounds(exact, hide, sums), sums, np.arange(6) < 3)


def test_what_was_published_stays_whatever_it_tells():
    exact, sums = a_puzzle()
    no, known = np.zeros(6, bool), exact >= 8
    held = Ties(no, np.arange(6), known, ~known)
    assert not withholding.withheld(exact, sums, held).any()


@st.composite
def tables(draw):
    """Three by three counts and their sums, and what each can be."""
    exact = np.array(draw(st.lists(st.integers(0, 7), min_size=9, max_size=9)))
    grid = exact.reshape(3, 3)
    whole = np.concatenate([exact, grid.sum(1), grid.sum(0)])
    below, above = (
        np.array(draw(st.lists(st.integers(0, 2), min_size=15, max_size=15)))
        for _ in range(2)
    )
    rows = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8]]
    sums = Sums(np.repeat(np.arange(6), 3), np.concatenate(rows), np.arange(9, 15))
    return whole, sums, (np.maximum(whole - below, 0), whole + above)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_told_is_what_is_the_same_in_every_table_there_is(drawn):
    exact, sums, (low, high) = drawn
    told = told_by_all(exact, (low, high), sums, np.arange(15) < 9)
    free = low < high
    for place in range(9):
        if free[place]:
            assert (place in told) == (len(values(low, high, place)) == 1)


def values(low, high, place):
    """What one cell is in the tables that fit, row by row, by brute force."""
    fitting = [
        [
            row
            for row in itertools.product(
                *(range(low[c], high[c] + 1) for c in range(3 * one, 3 * one + 3))
            )
            if low[9 + one] <= sum(row) <= high[9 + one]
        ]
        for one in range(3)
    ]
    # Sums of the columns so far, with what the cell is in them.
    found = {((0, 0, 0), None)}
    for number, rows in enumerate(fitting):
        found = {
            (
                tuple(a + b for a, b in zip(columns, row, strict=True)),
                row[place % 3] if place // 3 == number else value,
            )
            for columns, value in found
            for row in rows
        }
    return {
        value
        for columns, value in found
        if all(low[12 + c] <= columns[c] <= high[12 + c] for c in range(3))
    }
