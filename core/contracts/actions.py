"""Change how a contract's referrals are routed."""

import uuid
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import Actor
from core.audit.actions import record
from core.contracts.checking import goes_to_nobody, unknown_words
from core.contracts.policy import RoutingPolicy
from core.contracts.reading import answerers, routing_now
from core.contracts.tables import Contract, RoutingPolicyVersion
from core.kernel import clock
from core.kernel.clock import LONDON
from core.kernel.errors import Invalid, NotAllowed, NotFound
from core.specialties.reference import specialty


def save_policy(
    session: Session,
    *,
    by: Actor,
    contract_id: uuid.UUID,
    policy: RoutingPolicy,
    effective_from: date,
) -> RoutingPolicyVersion:
    """Save a new version, in force from now or from the midnight a later day begins.

    Older versions stay as they are. Raises Invalid for a policy that sends somebody
    to nobody who is there now, with an example.
    """
    if not access.may_set_routing(by):
        raise NotAllowed("Only a service manager changes the routing.")
    # Held, so that two who save at once get numbers of their own.
    contract = session.get(Contract, contract_id, with_for_update=True)
    if contract is None:
        raise NotFound("There is no such contract.")
    refuse_unfit(session, contract_id=contract_id, policy=policy)
    row = RoutingPolicyVersion(
        contract_id=contract_id,
        number=_last_number(session, contract_id) + 1,
        effective_from=_begins(effective_from),
        content=policy.model_dump(mode="json"),
        saved_by=by.person_id,
    )
    session.add(row)
    session.flush()
    record(
        session,
        by=by,
        action="save_policy",
        entity="contract",
        entity_id=contract_id,
        number=row.number,
        effective_from=row.effective_from.isoformat(),
    )
    return row


def refuse_unfit(
    session: Session, *, contract_id: uuid.UUID, policy: RoutingPolicy
) -> None:
    """Raise Invalid where a policy cannot work, saying why."""
    routing = routing_now(session, contract_id)
    agreed = routing.agreed
    for sentence in unknown_words(policy, specialty(agreed.specialty)):
        raise Invalid(sentence, field="preferences")
    people = answerers(session, contract_id)
    example = goes_to_nobody(policy, routing.pools, agreed.terms, people)
    if example:
        raise Invalid(f"Not saved, because somebody would wait in vain. {example}")


def _last_number(session: Session, contract_id: uuid.UUID) -> int:
    number = sa.func.max(RoutingPolicyVersion.number)
    last = session.scalar(
        sa.select(number).where(RoutingPolicyVersion.contract_id == contract_id)
    )
    return last or 0


def _begins(day: date) -> datetime:
    today = clock.today()
    if day < today:
        raise Invalid(
            "A policy holds from today or later: what was routed stays as it was.",
            field="effective_from",
        )
    return clock.now() if day == today else datetime.combine(day, time.min, LONDON)
