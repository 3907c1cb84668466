"""Which clinic needs there are to be taken in, and what belongs to a need."""

import uuid
from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.access import rules as access
from core.access.model import Actor, OrganisationKind, Scope
from core.clinics.model import AppointmentState, NeedState
from core.clinics.tables import Appointment, ClinicNeed, ClinicSession, Site
from core.contracts.reference import agreement, specialty_under
from core.contracts.tables import ContractVersion
from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound
from core.referrals import reading as referrals
from core.referrals.model import State
from core.referrals.tables import Referral
from core.reviews.tables import Opinion


# Whose need may still change with the answer.
UNSEEN = (NeedState.WAITING, NeedState.BOOKED, NeedState.NOT_ATTENDED)


def newest_answers(
    session: Session, limit: int, until: datetime | None = None
) -> list[tuple[Referral, Opinion, ClinicNeed | None]]:
    """Open answers whose newest version no clinic need has followed yet, held."""
    later = aliased(Opinion)
    newer = sa.select(later.id).where(
        later.referral_id == Opinion.referral_id, later.version > Opinion.version
    )
    query = (
        sa.select(Referral, Opinion, ClinicNeed)
        .join(Opinion, Opinion.referral_id == Referral.id)
        .outerjoin(ClinicNeed, ClinicNeed.referral_id == Referral.id)
        .where(
            Referral.state == State.ANSWERED,
            Opinion.moment <= (until or clock.now()),
            ~newer.exists(),
            sa.or_(
                sa.and_(ClinicNeed.id.is_(None), _leads_to_clinic(session)),
                sa.and_(
                    ClinicNeed.opinion_id != Opinion.id, ClinicNeed.state.in_(UNSEEN)
                ),
            ),
        )
        .order_by(Opinion.moment)
        .limit(limit)
        .with_for_update(of=Referral, skip_locked=True)
    )
    return [(one[0], one[1], one[2]) for one in session.execute(query)]


def _leads_to_clinic(session: Session) -> sa.ColumnElement[bool]:
    """For each contract version: the outcomes that its clinics are booked for here."""
    versions = session.scalars(sa.select(ContractVersion.id)).all()
    return sa.and_(
        Opinion.see_by.is_not(None),
        sa.or_(
            sa.false(),
            *(
                sa.and_(
                    Referral.contract_version_id == one,
                    Opinion.outcome.in_(clinic_outcomes(session, one)),
                    Opinion.moment >= _begins(session, one),
                )
                for one in versions
            ),
        ),
    )


def _begins(session: Session, version_id: uuid.UUID) -> datetime:
    clinics = agreement(session, version_id).terms.clinics
    day = (clinics.begins if clinics else None) or date.min
    return datetime.combine(day, time.min, UTC)


def clinic_outcomes(session: Session, version_id: uuid.UUID) -> list[str]:
    """Codes of the outcomes that lead to a clinic booked here."""
    if agreement(session, version_id).terms.clinics is None:
        return []
    return [
        one.code
        for one in specialty_under(session, version_id).outcomes
        if one.face_to_face and not one.onward
    ]


def need_of_referral(session: Session, referral_id: uuid.UUID) -> ClinicNeed | None:
    """The clinic need of a referral, if it has one."""
    return session.scalar(
        sa.select(ClinicNeed).where(ClinicNeed.referral_id == referral_id)
    )


def booked_place(
    session: Session, need_id: uuid.UUID
) -> tuple[Appointment, ClinicSession, Site] | None:
    """The appointment that a need has now, with its session and site."""
    found = session.execute(
        sa.select(Appointment, ClinicSession, Site)
        .join(ClinicSession, ClinicSession.id == Appointment.session_id)
        .join(Site, Site.id == ClinicSession.site_id)
        .where(
            Appointment.need_id == need_id,
            Appointment.state == AppointmentState.BOOKED,
        )
    ).first()
    return (found[0], found[1], found[2]) if found else None


def own_need(session: Session, scope: Scope, need_id: uuid.UUID) -> ClinicNeed:
    """A need whose referral the scope may see. Raises NotFound."""
    found = session.scalar(
        sa.select(ClinicNeed)
        .join(Referral, Referral.id == ClinicNeed.referral_id)
        .where(ClinicNeed.id == need_id, referrals.visible(scope))
    )
    if found is None:
        raise NotFound("There is nobody to be seen here, or it is not yours to see.")
    return found


def bookable(session: Session, by: Actor, need_id: uuid.UUID) -> ClinicNeed:
    """A need whose place this person may give back. Raises NotFound.

    Managers plan for everyone; clinic staff hold the session; the others go by what
    they may see.
    """
    found = session.get(ClinicNeed, need_id)
    if access.may_plan_clinics(by) and found is not None:
        return found
    place = booked_place(session, need_id)
    if place and place[1].person_id == by.person_id and found is not None:
        return found
    return own_need(session, by.scope, need_id)


def refuse_but_managers(scope: Scope) -> None:
    """Raise NotAllowed for anyone but the platform's own people."""
    if scope.kind is not OrganisationKind.PLATFORM:
        raise NotAllowed("Only a service manager plans clinics.")
