"""The relaxation is exact, its prices prove it, and candidates prove what they can."""

import itertools
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clinics.matching import bound, costs, slots
from core.clinics.matching.bound import relax, relaxed
from core.clinics.matching.candidates import guided, least_of_each, proven
from core.clinics.matching.duals import certified, greatest_prices, least_prices
from core.clinics.matching.flow import cheapest, scale
from core.clinics.matching.regions import canonical, chosen
from tests.clinics.matching import oracle
from tests.clinics.matching.made import (
    POLICY,
    at_random,
    cases,
    instance,
    instances,
    reordered,
    sessions,
)


RELAXED = settings(max_examples=80, deadline=None)
ROUNDS = ((3, 1_000.0), (3, 0.0))


def in_order(one):
    return chosen(one, *canonical(one))


@RELAXED
@given(instances())
def test_the_flow_is_the_relaxation_that_highs_finds(one):
    assert relax(one, POLICY).pence == pytest.approx(
        oracle.relaxation(one, POLICY), rel=1e-7, abs=1e-3
    )


@RELAXED
@given(instances())
def test_prices_prove_the_relaxation_to_the_penny(one):
    ordered = in_order(one)
    solved = relaxed(ordered, POLICY, costs.arcs(ordered, POLICY))
    network = solved.made.network
    least = least_prices(network, solved.flow)
    greatest = greatest_prices(network, solved.flow)
    assert certified(network, least) == solved.flow.cost
    assert certified(network, greatest) == solved.flow.cost
    assert (least >= 0).all() and (least <= greatest).all()


@RELAXED
@given(instances(templates=("all",)))
def test_prices_prove_the_plan_in_slots_to_the_penny(one):
    ordered = in_order(one)
    arcs = costs.arcs(ordered, POLICY)
    made = slots.slot_network(ordered, POLICY, arcs, slots.given(ordered))
    flow = cheapest(made.network)
    prices = least_prices(made.network, flow)
    assert certified(made.network, prices) == flow.cost


@RELAXED
@given(instances(), st.integers(0, 2**32 - 1))
def test_any_prices_are_a_bound(one, seed):
    ordered = in_order(one)
    made = bound.minutes_network(ordered, POLICY, costs.arcs(ordered, POLICY))
    drawn = np.random.default_rng(seed)
    prices = drawn.integers(0, 10_000, len(made.network.room))
    assert certified(made.network, prices) <= cheapest(made.network).cost


@RELAXED
@given(instances(), st.integers(0, 2**32 - 1))
def test_the_order_of_cases_and_sessions_changes_no_price(one, seed):
    other, _some, those = reordered(one, seed)
    solved, again = relax(one, POLICY), relax(other, POLICY)
    assert solved.pence == again.pence
    assert (solved.prices[those] == again.prices).all()


def test_the_least_price_is_what_another_minute_saves():
    """One place for two: the second, 20 minutes, waits at the price of no place."""
    two, full = cases([20, 20], due=[14, 14]), sessions([20], day=1)
    longer = sessions([40], day=1)
    short = relax(instance(two, full), POLICY)
    saved = short.pence - relax(instance(two, longer), POLICY).pence
    assert short.prices.tolist() == [pytest.approx(saved / 20)]
    assert short.minutes_short == 20
    assert short.unplaced == 1
    assert short.breaches == (0, 0, 1)


def test_minutes_that_nobody_wants_are_worth_nothing():
    assert relax(instance(cases([20]), sessions([60])), POLICY).prices.tolist() == [0]


def test_breaches_of_the_relaxation_are_parts_of_people():
    """Of two 20-minute cases, 30 minutes are in time: half of one is late."""
    one = instance(
        cases([20, 20], due=[5, 5], urgency=[0, 0]), sessions([30, 60], day=[1, 9])
    )
    assert relax(one, POLICY).breaches == (0.5, 0, 0)


@RELAXED
@given(instances(templates=("all", "none"), most=60))
def test_candidate_arcs_never_prove_too_much_nor_find_too_little(one):
    ordered = in_order(one)
    arcs = costs.arcs(ordered, POLICY)
    if not len(arcs):
        return
    lengths = bound.lengths_of(ordered)
    length = np.searchsorted(lengths, ordered.cases.minutes)
    nothing = np.zeros((len(ordered.sessions), len(lengths)))
    pose = partial(slots.slot_network, ordered, POLICY, slots=slots.given(ordered))
    if not ordered.sessions.templated.all():
        pose = partial(bound.minutes_network, ordered, POLICY)
    found = guided(arcs, length, pose, ROUNDS, nothing)
    made = pose(arcs)
    best = cheapest(made.network).cost / made.factor
    assert proven(arcs, length, found) <= best + 1e-3
    assert found.flow.cost / found.posed.factor >= best - 1e-3


def test_with_all_arcs_candidates_prove_the_optimum():
    ordered = in_order(at_random(3, 40, 8, "none"))
    arcs = costs.arcs(ordered, POLICY)
    length = np.searchsorted(bound.lengths_of(ordered), ordered.cases.minutes)
    nothing = np.zeros((8, len(bound.lengths_of(ordered))))
    pose = partial(bound.minutes_network, ordered, POLICY)
    found = guided(arcs, length, pose, ((8, 0.0),), nothing)
    value = relaxed(ordered, POLICY, arcs).pence
    assert proven(arcs, length, found) == pytest.approx(value)


@given(st.lists(st.lists(st.floats(0, 1), max_size=9), max_size=9), st.integers(1, 5))
def test_the_least_of_each_are_the_least(values, count):
    start = np.concatenate(([0], np.cumsum([len(one) for one in values]))).astype(int)
    flat = np.array([value for one in values for value in one])
    chosen_ = least_of_each(start, flat, count)
    for begin, end in itertools.pairwise(start):
        mine = chosen_[(begin <= chosen_) & (chosen_ < end)]
        assert sorted(flat[mine]) == sorted(flat[begin:end])[:count]


def test_costs_stay_whole_for_any_usual_lengths():
    assert scale(np.array([2, 3, 4, 6, 8, 12]), 10**6, 10**4) == 24


def test_lengths_without_a_small_multiple_get_the_largest_factor_that_fits():
    units = np.arange(1, 97)
    factor = scale(units, 10**6, 10**4)
    assert 10**6 * 10**4 * factor <= 2**60 < 10**6 * 10**4 * (factor + 1)


@RELAXED
@given(instances())
def test_arcs_and_costs_are_what_the_rules_say(one):
    arcs = costs.arcs(one, POLICY)
    found = {
        (case, session): cost
        for case, session, cost in zip(
            arcs.case.tolist(), arcs.session.tolist(), arcs.cost.tolist(), strict=True
        )
    }
    assert found == {
        (case, session): oracle.cost(one, POLICY, case, session)
        for case, session in oracle.all_arcs(one, POLICY)
    }
    assert costs.left_out(one, POLICY).tolist() == [
        oracle.left_out(one, POLICY, case) for case in range(len(one.cases))
    ]


@RELAXED
@given(instances())
def test_the_parts_of_a_cost_add_up(one):
    for case, session in oracle.all_arcs(one, POLICY):
        told = costs.parts(one, POLICY, case, session)
        whole = (
            told.staff + told.travel + told.waiting + told.lateness + told.not_preferred
        )
        share = POLICY.expected_value if one.cases.expected[case] else 1
        assert told.total == round(share * whole)
        assert told.total == oracle.cost(one, POLICY, case, session)
