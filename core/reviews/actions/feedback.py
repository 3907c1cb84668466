"""The two questions that a practice answers about an answer, each by one click."""

import uuid
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import Actor
from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound
from core.referrals.actions.moving import lock_own, note_change
from core.reviews.tables import Feedback, Opinion


Question = Literal["helpful", "instructive"]


def give_feedback(
    session: Session,
    *,
    by: Actor,
    referral_id: uuid.UUID,
    version: int,
    question: Question,
    said: bool | None,
) -> None:
    """Say whether one version of an answer helped, or taught something.

    Saying it again replaces what was said; None takes it back.
    """
    if not access.may_refer(by):
        raise NotAllowed("Only the practice says whether an answer helped.")
    referral = lock_own(session, by, referral_id)
    opinion = session.scalar(
        sa.select(Opinion).where(
            Opinion.referral_id == referral.id, Opinion.version == version
        )
    )
    if opinion is None:
        raise NotFound("There is no such answer.")
    row = session.get(Feedback, opinion.id)
    if row is None:
        row = Feedback(opinion_id=opinion.id)
        session.add(row)
    row.person_id, row.moment = by.person_id, clock.now()
    setattr(row, question, said)
    note_change(session, referral, by=by, action="give_feedback", question=question)
