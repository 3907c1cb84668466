"""Prepare the letters of an answer before it is sent; keep them with it.

Setting and sealing a letter takes far longer than a transaction may hold up others. So
both letters are made first, from what can be read now; the transaction that sends the
answer writes the words anew and takes the letters only where they still say the same.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import Actor
from core.contracts.reference import specialty_under
from core.imaging import keeping, sizing
from core.imaging.vault import VaultError
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed
from core.referrals import reading as referrals
from core.referrals.tables import Referral
from core.reviews import printing, reading, rules
from core.reviews.letters import Letters, write
from core.reviews.model import Audience, Draft
from core.reviews.printing import Picture
from core.reviews.tables import Letter, Opinion
from core.specialties.reference import specialty


_CHANGED = (
    "The patient’s or practice’s details changed while you wrote. "
    "Look at the letters again, then send."
)


@dataclass(frozen=True)
class Proof:
    """Both letters as they would be sent: in words, and as PDF."""

    letters: Letters
    pdfs: Mapping[Audience, bytes]


@dataclass(frozen=True)
class Prepared:
    """Letters that wait in the vault for their answer."""

    referral_id: uuid.UUID
    digest: str
    images: tuple[uuid.UUID, ...]
    note_to_patient: str
    blobs: Mapping[Audience, str]


def proof(
    session: Session,
    *,
    by: Actor,
    referral_id: uuid.UUID,
    opinion: Draft,
    images: Iterable[uuid.UUID] = (),
    note_to_patient: str = "",
) -> Proof:
    """Both letters, to be looked at; nothing is kept.

    ``images`` go into the practice's letter, in this order. Raises Invalid for an
    opinion that lacks something, NotFound and NotAllowed as everywhere.
    """
    if not access.may_answer(by):
        raise NotAllowed("Only specialists write letters.")
    referral = referrals.get(session, by.scope, referral_id)
    described = specialty(referral.specialty)
    rules.refuse_incomplete(described, opinion, clock.today())
    chosen = tuple(images)
    return _set(
        session, _words(session, by, referral, opinion, chosen, note_to_patient)
    )


def proof_of(session: Session, *, by: Actor, referral: Referral, row: Opinion) -> Proof:
    """Both letters of an answer that was sent already, as of now. For made-up data."""
    opinion = reading.as_draft(session, row)
    return _set(session, _words(session, by, referral, opinion, (), "", but=row))


def prepare(
    session: Session,
    *,
    by: Actor,
    referral_id: uuid.UUID,
    opinion: Draft,
    images: Iterable[uuid.UUID] = (),
    note_to_patient: str = "",
) -> Prepared:
    """Both letters, set and put into the vault. Call it outside any transaction.

    Raises as ``proof`` does.
    """
    chosen = tuple(images)
    made = proof(
        session,
        by=by,
        referral_id=referral_id,
        opinion=opinion,
        images=chosen,
        note_to_patient=note_to_patient,
    )
    sealed = keeping.vault()
    return Prepared(
        referral_id=referral_id,
        digest=made.letters.digest,
        images=chosen,
        note_to_patient=note_to_patient,
        blobs={audience: sealed.put(pdf) for audience, pdf in made.pdfs.items()},
    )


def keep(
    session: Session,
    *,
    by: Actor,
    referral: Referral,
    row: Opinion,
    opinion: Draft,
    prepared: Prepared,
) -> None:
    """Keep prepared letters with the opinion ``row`` that is being sent.

    Raises Conflict where they would say something else by now.
    """
    letters = _words(
        session,
        by,
        referral,
        opinion,
        prepared.images,
        prepared.note_to_patient,
        but=row,
    )
    same = prepared.referral_id == referral.id and prepared.digest == letters.digest
    if not same:
        raise Conflict(_CHANGED)
    session.add_all(_letter_rows(row, letters, prepared.blobs))
    session.flush()


def _letter_rows(
    row: Opinion, letters: Letters, blobs: Mapping[Audience, str]
) -> list[Letter]:
    """Both letters as rows of one opinion."""
    return [
        Letter(
            opinion_id=row.id,
            audience=audience,
            content=letters.of(audience),
            template=audience.value,
            blob=blobs[audience],
            made_at=row.moment,
        )
        for audience in Audience
    ]


def _set(session: Session, letters: Letters) -> Proof:
    shown = _pictures(session, letters)
    return Proof(
        letters,
        {
            Audience.PRACTICE: printing.pdf("practice", letters.practice, shown),
            Audience.PATIENT: printing.pdf("patient", letters.patient),
        },
    )


def _words(
    session: Session,
    by: Actor,
    referral: Referral,
    opinion: Draft,
    images: tuple[uuid.UUID, ...],
    note_to_patient: str,
    *,
    but: Opinion | None = None,
) -> Letters:
    facts = reading.facts(
        session,
        by,
        referral,
        earlier=_earlier(session, referral, but),
        images=images,
        note_to_patient=note_to_patient,
    )
    described = specialty_under(session, referral.contract_version_id)
    return write(described, facts, opinion)


def _earlier(
    session: Session, referral: Referral, but: Opinion | None
) -> Opinion | None:
    """The version before this one, which may have been written already."""
    earlier = sa.select(Opinion).where(Opinion.referral_id == referral.id)
    if but is not None:
        earlier = earlier.where(Opinion.version < but.version)
    return session.scalar(earlier.order_by(Opinion.version.desc()).limit(1))


def _pictures(session: Session, letters: Letters) -> list[Picture]:
    shown = letters.practice["pictures"]["shown"]
    ids = [uuid.UUID(one["image"]) for one in shown]
    blobs = reading.pictures_of(session, ids)
    return [
        Picture(_pixels(blobs[image_id], one["title"]), one["title"], one["alt"])
        for image_id, one in zip(ids, shown, strict=True)
    ]


def _pixels(blob: str, title: str) -> bytes:
    try:
        return sizing.for_letter(keeping.fetch(blob))
    except VaultError as error:
        raise Invalid(
            f"The picture “{title}” cannot be read. Leave it out of the letter.",
            field="images",
        ) from error
