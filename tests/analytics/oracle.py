"""The published figures once more, slowly, from the operational rows in plain Python."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from core.referrals.tables import Referral, ReferralEvent
from core.reviews.tables import Opinion
from core.specialties.reference import specialty


LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Case:
    practice: str
    priority: str
    sent: datetime
    answered: datetime | None
    due: datetime
    outcome: str | None
    sent_on: date
    answered_on: date | None


def cases(store):
    with store.reading() as session:
        first = defaultdict(list)
        for event in session.scalars(sa.select(ReferralEvent)):
            if event.move == "answer":
                first[event.referral_id].append(event.moment)
        newest = {}
        for opinion in session.scalars(sa.select(Opinion).order_by(Opinion.version)):
            newest[opinion.referral_id] = opinion.outcome
        return [
            case(row, min(first[row.id], default=None), newest.get(row.id))
            for row in session.scalars(sa.select(Referral))
            if row.sent_at
        ]


def case(row, answered, outcome):
    return Case(
        practice=row.practice_id.hex,
        priority=str(row.priority),
        sent=row.sent_at,
        answered=answered,
        due=row.due_at,
        outcome=outcome,
        sent_on=day(row.sent_at),
        answered_on=day(answered) if answered else None,
    )


def day(moment):
    return moment.astimezone(LONDON).date()


def chosen(found, practice, priority):
    return [
        one
        for one in found
        if practice in ("all", one.practice) and priority in ("all", one.priority)
    ]


def sent_between(found, first, last):
    return [one for one in found if first <= one.sent_on <= last]


def answered_between(found, first, last):
    return [
        one for one in found if one.answered_on and first <= one.answered_on <= last
    ]


def without_visit(found):
    seen = {o.code for o in specialty("dermatology").outcomes if o.face_to_face}
    return [one for one in found if one.outcome not in seen]


def hours(found):
    return sorted((one.answered - one.sent) / timedelta(hours=1) for one in found)


def percentile(ordered, share):
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def shown(count):
    """The rule, written once more from its words."""
    if count == 0:
        return 0
    if count in range(1, 8):
        return None
    return min(range(0, count + 6, 5), key=lambda five: abs(five - count))


def days(row):
    return date.fromisoformat(str(row.first_day)[:10]), date.fromisoformat(
        str(row.last_day)[:10]
    )
