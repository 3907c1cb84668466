"""What is read of answers, and of what became of them at the specialists' desk.

A sub-specialty stays behind: its code is typed by whoever writes the policy, and no
list of ours has it. So does the code of the rule that asked for a second read.
"""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.analytics.extract.feed import Feed, listed, select
from core.analytics.extract.lines import Columns, word
from core.analytics.extract.words import of_all
from core.contracts.tables import Contract, ContractPool
from core.contracts.words import RULES
from core.referrals.tables import Acknowledgement, RoutingDecision
from core.reviews.model import OnwardStep
from core.reviews.sampling import SAMPLE
from core.reviews.tables import (
    Feedback,
    Onward,
    OnwardMove,
    Opinion,
    OpinionDiagnosis,
    SecondRead,
)


def answer_feeds() -> list[Feed]:
    """Who answers for whom, answers, and what became of each."""
    pools = select(_POOL).join(Contract, Contract.id == ContractPool.contract_id)
    feedback = _through_opinion(_FEEDBACK, Feedback.opinion_id)
    moves = (
        select(_ONWARD_MOVE)
        .select_from(OnwardMove)
        .join(Onward, Onward.id == OnwardMove.onward_id)
    )
    return [
        Feed("raw_contract_service", _POOL, pools, keeps="known_pool"),
        Feed(
            "raw_opinion", _OPINION, _opinions(), Opinion.referral_id, "known_opinion"
        ),
        _of(RoutingDecision.referral_id, "raw_routing", _ROUTING),
        _of(SecondRead.referral_id, "raw_second_read", _SECOND_READ),
        Feed("raw_feedback", _FEEDBACK, feedback, Opinion.referral_id),
        _of(Onward.referral_id, "raw_onward", _ONWARD, "known_onward"),
        Feed("raw_onward_move", _ONWARD_MOVE, moves, Onward.referral_id),
    ]


def _of(key: Any, name: str, columns: Columns, keeps: str = "") -> Feed:  # noqa: ANN401
    return Feed(name, columns, select(columns), key, keeps)


def _through_opinion(columns: Columns, opinion_id: Any) -> sa.Select[Any]:  # noqa: ANN401
    return select(columns).join(Opinion, Opinion.id == opinion_id)


def _opinions() -> sa.Select[Any]:
    """Each version of each answer, with its likeliest diagnosis."""
    return (
        select(_OPINION)
        .select_from(Opinion)
        .outerjoin(
            OpinionDiagnosis,
            (OpinionDiagnosis.opinion_id == Opinion.id) & (OpinionDiagnosis.rank == 1),
        )
        .outerjoin(
            Acknowledgement,
            (Acknowledgement.referral_id == Opinion.referral_id)
            & (Acknowledgement.version == Opinion.version),
        )
    )


def _diagnoses() -> list[str]:
    return of_all(lambda one: [diagnosis.code for diagnosis in one.diagnoses])


def _outcomes() -> list[str]:
    return of_all(lambda one: [outcome.code for outcome in one.outcomes])


_POOL: Columns = {
    "commissioner": (uuid.UUID, Contract.commissioner_id),
    "contract": (uuid.UUID, ContractPool.contract_id),
    "organisation": (uuid.UUID, ContractPool.organisation_id),
    "pool": (str, word(ContractPool.pool)),
}
_OPINION: Columns = {
    "opinion": (uuid.UUID, Opinion.id),
    "referral": (uuid.UUID, Opinion.referral_id),
    "version": (int, Opinion.version),
    "moment": (datetime, Opinion.moment),
    "specialist": (uuid.UUID, Opinion.person_id),
    "organisation": (uuid.UUID, Opinion.organisation_id),
    "seconds": (float, Opinion.seconds),
    "outcome": (str, listed(Opinion.outcome, _outcomes(), "other")),
    "diagnosis": (str, listed(OpinionDiagnosis.code, _diagnoses(), "other")),
    "acknowledged_at": (datetime, Acknowledgement.moment),
}
_ROUTING: Columns = {
    "referral": (uuid.UUID, RoutingDecision.referral_id),
    "number": (int, RoutingDecision.number),
    "moment": (datetime, RoutingDecision.moment),
    "pool": (str, word(RoutingDecision.pool)),
    "rule": (str, listed(RoutingDecision.rule, RULES, "other")),
}
_SECOND_READ: Columns = {
    "referral": (uuid.UUID, SecondRead.referral_id),
    "opinion": (uuid.UUID, SecondRead.opinion_id),
    "cause": (str, listed(SecondRead.cause, [SAMPLE], "rule")),
    "state": (str, word(SecondRead.state)),
    "created_at": (datetime, SecondRead.created_at),
    "due_at": (datetime, SecondRead.due_at),
    "read_at": (datetime, SecondRead.read_at),
    "settled_at": (datetime, SecondRead.settled_at),
    "settled_for": (
        str,
        listed(SecondRead.settled_for, ["first", "second", "neither"]),
    ),
    "first_reader": (uuid.UUID, SecondRead.first_reader),
    "second_reader": (uuid.UUID, SecondRead.reader),
    "same_group": (bool, SecondRead.same_group),
    "same_outcome": (bool, SecondRead.same_outcome),
    "second_diagnosis": (str, listed(SecondRead.diagnosis, _diagnoses(), "other")),
    "second_outcome": (str, listed(SecondRead.outcome, _outcomes(), "other")),
}
_FEEDBACK: Columns = {
    "opinion": (uuid.UUID, Feedback.opinion_id),
    "moment": (datetime, Feedback.moment),
    "helpful": (bool, Feedback.helpful),
    "instructive": (bool, Feedback.instructive),
}
_ONWARD: Columns = {
    "onward": (uuid.UUID, Onward.id),
    "opinion": (uuid.UUID, Onward.opinion_id),
    "state": (str, word(Onward.state)),
    "confirm_by": (datetime, Onward.confirm_by),
    "escalated_at": (datetime, Onward.escalated_at),
}
_ONWARD_MOVE: Columns = {
    "onward": (uuid.UUID, OnwardMove.onward_id),
    "number": (int, OnwardMove.number),
    "move": (str, listed(OnwardMove.move, OnwardStep, "other")),
    "moment": (datetime, OnwardMove.moment),
}
