"""The practice's lists: what waits for whom."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.access.tables import Person
from core.kernel import clock, words
from core.patients.tables import Patient
from core.referrals import reading
from core.referrals.model import AcknowledgementState, State
from core.referrals.presenters.pages import problem_label
from core.referrals.tables import (
    Acknowledgement,
    Referral,
    StepTime,
    UnreadMessage,
)
from core.specialties.reference import specialty


Named = TypeVar("Named", Patient, Person)

# Lists are worked from the top; nobody pages through hundreds.
_LONGEST_LIST = 100


@dataclass(frozen=True)
class Counts:
    """The numbers that matter now."""

    to_acknowledge: int
    returned: int
    listed_today: int
    drafts: int
    messages: int


@dataclass(frozen=True)
class Row:
    """One referral in a list."""

    referral_id: uuid.UUID
    reference: str
    patient: str
    born: str
    problem: str
    state: State
    since: str
    who: str
    note: str


def counts(session: Session, scope: Scope) -> Counts:
    """The practice's numbers, for the top of its home page."""
    states = (State.RETURNED, State.DRAFT)
    rows = session.execute(
        sa.select(Referral.state, sa.func.count())
        .where(reading.visible(scope), Referral.state.in_(states))
        .group_by(Referral.state)
    )
    by_state = {state: count for state, count in rows}  # noqa: C416  rows are not pairs
    return Counts(
        to_acknowledge=session.scalar(
            sa.select(sa.func.count()).select_from(
                _referrals(scope).where(_unacknowledged()).subquery()
            )
        )
        or 0,
        returned=by_state.get(State.RETURNED, 0),
        listed_today=len(listed(session, scope, upto=clock.today())),
        drafts=by_state.get(State.DRAFT, 0),
        messages=session.scalar(
            sa.select(sa.func.count()).select_from(
                _referrals(scope).where(_with_unread(scope)).subquery()
            )
        )
        or 0,
    )


def to_acknowledge(session: Session, scope: Scope) -> list[Row]:
    """Answers that nobody of the practice has taken up, the oldest first."""
    query = _referrals(scope).where(_unacknowledged()).order_by(Referral.answered_at)
    return rows_of(session, query, "Answered")


def returned(session: Session, scope: Scope) -> list[Row]:
    """Referrals that came back with a question."""
    query = _in_state(scope, State.RETURNED).order_by(Referral.changed_at)
    return rows_of(session, query, "Returned")


def drafts(session: Session, scope: Scope) -> list[Row]:
    """Referrals that were begun, the latest first."""
    query = _in_state(scope, State.DRAFT).order_by(Referral.changed_at.desc())
    return rows_of(session, query, "Last changed")


def with_messages(session: Session, scope: Scope) -> list[Row]:
    """Referrals with a message that nobody of the practice has read."""
    query = _referrals(scope).where(_with_unread(scope)).order_by(Referral.changed_at)
    return rows_of(session, query, "Last changed")


def waiting(session: Session, scope: Scope) -> list[Row]:
    """Referrals that are with the specialists."""
    query = (
        _referrals(scope)
        .where(Referral.state.in_((State.SUBMITTED, State.IN_REVIEW)))
        .order_by(Referral.sent_at)
    )
    return rows_of(session, query, "Sent")


def listed(session: Session, scope: Scope, *, upto: date) -> list[Row]:
    """Patients on the telemedicine list until a day."""
    query = (
        _in_state(scope, State.LISTED)
        .where(Referral.listed_for <= upto)
        .order_by(Referral.listed_for, Referral.started_at)
    )
    return rows_of(session, query, "Listed for")


def finished(session: Session, scope: Scope) -> list[Row]:
    """Answers that were acknowledged, the latest first."""
    query = (
        _referrals(scope)
        .where(Referral.state.in_((State.ANSWERED, State.CLOSED)), ~_unacknowledged())
        .order_by(Referral.answered_at.desc())
    )
    return rows_of(session, query, "Answered")


def seconds_spent(session: Session, scope: Scope, referral_id: uuid.UUID) -> float:
    """What the stopwatch counted so far, over all steps and people."""
    referral = reading.get(session, scope, referral_id)
    return (
        session.scalar(
            sa.select(sa.func.sum(StepTime.seconds)).where(
                StepTime.referral_id == referral.id
            )
        )
        or 0.0
    )


def _referrals(scope: Scope) -> sa.Select[Referral]:
    return sa.select(Referral).where(reading.visible(scope))


def _in_state(scope: Scope, state: State) -> sa.Select[Referral]:
    return _referrals(scope).where(Referral.state == state)


def _unacknowledged() -> sa.ColumnElement[bool]:
    return Referral.id.in_(
        sa.select(Acknowledgement.referral_id).where(
            Acknowledgement.state == AcknowledgementState.PENDING
        )
    )


def _with_unread(scope: Scope) -> sa.ColumnElement[bool]:
    waiting = sa.select(UnreadMessage.referral_id).where(*reading.message_is_for(scope))
    return Referral.id.in_(waiting)


def rows_of(session: Session, query: sa.Select[Referral], since: str) -> list[Row]:
    """A list of what a query finds that has been kept within somebody's scope."""
    found = session.scalars(query.limit(_LONGEST_LIST)).all()
    patients = _by_id(session, Patient, {one.patient_id for one in found})
    people = _by_id(session, Person, {one.started_by for one in found})
    return [
        Row(
            referral_id=one.id,
            reference=one.reference,
            patient=patients[one.patient_id].name,
            born=words.date_of_birth(patients[one.patient_id].birth_date),
            problem=problem_label(specialty(one.specialty), one.problem),
            state=one.state,
            since=f"{since} {_since(one)}",
            who=people[one.started_by].name,
            note=one.priority.label if one.priority else "",
        )
        for one in found
    ]


def _since(referral: Referral) -> str:
    if referral.state is State.LISTED and referral.listed_for:
        return words.day(referral.listed_for)
    moment = referral.answered_at or referral.changed_at
    if referral.state in (State.SUBMITTED, State.IN_REVIEW) and referral.sent_at:
        moment = referral.sent_at
    return words.moment_in_words(moment)


def _by_id(
    session: Session, table: type[Named], ids: set[uuid.UUID]
) -> dict[uuid.UUID, Named]:
    rows = session.scalars(sa.select(table).where(table.id.in_(ids)))
    return {row.id: row for row in rows}
