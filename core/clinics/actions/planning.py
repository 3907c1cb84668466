"""Keep a plan that was worked out. Working it out takes seconds and no transaction."""

import uuid
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import Actor, Role
from core.audit.actions import record
from core.clinics.model import STEP_MINUTES, LineState
from core.clinics.proposing import Place, Proposal
from core.clinics.tables import ClinicPlan, ClinicSession, PlanLine
from core.kernel import clock
from core.kernel.errors import NotAllowed


def keep_plan(
    session: Session, *, by: Actor, proposal: Proposal, seconds: float
) -> uuid.UUID:
    """Keep a proposal with its inputs, so that it can be looked at, and made again."""
    itself = by.role is Role.SYSTEM
    if not (itself or access.may_plan_clinics(by)):
        raise NotAllowed("Only a service manager plans clinics.")
    inputs = proposal.inputs
    plan = ClinicPlan(
        made_at=clock.now(),
        made_by=None if itself else by.person_id,
        specialty=inputs.specialty,
        first_day=date.fromisoformat(inputs.first_day),
        horizon_days=inputs.horizon,
        seconds=seconds,
        inputs=inputs.as_json(),
        inputs_hash=inputs.hash,
        figures=proposal.figures,
    )
    session.add(plan)
    session.flush()
    begins = _begins(session, proposal)
    session.add_all(_line(plan.id, one, begins) for one in proposal.places)
    session.flush()
    record(
        session,
        by=by,
        action="plan_clinics",
        entity="clinic_plan",
        entity_id=plan.id,
        inputs=inputs.hash,
        cases=len(proposal.places),
    )
    return plan.id


def _begins(session: Session, proposal: Proposal) -> dict[str, ClinicSession]:
    ids = {one.stretch.session for one in proposal.places if one.stretch}
    rows = session.scalars(
        sa.select(ClinicSession).where(ClinicSession.id.in_(map(uuid.UUID, ids)))
    )
    return {str(one.id): one for one in rows}


def _line(plan_id: uuid.UUID, place: Place, held: dict[str, ClinicSession]) -> PlanLine:
    at = held[place.stretch.session] if place.stretch else None
    after = timedelta(minutes=place.first * STEP_MINUTES)
    return PlanLine(
        plan_id=plan_id,
        need_id=uuid.UUID(place.need.id),
        need_version=place.need.version,
        state=LineState.PROPOSED,
        session_id=at.id if at else None,
        begins_at=at.begins_at + after if at else None,
        minutes=place.minutes,
        cost_pence=place.cost,
        km=place.km,
        later=place.later,
        days_against_first_come=place.against_first_come,
        gap=place.gap,
    )
