"""Who has to be seen: taken in from the answers, changed, cancelled, put back."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import SYSTEM, Actor
from core.clinics.actions.booking import hold, unbook_held
from core.clinics.actions.stepping import note_change, step
from core.clinics.model import (
    STEP_MINUTES,
    ChangeKind,
    NeedMove,
    NeedState,
)
from core.clinics.tables import ClinicNeed
from core.clinics.waiting import (
    booked_place,
    clinic_outcomes,
    newest_answers,
    own_need,
)
from core.contracts.model import Priority
from core.contracts.reference import agreement, specialty_under
from core.kernel import clock, words
from core.kernel.errors import Invalid, NotAllowed
from core.referrals.tables import Referral
from core.reviews.actions.stepping import nothing_left
from core.reviews.reading import need_of
from core.reviews.tables import Opinion


_AT_ONCE = 200
_AMENDED = "The answer was amended"


@dataclass(frozen=True)
class Wishes:
    """What the patient prefers. No weekdays: any; ``own``: who answered sees them."""

    weekdays: tuple[int, ...] = ()
    farthest_km: float | None = None
    from_day: date | None = None
    own: bool = False


def any_new(session: Session) -> bool:
    """Whether ``take_in`` has anything to do."""
    return bool(newest_answers(session, 1))


def take_in(session: Session, *, until: datetime | None = None) -> int:
    """Make needs of the answers that send somebody to a clinic booked here.

    Follows amendments as well. Returns how many answers it looked at; a second run
    finds nothing. ``until``: only what was answered by then.
    """
    found = newest_answers(session, _AT_ONCE, until)
    for referral, opinion, need in found:
        _follow(session, referral, opinion, need)
    return len(found)


def prefer(session: Session, *, by: Actor, need_id: uuid.UUID, wishes: Wishes) -> None:
    """Note what suits the patient; the next plan goes by it. Raises Invalid."""
    _refuse_bystanders(by)
    if wishes.weekdays and not set(wishes.weekdays) <= set(range(7)):
        raise Invalid("Choose days of the week.", field="weekdays")
    if wishes.farthest_km is not None and wishes.farthest_km <= 0:
        raise Invalid("Enter the kilometres, or leave it empty.", field="farthest_km")
    need = hold(session, own_need(session, by.scope, need_id))
    need.weekdays = sorted(set(wishes.weekdays))
    need.farthest_km, need.from_day = wishes.farthest_km, wishes.from_day
    answered_by = session.get_one(Opinion, need.opinion_id).person_id
    need.prefers_person = answered_by if wishes.own else None
    need.version += 1
    step(session, by, need, NeedMove.CHANGE, reason="What suits the patient")


def cancel(session: Session, *, by: Actor, need_id: uuid.UUID, reason: str) -> None:
    """Nobody has to see the patient any more; an appointment is given back."""
    _refuse_bystanders(by)
    if not reason.strip():
        raise Invalid("Say why nobody has to see the patient.", field="reason")
    need = hold(session, own_need(session, by.scope, need_id))
    _cancel(session, by, need, reason.strip())
    nothing_left(session, _held_referral(session, need))


def wait_again(session: Session, *, by: Actor, need_id: uuid.UUID) -> None:
    """Put somebody who missed or declined a visit back among those who wait."""
    if not access.may_refer(by):
        raise NotAllowed("The practice puts a patient back on the list.")
    need = hold(session, own_need(session, by.scope, need_id))
    need.version += 1
    step(session, by, need, NeedMove.WAIT_AGAIN)


def _follow(
    session: Session, referral: Referral, opinion: Opinion, need: ClinicNeed | None
) -> None:
    facts = _facts(session, referral, opinion)
    if need is None:
        if facts:
            _arise(session, referral, opinion, facts)
        return
    need = hold(session, need)
    if not facts:
        need.opinion_id = opinion.id
        _cancel(session, SYSTEM, need, _AMENDED)
        return
    changed = [name for name, value in facts.items() if getattr(need, name) != value]
    need.opinion_id = opinion.id
    for name in changed:
        setattr(need, name, facts[name])
    need.version += bool(changed)
    step(session, SYSTEM, need, NeedMove.CHANGE, reason=_AMENDED)
    place = booked_place(session, need.id)
    if place:
        appointment = place[0]
        note_change(
            session,
            appointment.session_id,
            ChangeKind.ALTERED,
            f"{words.time_of_day(appointment.begins_at)} answer amended",
            appointment.id,
        )


def _facts(session: Session, referral: Referral, opinion: Opinion) -> dict[str, object]:
    """What the need says; nothing where nobody is to be seen in a clinic of ours."""
    asked = need_of(opinion)
    here = clinic_outcomes(session, referral.contract_version_id)
    if asked is None or opinion.outcome not in here:
        return {}
    described = specialty_under(session, referral.contract_version_id)
    outcome = described.outcome(opinion.outcome)
    urgency = outcome.onward_priority or referral.priority or Priority.ROUTINE
    return {
        "urgency": Priority(urgency),
        "procedure": asked.procedure,
        "complexity": asked.complexity,
        "lowest_grade": asked.lowest_grade,
        "minutes": -(-max(asked.minutes, 1) // STEP_MINUTES) * STEP_MINUTES,
        "see_by": asked.see_by,
    }


def _arise(
    session: Session, referral: Referral, opinion: Opinion, facts: dict[str, object]
) -> None:
    need = ClinicNeed(
        referral_id=referral.id,
        opinion_id=opinion.id,
        patient_id=referral.patient_id,
        practice_id=referral.practice_id,
        contract_id=agreement(session, referral.contract_version_id).contract_id,
        specialty=referral.specialty,
        state=NeedState.WAITING,
        version=1,
        arose_at=opinion.moment,
        referred_at=referral.sent_at,
        changed_at=clock.now(),
        **facts,
    )
    session.add(need)
    session.flush()
    step(session, SYSTEM, need, NeedMove.ARISE, new=True)


def _cancel(session: Session, by: Actor, need: ClinicNeed, reason: str) -> None:
    if need.state is NeedState.BOOKED:
        unbook_held(session, by, need, reason)
    step(session, by, need, NeedMove.CANCEL, reason=reason)


def _refuse_bystanders(by: Actor) -> None:
    if not (access.may_refer(by) or access.may_answer(by)):
        raise NotAllowed("Only the practice and the specialists change this.")


def _held_referral(session: Session, need: ClinicNeed) -> Referral:
    """Held after its need, as everywhere: else an acknowledgement at the same moment
    would leave it open."""
    return session.scalars(
        sa.select(Referral)
        .where(Referral.id == need.referral_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
