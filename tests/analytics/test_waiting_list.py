"""Formulas of waiting lists, against numbers worked out by hand and by others."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analytics import waiting_list
from core.clinics.periods import waiting_list_on


CASES = Path(__file__).parents[3] / "shared" / "cases" / "waitinglist_cases.json"
RATES = st.floats(0.1, 1000)
WEEKS = st.floats(0.5, 104)
BY_NAME = {
    "calc_queue_load": waiting_list.load,
    "calc_target_mean_wait": waiting_list.target_mean_wait,
    "calc_target_queue_size": waiting_list.target_queue,
    "calc_relief_capacity": waiting_list.relief_capacity,
    "calc_target_capacity": waiting_list.target_capacity,
    "calc_waiting_list_pressure": waiting_list.pressure,
}
ARGUMENTS = {
    "queue_size": "queue",
    "target_queue_size": "target",
    "time_to_target": "weeks_to_target",
}
# Left out there, they are this.
LEFT_OUT = {"calc_target_capacity": {"factor": 4}}


def test_thirty_a_week_and_places_for_twenty_seven():
    assert waiting_list.load(30, 27) == pytest.approx(10 / 9)
    # A year's target: a mean wait of 13 weeks, 30 new ones in each.
    assert waiting_list.target_queue(30, 52, 4) == 390
    assert waiting_list.target_queue(30, 50, 6) == pytest.approx(250)
    assert waiting_list.queue_too_long(1200, 390)
    assert not waiting_list.queue_too_long(780, 390)
    # 810 too many, over 26 weeks, beside the 30.
    assert waiting_list.relief_capacity(30, 1200, 390, 26) == pytest.approx(
        61.1538462, rel=1e-8
    )
    assert waiting_list.relief_capacity(33, 800, 200, 30) == 53
    assert waiting_list.relief_capacity(35, 250, 100, 15) == 45


def test_what_chance_adds_to_the_capacity_that_is_needed():
    # Half of 1.21 + 1.44, times 3, over 52.
    found = waiting_list.target_capacity(30, 52, 3, 1.1, 1.2)
    assert found == pytest.approx(30.0764423)
    assert waiting_list.target_capacity(30, 52, 4, 0, 0) == 30


def test_pressure_and_the_chance_of_waiting_too_long():
    assert waiting_list.pressure(63, 52) == pytest.approx(2.42307692)
    # A list of 91 at 9.7 a week waits some 4.83 weeks: 0.54 for a target of 18.
    assert waiting_list.pressure(4.83, 18) == pytest.approx(0.54, abs=0.005)
    assert waiting_list.chance_of_breach(13, 52) == pytest.approx(0.0183156, abs=1e-7)
    assert waiting_list.chance_of_breach(1, 6) == pytest.approx(0.00247875, abs=1e-8)
    assert waiting_list.chance_of_breach(0, 6) == 0


@given(RATES, WEEKS, st.floats(1.5, 8))
def test_a_list_at_its_target_needs_no_relief(demand, target_wait, factor):
    target = waiting_list.target_queue(demand, target_wait, factor)
    assert waiting_list.relief_capacity(demand, target, target, 26) == demand
    assert not waiting_list.queue_too_long(target, target)


@given(RATES, RATES, RATES, st.integers(1, 104))
def test_relief_works_the_list_off_in_time(demand, queue, target, weeks):
    capacity = waiting_list.relief_capacity(demand, queue, target, weeks)
    left = queue + weeks * (demand - capacity)
    assert left == pytest.approx(target, rel=1e-6, abs=1e-6)


@given(WEEKS, WEEKS, st.floats(1, 8))
def test_whoever_waits_longer_breaches_more_often(target, mean_wait, times):
    one = waiting_list.chance_of_breach(mean_wait, target)
    other = waiting_list.chance_of_breach(mean_wait * times, target)
    assert 0 <= one <= other < 1


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: waiting_list.load(30, 0),
        lambda: waiting_list.target_mean_wait(18, 0),
        lambda: waiting_list.relief_capacity(30, 50, 40, 0),
        lambda: waiting_list.target_capacity(30, 0, 4),
        lambda: waiting_list.pressure(3, 0),
        lambda: waiting_list.chance_of_breach(-1, 3),
    ],
)
def test_what_cannot_be_is_a_bug(wrong):
    with pytest.raises(ValueError, match=r"must be above 0|not negative"):
        wrong()


def test_the_rules_have_a_date_and_a_source():
    rules = waiting_list_on(date(2026, 11, 18))
    assert rules.source
    assert waiting_list.chance_of_breach(1, rules.factor) < 0.02
    with pytest.raises(LookupError):
        waiting_list_on(date(2000, 1, 1))


def their_cases():
    if not CASES.exists():
        pytest.skip("needs the reference package's own cases beside the project")
    return json.loads(CASES.read_text("utf-8"))


def test_the_formulas_give_what_the_reference_package_gives():
    compared = 0
    for case in their_cases()["formulas"]:
        # Demand made larger for its uncertainty is theirs alone.
        if "cv_demand" in case["args"] and case["fn"] == "calc_relief_capacity":
            continue
        names = {ARGUMENTS.get(name, name): of for name, of in case["args"].items()}
        for place, expected in enumerate(case["expected"]):
            facts = {name: of[place] for name, of in names.items()}
            facts = LEFT_OUT.get(case["fn"], {}) | facts
            assert BY_NAME[case["fn"]](**facts) == pytest.approx(expected)
            compared += 1
    assert compared > 20


def test_whole_lists_agree_but_for_weeks_that_are_days_there():
    compared = unsteady = 0
    for one in their_cases()["waiting_lists"]:
        told, target = one["expected"], one["target_wait_weeks"]
        if told["mean_capacity"]:
            found = waiting_list.load(told["mean_demand"], told["mean_capacity"])
            assert found == pytest.approx(told["load"])
        queue = waiting_list.target_queue(told["mean_demand"], target, 4)
        assert queue == pytest.approx(told["target_queue_size"])
        too_long = waiting_list.queue_too_long(told["queue_size"], queue)
        assert too_long == told["queue_too_big"]
        if told["relief_capacity"] is not None:
            relief = waiting_list.relief_capacity(
                told["mean_demand"], told["queue_size"], queue, 26
            )
            assert relief == pytest.approx(told["relief_capacity"])
        # For a list that is too long they name a relief instead.
        if told["target_capacity"] is not None:
            capacity = waiting_list.target_capacity(
                told["mean_demand"], target, 4, told["cv_arrival"], told["cv_removal"]
            )
            assert capacity == pytest.approx(told["target_capacity"])
            unsteady += 1
        assert told["load_too_big"] == (told["load"] > 1)
        if told["mean_wait"] is not None:
            ours = waiting_list.pressure(told["mean_wait"] / 7, target)
            assert ours * 7 == pytest.approx(told["pressure"])
        compared += 1
    assert compared == 7
    assert unsteady == 5
