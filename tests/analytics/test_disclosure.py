"""What may be shown of small numbers, at the edges and against an attacker."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics import disclosure, withholding
from core.analytics.bounds import Sums, bounds
from core.analytics.withholding import Ties


COUNTS = st.integers(min_value=0, max_value=100_000)


@pytest.mark.parametrize(
    ("count", "published"),
    [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20)],
)
def test_counts_at_the_edges(count, published):
    assert disclosure.rounded(count) == published


@given(COUNTS)
def test_a_published_count_is_hidden_or_within_two_of_the_truth(count):
    published = disclosure.rounded(count)
    assert (published is None) == (1 <= count <= 7)
    if published is not None:
        assert published % 5 == 0
        assert abs(published - count) <= 2


@given(COUNTS, COUNTS)
def test_a_larger_count_is_never_published_as_a_smaller_one(one, other):
    small, large = sorted((one, other))
    if small >= 8:
        assert disclosure.rounded(small) <= disclosure.rounded(large)


def test_a_negative_count_is_a_bug():
    with pytest.raises(ValueError, match="not negative"):
        disclosure.rounded(-1)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (None, 100, None),
        (10, None, None),
        (0, 0, None),
        (0, 10, 0),
        (10, 10, 100),
        (10, 30, 33),
        (1335, 3995, 33),
        (1335, 4000, 33.4),
    ],
)
def test_percentages_come_from_what_is_published(part, whole, percent):
    assert disclosure.percent(part, whole) == percent


@given(COUNTS, COUNTS)
def test_a_percentage_is_never_above_a_hundred(one, other):
    part, whole = sorted((one, other))
    percent = disclosure.percent(disclosure.rounded(part), disclosure.rounded(whole))
    assert percent is None or 0 <= percent <= 100


@pytest.mark.parametrize(
    ("value", "count", "fewest", "published"),
    [
        (3.14159, 8, 8, 3.1),
        (3.1, 7, 8, None),
        (None, 0, 8, None),
        (float("nan"), 9, 8, None),
        (50.0, 19, disclosure.FEWEST_FOR_P90, None),
        (50.0, 20, disclosure.FEWEST_FOR_P90, 50.0),
    ],
)
def test_no_statistic_on_a_few_people(value, count, fewest, published):
    told = disclosure.statistics(pd.Series([value]), pd.Series([count]), fewest)
    assert (None if pd.isna(told[0]) else told[0]) == published


def table(*parts):
    """A row of parts and their sum."""
    exact = np.array([*parts, sum(parts)])
    count = len(parts)
    sums = Sums(
        relation=np.zeros(count, np.int64),
        child=np.arange(count),
        parent=np.array([count]),
    )
    return exact, sums


def possible(exact, withheld):
    """All rows of parts that could be behind what is published, by brute force."""
    small_total = 1 <= exact[-1] <= 7
    five = [(one + 2) // 5 for one in exact]
    hidden = [h or 1 <= one <= 7 for h, one in zip(withheld, exact, strict=True)]

    def fits(place, count):
        if not hidden[place]:
            return count == 0 if exact[place] == 0 else (count + 2) // 5 == five[place]
        # Whoever attacks knows the rules, and which stars stand for large counts.
        if exact[place] > 7:
            return True
        return count <= 7 and (count > 0 or (small_total and place < len(exact) - 1))

    ranges = [range(max(0, one - 8), one + 9) for one in exact[:-1]]
    for row in itertools.product(*ranges):
        whole = [*row, sum(row)]
        if all(fits(place, count) for place, count in enumerate(whole)):
            yield row


def test_a_total_that_gives_its_parts_away_is_hidden():
    # Twelve practices with one referral each: 12 is published as 10, which is 8 to 12.
    exact, sums = table(*[1] * 12)
    assert withholding.withheld(exact, sums).tolist() == [False] * 12 + [True]
    # Four quarters with seven each: 28 is published as 30, which is 28 to 32.
    exact, sums = table(7, 7, 7, 7)
    assert withholding.withheld(exact, sums)[-1]


def test_a_total_that_gives_nothing_away_stays():
    exact, sums = table(3, 4, 0, 20)
    assert not withholding.withheld(exact, sums).any()


def test_zeros_under_a_hidden_whole_are_hidden_at_any_depth():
    # Seven that are not 0 under a hidden 7 would all be 1, were the zeros seen.
    exact, sums = table(1, 1, 1, 1, 1, 1, 1, 0)
    assert withholding.withheld(exact, sums).tolist() == [False] * 7 + [True, False]
    # 3 = 3 + 0, and that 0 = 0 + 0: all three zeros.
    exact = np.array([3, 3, 0, 0, 0])
    sums = Sums(np.array([0, 0, 1, 1]), np.array([1, 2, 3, 4]), np.array([0, 2]))
    assert withholding.withheld(exact, sums).tolist() == [
        False,
        False,
        True,
        True,
        True,
    ]


@given(st.lists(st.integers(0, 12), min_size=2, max_size=3))
def test_a_hidden_part_can_be_three_numbers_at_least(parts):
    exact, sums = table(*parts)
    hide = withholding.withheld(exact, sums)
    rows = list(possible(exact.tolist(), hide.tolist()))
    assert tuple(parts) in rows
    for place, part in enumerate(parts):
        if 1 <= part <= 7:
            assert len({row[place] for row in rows}) > 2, (parts, hide, rows)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6))
def test_the_bounds_hold_the_truth(parts):
    exact, sums = table(*parts)
    hide = withholding.withheld(exact, sums)
    low, high = bounds(exact, hide, sums)
    assert (low <= exact).all()
    assert (exact <= high).all()


def test_sums_across_two_directions_are_attacked_together():
    # Rows and columns of hidden sevens: each total alone would be safe from the other.
    parts = np.full((2, 4), 7)
    exact = np.concatenate([parts.ravel(), parts.sum(1), parts.sum(0)])
    relation = [0] * 4 + [1] * 4 + [2, 2, 3, 3, 4, 4, 5, 5]
    child = [0, 1, 2, 3, 4, 5, 6, 7, 0, 4, 1, 5, 2, 6, 3, 7]
    sums = Sums(np.array(relation), np.array(child), np.arange(8, 14))
    hide = withholding.withheld(exact, sums)
    low, high = bounds(exact, hide, sums)
    assert hide[8:10].all()
    assert (high[:8] - low[:8] > 1).all()


# Random small services: a few cells, summed in two directions, some never published, some
# the same count twice, some published before.

CELLS = st.lists(st.integers(0, 12), min_size=4, max_size=4)
FLAGS = st.lists(st.booleans(), min_size=9, max_size=9)


def square(cells):
    """Two by two cells, both rows, both columns, and everything."""
    grid = np.array(cells).reshape(2, 2)
    exact = np.concatenate([grid.ravel(), grid.sum(1), grid.sum(0), [grid.sum()]])
    relation = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    child = [0, 1, 2, 3, 0, 2, 1, 3, 4, 5, 6, 7]
    sums = Sums(np.array(relation), np.array(child), np.array([4, 5, 6, 7, 8, 8]))
    return exact, sums


def worlds(exact, sums, hide, secret):
    """All squares of cells that could be behind what is published, by brute force."""
    star = ((exact >= 1) & (exact <= 7)) | hide
    inside = np.zeros(9, bool)
    small_whole = star & (exact <= 7) & (exact > 0)
    inside[sums.child[small_whole[sums.parent[sums.relation]]]] = True
    # What lies across a hidden whole, by a part that is never published.
    whole_row = np.bincount(sums.relation, ~secret[sums.child]) == 0
    inside[
        sums.parent[sums.relation[inside[sums.child] & whole_row[sums.relation]]]
    ] = True

    def fits(place, count):
        if secret[place]:
            return True
        if not star[place]:
            return disclosure.rounded(count) == disclosure.rounded(int(exact[place]))
        if exact[place] > 7:
            return True
        return count <= 7 and (count > 0 or inside[place] or exact[place] == 0)

    reach = [range(max(0, int(one) - 5), int(one) + 6) for one in exact[:4]]
    reach = [[n for n in one if fits(place, n)] for place, one in enumerate(reach)]
    for cells in itertools.product(*reach):
        whole, _ = square(cells)
        if all(fits(place, int(one)) for place, one in enumerate(whole)):
            yield whole


@settings(max_examples=40, deadline=None)
@given(CELLS, FLAGS)
def test_what_is_hidden_in_two_directions_cannot_be_worked_out_by_brute_force(
    cells, drawn
):
    exact, sums = square(cells)
    no = np.zeros(9, bool)
    # Only cells are secret: the wholes are what is published of them.
    secret = np.array(drawn) & (np.arange(9) < 4)
    ties = Ties(secret, np.arange(9), no, no)
    hide = withholding.withheld(exact, sums, ties)
    low, high = bounds(exact, hide, sums, secret)
    assert ((low <= exact) & (exact <= high)).all()
    small = (exact >= 1) & (exact <= 7)
    assert (high - low)[small].min(initial=2) > 1
    seen = {place: {int(exact[place])} for place in np.flatnonzero(small)}
    for whole in worlds(exact, sums, hide, secret):
        for place, values in seen.items():
            values.add(int(whole[place]))
        if all(len(values) > 2 for values in seen.values()):
            return
    assert not seen, (cells, secret, hide)


@given(CELLS, FLAGS, FLAGS)
def test_ties_hold(cells, were_shown, were_hidden):
    exact, sums = square(cells)
    large = exact >= 8
    shown = np.array(were_shown) & large
    hidden = np.array(were_hidden) & ~shown
    twin = np.arange(9)
    # The first row goes by the name of the first column as well, where they are equal.
    if exact[4] == exact[6]:
        twin[6] = 4
    no = np.zeros(9, bool)
    hide = withholding.withheld(exact, sums, Ties(no, twin, shown, hidden))
    # What was shown stays, but for a twin of what has to be hidden; what was hidden stays.
    assert not (hide & shown & (np.bincount(twin, minlength=9)[twin] == 1)).any()
    assert (hide | ~large)[hidden].all()
    if twin[6] == 4 and large[4] and not hidden[[4, 6]].any():
        assert hide[4] == hide[6]
    low, high = bounds(exact, hide, sums)
    assert ((low <= exact) & (exact <= high)).all()


def test_a_secret_count_is_neither_shown_nor_known_by_itself():
    # 12 is published as 10; of its parts one is never published.
    exact, sums = table(1, 11)
    no = np.zeros(3, bool)
    secret = np.array([False, True, False])
    ties = Ties(secret, np.arange(3), no, no)
    assert not withholding.withheld(exact, sums, ties).any()
    low, high = bounds(exact, no, sums, secret)
    assert (low[1], high[1]) == (1, 11)


def test_what_follows_from_afar_is_hidden_where_it_follows_from():
    # Twelve ones under a hidden 12. That is at most 12 because 77, published as 75, is at
    # most 77, and five 13s beside it, published as 15, are at least 13 each.
    exact = np.array([*[1] * 12, *[13] * 5, 12, 77])
    relation = np.array([0] * 12 + [1] * 6)
    child = np.array([*range(12), *range(12, 17), 17])
    sums = Sums(relation, child, np.array([17, 18]))
    no, known = np.zeros(19, bool), np.arange(19) == 17
    low, high = bounds(exact, known, sums)
    assert (high[:12] == 1).all()
    hide = withholding.withheld(exact, sums, Ties(no, np.arange(19), no, known))
    low, high = bounds(exact, hide, sums)
    assert (low[:12] < high[:12]).all()
    # The smallest of what it follows from.
    assert hide.sum() == 2
    assert hide[12:17].any()


def test_a_week_without_anybody_keeps_the_secret_of_the_month_it_lies_in():
    # A month of 3 and one of 4 under a quarter of 7; seven weeks with one each, and one
    # with nobody. Each week and month have days in common, which are never published.
    weeks, months = [1, 1, 1, 0, 1, 1, 1, 1], [3, 4]
    exact = np.array([*weeks, *months, 7, *weeks])
    common = np.arange(11, 19)
    relation = [*range(8), *[8] * 4, *[9] * 4, 10, 10]
    child = [*common, *common, 8, 9]
    sums = Sums(np.array(relation), np.array(child), np.array([*range(8), 8, 9, 10]))
    secret = np.arange(19) >= 11
    no = np.zeros(19, bool)
    hide = withholding.withheld(exact, sums, Ties(secret, np.arange(19), no, no))
    assert hide[3]
    low, high = bounds(exact, hide, sums, secret)
    assert (low[:11] < high[:11]).all()
    # Were it seen, the others would be seven under a seven, and all one.
    seen = hide.copy()
    seen[3] = False
    low, high = bounds(exact, seen, sums, secret)
    assert ((low <= exact) & (exact <= high)).all()
