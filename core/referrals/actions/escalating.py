"""Tell somebody else where something has waited too long; leave nobody waiting."""

import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import SYSTEM
from core.access.tables import Organisation
from core.contracts.model import Escalation, EscalationStep, Level, Loop
from core.contracts.reference import agreement, bank_holidays
from core.invitations.tables import Invitation
from core.kernel import clock
from core.kernel.working_days import due_at
from core.notify.actions import enqueue
from core.notify.model import Topic
from core.practices.tables import Practice
from core.referrals.actions.moving import note_change
from core.referrals.actions.telling import tell_of
from core.referrals.tables import Escalated, Referral
from core.referrals.waiting import Waiting, waiting


# One round's: a commit of a moment, and the rest next time.
_AT_ONCE = 100


def escalate_waiting(session: Session) -> int:
    """Carry out the steps that are due. Returns how many.

    A step is taken once for each time that a thing waits. What has been seen to is
    marked as settled.
    """
    open_now = list(waiting(session))
    _settle(session, open_now)
    due = list(islice(_due(session, open_now), _AT_ONCE))
    held = _held(session, {one.referral_id for one, *_ in due})
    return sum(
        _take(session, held[one.referral_id], one, number, step, policy)
        for one, number, step, policy in due
        if one.referral_id in held and not _was_taken(session, one, number)
    )


def any_to_escalate(session: Session) -> bool:
    """Whether ``escalate_waiting`` has anything to do."""
    open_now = list(waiting(session))
    if next(_due(session, open_now), None) is not None:
        return True
    return bool(_over(session, open_now))


def _due(
    session: Session, open_now: list[Waiting]
) -> Iterator[tuple[Waiting, int, EscalationStep, Escalation]]:
    taken = _taken(session)
    for one in open_now:
        agreed = agreement(session, one.contract_version_id).terms
        policy = agreed.escalation
        if policy is None:
            continue
        for number, step in enumerate(policy.steps.get(one.loop, ()), start=1):
            key = (one.referral_id, one.loop, one.since, number)
            if key not in taken and _is_due(one, step, agreed.day_closes):
                yield one, number, step, policy


def _is_due(one: Waiting, step: EscalationStep, closes: time) -> bool:
    now = clock.now()
    if step.hours_left is not None and one.due_at is not None:
        return now >= one.due_at - timedelta(hours=step.hours_left)
    if step.working_days is None:
        return False
    return now >= due_at(one.since, step.working_days, closes, bank_holidays())


def _taken(session: Session) -> set[tuple[uuid.UUID, Loop, datetime, int]]:
    rows = session.execute(
        sa.select(
            Escalated.referral_id, Escalated.loop, Escalated.since, Escalated.number
        ).where(Escalated.settled_at.is_(None))
    )
    return {(one.referral_id, one.loop, one.since, one.number) for one in rows}


def _over(session: Session, open_now: list[Waiting]) -> list[Escalated]:
    still = {(one.referral_id, one.loop, one.since) for one in open_now}
    rows = session.scalars(
        sa.select(Escalated).where(Escalated.settled_at.is_(None))
    ).all()
    return [one for one in rows if (one.referral_id, one.loop, one.since) not in still]


def _settle(session: Session, open_now: list[Waiting]) -> None:
    for one in _over(session, open_now):
        one.settled_at = clock.now()


def _held(session: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, Referral]:
    """Those of the referrals that nobody works on; the others have the next round.

    All at once, and before the first is audited: nobody waits for two things in turn.
    """
    free = sa.select(Referral).where(Referral.id.in_(ids))
    rows = session.scalars(free.with_for_update(skip_locked=True)).all()
    theirs = sa.select(Invitation.id).where(
        Invitation.referral_id.in_([row.id for row in rows])
    )
    session.scalars(theirs.with_for_update()).all()
    return {row.id: row for row in rows}


def _was_taken(session: Session, one: Waiting, number: int) -> bool:
    """Whether it was told already: by another worker, or when it waited before, with
    the same target, and was seen to for a while. It waits again then.
    """
    row = session.scalar(
        sa.select(Escalated).where(
            Escalated.referral_id == one.referral_id,
            Escalated.loop == one.loop,
            Escalated.since == one.since,
            Escalated.number == number,
        )
    )
    if row is None:
        return False
    row.settled_at = None
    # Whoever follows changes by their times sees this one by its referral's.
    referral = session.get_one(Referral, one.referral_id)
    note_change(session, referral, by=SYSTEM, action="wait_again", loop=one.loop)
    return True


def _take(
    session: Session,
    referral: Referral,
    one: Waiting,
    number: int,
    step: EscalationStep,
    policy: Escalation,
) -> bool:
    session.add(
        Escalated(
            referral_id=referral.id,
            loop=one.loop,
            number=number,
            since=one.since,
            level=step.to,
            contract_version_id=one.contract_version_id,
            moment=clock.now(),
        )
    )
    enqueue(
        session,
        topic=Topic.OVERDUE,
        address=_address(session, referral, step.to, policy),
        practice=session.get_one(Organisation, referral.practice_id).name,
        reference=referral.reference,
        what=one.loop.label,
    )
    if _takes_longer(session, one, step):
        tell_of(session, referral, Topic.STILL_WAITING)
    note_change(
        session, referral, by=SYSTEM, action="escalate", loop=one.loop, to=step.to
    )
    return True


def _takes_longer(session: Session, one: Waiting, step: EscalationStep) -> bool:
    """Whether the patient waits for something that takes longer than it should.

    Not where it can still come in time; nor who has not finished, who is reminded; nor
    who could not go on, who was told whom to call.
    """
    if one.loop is Loop.UNREVIEWED:
        sent = sa.select(Invitation.finished_at).where(
            Invitation.referral_id == one.referral_id
        )
        return session.scalar(sent) is not None
    return one.loop is not Loop.UNANSWERED_LINK and (step.hours_left or 0) <= 0


def _address(
    session: Session, referral: Referral, level: Level, policy: Escalation
) -> str:
    practice = session.get_one(Practice, referral.practice_id)
    if level is Level.PRACTICE:
        return practice.email
    # Where nobody is named, it is not left with the practice that did not answer.
    if level is Level.DEPUTY and practice.deputy_email:
        return practice.deputy_email
    return policy.manager
