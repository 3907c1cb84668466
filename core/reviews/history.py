"""What was sent in a time, and who answered it when: what a replay is played with."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.access.model import Role
from core.access.tables import Membership
from core.contracts.model import Priority
from core.contracts.policy import Facts, RoutingPolicy
from core.contracts.reading import Routing
from core.contracts.routing import Decision
from core.contracts.tables import ContractVersion
from core.kernel import words
from core.kernel.clock import LONDON
from core.patients.tables import Patient
from core.referrals.tables import HistoryAnswer, Lesion, Referral, RoutingDecision
from core.reviews.replay import Sent, Turn
from core.reviews.tables import Opinion
from core.specialties.model import Answer


@dataclass(frozen=True)
class Span:
    """From ``begins`` until before ``ends``."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Past:
    """Referrals in the order they were sent, and when each was answered.

    ``turns``: each answer to one of them, as the turn of
    whoever gave it. What was sent earlier, and its answers, are left out.
    """

    sent: list[Sent]
    answered_at: list[datetime | None]
    turns: list[Turn]


def past_of(
    session: Session, routing: Routing, policy: RoutingPolicy, span: Span
) -> Past:
    """What a contract's practices sent, with as much as ``policy`` asks about it.

    Of a patient it reads the date of birth, where the policy asks for ages, and turns
    it into years at once: no name, number or word of theirs is touched.
    """
    among = _sent_in(routing, span)
    asked = _Asked(session, policy, among)
    turns = _turns(session, routing, among)
    past = Past([], [], sorted(turns.values(), key=lambda turn: turn.taken_at))
    for row in session.execute(_decisions(among)):
        priority = row.priority or Priority.ROUTINE
        facts = asked.facts(row.id, priority, row.problem or "", row.moment)
        due = routing.agreed.due(priority, row.moment)
        held = Decision(row.pool, row.rule, "", row.sub_specialty, bool(row.kept))
        past.sent.append(Sent(row.moment, due, facts, held, row.routed_at))
        turn = turns.get(row.id)
        past.answered_at.append(turn.answered_at if turn else None)
    return past


_Among = sa.Select[uuid.UUID]


def _sent_in(routing: Routing, span: Span) -> _Among:
    versions = sa.select(ContractVersion.id).where(
        ContractVersion.contract_id == routing.agreed.contract_id
    )
    return (
        sa.select(RoutingDecision.referral_id)
        .join(Referral, Referral.id == RoutingDecision.referral_id)
        .where(
            RoutingDecision.number == 1,
            RoutingDecision.moment >= span.begins,
            RoutingDecision.moment < span.ends,
            Referral.contract_version_id.in_(versions),
        )
    )


def _decisions(among: _Among) -> sa.Select[*tuple[Any, ...]]:
    first, last = aliased(RoutingDecision), aliased(RoutingDecision)
    # To go back to whoever asked is no choice of a pool.
    newest = (
        sa.select(sa.func.max(RoutingDecision.number))
        .where(
            RoutingDecision.referral_id == first.referral_id,
            RoutingDecision.rule != "back_to_asker",
        )
        .scalar_subquery()
    )
    return (
        sa.select(
            Referral.id,
            Referral.priority,
            Referral.problem,
            Referral.sub_specialty.label("kept"),
            first.moment,
            first.sub_specialty,
            last.pool,
            last.rule,
            last.moment.label("routed_at"),
        )
        .join(first, sa.and_(first.referral_id == Referral.id, first.number == 1))
        .join(last, sa.and_(last.referral_id == Referral.id, last.number == newest))
        .where(Referral.id.in_(among))
        .order_by(first.moment, Referral.id)
    )


def _turns(session: Session, routing: Routing, among: _Among) -> dict[uuid.UUID, Turn]:
    rows = session.execute(
        sa.select(
            Opinion.referral_id,
            Opinion.moment,
            Opinion.seconds,
            Opinion.organisation_id,
            Membership.grade,
            Membership.interests,
        )
        .join(
            Membership,
            sa.and_(
                Membership.person_id == Opinion.person_id,
                Membership.organisation_id == Opinion.organisation_id,
                Membership.role == Role.SPECIALIST,
            ),
        )
        .where(Opinion.version == 1, Opinion.referral_id.in_(among))
    )
    found = {}
    for row in rows:
        pool = routing.pool_of(row.organisation_id)
        if pool is not None:
            found[row.referral_id] = Turn(
                row.moment - timedelta(seconds=row.seconds),
                row.moment,
                pool,
                row.grade,
                frozenset(row.interests),
            )
    return found


class _Asked:
    """What the conditions ask of these referrals, read once for all of them."""

    def __init__(self, session: Session, policy: RoutingPolicy, among: _Among) -> None:
        self.session, self.among = session, among
        conditions = [one.when for one in policy.preferences]
        questions = {said.question for one in conditions for said in one.answers}
        of_age = any(one.asks_age for one in conditions)
        of_site = any(one.sites for one in conditions)
        self.born = self._births() if of_age else {}
        self.sites = self._sites() if of_site else {}
        self.answers = self._answers(questions) if questions else {}

    def facts(
        self, referral_id: uuid.UUID, priority: Priority, problem: str, sent: datetime
    ) -> Facts:
        born = self.born.get(referral_id)
        on = sent.astimezone(LONDON).date()
        return Facts(
            priority,
            words.age(born, on) if born else 0,
            problem,
            frozenset(self.sites.get(referral_id, ())),
            self.answers.get(referral_id, {}),
        )

    def _births(self) -> Mapping[uuid.UUID, date]:
        rows = self.session.execute(
            sa.select(Referral.id, Patient.birth_date_sealed)
            .join(Patient, Patient.id == Referral.patient_id)
            .where(Referral.id.in_(self.among))
        )
        return {one: date.fromisoformat(born) for one, born in rows}

    def _sites(self) -> Mapping[uuid.UUID, set[str]]:
        found = defaultdict(set)
        for one, site in self.session.execute(
            sa.select(Lesion.referral_id, Lesion.site).where(
                Lesion.referral_id.in_(self.among), Lesion.removed_at.is_(None)
            )
        ):
            found[one].add(site)
        return found

    def _answers(self, questions: set[str]) -> Mapping[uuid.UUID, dict[str, Answer]]:
        found: defaultdict[uuid.UUID, dict[str, Answer]] = defaultdict(dict)
        for one, question, content in self.session.execute(
            sa.select(
                HistoryAnswer.referral_id,
                HistoryAnswer.question_id,
                HistoryAnswer.content,
            ).where(
                HistoryAnswer.referral_id.in_(self.among),
                HistoryAnswer.question_id.in_(questions),
            )
        ):
            found[one][question] = content["value"]
        return found
