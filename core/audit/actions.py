"""Write the audit, inside the transaction of what it tells about."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.audit.model import Accountable, AnonymousActorError
from core.audit.tables import Audit
from core.kernel import clock
from core.store import chain


# Any number, as long as nothing else in the database locks on the same one.
_CHAIN_LOCK = 7_316_905


def record(
    session: Session,
    *,
    by: Accountable | None,
    action: str,
    entity: str,
    entity_id: uuid.UUID | None = None,
    patient_id: uuid.UUID | None = None,
    **detail: Any,  # noqa: ANN401  whatever JSON can hold
) -> None:
    """Add one row. Call it last in an action: others wait until this commits.

    Raises AnonymousActorError where ``by`` is nobody.
    """
    if by is None or by.person_id.int == 0:
        raise AnonymousActorError(action)
    row = Audit(
        moment=clock.now(),
        person_id=by.person_id,
        organisation_id=by.organisation_id,
        role=str(by.role),
        action=action,
        entity=entity,
        entity_id=entity_id,
        patient_id=patient_id,
        detail=detail,
    )
    row.hash = chain.link(_last_hash(session), _content(row))
    session.add(row)
    session.flush()


def first_broken(session: Session) -> int | None:
    """The number of the first row that is not what it was, or None."""
    previous = chain.START
    in_order = sa.select(Audit).order_by(Audit.number)
    # Closed even when we leave early: PostgreSQL streams through a cursor.
    with session.scalars(in_order.execution_options(yield_per=1000)) as rows:
        for row in rows:
            if row.hash != chain.link(previous, _content(row)):
                return row.number
            previous = row.hash
    return None


def _last_hash(session: Session) -> str:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_CHAIN_LOCK)))
    last = session.scalar(sa.select(Audit.hash).order_by(Audit.number.desc()).limit(1))
    return last or chain.START


def _content(row: Audit) -> dict[str, object]:
    return {
        "moment": row.moment.isoformat(),
        "person": str(row.person_id),
        "organisation": str(row.organisation_id),
        "role": row.role,
        "action": row.action,
        "entity": row.entity,
        "entity_id": str(row.entity_id),
        "patient": str(row.patient_id),
        "detail": row.detail,
    }
