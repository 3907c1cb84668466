"""The practice's weblinks: how far each patient is, and what has to be done."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.access.model import Scope
from core.contracts.reference import in_force
from core.invitations.model import UNFINISHED, InvitationState, StopReason, Way
from core.invitations.tables import Invitation
from core.kernel import clock, words
from core.kernel.errors import ServiceError
from core.notify.tables import Outbox
from core.referrals import reading
from core.referrals.model import State
from core.referrals.presenters.lists import Row, rows_of
from core.referrals.tables import Referral


@dataclass(frozen=True)
class Progress:
    """How far a patient is. Moments in words; "" where it has not happened."""

    state: InvitationState
    way: Way
    address: str
    language: str
    sent: str
    delivered: str
    bounced: str
    opened: str
    begun: str
    finished: str
    ends: str
    reminders: int
    stopped: str

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Sent, delivered, opened, begun, finished: each with its moment."""
        return (
            ("Sent", self.sent),
            ("Delivered", self.delivered),
            ("Opened", self.opened),
            ("Begun", self.begun),
            ("Finished", self.finished),
        )


def invites(session: Session, scope: Scope, specialty: str = "dermatology") -> bool:
    """Whether the practice's contract has weblinks for patients."""
    try:
        agreed = in_force(
            session,
            practice_id=scope.organisation_id,
            specialty=specialty,
            on=clock.today(),
        )
    except ServiceError:
        return False
    return agreed.terms.invitations is not None


def progress(session: Session, scope: Scope, referral_id: uuid.UUID) -> Progress | None:
    """How far the patient of a referral is; None where there is no weblink."""
    referral = reading.get(session, scope, referral_id)
    invitation = session.scalar(
        sa.select(Invitation).where(Invitation.referral_id == referral.id)
    )
    return _progress(session, invitation) if invitation else None


def with_patients(session: Session, scope: Scope) -> list[tuple[Row, Progress]]:
    """Referrals that wait for their patients, the oldest first."""
    query = _of(scope, State.AWAITING_PATIENT).where(~_shut_out())
    return _with_progress(session, query)


def to_look_at(session: Session, scope: Scope) -> list[tuple[Row, Progress]]:
    """What patients sent or stopped, what ran out, and whom nothing reaches or who is
    locked out: the practice decides.
    """
    return _with_progress(session, _to_look_at(scope))


def how_many(session: Session, scope: Scope) -> tuple[int, int]:
    """How many wait for their patients, and how many for the practice to look at."""
    waiting = _of(scope, State.AWAITING_PATIENT).where(~_shut_out())
    return _count(session, waiting), _count(session, _to_look_at(scope))


def _count(session: Session, query: sa.Select[Referral]) -> int:
    bare = query.order_by(None).with_only_columns(Referral.id).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(bare)) or 0


def _shut_out() -> sa.ColumnElement[bool]:
    """Nothing comes by itself: locked, or the last message could not be delivered."""
    later = aliased(Outbox)
    last = ~(
        sa.select(later.id)
        .where(later.about_id == Outbox.about_id, later.created_at > Outbox.created_at)
        .exists()
    )
    bounced = (
        sa.select(Outbox.id)
        .where(Outbox.about_id == Invitation.id, Outbox.bounced_at.is_not(None), last)
        .correlate(Invitation)
        .exists()
    )
    return sa.or_(Invitation.state == InvitationState.LOCKED, bounced)


def _to_look_at(scope: Scope) -> sa.Select[Referral]:
    stuck = sa.and_(Referral.state == State.AWAITING_PATIENT, _shut_out())
    theirs = Referral.state.in_((State.PRACTICE_REVIEW, State.LAPSED))
    return _invited(scope).where(sa.or_(theirs, stuck))


def _invited(scope: Scope) -> sa.Select[Referral]:
    return (
        sa.select(Referral)
        .join(Invitation, Invitation.referral_id == Referral.id)
        .where(reading.visible(scope))
        .order_by(Invitation.changed_at)
    )


def _of(scope: Scope, *states: State) -> sa.Select[Referral]:
    return _invited(scope).where(Referral.state.in_(states))


def _with_progress(
    session: Session, query: sa.Select[Referral]
) -> list[tuple[Row, Progress]]:
    rows = rows_of(session, query, "Changed")
    found = session.scalars(
        sa.select(Invitation).where(
            Invitation.referral_id.in_([one.referral_id for one in rows])
        )
    )
    by_referral = {one.referral_id: one for one in found}
    return [(one, _progress(session, by_referral[one.referral_id])) for one in rows]


def _progress(session: Session, invitation: Invitation) -> Progress:
    posted = session.scalar(
        sa.select(Outbox)
        .where(Outbox.about_id == invitation.id)
        .order_by(Outbox.created_at.desc())
        .limit(1)
    )
    unfinished = invitation.state in UNFINISHED
    return Progress(
        state=invitation.state,
        way=invitation.way,
        address=invitation.address,
        language=invitation.language,
        sent=_words(invitation.sent_at),
        delivered=_words(posted.delivered_at if posted else None),
        bounced=_words(posted.bounced_at if posted else None),
        opened=_words(invitation.opened_at),
        begun=_words(invitation.verified_at),
        finished=_words(invitation.finished_at),
        ends=words.day(invitation.expires_at) if unfinished else "",
        reminders=invitation.reminders,
        stopped=StopReason(invitation.stopped_for).label
        if invitation.stopped_for
        else "",
    )


def _words(moment: datetime | None) -> str:
    return words.moment_in_words(moment) if moment else ""
