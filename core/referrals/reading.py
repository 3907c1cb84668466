"""Which referrals a scope may see, what one of them holds, and how full a pool is."""

import uuid
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import OrganisationKind, Scope
from core.contracts.model import Priority
from core.contracts.policy import Facts, RoutingPolicy
from core.contracts.reading import Routing
from core.contracts.routing import Load
from core.contracts.tables import ContractPool, ContractVersion
from core.imaging.tables import Image
from core.kernel import clock, words
from core.kernel.clock import LONDON
from core.kernel.errors import NotFound
from core.patients.tables import Patient
from core.practices.model import DeviceKind
from core.practices.tables import Device
from core.referrals.model import NOT_SENT, Route, Side, State
from core.referrals.rules import Content
from core.referrals.tables import (
    Consent,
    HistoryAnswer,
    Lesion,
    Referral,
    RoutingDecision,
    UnreadMessage,
)
from core.specialties.model import Answer, Answers
from core.specialties.reference import specialty
from core.store.base import Base


def visible(scope: Scope) -> sa.ColumnElement[bool]:
    """The condition on Referral that keeps every read within its scope."""
    if scope.kind is OrganisationKind.PRACTICE:
        return Referral.practice_id == scope.organisation_id
    if scope.kind is OrganisationKind.SPECIALIST_SERVICE and not scope.clinics_only:
        pooled = (
            sa.select(ContractVersion.id)
            .join(ContractPool, ContractPool.contract_id == ContractVersion.contract_id)
            .where(ContractPool.organisation_id == scope.organisation_id)
        )
        return sa.and_(
            Referral.contract_version_id.in_(pooled),
            Referral.sent_at.is_not(None),
            Referral.state.not_in(NOT_SENT),
        )
    return sa.false()


def message_is_for(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """The conditions on UnreadMessage that it waits for this person.

    A practice reads as one; a specialist's message waits for whoever had the case, or
    for anybody of the pool where nobody had it yet.
    """
    if scope.kind is OrganisationKind.PRACTICE:
        return [UnreadMessage.to == Side.PRACTICE]
    concerns = sa.or_(
        UnreadMessage.for_person == scope.person_id, UnreadMessage.for_person.is_(None)
    )
    return [UnreadMessage.to == Side.SPECIALISTS, concerns]


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
    by_patient = referral.route is Route.PATIENT_LINK
    dermatoscope = (
        None
        if by_patient
        else session.scalar(
            sa.select(Device.id)
            .where(
                Device.practice_id == referral.practice_id,
                Device.kind == DeviceKind.DERMATOSCOPE,
            )
            .limit(1)
        )
    )
    described = specialty(referral.specialty)
    lesions = lesions_of(session, referral)
    return Content(
        problem=referral.problem,
        answers=answers_of(session, referral),
        lesions={one.number: one.id for one in lesions},
        views=_views_there(session, referral),
        has_dermatoscope=dermatoscope is not None,
        by_patient=by_patient,
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


def facts_of(
    session: Session, referral: Referral, policy: RoutingPolicy, answers: Answers
) -> Facts:
    """What the conditions of a policy ask of a referral, and no more than they ask."""
    asked = [one.when for one in policy.preferences]
    age, sites = 0, frozenset[str]()
    if any(one.asks_age for one in asked):
        born = session.get_one(Patient, referral.patient_id).birth_date
        age = words.age(born, clock.today())
    if any(one.sites for one in asked):
        sites = frozenset(one.site for one in lesions_of(session, referral))
    priority = referral.priority or Priority.ROUTINE
    return Facts(priority, age, referral.problem or "", sites, answers)


def load_of(session: Session, routing: Routing, now: datetime) -> Load:
    """How busy the first pool is, as far as the policy asks; in one statement.

    Never counts beyond a limit, so a long queue costs no more than a short one.
    """
    policy, limits = routing.policy, routing.policy.overflow
    first = routing.organisations.get(policy.first)
    waiting = [Referral.pool_id == first, Referral.state == State.SUBMITTED]
    asked: dict[str, Any] = {}
    if policy.daily_number is not None:
        midnight = datetime.combine(now.astimezone(LONDON), time.min, LONDON)
        given = [
            RoutingDecision.organisation_id == first,
            RoutingDecision.moment >= midnight,
            RoutingDecision.number == 1,
        ]
        asked["today"] = _count(RoutingDecision, given, policy.daily_number)
    if limits.longer_than is not None:
        asked["waiting"] = _count(Referral, waiting, limits.longer_than + 1)
    if limits.oldest_over_hours is not None:
        oldest = sa.select(Referral.routed_at).where(*waiting)
        oldest = oldest.order_by(Referral.routed_at).limit(1)
        asked["oldest"] = oldest.scalar_subquery()
    if not asked or not routing.pools.shared:
        return Load()
    columns = [query.label(name) for name, query in asked.items()]
    row = session.execute(sa.select(*columns)).one()
    return Load(**row._mapping)


def _count(
    table: type[Base], where: list[sa.ColumnElement[bool]], most: int
) -> sa.ScalarSelect[int]:
    some = sa.select(sa.literal(1)).select_from(table).where(*where).limit(most)
    return sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery()
