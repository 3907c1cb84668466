"""What has waited too long, for whoever has to see to it."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import OrganisationKind, Scope
from core.access.tables import Organisation
from core.contracts.model import Loop
from core.kernel import words
from core.practices.tables import Practice
from core.referrals import reading
from core.referrals.presenters.lists import Row, rows_of
from core.referrals.tables import Escalated, Referral


_LONGEST_LIST = 200


@dataclass(frozen=True)
class Overdue:
    """Something that waits, without a word about the patient."""

    referral_id: uuid.UUID
    reference: str
    practice: str
    what: str
    since: str
    told: tuple[str, ...]


@dataclass(frozen=True)
class Deputy:
    """Who is told after the practice's inbox; "" where nobody is named."""

    name: str
    email: str


def overdue(session: Session, scope: Scope) -> list[Overdue]:
    """Everything that waits too long: a practice's own, a service manager's all."""
    rows = session.execute(
        sa.select(Escalated, Referral.reference, Organisation.name)
        .join(Referral, Referral.id == Escalated.referral_id)
        .join(Organisation, Organisation.id == Referral.practice_id)
        .where(Escalated.settled_at.is_(None), _within(scope))
        .order_by(Escalated.since, Escalated.number)
        .limit(_LONGEST_LIST)
    )
    found: dict[tuple[uuid.UUID, str], Overdue] = {}
    for row, reference, practice in rows:
        key = (row.referral_id, row.loop)
        told = f"{row.level.label}, {words.moment_in_words(row.moment)}"
        before = found[key].told if key in found else ()
        found[key] = Overdue(
            referral_id=row.referral_id,
            reference=reference,
            practice=practice,
            what=row.loop.label,
            since=_since(row),
            told=(*before, told),
        )
    return list(found.values())


def overdue_patients(session: Session, scope: Scope) -> dict[uuid.UUID, Row]:
    """Whom it is about, by referral: for the practice, whose patients they are."""
    waits = sa.select(Escalated.referral_id).where(Escalated.settled_at.is_(None))
    query = sa.select(Referral).where(reading.visible(scope), Referral.id.in_(waits))
    rows = rows_of(session, query.order_by(Referral.changed_at), "Last changed")
    return {one.referral_id: one for one in rows}


def how_many_overdue(session: Session, scope: Scope) -> int:
    """How many referrals of a practice wait too long."""
    waits = sa.select(Escalated.referral_id).where(Escalated.settled_at.is_(None))
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Referral)
            .where(reading.visible(scope), Referral.id.in_(waits))
        )
        or 0
    )


def deputy(session: Session, scope: Scope) -> Deputy:
    """The practice's deputy."""
    practice = session.get(Practice, scope.organisation_id)
    if practice is None:
        return Deputy("", "")
    return Deputy(practice.deputy_name, practice.deputy_email)


def _since(row: Escalated) -> str:
    # What is told of a target is told by its own time.
    begun = "Due" if row.loop is Loop.TARGET_AT_RISK else "Since"
    return f"{begun} {words.moment_in_words(row.since)}"


def _within(scope: Scope) -> sa.ColumnElement[bool]:
    if scope.kind is OrganisationKind.PLATFORM:
        return sa.true()
    return Referral.practice_id == scope.organisation_id
