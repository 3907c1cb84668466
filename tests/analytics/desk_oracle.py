"""The desk's figures once more, slowly, from the operational rows in plain Python."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from core.referrals.tables import (
    Acknowledgement,
    Referral,
    ReferralEvent,
    RoutingDecision,
)
from core.reviews.tables import Feedback, Opinion, SecondRead
from tests.analytics.oracle import day


HOUR = timedelta(hours=1)
CLASSES = {
    "outsourced": "sole",
    "only_pool": "sole",
    "daily_number": "full",
    "overflow_queue": "full",
    "overflow_wait": "full",
    "first_pool": "first",
}


@dataclass
class Desk:
    """One sent referral."""

    practice: str
    priority: str
    sent_on: object
    answered_on: object
    acknowledged_on: object
    # Hours up to the first answer, by whose turn it was, minute by minute as it were.
    hours: Counter
    returned: bool
    to_acknowledge: float | None
    first: tuple[str, str] | None
    moved: list
    said: dict


def desks(store):
    with store.reading() as session:
        events, decisions = defaultdict(list), defaultdict(list)
        for one in session.scalars(sa.select(ReferralEvent)):
            events[one.referral_id].append(one)
        for one in session.scalars(sa.select(RoutingDecision)):
            decisions[one.referral_id].append(one)
        newest = {}
        for one in session.scalars(sa.select(Opinion).order_by(Opinion.version)):
            newest[one.referral_id] = one.id
        taken_up = defaultdict(list)
        for one in session.scalars(sa.select(Acknowledgement)):
            if one.moment:
                taken_up[one.referral_id].append(one.moment)
        marks = {one.opinion_id: one for one in session.scalars(sa.select(Feedback))}
        return [
            desk(
                row,
                sorted(events[row.id], key=lambda one: one.number),
                sorted(decisions[row.id], key=lambda one: one.number),
                min(taken_up[row.id], default=None),
                marks.get(newest.get(row.id)),
            )
            for row in session.scalars(sa.select(Referral))
            if row.sent_at
        ]


def desk(row, events, decisions, taken_up, mark):
    hours, whose, since, answered, returned = Counter(), None, None, None, False
    turns = {
        "send": "pool",
        "supply": "pool",
        "release": "pool",
        "claim": "hand",
        "take_over": "hand",
        "return": "practice",
    }
    for one in events:
        if whose and not answered:
            hours[whose] += (one.moment - since) / HOUR
        if one.move == "answer" and not answered:
            answered, whose = one.moment, None
        returned = returned or one.move == "return"
        whose, since = turns.get(str(one.move)), one.moment
    first = [d for d in decisions if d.rule not in ("fallback", "back_to_asker")]
    return Desk(
        practice=row.practice_id.hex,
        priority=str(row.priority),
        sent_on=day(row.sent_at),
        answered_on=day(answered) if answered else None,
        acknowledged_on=day(taken_up) if taken_up else None,
        hours=hours,
        returned=returned,
        to_acknowledge=(taken_up - answered) / HOUR if taken_up else None,
        first=(str(first[0].pool), CLASSES.get(first[0].rule, first[0].rule))
        if first
        else None,
        moved=[(day(d.moment), str(d.pool)) for d in decisions if d.rule == "fallback"],
        said={
            name: (day(mark.moment), getattr(mark, name))
            for name in ("helpful", "instructive")
            if mark and getattr(mark, name) is not None
        },
    )


def second_reads(store):
    """Day, and whether diagnosis group and outcome were the same."""
    with store.reading() as session:
        return [
            (day(one.read_at), one.same_group, one.same_outcome)
            for one in session.scalars(sa.select(SecondRead))
            if one.read_at
        ]


def kappa(pairs):
    """Cohen's, from the table of both readers' categories."""
    n = len(pairs)
    names = {one for pair in pairs for one in pair}
    agreed = sum(a == b for a, b in pairs) / n
    chance = sum(
        sum(a == name for a, _ in pairs) * sum(b == name for _, b in pairs)
        for name in names
    ) / (n * n)
    return (agreed - chance) / (1 - chance)
