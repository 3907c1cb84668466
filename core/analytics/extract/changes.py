"""What moved in the store since it was last read, found by the times in its rows.

A time is taken when an action runs, and is seen when its transaction commits. One that
commits late, under a time that has been read past, must not be lost: changes are looked
for from before the oldest transaction that was open when the store was last read, and
from a good while before that again. What is found twice is counted anew twice, which
changes nothing.

Patients have no time of change, because nothing changes them after they are registered.
The name of a practice, a contract, a grade are read whole each time.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.clinics.model import SessionState
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    ClinicPlan,
    ClinicSession,
    Finding,
    Histology,
    NeedEvent,
)
from core.imaging.tables import Image
from core.invitations.tables import Invitation, InvitationEvent
from core.kernel import clock
from core.referrals.tables import (
    Acknowledgement,
    Escalated,
    Referral,
    ReferralEvent,
    RoutingDecision,
    StepTime,
)
from core.reviews.tables import (
    Feedback,
    ImageMark,
    Onward,
    OnwardMove,
    Opinion,
    SecondRead,
)
from core.store.base import Base
from core.store.engine import Store


# An action computes its time, waits for its turn, writes and commits within seconds; the
# clocks of two machines differ by less.
MARGIN = timedelta(minutes=15)

Column: TypeAlias = sa.SQLColumnExpression[Any]
# A table, when a row of it changed, which referral's it is, and how to get there.
_Tracked: TypeAlias = tuple[
    type[Base], Column, Column, tuple[type[Base], Column] | None
]


def _by_answer(table: type[Base], moment: Column, opinion_id: Column) -> _Tracked:
    return table, moment, Opinion.referral_id, (Opinion, Opinion.id == opinion_id)


def _of_picture(moment: Column) -> _Tracked:
    joined = Image.id == ImageMark.image_id
    return ImageMark, moment, Image.referral_id, (Image, joined)


_INVITATION = (Invitation, Invitation.id == InvitationEvent.invitation_id)
_ONWARD = (Onward, Onward.id == OnwardMove.onward_id)
_NEED = (ClinicNeed, ClinicNeed.id == NeedEvent.need_id)
_TRACKED: tuple[_Tracked, ...] = (
    (Referral, Referral.changed_at, Referral.id, None),
    (ReferralEvent, ReferralEvent.moment, ReferralEvent.referral_id, None),
    (StepTime, StepTime.changed_at, StepTime.referral_id, None),
    (RoutingDecision, RoutingDecision.moment, RoutingDecision.referral_id, None),
    (Opinion, Opinion.moment, Opinion.referral_id, None),
    (Acknowledgement, Acknowledgement.moment, Acknowledgement.referral_id, None),
    _by_answer(Feedback, Feedback.moment, Feedback.opinion_id),
    (SecondRead, SecondRead.created_at, SecondRead.referral_id, None),
    (SecondRead, SecondRead.read_at, SecondRead.referral_id, None),
    (SecondRead, SecondRead.settled_at, SecondRead.referral_id, None),
    (Onward, Onward.escalated_at, Onward.referral_id, None),
    (OnwardMove, OnwardMove.moment, Onward.referral_id, _ONWARD),
    _of_picture(ImageMark.made_at),
    _of_picture(ImageMark.removed_at),
    (Invitation, Invitation.changed_at, Invitation.referral_id, None),
    (InvitationEvent, InvitationEvent.moment, Invitation.referral_id, _INVITATION),
    (Escalated, Escalated.moment, Escalated.referral_id, None),
    (Escalated, Escalated.settled_at, Escalated.referral_id, None),
    (ClinicNeed, ClinicNeed.changed_at, ClinicNeed.referral_id, None),
    (NeedEvent, NeedEvent.moment, ClinicNeed.referral_id, _NEED),
    (Finding, Finding.moment, Finding.referral_id, None),
    (Histology, Histology.moment, Histology.referral_id, None),
)
_LINK_SENT = Invitation.sent_at.is_not(None)
_CROSSES = sa.or_(
    Escalated.referral_id.in_(
        sa.select(Referral.id).where(Referral.sent_at.is_not(None))
    ),
    Escalated.referral_id.in_(sa.select(Invitation.referral_id).where(_LINK_SENT)),
)
# Who is connected is the same throughout a transaction: asked in one of its own.
_OLDEST_OPEN = sa.text(
    "select min(xact_start) from pg_stat_activity "
    "where datname = current_database() and pid <> pg_backend_pid() "
    "and backend_type = 'client backend'"
)


@dataclass(frozen=True)
class Watermark:
    """Tells one state of the store from the next, cheaply.

    Of each kind of change how many there were since a moment, and the newest: counted,
    because times alone miss what commits late under an earlier time. Of referrals sent,
    and of what moves no referral in clinics, how many there are in all. A change that
    moves nothing (a practice's new name) is seen with the next one that does.
    """

    changes: tuple[tuple[int, datetime | None], ...]
    sent: int
    in_clinics: tuple[int, ...]

    @property
    def text(self) -> str:
        """To be kept beside what was built, and compared."""
        moved = "; ".join(f"{many} to {newest}" for many, newest in self.changes)
        return f"{self.sent} sent, clinics {self.in_clinics}, moved {moved}"


def safe_point(source: Store) -> datetime:
    """Before the earliest time that a transaction still to be seen can have written.

    To be asked before the store is read: what begins later is later.
    """
    now = clock.now()
    with source.reading() as session:
        if session.get_bind().dialect.name != "postgresql":
            # Its one writer is done within the margin.
            return now - MARGIN
        oldest = session.scalar(_OLDEST_OPEN)
    return min(now, oldest or now) - MARGIN


def watermark(session: Session, since: datetime) -> Watermark:
    """Where the store stands, as far as it moved since."""
    changes = tuple(
        session.execute(
            sa.select(sa.func.count(), sa.func.max(moment)).where(moment >= since)
        ).one()
        for _, moment, *_ in _TRACKED
    )
    cancelled = ClinicSession.state == SessionState.CANCELLED
    in_clinics = (
        count(session, ClinicPlan),
        count(session, ClinicSession),
        count(session, ClinicSession, cancelled),
    )
    return Watermark(
        tuple((many, newest) for many, newest in changes), _sent(session), in_clinics
    )


def changed_since(session: Session, since: datetime) -> list[uuid.UUID]:
    """Referrals of which anything changed since then, in order; drafts among them."""
    # One by one: each is then found by its own index, and none is weighed against others.
    found = {
        one for tracked in _TRACKED for one in session.scalars(_found(tracked, since))
    }
    return sorted(found)


def row_counts(session: Session) -> dict[str, int]:
    """How many rows tables of the mart have to have, by their names."""
    drafts = sa.select(Referral.id).where(Referral.sent_at.is_(None))
    unsent = count(session, ReferralEvent, ReferralEvent.referral_id.in_(drafts))
    return {
        "referral": _sent(session),
        "event": count(session, ReferralEvent) - unsent,
        "routing": count(session, RoutingDecision),
        "second_read": count(session, SecondRead),
        "onward": count(session, Onward),
        "clinic_session": count(session, ClinicSession),
        "clinic_need": count(session, ClinicNeed),
        "appointment": count(session, Appointment),
        "invitation": count(session, Invitation, _LINK_SENT),
        "escalation": count(session, Escalated, _CROSSES),
    }


def count(session: Session, table: type[Base], *where: sa.ColumnElement[bool]) -> int:
    """How many rows of a table are so."""
    return (
        session.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0
    )


def _sent(session: Session) -> int:
    return count(session, Referral, Referral.sent_at.is_not(None))


def _found(tracked: _Tracked, since: datetime) -> sa.Select[Any]:
    table, moment, referral, between = tracked
    found = sa.select(referral).select_from(table).where(moment >= since)
    return found.join(*between) if between else found
