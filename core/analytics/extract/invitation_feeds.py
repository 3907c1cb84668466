"""What is read of weblinks that were sent to patients, and of what waited too long.

Of a referral whose weblink was sent but which never was itself, only what is counted of
weblinks crosses: no move, no answer, no picture. Where a message went stays behind.
"""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.analytics.extract.feed import Feed, listed, select
from core.analytics.extract.lines import Columns, SealedDay, word
from core.analytics.extract.referral_feeds import LANGUAGES
from core.contracts.model import ServiceModel
from core.contracts.tables import Contract, ContractVersion
from core.invitations.model import Step, StopReason
from core.invitations.tables import Invitation, InvitationEvent
from core.languages.reference import languages
from core.patients.tables import Patient
from core.referrals.tables import Escalated, Referral


def invitation_feeds() -> list[Feed]:
    """Weblinks that were ever sent, and every step of escalation."""
    return [
        Feed("raw_invitation", _INVITATION, _sent(), Invitation.referral_id),
        Feed("raw_escalation", _ESCALATION, _escalated(), Escalated.referral_id),
    ]


def _sent() -> sa.Select[Any]:
    return (
        select(_INVITATION)
        .select_from(Invitation)
        .join(Referral, Referral.id == Invitation.referral_id)
        .join(Patient, Patient.id == Invitation.patient_id)
        .join(ContractVersion, ContractVersion.id == Invitation.contract_version_id)
        .join(Contract, Contract.id == ContractVersion.contract_id)
        .where(Invitation.sent_at.is_not(None))
    )


def _escalated() -> sa.Select[Any]:
    """Of referrals that were sent, and of those whose weblink was."""
    return (
        select(_ESCALATION)
        .select_from(Escalated)
        .join(Referral, Referral.id == Escalated.referral_id)
        .outerjoin(Invitation, Invitation.referral_id == Referral.id)
        .where(sa.or_(Referral.sent_at.is_not(None), Invitation.sent_at.is_not(None)))
    )


def _first(step: Step, what: Any | None = None) -> Any:  # noqa: ANN401  an expression
    """When a step was first taken, or what its row says; whatever came of it later."""
    event = aliased(InvitationEvent)
    asked = event.moment if what is None else what(event)
    return (
        sa.select(asked)
        .where(event.invitation_id == Invitation.id, event.step == step)
        .order_by(event.moment)
        .limit(1)
        .correlate(Invitation)
        .scalar_subquery()
    )


def _reason(event: Any) -> Any:  # noqa: ANN401  an alias
    return listed(event.reason, StopReason)


def _spoken() -> list[str]:
    return [one.code for one in languages()]


_INVITATION: Columns = {
    "referral": (uuid.UUID, Invitation.referral_id),
    "practice": (uuid.UUID, Invitation.practice_id),
    "commissioner": (uuid.UUID, Contract.commissioner_id),
    "service_model": (
        str,
        listed(ContractVersion.terms["service_model"].as_string(), ServiceModel),
    ),
    "priority": (str, word(Referral.priority)),
    "state": (str, word(Invitation.state)),
    "link_way": (str, word(Invitation.way)),
    "link_language": (str, listed(Invitation.language, _spoken(), "other")),
    "sent_at": (datetime, Invitation.sent_at),
    "opened_at": (datetime, Invitation.opened_at),
    "verified_at": (datetime, Invitation.verified_at),
    "finished_at": (datetime, Invitation.finished_at),
    "stopped_at": (datetime, _first(Step.STOP)),
    "stopped_for": (str, _first(Step.STOP, _reason)),
    "cancelled_at": (datetime, _first(Step.CANCEL)),
    "expired_at": (datetime, _first(Step.EXPIRE)),
    "reminders": (int, Invitation.reminders),
    "born": (SealedDay, Patient.birth_date_sealed),
    "sex": (str, word(Patient.sex)),
    "ethnic_category": (str, word(Patient.ethnic_category)),
    "language": (str, listed(Patient.language, LANGUAGES, "other")),
}
_ESCALATION: Columns = {
    "referral": (uuid.UUID, Escalated.referral_id),
    "loop": (str, word(Escalated.loop)),
    "number": (int, Escalated.number),
    "level": (str, word(Escalated.level)),
    "since": (datetime, Escalated.since),
    "moment": (datetime, Escalated.moment),
    "settled_at": (datetime, Escalated.settled_at),
}
