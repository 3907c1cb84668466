"""Who may take a referral: one rule, for one case and for a whole worklist.

A specialist may claim what their own service has been given, where the contract lets
their grade answer it, where they take its sub-specialty if it is kept for those who
do, and where it does not wait for somebody else who asked the practice for more.
Whoever works for the contract's other pool can read it, and cannot claim it.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.contracts.model import PRIORITY_ORDER, Priority, Terms
from core.contracts.reference import agreements_of
from core.contracts.rules import may_answer
from core.kernel import clock
from core.referrals.tables import Referral


Condition = sa.ColumnElement[bool]
Refused = Mapping[uuid.UUID, frozenset[Priority]]


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


def eligible_condition(scope: Scope, session: Session) -> list[Condition]:
    """The same for every row of Referral."""
    taken = Referral.sub_specialty.in_(_taken(scope))
    return [taken, *_ours_and_free(scope), *graded(session, scope)]


def stretches(scope: Scope, session: Session) -> list[list[Condition]]:
    """The same in parts, no row in two of them: each one stretch of the pool's index.

    What is read by them never walks through what its reader may not have.
    """
    refused = _refused(session, scope)
    rest = [*_ours_and_free(scope), *_exceptions(refused)]
    return [
        [Referral.sub_specialty == kept, Referral.urgency.between(first, last), *rest]
        for kept in _taken(scope)
        for first, last in _runs(_answered(refused))
    ]


def graded(session: Session, scope: Scope) -> list[Condition]:
    """The condition on Referral that its contract lets this grade answer it."""
    refused = _refused(session, scope)
    return [Referral.priority.in_(_answered(refused)), *_exceptions(refused)]


def _waits_for_another(scope: Scope, referral: Referral, now: datetime) -> bool:
    until = referral.reserved_until
    if referral.reserved_for is None or until is None:
        return False
    return referral.reserved_for != scope.person_id and now < until


def _taken(scope: Scope) -> list[str]:
    return ["", *sorted(scope.interests)]


def _ours_and_free(scope: Scope) -> list[Condition]:
    free = sa.or_(
        Referral.reserved_for.is_(None),
        Referral.reserved_for == scope.person_id,
        Referral.reserved_until.is_(None),
        Referral.reserved_until <= clock.now(),
    )
    return [Referral.pool_id == scope.organisation_id, free]


def _refused(session: Session, scope: Scope) -> Refused:
    """By contract version: the priorities that this grade must not answer."""
    return {
        agreed.version_id: frozenset(
            one for one in Priority if not may_answer(agreed.terms, one, scope.grade)
        )
        for agreed in agreements_of(session, scope.organisation_id)
    }


def _answered(refused: Refused) -> list[Priority]:
    """What some contract lets this grade answer, the most urgent first."""
    return [
        one for one in PRIORITY_ORDER if any(one not in no for no in refused.values())
    ]


def _exceptions(refused: Refused) -> list[Condition]:
    """Where contracts differ: what one refuses and another allows."""
    answered = set(_answered(refused))
    return [
        sa.not_(
            sa.and_(
                Referral.contract_version_id == version_id,
                Referral.priority.in_(sorted(no & answered)),
            )
        )
        for version_id, no in refused.items()
        if no & answered
    ]


def _runs(answered: list[Priority]) -> list[tuple[int, int]]:
    """Their places in the order of urgency, as unbroken runs: first and last."""
    runs: list[tuple[int, int]] = []
    for place in map(PRIORITY_ORDER.index, answered):
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
