"""Why a referral is with the service that has it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.access.tables import Organisation
from core.kernel import words
from core.referrals import reading
from core.referrals.tables import RoutingDecision


@dataclass(frozen=True)
class Decided:
    """One decision. ``when``: the moment in words; ``reason``: a sentence."""

    moment: datetime
    when: str
    service: str
    reason: str


def decisions(session: Session, scope: Scope, referral_id: uuid.UUID) -> list[Decided]:
    """The decisions about one referral, the first one first. Raises NotFound."""
    referral = reading.get(session, scope, referral_id)
    rows = session.execute(
        sa.select(RoutingDecision.moment, RoutingDecision.reason, Organisation.name)
        .join(Organisation, Organisation.id == RoutingDecision.organisation_id)
        .where(RoutingDecision.referral_id == referral.id)
        .order_by(RoutingDecision.number)
    )
    return [
        Decided(row.moment, words.moment_in_words(row.moment), row.name, row.reason)
        for row in rows
    ]
