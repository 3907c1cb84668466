"""The difference that a change makes is exact, and has the sign that it must have."""

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clinics.matching.regions import chosen
from core.clinics.matching.what_if import difference
from tests.clinics.matching.made import POLICY, cases, instance, instances, sessions


RELAXED = settings(max_examples=40, deadline=None)


def with_sessions(one, kept):
    """The same cases with some of the sessions."""
    return chosen(one, np.arange(len(one.cases)), np.flatnonzero(kept))


@RELAXED
@given(instances())
def test_nothing_changed_makes_no_difference_at_all(one):
    nothing = difference(one, one, POLICY)
    assert nothing.pence == 0
    assert nothing.breaches == (0, 0, 0)
    assert nothing.unplaced == 0


@RELAXED
@given(instances(), st.integers(0, 2**32 - 1))
def test_sessions_more_never_cost_and_sessions_fewer_never_save(one, seed):
    kept = np.random.default_rng(seed).random(len(one.sessions)) < 0.6
    fewer = with_sessions(one, kept)
    assert difference(fewer, one, POLICY).pence <= 1e-6
    assert difference(one, fewer, POLICY).pence >= -1e-6


@RELAXED
@given(instances())
def test_somebody_away_never_saves(one):
    away = with_sessions(one, one.sessions.staff != 0)
    assert difference(one, away, POLICY).pence >= -1e-6


def test_a_session_that_closes_a_gap_saves_what_no_place_would_cost():
    """Nobody could do it: 180,000 for no place, 800 a day to 28 days past the end."""
    both = instance(
        cases([20], kind=1, due=[14]),
        sessions([60, 60], able=[[1, 0, 0], [1, 1, 1]]),
    )
    made = difference(with_sessions(both, np.array([True, False])), both, POLICY)
    left = 180_000 + (28 + 28 - 14) * 800
    seen = 20 * 260 + 5 * 35 + 8
    assert made.pence == seen - left
    assert made.unplaced == -1
    assert made.breaches == (0, 0, -1)


def test_another_way_open_lets_the_next_place_help():
    apart = instance(
        cases([60, 60], area=[0, 0], due=5),
        sessions([60, 60], site=[0, 1]),
        km=[[5.0, np.inf]],
    )
    together = dataclasses.replace(apart, km=np.array([[5.0, 20.0]]))
    assert difference(apart, together, POLICY).unplaced == -1
