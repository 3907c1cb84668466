"""What importing a file would do, and a table to begin with."""

import uuid
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.clinics.actions.judging import Judgement, judge
from core.clinics.importing.table import write_table
from core.clinics.staffing import clinic_staff
from core.clinics.tables import Site
from core.clinics.waiting import refuse_but_managers
from core.kernel import clock


def preview(
    session: Session,
    scope: Scope,
    organisation_id: uuid.UUID,
    *,
    name: str,
    content: bytes,
) -> Judgement:
    """The rows of a file with what becomes of each. Raises NotAllowed, Invalid."""
    refuse_but_managers(scope)
    return judge(session, organisation_id, name, content)


def sample(session: Session, scope: Scope, organisation_id: uuid.UUID) -> str:
    """A table with the header and, where there is one to name, a session."""
    refuse_but_managers(scope)
    staff = clinic_staff(session, organisation_id)
    site = session.scalar(
        sa.select(Site.name)
        .where(Site.organisation_id == organisation_id, Site.closed_at.is_(None))
        .order_by(Site.name)
        .limit(1)
    )
    if not staff or site is None:
        return write_table([])
    today = clock.today()
    monday = today + timedelta(days=7 - today.weekday())
    name = staff[0][1].name
    return write_table([[monday.isoformat(), "09:00", "180", site, "", name, "6×20"]])
