"""Fill in a draft. Each call saves at once: a closed tab loses nothing."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import Actor, Role
from core.contracts.model import Priority
from core.contracts.reference import in_force
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.kernel.ids import new_reference
from core.patients.tables import Patient
from core.referrals import rules
from core.referrals.actions.moving import lock_own, move, note_change
from core.referrals.actions.telling import end_invitation
from core.referrals.model import (
    EDITABLE,
    ConsentForm,
    ConsentGiver,
    ConsentLevel,
    Move,
    Route,
    State,
    Step,
)
from core.referrals.tables import Consent, HistoryAnswer, Lesion, Referral, StepTime
from core.specialties.model import Answer
from core.specialties.reference import specialty


# A session left open over lunch is not time spent on a step.
_LONGEST_SPELL = 15 * 60.0


class Notes(TypedDict, total=False):
    """What is entered beside the history: any of it, in any order."""

    route: Route
    problem: str
    priority: Priority | None
    override_reason: str
    question: str
    working_diagnosis: str
    would_have_referred: bool | None
    acting_for: str
    chaperone: str
    imperfect_reason: str


@dataclass(frozen=True)
class Pin:
    """A place on the body map."""

    site: str
    side: str
    x: float
    y: float


def start(
    session: Session,
    *,
    by: Actor,
    referral_id: uuid.UUID,
    patient_id: uuid.UUID,
    route: Route,
    specialty_code: str = "dermatology",
) -> Referral:
    """Begin a draft. Asking twice with one ``referral_id`` begins one draft."""
    if not access.may_refer(by):
        raise NotAllowed("Only practice staff can refer.")
    there = session.get(Referral, referral_id)
    if there is not None:
        return lock_own(session, by, referral_id)
    patient = session.get(Patient, patient_id)
    if patient is None or patient.practice_id != by.organisation_id:
        raise NotFound("There is no such patient at your practice.")
    agreement = in_force(
        session,
        practice_id=by.organisation_id,
        specialty=specialty_code,
        on=clock.today(),
    )
    referral = Referral(
        id=referral_id,
        reference=new_reference(),
        patient_id=patient_id,
        practice_id=by.organisation_id,
        contract_version_id=agreement.version_id,
        specialty=specialty_code,
        specialty_version=specialty(specialty_code).version,
        route=route,
        started_by=by.person_id,
        started_at=clock.now(),
    )
    move(session, referral, Move.START, by=by)
    return referral


def save(
    session: Session, *, by: Actor, referral_id: uuid.UUID, **notes: Unpack[Notes]
) -> None:
    """Keep what was entered."""
    referral = _draft(session, by, referral_id)
    changed = {k: v for k, v in notes.items() if getattr(referral, k) != v}
    for name, value in changed.items():
        setattr(referral, name, value)
    if changed:
        note_change(
            session, referral, by=by, action="save", fields=", ".join(sorted(changed))
        )


def answer(
    session: Session,
    *,
    by: Actor,
    referral_id: uuid.UUID,
    answers: Mapping[str, Answer | None],
) -> None:
    """Keep answers of the history; None takes one back.

    Raises Invalid for an answer that does not fit its question; nothing is saved.
    """
    referral = _draft(session, by, referral_id)
    questions = {q.id: q for q in specialty(referral.specialty).questions}
    for name, value in answers.items():
        row = session.get(HistoryAnswer, (referral.id, name))
        if value is None:
            if row:
                session.delete(row)
            continue
        content = {"value": rules.checked_answer(questions[name], value)}
        if row:
            row.content = content
        else:
            session.add(
                HistoryAnswer(
                    referral_id=referral.id, question_id=name, content=content
                )
            )
    note_change(
        session, referral, by=by, action="save", fields=", ".join(sorted(answers))
    )


def pin(session: Session, *, by: Actor, referral_id: uuid.UUID, place: Pin) -> Lesion:
    """Mark one more lesion."""
    referral = _draft(session, by, referral_id)
    known = {site.code for site in specialty(referral.specialty).sites}
    if place.site not in known or not (0 <= place.x <= 1 and 0 <= place.y <= 1):
        raise Invalid("That is not a place on the body map.")
    highest = session.scalar(
        sa.select(sa.func.max(Lesion.number)).where(Lesion.referral_id == referral.id)
    )
    lesion = Lesion(
        referral_id=referral.id,
        number=(highest or 0) + 1,
        site=place.site,
        side=place.side,
        x=place.x,
        y=place.y,
    )
    session.add(lesion)
    note_change(session, referral, by=by, action="pin", site=place.site)
    return lesion


def consent(
    session: Session,
    *,
    by: Actor,
    referral_id: uuid.UUID,
    level: ConsentLevel,
    form: ConsentForm,
    given_by: ConsentGiver,
) -> None:
    """Record what the patient agreed to."""
    referral = _draft(session, by, referral_id)
    session.merge(
        Consent(
            referral_id=referral.id,
            level=level,
            form=form,
            given_by=given_by,
            recorded_by=by.person_id,
            recorded_at=clock.now(),
        )
    )
    note_change(session, referral, by=by, action="consent", level=level, form=form)


def withhold_consent(session: Session, *, by: Actor, referral_id: uuid.UUID) -> None:
    """Take back a consent that was ticked by mistake, before anything was sent."""
    referral = _draft(session, by, referral_id)
    row = session.get(Consent, referral.id)
    if row:
        session.delete(row)
        note_change(session, referral, by=by, action="withhold_consent")


def time_step(
    session: Session, *, by: Actor, referral_id: uuid.UUID, step: Step, seconds: float
) -> None:
    """Add to the stopwatch of one step."""
    referral = lock_own(session, by, referral_id)
    row = session.scalar(
        sa.select(StepTime).where(
            StepTime.referral_id == referral.id,
            StepTime.step == step,
            StepTime.person_id == by.person_id,
        )
    )
    if row is None:
        row = StepTime(
            referral_id=referral.id, step=step, person_id=by.person_id, seconds=0.0
        )
        session.add(row)
    row.seconds += min(max(seconds, 0.0), _LONGEST_SPELL)
    row.changed_at = clock.now()


def put_on_list(
    session: Session, *, by: Actor, referral_id: uuid.UUID, day: date
) -> None:
    """Put the patient on the practice's telemedicine list for a day."""
    if day < clock.today():
        raise Invalid("Choose today or a later day.", field="listed_for")
    referral = lock_own(session, by, referral_id)
    referral.listed_for = day
    end_invitation(session, referral, by=by)
    referral.route = Route.TELEMEDICINE_CLINIC
    move(session, referral, Move.LIST, by=by)


def take_from_list(session: Session, *, by: Actor, referral_id: uuid.UUID) -> None:
    """Begin to capture for a patient who came back; anyone of the practice may.

    Where the patient was asked to send it by a weblink, that ends.
    """
    referral = lock_own(session, by, referral_id)
    if referral.route is Route.PATIENT_LINK:
        referral.route = Route.STAFF
    end_invitation(session, referral, by=by)
    move(session, referral, Move.CAPTURE, by=by)


def _draft(session: Session, by: Actor, referral_id: uuid.UUID) -> Referral:
    referral = lock_own(session, by, referral_id)
    editable = (State.AWAITING_PATIENT,) if by.role is Role.PATIENT else EDITABLE
    if referral.state not in editable:
        raise Conflict("This referral is no longer a draft. Reload the page.")
    if not access.may_fill_in(by):
        raise NotAllowed("Only practice staff can refer.")
    return referral
