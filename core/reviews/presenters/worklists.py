"""What is mine to answer: the most urgent first, then by the clock.

Each shelf is one walk along one index, and is cut after a page: a list opens as fast
over a backlog of 200,000 as over one of 1,000. Nothing is counted beyond ``MANY``.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.access.tables import Organisation, Person
from core.contracts.model import PRIORITY_ORDER, Priority
from core.kernel import clock, words
from core.patients.tables import Patient
from core.referrals import reading
from core.referrals.model import ImageSet, Route
from core.referrals.presenters.pages import problem_label
from core.referrals.tables import Referral, UnreadMessage
from core.reviews.shelves import Shelf, how_many_of, in_order
from core.reviews.tables import Claim
from core.specialties.reference import specialty


MANY: Final = 1000
PAGE: Final = 50
# Somebody with a due time this near should see it.
_SOON = timedelta(hours=2)
_Shown: TypeAlias = sa.Select[*tuple[Any, ...]]
# A list reads what it shows: names stay sealed, texts stay where they are.
_SHOWN = (
    Referral.id,
    Referral.reference,
    Referral.priority,
    Referral.due_at,
    Referral.sent_at,
    Referral.answered_at,
    Referral.specialty,
    Referral.problem,
    Referral.image_set,
    Referral.route,
    Patient.birth_date_sealed,
    Patient.sex,
    Organisation.name.label("practice"),
    Claim.person_id.label("holder_id"),
    Person.name.label("holder"),
)


@dataclass(frozen=True)
class Filter:
    """What narrows a shelf: a priority, words of a reference or of a practice."""

    priority: Priority | None = None
    search: str = ""


@dataclass(frozen=True)
class Row:
    """One referral on the worklist."""

    referral_id: uuid.UUID
    reference: str
    priority: Priority
    waiting: str
    clock: str
    late: bool
    soon: bool
    patient: str
    problem: str
    practice: str
    holder: str
    mine: bool
    image_set: ImageSet | None
    # The patient took the pictures alone, without a dermatoscope.
    by_patient: bool
    unread: bool = False


def worklist(
    session: Session,
    scope: Scope,
    shelf: Shelf = Shelf.POOL,
    narrowed: Filter | None = None,
    *,
    page: int = 0,
) -> list[Row]:
    """One page of a shelf, from 0."""
    asked = _conditions(narrowed or Filter())
    stretch = in_order(session, scope, shelf, asked, limit=PAGE, offset=page * PAGE)
    found = session.execute(_rows_of(scope, stretch, shelf))
    now = clock.now()
    return [_row(scope, now, row) for row in found]


def how_many(
    session: Session,
    scope: Scope,
    shelf: Shelf,
    narrowed: Filter | None = None,
    *,
    at_most: int = MANY,
) -> int:
    """How many a shelf holds; ``at_most`` + 1 stands for more than that."""
    asked = _conditions(narrowed or Filter())
    query = how_many_of(session, scope, shelf, asked, limit=at_most + 1)
    return session.scalar(query) or 0


def next_case(
    session: Session, scope: Scope, *, after: uuid.UUID | None = None
) -> uuid.UUID | None:
    """What to answer next: what is on one's desk, what came back, the pool's first.

    ``after`` is the case that one comes from, which is not the next one.
    """
    for shelf in (Shelf.MINE, Shelf.BACK_TO_ME, Shelf.POOL):
        but = [] if after is None else [Referral.id != after]
        first = in_order(session, scope, shelf, but, limit=1)
        found: uuid.UUID | None = session.scalar(sa.select(first.c.id))
        if found is not None:
            return found
    return None


def _rows_of(scope: Scope, stretch: sa.Subquery, shelf: Shelf) -> _Shown:
    """What is shown of a stretch of a shelf, and of nothing else."""
    unread = sa.exists().where(
        UnreadMessage.referral_id == Referral.id, *reading.message_is_for(scope)
    )
    order: list[Any] = [Referral.urgency, Referral.due_at, Referral.id]
    if shelf is Shelf.ANSWERED:
        order = [Referral.answered_at.desc(), Referral.id]
    held = sa.and_(Claim.referral_id == Referral.id, Claim.ended_at.is_(None))
    return (
        sa.select(*_SHOWN, unread.label("unread"))
        .select_from(Referral)
        .join(stretch, stretch.c.id == Referral.id)
        .join(Patient, Patient.id == Referral.patient_id)
        .join(Organisation, Organisation.id == Referral.practice_id)
        .outerjoin(Claim, held)
        .outerjoin(Person, Person.id == Claim.person_id)
        .order_by(*order)
    )


def _conditions(narrowed: Filter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if narrowed.priority:
        # By its place, which the index knows.
        conditions.append(Referral.urgency == PRIORITY_ORDER.index(narrowed.priority))
    words_sought = narrowed.search.strip()
    if words_sought:
        practices = sa.select(Organisation.id).where(
            Organisation.name.icontains(words_sought, autoescape=True)
        )
        reference = words_sought.upper().replace(" ", "")
        conditions.append(
            sa.or_(
                Referral.reference.startswith(reference, autoescape=True),
                Referral.practice_id.in_(practices),
            )
        )
    return conditions


def _row(scope: Scope, now: datetime, found: sa.Row[Any]) -> Row:
    due, sent = found.due_at or now, found.sent_at or now
    open_still = found.answered_at is None
    age = words.age(date.fromisoformat(found.birth_date_sealed), clock.today())
    mine = found.holder_id == scope.person_id
    return Row(
        referral_id=found.id,
        reference=found.reference,
        priority=found.priority or Priority.ROUTINE,
        waiting=words.length((now - sent).total_seconds()),
        clock=words.time_left(due, now) if open_still else "Answered",
        late=open_still and due < now,
        soon=open_still and now <= due < now + _SOON,
        patient=f"{age} · {found.sex.replace('_', ' ')}",
        problem=problem_label(specialty(found.specialty), found.problem),
        practice=found.practice,
        holder="You" if mine else found.holder or "",
        mine=mine,
        image_set=found.image_set,
        by_patient=found.route is Route.PATIENT_LINK,
        unread=found.unread,
    )
