"""Which letters there are, and where one lies."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.kernel.errors import NotFound
from core.referrals import reading
from core.reviews.model import Audience
from core.reviews.tables import Letter, Opinion


@dataclass(frozen=True)
class LetterFile:
    """A letter in the vault, and whom it is about."""

    letter_id: uuid.UUID
    blob: str
    reference: str
    patient_id: uuid.UUID


def letters_of(
    session: Session, scope: Scope, referral_id: uuid.UUID
) -> dict[int, Mapping[Audience, uuid.UUID]]:
    """By version of the answer: the letters that were sent with it, if any."""
    referral = reading.get(session, scope, referral_id)
    rows = session.execute(
        sa.select(Opinion.version, Letter.audience, Letter.id)
        .join(Letter, Letter.opinion_id == Opinion.id)
        .where(Opinion.referral_id == referral.id)
    )
    found: dict[int, dict[Audience, uuid.UUID]] = {}
    for version, audience, letter_id in rows:
        found.setdefault(version, {})[audience] = letter_id
    return dict(found)


def letter_file(session: Session, scope: Scope, letter_id: uuid.UUID) -> LetterFile:
    """One letter. Raises NotFound for one beyond the scope."""
    row = session.execute(
        sa.select(Letter, Opinion.referral_id)
        .join(Opinion, Opinion.id == Letter.opinion_id)
        .where(Letter.id == letter_id)
    ).first()
    if row is None:
        raise NotFound("There is no such letter, or it is not yours to see.")
    letter, referral_id = row
    referral = reading.get(session, scope, referral_id)
    return LetterFile(letter.id, letter.blob, referral.reference, referral.patient_id)
