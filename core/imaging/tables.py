"""Pictures of a referral. The pixels are in the vault; here is what is known of them."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.ids import new_id
from core.store.base import Base


class Image(Base):
    """One picture: the file as it came, a clean copy, a thumbnail."""

    __tablename__ = "image"

    # Given by the browser that sends it, so that sending twice adds one picture.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), index=True
    )
    lesion_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("lesion.id"))
    view: Mapped[str] = mapped_column(sa.String(40))
    original_blob: Mapped[str] = mapped_column(sa.String(80))
    clean_blob: Mapped[str] = mapped_column(sa.String(80))
    thumbnail_blob: Mapped[str] = mapped_column(sa.String(80))
    width: Mapped[int]
    height: Mapped[int]
    # "camera" or "stored"; the device as the browser names it.
    source: Mapped[str] = mapped_column(sa.String(20))
    device: Mapped[str] = mapped_column(sa.String(200))
    file_format: Mapped[str] = mapped_column(sa.String(10))
    taken_at: Mapped[datetime | None]
    # Whether the file told where it was taken. The clean copy never does.
    had_position: Mapped[bool]
    measurements: Mapped[dict[str, Any]]
    advice: Mapped[list[Any]]
    added_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
