"""What to ask a specialist about the opinion they are about to send."""

import uuid

from sqlalchemy.orm import Session

from core.access.model import Scope
from core.contracts.reference import agreement
from core.kernel import clock
from core.referrals import reading
from core.reviews import rules
from core.reviews.eligibility import why_not
from core.reviews.model import Draft
from core.specialties.reference import specialty


def kept_from(session: Session, scope: Scope, referral_id: uuid.UUID) -> str:
    """Why this person can read a case and not answer it, in a sentence; or nothing."""
    referral = reading.get(session, scope, referral_id)
    terms = agreement(session, referral.contract_version_id).terms
    return why_not(scope, referral, terms, clock.now())


def unsaid(
    session: Session, scope: Scope, referral_id: uuid.UUID, opinion: Draft
) -> list[str]:
    """What is unsaid in a complete opinion; nothing while it is incomplete.

    What an incomplete one lacks is said when it is sent.
    """
    referral = reading.get(session, scope, referral_id)
    described = specialty(referral.specialty)
    if any(rules.problems(described, opinion, clock.today())):
        return []
    score = referral.score if referral.problem == described.score.problem else None
    return list(rules.unsaid(described, opinion, score))
