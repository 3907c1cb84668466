"""Plan anew by itself where a place was given back: somebody waits again, or can come.

A proposal like any other. Nothing is booked, and nobody who is booked is moved.
"""

import time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import SYSTEM
from core.clinics.actions.planning import keep_plan
from core.clinics.gathering import gather
from core.clinics.model import NeedMove
from core.clinics.proposing import propose
from core.clinics.tables import ClinicNeed, ClinicPlan, NeedEvent
from core.store.engine import Store


_GIVEN_BACK = (NeedMove.UNBOOK, NeedMove.WAIT_AGAIN)


def plan_again(store: Store) -> int:
    """Make a new plan for each specialty whose newest one is overtaken. Returns how many.

    Cancellations, missed visits and lost sessions overtake a plan; where none was ever
    made, none is made. Quick: slots are not polished.
    """
    with store.reading() as session:
        found = overtaken(session)
    for specialty in found:
        began = time.monotonic()
        with store.reading() as session:
            inputs = gather(session, SYSTEM.scope, specialty=specialty)
        proposal = propose(inputs, polish=False)
        seconds = time.monotonic() - began
        with store.transaction() as session:
            keep_plan(session, by=SYSTEM, proposal=proposal, seconds=seconds)
    return len(found)


def overtaken(session: Session) -> list[str]:
    """Specialties in which a place was given back since their newest plan."""
    newest = (
        sa.select(
            ClinicPlan.specialty, sa.func.max(ClinicPlan.made_at).label("made_at")
        )
        .group_by(ClinicPlan.specialty)
        .subquery()
    )
    return list(
        session.scalars(
            sa.select(newest.c.specialty)
            .join(ClinicNeed, ClinicNeed.specialty == newest.c.specialty)
            .join(NeedEvent, NeedEvent.need_id == ClinicNeed.id)
            .where(NeedEvent.move.in_(_GIVEN_BACK), NeedEvent.moment > newest.c.made_at)
            .distinct()
            .order_by(newest.c.specialty)
        )
    )
