"""The messages of a referral, and where some wait to be read."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import OrganisationKind, Scope
from core.access.tables import Organisation, Person
from core.kernel import words
from core.referrals import reading
from core.referrals.model import Side
from core.referrals.tables import (
    Message,
    MessageReceipt,
    Referral,
    UnreadMessage,
)


@dataclass(frozen=True)
class Said:
    """One message. ``read`` says by whom and when, or that nobody has read it yet."""

    by: str
    moment: str
    words: str
    ours: bool
    read: str


def thread(session: Session, scope: Scope, referral_id: uuid.UUID) -> list[Said]:
    """All messages of a referral, the first one first."""
    referral = reading.get(session, scope, referral_id)
    rows = session.execute(
        sa.select(Message, Person.name, Organisation.name)
        .join(Person, Person.id == Message.person_id)
        .join(Organisation, Organisation.id == Message.organisation_id)
        .where(Message.referral_id == referral.id)
        .order_by(Message.moment, Message.id)
    ).all()
    receipts = _receipts(session, [message.id for message, *_ in rows])
    from_practice = scope.kind is OrganisationKind.PRACTICE
    return [
        Said(
            by=f"{name}, {organisation}",
            moment=words.moment_in_words(message.moment),
            words=message.words,
            ours=(message.to is Side.SPECIALISTS) == from_practice,
            read=receipts.get(message.id, "Not read yet"),
        )
        for message, name, organisation in rows
    ]


def unread_on(
    session: Session, scope: Scope, referral_ids: Sequence[uuid.UUID]
) -> set[uuid.UUID]:
    """Which of these referrals have a message that waits for this person."""
    if not referral_ids:
        return set()
    return set(
        session.scalars(
            sa.select(UnreadMessage.referral_id)
            .join(Referral, Referral.id == UnreadMessage.referral_id)
            .where(
                reading.visible(scope),
                UnreadMessage.referral_id.in_(referral_ids),
                *reading.message_is_for(scope),
            )
        )
    )


def _receipts(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    found: dict[uuid.UUID, list[str]] = {}
    for message_id, name, moment in session.execute(
        sa.select(MessageReceipt.message_id, Person.name, MessageReceipt.moment)
        .join(Person, Person.id == MessageReceipt.person_id)
        .where(MessageReceipt.message_id.in_(ids))
        .order_by(MessageReceipt.moment)
    ):
        when = words.moment_in_words(moment)
        found.setdefault(message_id, []).append(f"{name}, {when}")
    return {one: f"Read by {'; '.join(readers)}" for one, readers in found.items()}
