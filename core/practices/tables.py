"""What a practice is beyond its organisation, and what stands on its desks."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.ids import new_id
from core.practices.model import DeviceKind
from core.store.base import Base, Word


class Practice(Base):
    """A GP practice; the same id as its organisation."""

    __tablename__ = "practice"

    id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("organisation.id"), primary_key=True
    )
    registered_patients: Mapped[int]
    # 1 is the most deprived tenth of areas, 10 the least.
    deprivation_decile: Mapped[int]
    # The shared mailbox; a message there tells that something waits, and no more.
    email: Mapped[str] = mapped_column(sa.String(200))
    # Who of the practice is told where something has waited too long; "": nobody yet.
    deputy_name: Mapped[str] = mapped_column(sa.String(200), default="")
    deputy_email: Mapped[str] = mapped_column(sa.String(200), default="")
    # Kilometres on the national grid; None: not known, so nobody is sent by distance.
    east_km: Mapped[float | None]
    north_km: Mapped[float | None]


class Device(Base):
    """A camera or dermatoscope of a practice."""

    __tablename__ = "device"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    practice_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("practice.id"), index=True
    )
    kind: Mapped[DeviceKind] = mapped_column(Word(DeviceKind))
    name: Mapped[str] = mapped_column(sa.String(200))
