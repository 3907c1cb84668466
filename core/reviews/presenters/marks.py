"""What specialists drew over a referral's pictures."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.access.tables import Person
from core.imaging.tables import Image
from core.referrals import reading
from core.reviews.model import MarkKind
from core.reviews.tables import ImageMark


@dataclass(frozen=True)
class Mark:
    """One mark. Points in the picture's pixels; ``mm`` is the length of a scale."""

    mark_id: uuid.UUID
    image_id: uuid.UUID
    kind: MarkKind
    points: tuple[tuple[float, float], ...]
    mm: float | None
    by: str
    mine: bool


def marks(session: Session, scope: Scope, referral_id: uuid.UUID) -> list[Mark]:
    """The marks that were not removed, in the order they were made.

    Raises NotFound for a referral beyond the scope.
    """
    referral = reading.get(session, scope, referral_id)
    rows = session.execute(
        sa.select(ImageMark, Person.name)
        .join(Image, Image.id == ImageMark.image_id)
        .join(Person, Person.id == ImageMark.person_id)
        .where(
            Image.referral_id == referral.id,
            Image.removed_at.is_(None),
            ImageMark.removed_at.is_(None),
        )
        .order_by(ImageMark.made_at, ImageMark.id)
    )
    return [
        Mark(
            mark_id=row.id,
            image_id=row.image_id,
            kind=row.kind,
            points=tuple((x, y) for x, y in row.content["points"]),
            mm=row.content.get("mm"),
            by=name,
            mine=row.person_id == scope.person_id,
        )
        for row, name in rows
    ]
