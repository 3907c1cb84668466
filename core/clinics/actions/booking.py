"""Accept lines of a plan, give places back. Nothing is ever booked over something.

Rows are held in one order, sessions before needs, so that two bookers wait for each
other instead of standing in each other's way.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import Actor
from core.clinics import places
from core.clinics.actions.stepping import lock_need, note_change, step
from core.clinics.actions.telling import tell_booked, tell_cancelled
from core.clinics.model import (
    STEP_MINUTES,
    AppointmentState,
    ChangeKind,
    LineState,
    NeedMove,
    NeedState,
    SessionState,
)
from core.clinics.tables import (
    Appointment,
    AppointmentTime,
    ClinicNeed,
    ClinicPlan,
    ClinicSession,
    PlanLine,
)
from core.clinics.waiting import bookable, booked_place
from core.kernel import clock, words
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


@dataclass(frozen=True)
class Booked:
    """What became of the lines: how many are booked, and why the others are not."""

    appointments: int
    refused: tuple[tuple[uuid.UUID, str], ...]


def accept(
    session: Session, *, by: Actor, plan_id: uuid.UUID, line_ids: Iterable[uuid.UUID]
) -> Booked:
    """Make appointments of the chosen lines. What is booked already stays booked.

    A line whose place or need has changed since is refused, with its reason in words;
    the others go through.
    """
    if not access.may_plan_clinics(by):
        raise NotAllowed("Only a service manager books clinics.")
    plan = session.get(ClinicPlan, plan_id, with_for_update=True)
    if plan is None:
        raise NotFound("There is no such plan.")
    lines = _lines(session, plan_id, line_ids)
    held = _hold_sessions(session, {one.session_id for one in lines})
    booked, refused = 0, []
    for line in lines:
        if line.state is not LineState.PROPOSED:
            continue
        said = _accept(session, by, line, held)
        line.state = LineState.REFUSED if said else LineState.ACCEPTED
        line.decided_by, line.decided_at, line.words = by.person_id, clock.now(), said
        if said:
            refused.append((line.need_id, said))
        else:
            booked += 1
    session.flush()
    return Booked(booked, tuple(refused))


def decline(
    session: Session, *, by: Actor, plan_id: uuid.UUID, line_ids: Iterable[uuid.UUID]
) -> int:
    """Say no to lines; who they are about waits on. Returns how many."""
    if not access.may_plan_clinics(by):
        raise NotAllowed("Only a service manager books clinics.")
    open_ones = [
        one
        for one in _lines(session, plan_id, line_ids)
        if one.state is LineState.PROPOSED
    ]
    for line in open_ones:
        line.state = LineState.DECLINED
        line.decided_by, line.decided_at = by.person_id, clock.now()
    return len(open_ones)


def unbook(session: Session, *, by: Actor, need_id: uuid.UUID, reason: str) -> None:
    """Give a place back; the patient waits for the next plan.

    Raises Invalid without a reason, and Conflict once the appointment's time has come:
    what became of it is for whoever holds the clinic to record.
    """
    if not reason.strip():
        raise Invalid("Say why the appointment is given back.", field="reason")
    need = hold(session, bookable(session, by, need_id))
    place = booked_place(session, need.id)
    if place and place[0].begins_at <= clock.now():
        raise Conflict(
            "The time of this appointment has come. Whoever holds the clinic records "
            "what happened."
        )
    unbook_held(session, by, need, reason.strip())


def release_all(
    session: Session, by: Actor, clinic_session: ClinicSession, reason: str
) -> int:
    """Give back all places of a session that does not take place.

    The session's row is held by the caller. Returns how many; all wait again, and are
    planned anew.
    """
    needs = session.scalars(
        sa.select(Appointment.need_id)
        .where(
            Appointment.session_id == clinic_session.id,
            Appointment.state == AppointmentState.BOOKED,
        )
        .order_by(Appointment.need_id)
    ).all()
    for need_id in needs:
        unbook_held(session, by, lock_need(session, need_id), reason)
    return len(needs)


def hold(session: Session, need: ClinicNeed) -> ClinicNeed:
    """Hold a need, and before it the session that it is booked into."""
    place = booked_place(session, need.id)
    if place:
        _hold_sessions(session, {place[0].session_id})
    return lock_need(session, need.id)


def unbook_held(session: Session, by: Actor, need: ClinicNeed, reason: str) -> None:
    """Give the place of a need that is held back, and tell everyone it concerns."""
    place = booked_place(session, need.id)
    if place is None:
        raise Conflict("There is no appointment to give back. Reload the page.")
    appointment, clinic_session, site = place
    session.execute(
        sa.delete(AppointmentTime).where(
            AppointmentTime.appointment_id == appointment.id
        )
    )
    appointment.state = AppointmentState.CANCELLED
    appointment.ended_at, appointment.ended_reason = clock.now(), reason[:200]
    session.flush()
    note_change(
        session,
        clinic_session.id,
        ChangeKind.LEFT,
        f"{words.time_of_day(appointment.begins_at)} given back",
        appointment.id,
    )
    tell_cancelled(session, appointment, site)
    # Whatever was planned for them before no longer fits.
    need.version += 1
    step(
        session,
        by,
        need,
        NeedMove.UNBOOK,
        appointment_id=appointment.id,
        reason=reason,
    )


def _lines(
    session: Session, plan_id: uuid.UUID, line_ids: Iterable[uuid.UUID]
) -> list[PlanLine]:
    return list(
        session.scalars(
            sa.select(PlanLine)
            .where(
                PlanLine.plan_id == plan_id,
                PlanLine.id.in_(list(line_ids)),
                PlanLine.session_id.is_not(None),
            )
            .order_by(PlanLine.need_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _hold_sessions(
    session: Session, ids: set[uuid.UUID | None]
) -> dict[uuid.UUID, ClinicSession]:
    rows = session.scalars(
        sa.select(ClinicSession)
        .where(ClinicSession.id.in_(one for one in ids if one))
        .order_by(ClinicSession.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {one.id: one for one in rows}


def _accept(
    session: Session,
    by: Actor,
    line: PlanLine,
    held: dict[uuid.UUID, ClinicSession],
) -> str:
    """Book one line; else why not."""
    need = lock_need(session, line.need_id)
    place = held.get(line.session_id) if line.session_id else None
    said = _stale(line, need, place)
    if said or place is None:
        return said
    try:
        with session.begin_nested():
            return _book(session, by, line, need, place)
    except IntegrityError:
        # The database's own keys: somebody was quicker than we could see.
        return "The place was taken at the same moment. Plan again."


def _stale(line: PlanLine, need: ClinicNeed, place: ClinicSession | None) -> str:
    if line.later:
        return "Too far ahead to be booked now. It is planned anew the next time."
    if need.state is NeedState.BOOKED:
        return "They already have an appointment."
    if need.state is not NeedState.WAITING:
        return f"They do not wait any more: {need.state.label.lower()}."
    if need.version != line.need_version:
        return "What they need has changed since this plan was made. Plan again."
    if place is None or place.state is not SessionState.OPEN:
        return "The session does not take place any more. Plan again."
    if place.begins_at <= clock.now():
        return "The session has begun. Plan again."
    return ""


def _book(
    session: Session,
    by: Actor,
    line: PlanLine,
    need: ClinicNeed,
    place: ClinicSession,
) -> str:
    taken = _taken(session, place.id)
    gap = _wanted(line, place, taken) or places.room_for(
        place.minutes, need.minutes, place.template, taken
    )
    if gap is None:
        return "The session has filled up since this plan was made. Plan again."
    begins_at = place.begins_at + timedelta(minutes=gap.first * STEP_MINUTES)
    if _elsewhere(session, need, begins_at, gap.minutes):
        return "The patient already has an appointment at that time. Plan again."
    appointment = Appointment(
        need_id=need.id,
        referral_id=need.referral_id,
        patient_id=need.patient_id,
        session_id=place.id,
        plan_line_id=line.id,
        begins_at=begins_at,
        minutes=gap.minutes,
        state=AppointmentState.BOOKED,
        booked_at=clock.now(),
        booked_by=by.person_id,
    )
    session.add(appointment)
    session.flush()
    session.add_all(
        AppointmentTime(session_id=place.id, step=one, appointment_id=appointment.id)
        for one in places.steps_of(gap.first, gap.minutes)
    )
    session.flush()
    line.begins_at = begins_at
    note_change(
        session,
        place.id,
        ChangeKind.ADDED,
        f"{words.time_of_day(begins_at)} added",
        appointment.id,
    )
    tell_booked(session, appointment, place)
    step(session, by, need, NeedMove.BOOK, appointment_id=appointment.id)
    return ""


def _taken(session: Session, session_id: uuid.UUID) -> set[int]:
    return set(
        session.scalars(
            sa.select(AppointmentTime.step).where(
                AppointmentTime.session_id == session_id
            )
        )
    )


def _wanted(line: PlanLine, place: ClinicSession, taken: set[int]) -> places.Gap | None:
    """The very place that the plan says, where it is still free."""
    if line.begins_at is None:
        return None
    first = (
        int((line.begins_at - place.begins_at).total_seconds()) // 60 // STEP_MINUTES
    )
    gap = places.Gap(first, line.minutes // STEP_MINUTES)
    steps = places.steps_of(gap.first, gap.minutes)
    inside = first >= 0 and steps.stop * STEP_MINUTES <= place.minutes
    return gap if inside and not taken.intersection(steps) else None


def _elsewhere(
    session: Session, need: ClinicNeed, begins_at: datetime, minutes: int
) -> bool:
    """Whether the patient is to be somewhere else meanwhile, for another referral."""
    ends_at = begins_at + timedelta(minutes=minutes)
    others = session.scalars(
        sa.select(Appointment).where(
            Appointment.patient_id == need.patient_id,
            Appointment.state == AppointmentState.BOOKED,
        )
    )
    return any(
        one.begins_at < ends_at
        and begins_at < one.begins_at + timedelta(minutes=one.minutes)
        for one in others
    )
