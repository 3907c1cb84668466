"""Add pictures to a referral, and take them off again."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor, Role
from core.imaging.keeping import Kept
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotFound
from core.referrals.actions.moving import lock_own, note_change
from core.referrals.model import EDITABLE, State
from core.referrals.tables import Lesion, Referral
from core.specialties.reference import specialty


@dataclass(frozen=True)
class Place:
    """What a picture shows: a view, of a lesion or of the whole patient."""

    view: str
    lesion_id: uuid.UUID | None = None


def add_picture(
    session: Session,
    *,
    by: Actor,
    referral_id: uuid.UUID,
    image_id: uuid.UUID,
    place: Place,
    source: str,
    device: str,
    kept: Kept,
) -> Image:
    """Attach a picture. Sending one ``image_id`` twice attaches one picture."""
    referral = _open_for_pictures(session, by, referral_id)
    there = session.get(Image, image_id)
    if there is not None:
        if there.referral_id != referral.id:
            raise NotFound("That picture belongs to another referral.")
        return there
    _check_place(session, referral, place)
    image = Image(
        id=image_id,
        referral_id=referral.id,
        lesion_id=place.lesion_id,
        view=place.view,
        original_blob=kept.original_blob,
        clean_blob=kept.clean_blob,
        thumbnail_blob=kept.thumbnail_blob,
        width=kept.width,
        height=kept.height,
        source="camera" if source == "camera" else "stored",
        device=device[:200],
        file_format=kept.file_format,
        taken_at=kept.taken_at,
        had_position=kept.had_position,
        measurements=kept.measurements,
        advice=list(kept.advice),
        added_by=by.person_id,
        added_at=clock.now(),
    )
    session.add(image)
    note_change(session, referral, by=by, action="add_picture", view=place.view)
    return image


def show_elsewhere(
    session: Session,
    *,
    by: Actor,
    referral_id: uuid.UUID,
    image_id: uuid.UUID,
    place: Place,
) -> None:
    """Say that a picture shows something else than was thought when it was added."""
    referral = _open_for_pictures(session, by, referral_id)
    image = session.get(Image, image_id)
    if image is None or image.referral_id != referral.id:
        raise NotFound("There is no such picture.")
    _check_place(session, referral, place)
    if (image.view, image.lesion_id) != (place.view, place.lesion_id):
        image.view, image.lesion_id = place.view, place.lesion_id
        note_change(session, referral, by=by, action="move_picture", view=place.view)


def remove_picture(
    session: Session, *, by: Actor, referral_id: uuid.UUID, image_id: uuid.UUID
) -> None:
    """Take a picture off; it stays in the vault with the time of its removal."""
    referral = _open_for_pictures(session, by, referral_id)
    image = session.get(Image, image_id)
    if image is None or image.referral_id != referral.id:
        raise NotFound("There is no such picture.")
    if image.removed_at is None:
        image.removed_at = clock.now()
        note_change(session, referral, by=by, action="remove_picture", view=image.view)


def unpin(
    session: Session, *, by: Actor, referral_id: uuid.UUID, lesion_id: uuid.UUID
) -> None:
    """Take a lesion off the body map, and its pictures with it."""
    referral = _open_for_pictures(session, by, referral_id)
    lesion = session.get(Lesion, lesion_id)
    if lesion is None or lesion.referral_id != referral.id:
        raise NotFound("There is no such lesion.")
    if lesion.removed_at is None:
        lesion.removed_at = clock.now()
        session.execute(
            sa.update(Image)
            .where(Image.lesion_id == lesion_id, Image.removed_at.is_(None))
            .values(removed_at=clock.now())
        )
        note_change(session, referral, by=by, action="unpin", site=lesion.site)


def _open_for_pictures(session: Session, by: Actor, referral_id: uuid.UUID) -> Referral:
    referral = lock_own(session, by, referral_id)
    theirs = (State.AWAITING_PATIENT,)
    open_now = theirs if by.role is Role.PATIENT else (*EDITABLE, State.RETURNED)
    if referral.state not in open_now:
        raise Conflict("This referral has been sent, so its pictures stay as they are.")
    return referral


def _check_place(session: Session, referral: Referral, place: Place) -> None:
    views = {view.code for view in specialty(referral.specialty).views}
    if place.view not in views:
        raise Invalid("That is not one of the views that are asked for.")
    if place.lesion_id is not None:
        lesion = session.get(Lesion, place.lesion_id)
        elsewhere = lesion is None or lesion.referral_id != referral.id
        if elsewhere or (lesion and lesion.removed_at):
            raise Invalid("That lesion is not on this referral's body map.")
