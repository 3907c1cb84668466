"""Moves of booked patients that would pay, in words; and bookings that no longer fit."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.access.tables import Membership, Person
from core.clinics.inputs import Inputs, StretchIn, may_do
from core.clinics.matching.moves import Move
from core.clinics.model import AppointmentState, NeedState, SessionState
from core.clinics.periods import policy_on
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    ClinicSession,
    ClinicStaff,
    Room,
    Site,
)
from core.clinics.waiting import refuse_but_managers
from core.kernel import clock, words
from core.referrals.tables import Referral
from core.specialties.reference import specialty


@dataclass(frozen=True)
class Suggestion:
    """A move that would pay: of whom, from where, to where, and what it saves."""

    need_id: uuid.UUID
    reference: str
    now: str
    better: str
    saves: str
    sooner: str


def suggestions(
    session: Session, scope: Scope, inputs: Inputs, found: Sequence[Move]
) -> list[Suggestion]:
    """The moves found, dearest first, by reference."""
    refuse_but_managers(scope)
    shown = []
    for one in sorted(found, key=lambda move: -move.saves):
        need = session.get_one(ClinicNeed, uuid.UUID(inputs.needs[one.case].id))
        shown.append(
            Suggestion(
                need.id,
                session.get_one(Referral, need.referral_id).reference,
                _place(session, inputs, one.at),
                _place(session, inputs, one.to),
                f"£{one.saves / 100:,.0f}",
                _late(one),
            )
        )
    return shown


def no_longer_fit(session: Session, scope: Scope) -> list[str]:
    """Booked patients whose need has changed beyond what their place can do."""
    refuse_but_managers(scope)
    rows = session.execute(
        sa.select(
            Appointment,
            ClinicNeed,
            ClinicSession,
            ClinicStaff.procedures,
            Membership.grade,
            Room.equipment,
            Referral.reference,
        )
        .join(ClinicNeed, ClinicNeed.id == Appointment.need_id)
        .join(Referral, Referral.id == Appointment.referral_id)
        .join(ClinicSession, ClinicSession.id == Appointment.session_id)
        .join(
            ClinicStaff,
            (ClinicStaff.person_id == ClinicSession.person_id)
            & (ClinicStaff.organisation_id == ClinicSession.organisation_id),
        )
        .join(
            Membership,
            (Membership.person_id == ClinicSession.person_id)
            & (Membership.organisation_id == ClinicSession.organisation_id)
            & Membership.ended_at.is_(None),
        )
        .outerjoin(Room, Room.id == ClinicSession.room_id)
        .where(
            Appointment.state == AppointmentState.BOOKED,
            Appointment.begins_at > clock.now(),
            ClinicNeed.state == NeedState.BOOKED,
            ClinicSession.state == SessionState.OPEN,
        )
        .order_by(Appointment.begins_at)
    ).all()
    policy = policy_on(clock.today())
    said = []
    for appointment, need, held, procedures, grade, equipment, reference in rows:
        stretch = StretchIn(
            session=str(held.id),
            first=0,
            minutes=held.minutes,
            day=0,
            site=str(held.site_id),
            staff=str(held.person_id),
            grade=str(grade),
            procedures=procedures,
            equipment=equipment or [],
        )
        kind = (need.procedure, need.complexity.value, need.lowest_grade.value)
        procedure = specialty(need.specialty).procedure(need.procedure)
        able = may_do(kind, stretch, procedure.equipment, policy)
        if able and need.minutes <= appointment.minutes:
            continue
        when = words.moment_in_words(appointment.begins_at)
        why = (
            f"needs {need.minutes} minutes and has {appointment.minutes}"
            if able
            else f"needs {procedure.label.lower()}, which cannot be done there"
        )
        said.append(f"{reference}, {when}: {why}.")
    return said


def _place(session: Session, inputs: Inputs, at: int) -> str:
    one = inputs.stretches[at]
    held = session.get_one(ClinicSession, uuid.UUID(one.session))
    site = session.get_one(Site, held.site_id).name
    who = session.get_one(Person, held.person_id).name
    return f"{words.day(held.begins_at)}, {site}, {who}"


def _late(move: Move) -> str:
    before, after = move.late_days_before, move.late_days_after
    if not before:
        return "in time as before"
    was = words.plural(before, "day")
    return (
        f"{words.plural(after, 'day')} late instead of {was}"
        if after
        else (f"in time instead of {was} late")
    )
