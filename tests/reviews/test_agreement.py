"""Cohen's kappa and its interval against a published example and another way there."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.reviews.agreement import Agreement, agreement_of


Z = 1.959963984540054
PAIRS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), max_size=80
)


def test_a_published_table_gives_its_published_kappa():
    # Two raters, 100 patients, three diagnoses; a textbook's example: 0.68, error 0.088.
    table = {"AA": 75, "AB": 1, "AC": 4, "BA": 5, "BB": 4, "BC": 1, "CC": 10}
    found = agreement_of([tuple(pair) for pair, n in table.items() for _ in range(n)])
    assert found.n == 100
    assert found.agreed == pytest.approx(0.89)
    assert found.kappa == pytest.approx(0.676, abs=0.0005)
    assert (found.high - found.low) / 2 / Z == pytest.approx(0.0877, abs=0.0001)


def test_without_pairs_there_is_no_figure():
    assert agreement_of([]) == Agreement(0, None, None, None, None)


def test_one_single_category_agrees_and_has_no_kappa():
    assert agreement_of([("a", "a")] * 9) == Agreement(9, 1.0, None, None, None)


def test_full_agreement_is_one_without_width():
    found = agreement_of([("a", "a")] * 5 + [("b", "b")] * 5)
    assert (found.kappa, found.low, found.high) == (1, 1, 1)


def by_numbers(pairs):
    """Kappa and its error by the delta method, with slopes taken numerically."""
    at = {one: place for place, one in enumerate("abcd")}
    table = np.zeros((4, 4))
    for first, second in pairs:
        table[at[first], at[second]] += 1
    shares = (table / len(pairs)).ravel()

    def kappa(cells):
        square = cells.reshape(4, 4)
        chance = (square.sum(0) * square.sum(1)).sum()
        return (np.trace(square) - chance) / (1 - chance)

    step = 1e-6 * np.eye(16)
    slopes = [(kappa(shares + one) - kappa(shares - one)) / 2e-6 for one in step]
    spread = np.diag(shares) - np.outer(shares, shares)
    return kappa(shares), np.sqrt(max(slopes @ spread @ slopes, 0) / len(pairs))


@given(PAIRS)
@settings(max_examples=200)
def test_kappa_and_error_are_those_of_the_delta_method(pairs):
    found = agreement_of(pairs)
    if found.kappa is None:
        return
    kappa, error = by_numbers(pairs)
    assert found.kappa == pytest.approx(kappa, abs=1e-9)
    assert found.low == pytest.approx(max(-1, kappa - Z * error), abs=1e-4)
    assert found.high == pytest.approx(min(1, kappa + Z * error), abs=1e-4)


@given(PAIRS)
def test_it_does_not_matter_who_reads_first(pairs):
    other = agreement_of([(second, first) for first, second in pairs])
    found = agreement_of(pairs)
    assert found.n == other.n
    assert found.kappa == (
        other.kappa if other.kappa is None else pytest.approx(other.kappa)
    )
