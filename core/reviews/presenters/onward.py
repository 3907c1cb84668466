"""What goes on to a hospital, and who has confirmed it."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.access.tables import Organisation, Person
from core.kernel import clock, words
from core.kernel.errors import NotFound
from core.patients.tables import Patient
from core.referrals import reading
from core.referrals.model import State
from core.referrals.tables import Referral
from core.reviews import packs
from core.reviews.model import ONWARD_OPEN, OnwardState, OnwardStep
from core.reviews.packs import Plan
from core.reviews.reading import confirms, onward_terms
from core.reviews.tables import Onward, OnwardMove, Opinion
from core.specialties.reference import specialty


# Worked from the top, the most overdue first.
_LONGEST_LIST = 200
_SENTENCES = {
    OnwardStep.PREPARE: "The specialist asked for it",
    OnwardStep.TAKE: "Handed over to the practice",
    OnwardStep.SEND: "Sent",
    OnwardStep.CONFIRM: "Confirmed by",
    OnwardStep.ESCALATE: "Not confirmed in time",
    OnwardStep.CANCEL: "Cancelled",
}


@dataclass(frozen=True)
class OnwardRow:
    """One referral on its way into a hospital, for a list."""

    referral_id: uuid.UUID
    reference: str
    patient: str
    practice: str
    hospital: str
    outcome: str
    state: OnwardState
    age: str
    due: str
    late: bool
    escalated: bool
    can_confirm: bool


@dataclass(frozen=True)
class OnwardView:
    """The way of one referral, and what can be done now."""

    state: OnwardState
    hospital: str
    address: str
    due: str
    late: bool
    escalated: bool
    steps: tuple[str, ...]
    can_change: bool
    can_confirm: bool


def not_confirmed(session: Session, scope: Scope) -> int:
    """How many wait for a hospital to confirm."""
    waiting = _waiting(scope).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(waiting)) or 0


def waiting(session: Session, scope: Scope) -> list[OnwardRow]:
    """Those that wait, the one whose time ends first on top.

    A practice sees its own, a specialist service those under its contracts.
    """
    found = session.execute(
        _waiting(scope).order_by(Onward.confirm_by).limit(_LONGEST_LIST)
    )
    return [_row(session, scope, *one) for one in found]


def of_referral(
    session: Session, scope: Scope, referral_id: uuid.UUID
) -> OnwardView | None:
    """The way that the newest answer opened; None where there is none."""
    referral = reading.get(session, scope, referral_id)
    onward = _newest(session, referral)
    if onward is None:
        return None
    terms = onward_terms(session, referral)
    changeable = referral.state is State.ANSWERED and onward.state in ONWARD_OPEN
    return OnwardView(
        state=onward.state,
        hospital=terms.hospital if terms else "the hospital",
        address=terms.address if terms else "",
        due=words.moment_in_words(onward.confirm_by),
        late=_late(onward),
        escalated=onward.escalated_at is not None,
        steps=tuple(_steps(session, referral)),
        can_change=changeable,
        can_confirm=changeable and confirms(session, scope, referral),
    )


def pack_of(session: Session, scope: Scope, referral_id: uuid.UUID) -> Plan:
    """What is in the pack. Raises NotFound where there is none."""
    onward = _newest(session, reading.get(session, scope, referral_id))
    if onward is None:
        raise NotFound("This referral does not go on to a hospital.")
    return packs.plan(session, onward)


def _waiting(scope: Scope) -> sa.Select[Onward, Referral, Opinion]:
    return (
        sa.select(Onward, Referral, Opinion)
        .join(Referral, Referral.id == Onward.referral_id)
        .join(Opinion, Opinion.id == Onward.opinion_id)
        .where(
            reading.visible(scope),
            Referral.state == State.ANSWERED,
            Onward.state.in_(ONWARD_OPEN),
        )
    )


def _row(
    session: Session, scope: Scope, onward: Onward, referral: Referral, opinion: Opinion
) -> OnwardRow:
    terms = onward_terms(session, referral)
    waited = (clock.now() - opinion.moment).total_seconds()
    return OnwardRow(
        referral_id=referral.id,
        reference=referral.reference,
        patient=session.get_one(Patient, referral.patient_id).name,
        practice=session.get_one(Organisation, referral.practice_id).name,
        hospital=terms.hospital if terms else "the hospital",
        outcome=specialty(referral.specialty).outcome(opinion.outcome).label,
        state=onward.state,
        age=words.length(waited),
        due=words.time_left(onward.confirm_by, clock.now()),
        late=_late(onward),
        escalated=onward.escalated_at is not None,
        can_confirm=confirms(session, scope, referral),
    )


def _late(onward: Onward) -> bool:
    return onward.state in ONWARD_OPEN and onward.confirm_by < clock.now()


def _newest(session: Session, referral: Referral) -> Onward | None:
    return session.scalar(
        sa.select(Onward)
        .join(Opinion, Opinion.id == Onward.opinion_id)
        .where(Onward.referral_id == referral.id)
        .order_by(Opinion.version.desc())
        .limit(1)
    )


def _steps(session: Session, referral: Referral) -> list[str]:
    """Everything that happened on all ways of this referral, in order."""
    rows = session.execute(
        sa.select(OnwardMove, Person.name)
        .join(Onward, Onward.id == OnwardMove.onward_id)
        .outerjoin(Person, Person.id == OnwardMove.person_id)
        .join(Opinion, Opinion.id == Onward.opinion_id)
        .where(Onward.referral_id == referral.id)
        .order_by(Opinion.version, OnwardMove.number)
    )
    return [_sentence(one, name) for one, name in rows]


def _sentence(one: OnwardMove, name: str | None) -> str:
    said = _SENTENCES[OnwardStep(one.move)]
    if one.words and one.move == OnwardStep.CONFIRM:
        said = f"{said} {one.words}"
    elif one.words:
        said = f"{said}: {one.words}"
    by = f" · {name}" if name else ""
    return f"{words.moment_in_words(one.moment)} · {said}{by}"
