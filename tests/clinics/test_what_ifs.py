"""What-ifs on a small service, checked against what must be so."""

from dataclasses import replace
from datetime import date

import pytest

from core.clinics.expecting import History
from core.clinics.inputs import Inputs, NeedIn, SiteIn, StretchIn
from core.clinics.periods import policy_on
from core.clinics.what_ifs import (
    compare,
    each_extra_session,
    extra_session,
    pooled,
    second_site,
    unpooled,
    without,
)
from core.kernel.errors import Invalid


FIRST = date(2026, 11, 18)


def need(number, contract="ours", due=10, urgency="suspected_cancer"):
    return NeedIn(
        id=f"n{number}",
        version=1,
        minutes=40,
        urgency=urgency,
        due=due,
        ready=1,
        referred=-3,
        procedure="excision",
        complexity="simple",
        lowest_grade="gpwer",
        practice="p",
        contract=contract,
    )


def stretch(name, day, minutes=40, site="s", staff="reid"):
    return StretchIn(
        session=name,
        first=0,
        minutes=minutes,
        day=day,
        site=site,
        staff=staff,
        grade="consultant",
        procedures=("excision",),
        equipment=(),
    )


def inputs(**changes):
    """Three suspected cancers, one place in time and one a month late."""
    weekly = {code: [0] * 20 for code in ("suspected_cancer", "urgent", "routine")}
    facts = {
        "specialty": "dermatology",
        "first_day": FIRST.isoformat(),
        "horizon": 56,
        "policy": policy_on(FIRST).model_dump(mode="json"),
        "practices": {"p": (0.0, 0.0)},
        "sites": {"s": SiteIn("us", 0.0, 10.0), "t": SiteIn("them", 0.0, 10.0)},
        "served": {"ours": ("us",), "theirs": ("them",)},
        "equipment": {},
        "needs": [need(1), need(2), need(3)],
        "stretches": [stretch("a", 5), stretch("b", 30)],
        "notes": {"history": History(weekly, []).as_json()},
    }
    return Inputs(**{**facts, **changes})


def cost(answer):
    return {row[0]: row[2] for row in answer.rows}


def test_nothing_changed_is_nothing():
    answer = compare(inputs(), lambda one: one)
    assert (
        answer.sentence == "It would change nothing to speak of in the weeks planned."
    )
    assert set(cost(answer).values()) == {"0", "+£0"}


def test_a_session_a_week_sees_both_of_the_others_and_one_of_them_in_time():
    def more(one):
        return extra_session(one, "s", "consultant", 2, 60)

    # Wednesdays of the 18th's weekday: from day 7 on, one of 40 minutes each.
    added = [s for s in more(inputs()).stretches if s.session.startswith("extra")]
    assert [one.day for one in added] == [7, 14, 21, 28, 35, 42, 49]
    answer = compare(inputs(), more)
    assert cost(answer)["Seen too late: suspected cancer"].startswith("–1")
    assert answer.sentence.startswith("It would save £")


def test_whoever_is_away_takes_their_free_time_with_them_and_nothing_else():
    both = inputs(stretches=[stretch("a", 5), stretch("b", 6, staff="lee")])
    left = without(both, "reid", FIRST, date(2026, 11, 30))
    assert [one.session for one in left.stretches] == ["b"]
    later = without(both, "reid", date(2026, 11, 24), date(2026, 11, 30))
    assert later.stretches == both.stretches
    answer = compare(both, lambda one: without(one, "reid", FIRST, date(2027, 1, 1)))
    assert answer.sentence.startswith("It would cost £")


def test_a_second_site_beside_the_practice_saves_the_way_too():
    beside = second_site(inputs(), "p", "s")
    assert beside.sites["new-p"] == SiteIn("us", 0.0, 0.0)
    assert len(beside.stretches) == 4
    answer = compare(inputs(), lambda one: second_site(one, "p", "s"))
    assert "fewer seen too late" in answer.sentence


def test_pooling_opens_the_others_clinics_and_closing_one_shuts_them():
    apart = inputs(needs=[need(1), need(2, "theirs")], stretches=[stretch("a", 5, 80)])
    together = pooled(apart)
    assert together.served == {"ours": ["them", "us"], "theirs": ["them", "us"]}
    assert "fewer without a place" in compare(apart, pooled).sentence
    shut = unpooled(together, "us")
    assert list(shut.stretches) == []


def test_each_grade_there_is_gets_its_session():
    (one,) = each_extra_session(inputs())
    assert one["grade"] == "consultant"
    assert one["pence"] < 0


def test_a_session_that_closes_a_gap_is_a_saving_and_no_cost():
    # Whoever is there has never so much time at once.
    gap = inputs(needs=[need(1)], stretches=[stretch("a", 5, 20), stretch("b", 9, 20)])
    (one,) = each_extra_session(gap)
    assert one["pence"] < -100_000


def test_a_kind_of_session_that_is_nowhere_cannot_be_added_to():
    empty = replace(inputs(), horizon=7)
    with pytest.raises(Invalid):
        extra_session(empty, "s", "consultant", 2, 60)
