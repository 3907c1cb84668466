"""What a practice can learn from an answer, and a specialist from the practices."""

import uuid
from dataclasses import dataclass
from statistics import median

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.kernel import words
from core.referrals import reading
from core.referrals.tables import Referral
from core.reviews.tables import Feedback, Opinion


# What somebody remembers of their own work; older answers say little of today's.
_LATEST = 500


@dataclass(frozen=True)
class Said:
    """What the practice said about one version: None where it has not said."""

    helpful: bool | None = None
    instructive: bool | None = None


@dataclass(frozen=True)
class Share:
    """``yes`` out of ``n`` who said."""

    yes: int
    n: int


@dataclass(frozen=True)
class OwnWork:
    """A specialist's latest answers in figures, in words where there are any."""

    answers: int
    to_answer: str
    turnaround: str
    helpful: Share
    instructive: Share


def said(session: Session, scope: Scope, referral_id: uuid.UUID) -> dict[int, Said]:
    """What was said, by version of the answer."""
    referral = reading.get(session, scope, referral_id)
    rows = session.execute(
        sa.select(Opinion.version, Feedback.helpful, Feedback.instructive)
        .join(Feedback, Feedback.opinion_id == Opinion.id)
        .where(Opinion.referral_id == referral.id)
    )
    return {version: Said(helpful, taught) for version, helpful, taught in rows}


def own_work(session: Session, scope: Scope) -> OwnWork:
    """The latest 500 first answers of this person."""
    rows = session.execute(
        sa.select(
            Opinion.seconds,
            Opinion.moment,
            Referral.sent_at,
            Feedback.helpful,
            Feedback.instructive,
        )
        .join(Referral, Referral.id == Opinion.referral_id)
        .outerjoin(Feedback, Feedback.opinion_id == Opinion.id)
        .where(
            reading.visible(scope),
            Opinion.person_id == scope.person_id,
            Opinion.version == 1,
        )
        .order_by(Opinion.moment.desc())
        .limit(_LATEST)
    ).all()
    if not rows:
        return OwnWork(0, "", "", Share(0, 0), Share(0, 0))
    waits = [(row.moment - row.sent_at).total_seconds() for row in rows]
    return OwnWork(
        answers=len(rows),
        to_answer=words.length(median(row.seconds for row in rows)),
        turnaround=words.length(median(waits)),
        helpful=_share([row.helpful for row in rows]),
        instructive=_share([row.instructive for row in rows]),
    )


def _share(said_by: list[bool | None]) -> Share:
    given = [one for one in said_by if one is not None]
    return Share(sum(given), len(given))
