"""Whose visit it is, asked at every click: the one way to a patient's referral."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.tables import Organisation
from core.invitations import rules
from core.invitations.actions.issuing import terms_of
from core.invitations.limits import limits
from core.invitations.model import InvitationState, LinkTrouble, Trouble, Visitor
from core.invitations.tables import Invitation, Link, Visit
from core.kernel import clock


_ENDINGS = {
    InvitationState.EXPIRED: Trouble.EXPIRED,
    InvitationState.CANCELLED: Trouble.CANCELLED,
    InvitationState.LOCKED: Trouble.LOCKED,
}


def visitor(session: Session, secret: str) -> Visitor:
    """Who is behind a secret. Raises LinkTrouble."""
    visit, invitation = held_visit(session, secret, hold=False)
    return as_visitor(session, visit, invitation)


def as_visitor(session: Session, visit: Visit, invitation: Invitation) -> Visitor:
    """A visit as somebody who acts."""
    return Visitor(
        visit_id=visit.id,
        invitation_id=invitation.id,
        referral_id=invitation.referral_id,
        patient_id=invitation.patient_id,
        practice_id=invitation.practice_id,
        practice=session.get_one(Organisation, invitation.practice_id).name,
        language=visit.language,
        proved=visit.proved_at is not None,
        state=invitation.state,
    )


def held_visit(
    session: Session, secret: str, *, hold: bool = True
) -> tuple[Visit, Invitation]:
    """A visit and its invitation, held against others. Raises LinkTrouble."""
    wanted = rules.hashed(secret)
    visit = session.scalar(sa.select(Visit).where(Visit.secret_hash == wanted))
    if visit is None or not rules.same(visit.secret_hash, wanted):
        raise LinkTrouble(Trouble.VISIT_OVER)
    query = sa.select(Invitation).where(Invitation.id == visit.invitation_id)
    invitation = session.scalars(query.with_for_update() if hold else query).one()
    trouble = trouble_of(session, invitation) or _ended(visit)
    if trouble is not None:
        raise LinkTrouble(trouble)
    return visit, invitation


def trouble_of(
    session: Session, invitation: Invitation, link: Link | None = None
) -> Trouble | None:
    """Why an invitation, or one of its links, opens nothing; None: it does."""
    now = clock.now()
    if invitation.state in _ENDINGS:
        return _ENDINGS[invitation.state]
    if invitation.wrong_dates >= tries(session, invitation):
        return Trouble.LOCKED
    if invitation.expires_at < now:
        return Trouble.EXPIRED
    if link is None:
        return None
    if link.ended_at is not None:
        return Trouble.RENEWED
    over = link.expires_at is not None and link.expires_at < now
    return Trouble.EXPIRED if over else None


def tries(session: Session, invitation: Invitation) -> int:
    """Wrong dates of birth until nothing opens any more."""
    return terms_of(session, invitation.contract_version_id).tries


def visited_too_often(session: Session, link: Link) -> bool:
    """Whether more browsers opened a link in an hour than one patient has."""
    since = clock.now() - timedelta(hours=1)
    recent = sa.select(sa.func.count()).where(
        Visit.link_id == link.id, Visit.started_at > since
    )
    return (session.scalar(recent) or 0) >= limits().visits_of_one_link


def _ended(visit: Visit) -> Trouble | None:
    now = clock.now()
    idle = now - visit.seen_at > limits().idle
    over = visit.ended_at or idle or now - visit.started_at > limits().longest
    return Trouble.VISIT_OVER if over else None
