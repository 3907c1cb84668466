"""Draw over a picture, and take one's own mark back. The picture stays as it is."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor
from core.audit.actions import record
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.errors import Conflict, NotAllowed, NotFound
from core.referrals.tables import Referral
from core.reviews import marks
from core.reviews.actions.claiming import current, lock, prolong
from core.reviews.model import MarkKind
from core.reviews.tables import ImageMark


def mark(
    session: Session,
    *,
    by: Actor,
    referral_id: uuid.UUID,
    image_id: uuid.UUID,
    mark_id: uuid.UUID,
    kind: MarkKind,
    content: dict[str, Any],
) -> ImageMark:
    """Keep a mark on one of the referral's pictures; ``marks.checked`` has its form.

    Sending one ``mark_id`` twice draws once, and a mark that was removed meanwhile
    stays removed. A new scale takes the place of one's own last one. Raises NotAllowed,
    NotFound, Invalid, and Conflict for an id that names another mark.
    """
    referral = lock(session, by, referral_id)
    image = _image(session, referral, image_id)
    kept = marks.checked(kind, content, width=image.width, height=image.height)
    there = session.get(ImageMark, mark_id)
    if there is not None:
        return _same(there, by, image, kind)
    if kind in (MarkKind.SCALE, MarkKind.UNUSABLE):
        _remove_earlier(session, by, image, kind)
    row = ImageMark(
        id=mark_id,
        image_id=image.id,
        person_id=by.person_id,
        kind=kind,
        content=kept,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _note(session, by, referral, row, "mark_picture")
    return row


def unmark(session: Session, *, by: Actor, mark_id: uuid.UUID) -> None:
    """Take one's own mark away; its row is kept. Once more does nothing more.

    Raises NotAllowed for somebody else's mark, NotFound for one beyond one's scope.
    """
    row = session.get(ImageMark, mark_id)
    if row is None:
        raise NotFound("There is no such mark.")
    image = session.get_one(Image, row.image_id)
    referral = lock(session, by, image.referral_id)
    if row.person_id != by.person_id:
        raise NotAllowed("Only whoever made a mark can remove it.")
    if row.removed_at is None:
        row.removed_at = clock.now()
        _note(session, by, referral, row, "unmark_picture")


def _image(session: Session, referral: Referral, image_id: uuid.UUID) -> Image:
    found = session.scalar(
        sa.select(Image).where(
            Image.id == image_id,
            Image.referral_id == referral.id,
            Image.removed_at.is_(None),
        )
    )
    if found is None:
        raise NotFound("That picture does not belong to this referral.")
    return found


def _same(there: ImageMark, by: Actor, image: Image, kind: MarkKind) -> ImageMark:
    expected = (by.person_id, image.id, kind)
    if (there.person_id, there.image_id, there.kind) != expected:
        raise Conflict("That mark is there already. Draw yours again.")
    return there


def _remove_earlier(session: Session, by: Actor, image: Image, kind: MarkKind) -> None:
    """One picture has one scale by one person, and is unusable once."""
    session.execute(
        sa.update(ImageMark)
        .where(
            ImageMark.image_id == image.id,
            ImageMark.person_id == by.person_id,
            ImageMark.kind == kind,
            ImageMark.removed_at.is_(None),
        )
        .values(removed_at=clock.now())
    )


def _note(
    session: Session, by: Actor, referral: Referral, row: ImageMark, action: str
) -> None:
    claim = current(session, referral)
    if claim and claim.person_id == by.person_id:
        # Whoever draws is at work on the case.
        prolong(session, claim, referral)
    record(
        session,
        by=by,
        action=action,
        entity="image",
        entity_id=row.image_id,
        patient_id=referral.patient_id,
        mark=str(row.id),
        kind=str(row.kind),
    )
