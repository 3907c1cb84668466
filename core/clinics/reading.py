"""What belongs to somebody's own clinics: the one place that lets them see it."""

import uuid
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.access.model import OrganisationKind, Scope
from core.clinics.model import AppointmentState
from core.clinics.periods import heads_up_on
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    ClinicSession,
    Finding,
    FindingSeen,
    Histology,
)
from core.kernel import clock
from core.kernel.clock import LONDON
from core.kernel.errors import NotFound
from core.referrals import reading
from core.referrals.tables import Referral
from core.reviews.tables import Opinion


_NOT_YOURS = "There is no such clinic, or it is not yours to see."
# Whoever cannot come any more is nobody's patient here.
THERE = (AppointmentState.BOOKED, AppointmentState.KEPT, AppointmentState.MISSED)


def own(scope: Scope) -> sa.ColumnElement[bool]:
    """The condition on ClinicSession that this person holds it, for this service."""
    if scope.kind is not OrganisationKind.SPECIALIST_SERVICE:
        return sa.false()
    return sa.and_(
        ClinicSession.person_id == scope.person_id,
        ClinicSession.organisation_id == scope.organisation_id,
    )


def open_to(scope: Scope) -> sa.ColumnElement[bool]:
    """The condition on ClinicSession that its referrals may be looked at.

    By whoever holds it, from booking until some days after its day.
    """
    return sa.and_(own(scope), ClinicSession.begins_at >= _oldest())


def in_service(scope: Scope) -> sa.ColumnElement[bool]:
    """The condition on ClinicSession that a colleague may add what comes in later.

    Clinic staff answer nothing and add to their own clinics only.
    """
    if scope.clinics_only or scope.kind is not OrganisationKind.SPECIALIST_SERVICE:
        return own(scope)
    return ClinicSession.organisation_id == scope.organisation_id


def session_of(session: Session, scope: Scope, session_id: uuid.UUID) -> ClinicSession:
    """One's own clinic session. Raises NotFound for anybody else's, and an old one."""
    found = session.scalar(
        sa.select(ClinicSession).where(ClinicSession.id == session_id, open_to(scope))
    )
    if found is None:
        raise NotFound(_NOT_YOURS)
    return found


def appointment_of(
    session: Session, scope: Scope, appointment_id: uuid.UUID
) -> Appointment:
    """An appointment of one's own clinic. Raises NotFound for any other."""
    found = session.scalar(
        _appointments(open_to(scope)).where(Appointment.id == appointment_id)
    )
    if found is None:
        raise NotFound(_NOT_YOURS)
    return found


def appointments_of(session: Session, held: ClinicSession) -> list[Appointment]:
    """Who is there, in order of time."""
    return list(
        session.scalars(
            sa.select(Appointment)
            .where(Appointment.session_id == held.id, Appointment.state.in_(THERE))
            .order_by(Appointment.begins_at, Appointment.id)
        )
    )


def seen_in_clinic(session: Session, scope: Scope, referral_id: uuid.UUID) -> Referral:
    """A referral of one's own clinics. Raises NotFound for any other."""
    there = _appointments(open_to(scope)).where(Appointment.referral_id == referral_id)
    if session.scalar(sa.select(there.exists())):
        return session.get_one(Referral, referral_id)
    raise NotFound("There is no such referral, or it is not yours to see.")


def seen_by(session: Session, scope: Scope, referral_id: uuid.UUID) -> Referral:
    """A referral of one's organisation, or of one's own clinics. Raises NotFound."""
    try:
        return reading.get(session, scope, referral_id)
    except NotFound:
        return seen_in_clinic(session, scope, referral_id)


def opinion_of(session: Session, appointment: Appointment) -> Opinion:
    """The answer that somebody is seen for."""
    return session.scalars(
        sa.select(Opinion)
        .join(ClinicNeed, ClinicNeed.opinion_id == Opinion.id)
        .where(ClinicNeed.id == appointment.need_id)
    ).one()


def answering_scope(opinion: Opinion) -> Scope:
    """As far as whoever answered sees; for what one may see by another way."""
    return Scope(
        opinion.organisation_id, OrganisationKind.SPECIALIST_SERVICE, opinion.person_id
    )


def finding_of(session: Session, appointment_id: uuid.UUID) -> Finding | None:
    """The newest version of what was found."""
    return session.scalar(
        sa.select(Finding)
        .where(Finding.appointment_id == appointment_id)
        .order_by(Finding.version.desc())
        .limit(1)
    )


def histology_of(session: Session, appointment_id: uuid.UUID) -> Histology | None:
    """The newest version of what the laboratory found."""
    return session.scalar(
        sa.select(Histology)
        .where(Histology.appointment_id == appointment_id)
        .order_by(Histology.version.desc())
        .limit(1)
    )


def current() -> sa.Select[Finding, Appointment, Referral, Opinion]:
    """Every finding as it stands now; the caller says whose it wants."""
    later = aliased(Finding)
    newer = sa.select(later.id).where(
        later.appointment_id == Finding.appointment_id,
        later.version > Finding.version,
    )
    return (
        sa.select(Finding, Appointment, Referral, Opinion)
        .join(Appointment, Appointment.id == Finding.appointment_id)
        .join(ClinicNeed, ClinicNeed.id == Appointment.need_id)
        .join(Referral, Referral.id == Finding.referral_id)
        .join(Opinion, Opinion.id == ClinicNeed.opinion_id)
        .where(~newer.exists())
    )


def told(scope: Scope) -> sa.Select[Finding, Appointment, Referral, Opinion]:
    """What was found, for those who asked and who answered.

    A practice is told of its own referrals, a specialist of what they answered.
    """
    query = current().where(reading.visible(scope))
    if scope.kind is OrganisationKind.PRACTICE:
        return query
    return query.where(Opinion.person_id == scope.person_id)


def seer(scope: Scope) -> uuid.UUID:
    """Who sees a finding: the practice as one, or whoever answered."""
    if scope.kind is OrganisationKind.PRACTICE:
        return scope.organisation_id
    return scope.person_id


def not_seen(scope: Scope) -> sa.ColumnElement[bool]:
    """The condition on Finding that it, or its histology, is news here."""
    seen = sa.select(FindingSeen.finding_id).where(
        FindingSeen.finding_id == Finding.id, FindingSeen.seer_id == seer(scope)
    )
    came_since = (
        sa.select(Histology.id)
        .join(FindingSeen, FindingSeen.finding_id == Finding.id)
        .where(
            FindingSeen.seer_id == seer(scope),
            Histology.appointment_id == Finding.appointment_id,
            Histology.moment > FindingSeen.moment,
        )
        .correlate(Finding)
    )
    return sa.or_(~seen.exists(), came_since.exists())


def _appointments(where: sa.ColumnElement[bool]) -> sa.Select[Appointment]:
    return (
        sa.select(Appointment)
        .join(ClinicSession, ClinicSession.id == Appointment.session_id)
        .where(where, Appointment.state.in_(THERE))
    )


def today_begins() -> datetime:
    """Midnight in London: what is coming begins there."""
    return _midnight(0)


def _oldest() -> datetime:
    """Midnight of the first day whose clinics are still open."""
    return _midnight(heads_up_on(clock.today()).open_days)


def _midnight(days_ago: int) -> datetime:
    day = clock.today() - timedelta(days=days_ago)
    return datetime.combine(day, time.min, LONDON)
