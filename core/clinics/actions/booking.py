"""Places in sessions."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor
from core.clinics.model import AppointmentState
from core.clinics.tables import Appointment, ClinicSession
from core.kernel.errors import Conflict


def release_all(
    session: Session,
    by: Actor,  # noqa: ARG001
    clinic_session: ClinicSession,
    reason: str,  # noqa: ARG001
) -> None:
    """Give up every place of a session. Raises Conflict where there are any."""
    booked = session.scalar(
        sa.select(Appointment.id)
        .where(
            Appointment.session_id == clinic_session.id,
            Appointment.state == AppointmentState.BOOKED,
        )
        .limit(1)
    )
    if booked is not None:
        raise Conflict("Patients are booked into this session. Move them first.")
