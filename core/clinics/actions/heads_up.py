"""Looks at one's own clinics, and at what was found: each is noted."""

import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from core.access.model import Actor
from core.audit.actions import record
from core.clinics import reading
from core.clinics.actions.seeing import may_see
from core.clinics.tables import ClinicSession, Finding, FindingSeen, HeadsUpSeen
from core.kernel import clock


def mark_seen(
    session: Session, *, by: Actor, session_id: uuid.UUID, number: int
) -> None:
    """Note that its holder has seen a session's list as of change ``number``.

    The look is audited for every patient who is on it.
    """
    may_see(by)
    held = reading.session_of(session, by.scope, session_id)
    seen = session.get(HeadsUpSeen, (held.id, by.person_id), with_for_update=True)
    before = seen.number if seen else 0
    session.merge(
        HeadsUpSeen(
            session_id=held.id,
            person_id=by.person_id,
            number=max(before, number),
            moment=clock.now(),
        )
    )
    session.flush()
    _audit_all(session, by, held, "see_clinic_list")


def note_print(session: Session, *, by: Actor, session_id: uuid.UUID) -> None:
    """Audit, for everybody on it, that a session's list was taken on paper."""
    may_see(by)
    held = reading.session_of(session, by.scope, session_id)
    _audit_all(session, by, held, "print_clinic_list")


def open_patient(session: Session, *, by: Actor, appointment_id: uuid.UUID) -> None:
    """Audit that somebody has opened everything about one patient of theirs."""
    may_see(by)
    found = reading.appointment_of(session, by.scope, appointment_id)
    record(
        session,
        by=by,
        action="see_heads_up",
        entity="appointment",
        entity_id=found.id,
        patient_id=found.patient_id,
    )


def see_findings(
    session: Session, *, by: Actor, finding_ids: Iterable[uuid.UUID]
) -> None:
    """Note what has been seen: by the practice as one, or by whoever answered.

    What is not theirs, and what was seen before, is passed over.
    """
    scope = by.scope
    wanted = reading.told(scope).where(
        Finding.id.in_(list(finding_ids)), reading.not_seen(scope)
    )
    for finding, appointment, _, _ in session.execute(wanted).all():
        session.merge(
            FindingSeen(
                finding_id=finding.id, seer_id=reading.seer(scope), moment=clock.now()
            )
        )
        session.flush()
        record(
            session,
            by=by,
            action="see_finding",
            entity="finding",
            entity_id=finding.id,
            patient_id=appointment.patient_id,
        )


def _audit_all(session: Session, by: Actor, held: ClinicSession, action: str) -> None:
    for one in reading.appointments_of(session, held):
        record(
            session,
            by=by,
            action=action,
            entity="appointment",
            entity_id=one.id,
            patient_id=one.patient_id,
        )
