"""Words between practice and specialist about a referral, and who has read them."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import Actor, Role
from core.access.tables import Organisation
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.notify.actions import enqueue
from core.notify.model import Topic
from core.practices.tables import Practice
from core.referrals import reading
from core.referrals.actions.moving import note_change
from core.referrals.model import NOT_SENT, Side, State
from core.referrals.tables import (
    Message,
    MessageReceipt,
    Referral,
    ReferralEvent,
    UnreadMessage,
)


LONGEST = 4000
# Nobody else has seen these yet, or ever will.
_NOBODY_THERE = (*NOT_SENT, State.WITHDRAWN)


def write(
    session: Session,
    *,
    by: Actor,
    referral_id: uuid.UUID,
    message_id: uuid.UUID,
    words: str,
) -> Message:
    """Say something to the other side. Sending one ``message_id`` twice says it once.

    Raises Invalid for nothing or too much, Conflict where nobody is there to read it.
    """
    if not (access.may_refer(by) or access.may_answer(by)):
        raise NotAllowed("Only practice staff and specialists write messages.")
    referral = reading.get(session, by.scope, referral_id)
    there = session.get(Message, message_id)
    if there is not None:
        if there.person_id != by.person_id:
            raise NotFound("There is no such message.")
        return there
    said = words.strip()
    if not said:
        raise Invalid("Write the message first.", field="words")
    if len(said) > LONGEST:
        raise Invalid(
            f"A message has at most {LONGEST:,} characters; this one has {len(said):,}.",
            field="words",
        )
    if referral.state in _NOBODY_THERE:
        raise Conflict(
            "Nobody on the other side has this referral, so nobody reads it."
        )
    to = Side.PRACTICE if access.may_answer(by) else Side.SPECIALISTS
    row = Message(
        id=message_id,
        referral_id=referral.id,
        moment=clock.now(),
        person_id=by.person_id,
        organisation_id=by.organisation_id,
        to=to,
        for_person=None if to is Side.PRACTICE else _last_specialist(session, referral),
        words=said,
    )
    session.add(row)
    session.flush()
    session.add(
        UnreadMessage(
            message_id=row.id,
            referral_id=row.referral_id,
            to=row.to,
            for_person=row.for_person,
        )
    )
    if to is Side.PRACTICE:
        _tell_practice(session, referral)
    note_change(session, referral, by=by, action="write_message")
    return row


def mark_read(session: Session, *, by: Actor, referral_id: uuid.UUID) -> int:
    """Note that this person has read what is for them. Returns how many it was."""
    referral = reading.get(session, by.scope, referral_id)
    # Gone and got in one statement: of two who read at once, one was the first.
    unread = session.scalars(
        sa.delete(UnreadMessage)
        .where(
            UnreadMessage.referral_id == referral.id,
            *reading.message_is_for(by.scope),
        )
        .returning(UnreadMessage.message_id)
        .execution_options(synchronize_session=False)
    ).all()
    for message_id in unread:
        session.add(
            MessageReceipt(
                message_id=message_id, person_id=by.person_id, moment=clock.now()
            )
        )
    if unread:
        note_change(session, referral, by=by, action="read_messages")
    return len(unread)


def _last_specialist(session: Session, referral: Referral) -> uuid.UUID | None:
    """Whoever read the case last; nobody, where none has yet."""
    return session.scalar(
        sa.select(ReferralEvent.person_id)
        .where(
            ReferralEvent.referral_id == referral.id,
            ReferralEvent.role == Role.SPECIALIST,
        )
        .order_by(ReferralEvent.number.desc())
        .limit(1)
    )


def _tell_practice(session: Session, referral: Referral) -> None:
    enqueue(
        session,
        topic=Topic.MESSAGE,
        address=session.get_one(Practice, referral.practice_id).email,
        practice=session.get_one(Organisation, referral.practice_id).name,
        reference=referral.reference,
    )
