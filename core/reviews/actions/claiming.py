"""Take a referral to one's desk; put it back; let a forgotten claim lapse."""

import uuid
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import SYSTEM, Actor
from core.access.tables import Person
from core.audit.actions import record
from core.contracts.reference import agreement
from core.kernel import clock
from core.kernel.errors import Conflict, NotAllowed, NotFound
from core.referrals import reading
from core.referrals.actions.moving import move
from core.referrals.model import Move, State
from core.referrals.tables import Referral
from core.reviews.eligibility import eligible, why_not
from core.reviews.tables import Claim


def open_case(session: Session, *, by: Actor, referral_id: uuid.UUID) -> Claim | None:
    """Open a referral to read it; claim it where it waits and nobody holds it.

    Returns the actor's claim, or None where the case is open for reading only. Each
    opening is audited. Raises NotFound, NotAllowed.
    """
    referral = lock(session, by, referral_id)
    claim = current(session, referral)
    if claim and claim.person_id == by.person_id:
        prolong(session, claim, referral)
    elif _can_be_claimed(session, by, referral):
        claim = _claim(session, by, referral, claim)
    record(
        session,
        by=by,
        action="open_case",
        entity="referral",
        entity_id=referral.id,
        patient_id=referral.patient_id,
    )
    return claim if claim and claim.person_id == by.person_id else None


def take(session: Session, *, by: Actor, referral_id: uuid.UUID) -> None:
    """Claim a case on purpose. Raises Conflict where somebody else holds it."""
    referral = lock(session, by, referral_id)
    prolong(session, held_by(session, by, referral), referral)


def release(session: Session, *, by: Actor, referral_id: uuid.UUID) -> None:
    """Put one's own case back into the pool."""
    referral = lock(session, by, referral_id)
    held_by(session, by, referral)
    end_claim(session, referral)
    move(session, referral, Move.RELEASE, by=by)


def release_lapsed(session: Session) -> int:
    """Put forgotten cases back. Returns how many."""
    lapsed = session.scalars(
        sa.select(Referral)
        .join(Claim, Claim.referral_id == Referral.id)
        .where(Claim.ended_at.is_(None), Claim.lapses_at < clock.now())
        .with_for_update(of=Referral, skip_locked=True)
    ).all()
    for referral in lapsed:
        end_claim(session, referral)
        if referral.state is State.IN_REVIEW:
            move(session, referral, Move.RELEASE, by=SYSTEM, reason="lapsed")
    return len(lapsed)


def lock(session: Session, by: Actor, referral_id: uuid.UUID) -> Referral:
    """A referral within the specialist's scope, held until the commit."""
    if not access.may_answer(by):
        raise NotAllowed("Only specialists open cases.")
    found = session.scalar(
        sa.select(Referral)
        .where(Referral.id == referral_id, reading.visible(by.scope))
        .with_for_update()
    )
    if found is None:
        raise NotFound("There is no such referral, or it is not yours to see.")
    return found


def current(session: Session, referral: Referral) -> Claim | None:
    """The claim that is open, lapsed or not."""
    return session.scalar(
        sa.select(Claim).where(
            Claim.referral_id == referral.id, Claim.ended_at.is_(None)
        )
    )


def held_by(session: Session, by: Actor, referral: Referral) -> Claim:
    """The actor's claim. Raises Conflict in words where somebody else got there.

    A claim that lapsed while its owner was writing, and that nobody took, is theirs
    again.
    """
    claim = current(session, referral)
    if claim is None and _can_be_claimed(session, by, referral):
        claim = _claim(session, by, referral, None)
    if claim is None or claim.person_id != by.person_id:
        raise Conflict(_who_was_first(session, by, claim, referral))
    return claim


def end_claim(session: Session, referral: Referral) -> None:
    """Close whatever claim is open."""
    claim = current(session, referral)
    if claim:
        claim.ended_at = clock.now()
        session.flush()


def _can_be_claimed(session: Session, by: Actor, referral: Referral) -> bool:
    terms = agreement(session, referral.contract_version_id).terms
    claim = current(session, referral)
    free = referral.state is State.SUBMITTED and claim is None
    forgotten = claim is not None and claim.lapses_at < clock.now()
    return (free or forgotten) and eligible(by.scope, referral, terms, clock.now())


def _claim(
    session: Session, by: Actor, referral: Referral, lapsed: Claim | None
) -> Claim:
    if lapsed is not None:
        end_claim(session, referral)
        move(session, referral, Move.RELEASE, by=SYSTEM, reason="lapsed")
    now = clock.now()
    claim = Claim(
        referral_id=referral.id, person_id=by.person_id, started_at=now, lapses_at=now
    )
    session.add(claim)
    prolong(session, claim, referral)
    move(session, referral, Move.CLAIM, by=by)
    return claim


def prolong(session: Session, claim: Claim, referral: Referral) -> None:
    """Let a claim run anew from now: its owner is at work."""
    terms = agreement(session, referral.contract_version_id).terms
    claim.lapses_at = clock.now() + timedelta(minutes=terms.claim_lapses_after_minutes)


def _who_was_first(
    session: Session, by: Actor, claim: Claim | None, referral: Referral
) -> str:
    kept = "What you wrote is kept."
    if claim is not None:
        holder = session.get_one(Person, claim.person_id).name
        return f"{holder} is reading this referral now. {kept}"
    if referral.state is State.ANSWERED:
        return f"This referral has been answered by someone else. {kept}"
    if referral.state is State.SUBMITTED:
        terms = agreement(session, referral.contract_version_id).terms
        return f"{why_not(by.scope, referral, terms, clock.now())} {kept}"
    return f"This referral is not open for an answer now. {kept}"
