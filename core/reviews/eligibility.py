"""Who may take a referral: one rule, for one case and for a whole worklist.

A specialist may claim what their own service has been given, where the contract lets
their grade answer it, where they take its sub-specialty if it is kept for those who
do, and where it does not wait for somebody else who asked the practice for more.
Whoever works for the contract's other pool can read it, and cannot claim it.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Grade, Scope
from core.contracts.model import Priority, Terms
from core.contracts.reference import agreements
from core.contracts.rules import may_answer
from core.kernel import clock
from core.referrals.tables import Referral


def eligible(scope: Scope, referral: Referral, terms: Terms, now: datetime) -> bool:
    """Whether this person may claim this referral at all."""
    able = may_answer(
        terms,
        referral.priority or Priority.ROUTINE,
        scope.grade,
        sub_specialty=referral.sub_specialty,
        interests=scope.interests,
    )
    ours = referral.pool_id == scope.organisation_id
    return able and ours and not _waits_for_another(scope, referral, now)


def why_not(scope: Scope, referral: Referral, terms: Terms, now: datetime) -> str:
    """Why this person may read it and not claim it, in a sentence; or nothing."""
    if eligible(scope, referral, terms, now):
        return ""
    if referral.pool_id != scope.organisation_id:
        return "This referral is with the contract's other service. You can read it."
    if _waits_for_another(scope, referral, now):
        return "This referral waits for the specialist who asked about it."
    priority = referral.priority or Priority.ROUTINE
    if not may_answer(terms, priority, scope.grade):
        return f"{priority.label} is not answered by your grade under this contract."
    return "This referral is kept for specialists who take its sub-specialty."


def eligible_condition(scope: Scope, session: Session) -> list[sa.ColumnElement[bool]]:
    """The same for every row of Referral, to be read by its pool's index."""
    free = sa.or_(
        Referral.reserved_for.is_(None),
        Referral.reserved_for == scope.person_id,
        Referral.reserved_until.is_(None),
        Referral.reserved_until <= clock.now(),
    )
    taken = ["", *sorted(scope.interests)]
    return [
        Referral.pool_id == scope.organisation_id,
        Referral.sub_specialty.in_(taken),
        free,
        *_answered_by(session, scope.grade),
    ]


def _waits_for_another(scope: Scope, referral: Referral, now: datetime) -> bool:
    until = referral.reserved_until
    if referral.reserved_for is None or until is None:
        return False
    return referral.reserved_for != scope.person_id and now < until


def _answered_by(session: Session, grade: Grade | None) -> list[sa.ColumnElement[bool]]:
    if grade is None:
        return [sa.false()]
    conditions = []
    for agreed in agreements(session):
        kept = [one for one in Priority if not may_answer(agreed.terms, one, grade)]
        if kept:
            theirs = Referral.contract_version_id == agreed.version_id
            conditions.append(sa.not_(sa.and_(theirs, Referral.priority.in_(kept))))
    return conditions
