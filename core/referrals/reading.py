"""Which referrals a scope may see, and what one of them holds."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import OrganisationKind, Scope
from core.contracts.tables import ContractPool, ContractVersion
from core.imaging.tables import Image
from core.kernel.errors import NotFound
from core.practices.model import DeviceKind
from core.practices.tables import Device
from core.referrals.model import Side, State
from core.referrals.rules import Content
from core.referrals.tables import (
    Consent,
    HistoryAnswer,
    Lesion,
    Message,
    MessageReceipt,
    Referral,
)
from core.specialties.model import Answer
from core.specialties.reference import specialty


# A draft is nobody's business but the practice's.
_NOT_SENT = (State.DRAFT, State.LISTED)


def visible(scope: Scope) -> sa.ColumnElement[bool]:
    """The condition on Referral that keeps every read within its scope."""
    if scope.kind is OrganisationKind.PRACTICE:
        return Referral.practice_id == scope.organisation_id
    if scope.kind is OrganisationKind.SPECIALIST_SERVICE:
        pooled = (
            sa.select(ContractVersion.id)
            .join(ContractPool, ContractPool.contract_id == ContractVersion.contract_id)
            .where(ContractPool.organisation_id == scope.organisation_id)
        )
        return sa.and_(
            Referral.contract_version_id.in_(pooled),
            Referral.sent_at.is_not(None),
            Referral.state.not_in(_NOT_SENT),
        )
    return sa.false()


def message_is_for(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """The conditions on Message (and Referral) that it waits for this person.

    A practice reads as one; a specialist's message waits for whoever had the case, or
    for anybody of the pool where nobody had it yet.
    """
    unread = ~sa.exists().where(MessageReceipt.message_id == Message.id)
    if scope.kind is OrganisationKind.PRACTICE:
        return [Message.to == Side.PRACTICE, unread]
    concerns = sa.or_(
        Message.for_person == scope.person_id, Message.for_person.is_(None)
    )
    return [Message.to == Side.SPECIALISTS, concerns, unread]


def get(session: Session, scope: Scope, referral_id: uuid.UUID) -> Referral:
    """One referral. Raises NotFound for one beyond the scope."""
    found = session.scalar(
        sa.select(Referral).where(Referral.id == referral_id, visible(scope))
    )
    if found is None:
        raise NotFound("There is no such referral, or it is not yours to see.")
    return found


def answers_of(session: Session, referral: Referral) -> dict[str, Answer]:
    """The history as it was answered."""
    rows = session.scalars(
        sa.select(HistoryAnswer).where(HistoryAnswer.referral_id == referral.id)
    )
    return {row.question_id: row.content["value"] for row in rows}


def lesions_of(session: Session, referral: Referral) -> list[Lesion]:
    """The pins, by number."""
    return list(
        session.scalars(
            sa.select(Lesion)
            .where(Lesion.referral_id == referral.id, Lesion.removed_at.is_(None))
            .order_by(Lesion.number)
        )
    )


def images_of(session: Session, referral: Referral) -> list[Image]:
    """The pictures that were not taken off, in the order they came."""
    return list(
        session.scalars(
            sa.select(Image)
            .where(Image.referral_id == referral.id, Image.removed_at.is_(None))
            .order_by(Image.added_at, Image.id)
        )
    )


def _views_there(
    session: Session, referral: Referral
) -> set[tuple[uuid.UUID | None, str]]:
    rows = session.execute(
        sa.select(Image.lesion_id, Image.view).where(
            Image.referral_id == referral.id, Image.removed_at.is_(None)
        )
    )
    return {(row.lesion_id, row.view) for row in rows}


def content_of(
    session: Session, referral: Referral, *, needs_clinician: bool = False
) -> Content:
    """A referral the way its rules look at it."""
    dermatoscope = session.scalar(
        sa.select(Device.id)
        .where(
            Device.practice_id == referral.practice_id,
            Device.kind == DeviceKind.DERMATOSCOPE,
        )
        .limit(1)
    )
    described = specialty(referral.specialty)
    lesions = lesions_of(session, referral)
    return Content(
        problem=referral.problem,
        answers=answers_of(session, referral),
        lesions={one.number: one.id for one in lesions},
        views=_views_there(session, referral),
        has_dermatoscope=dermatoscope is not None,
        consented=session.get(Consent, referral.id) is not None,
        question=referral.question,
        priority=referral.priority,
        override_reason=referral.override_reason,
        would_have_referred=referral.would_have_referred,
        acting_for=referral.acting_for,
        needs_clinician=needs_clinician,
        imperfect_reason=referral.imperfect_reason,
        intimate=any(described.is_intimate(one.site) for one in lesions),
        chaperone=referral.chaperone,
    )
