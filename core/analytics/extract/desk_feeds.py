"""What crosses of the specialists' desk: routing, second reads, marks, ways onward.

A sub-specialty stays behind: its code is typed by whoever writes the policy, and no
list of ours has it. So does the code of the rule that asked for a second read.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.analytics.extract.feed import (
    Columns,
    Feed,
    Shape,
    Values,
    hexed,
    moment,
    select,
    word,
)
from core.analytics.extract.feeds import only_hidden
from core.analytics.extract.pseudonyms import Pseudonyms
from core.analytics.extract.words import groups_of
from core.contracts.words import RULES
from core.referrals.tables import Referral, RoutingDecision
from core.reviews.sampling import SAMPLE
from core.reviews.tables import (
    Feedback,
    Onward,
    OnwardMove,
    Opinion,
    OpinionDiagnosis,
    SecondRead,
)


_VERSION = (int, sa.type_coerce(Opinion.version, sa.Integer))
_ROUTING: Columns = {
    "referral": (int, hexed(RoutingDecision.referral_id)),
    "number": (int, sa.type_coerce(RoutingDecision.number, sa.Integer)),
    "moment": (datetime, moment(RoutingDecision.moment)),
    "pool": (str, word(RoutingDecision.pool)),
    "rule": (str, word(RoutingDecision.rule)),
}
_SECOND_READ: Columns = {
    "referral": (int, hexed(SecondRead.referral_id)),
    "version": _VERSION,
    "cause": (str, word(SecondRead.cause)),
    "state": (str, word(SecondRead.state)),
    "created_at": (datetime, moment(SecondRead.created_at)),
    "due_at": (datetime, moment(SecondRead.due_at)),
    "read_at": (datetime, moment(SecondRead.read_at)),
    "settled_at": (datetime, moment(SecondRead.settled_at)),
    "settled_for": (str, word(SecondRead.settled_for)),
    "first_reader": (int, hexed(SecondRead.first_reader)),
    "second_reader": (int, hexed(SecondRead.reader)),
    "same_group": (bool, sa.type_coerce(SecondRead.same_group, sa.Boolean)),
    "same_outcome": (bool, sa.type_coerce(SecondRead.same_outcome, sa.Boolean)),
    "specialty": (str, word(Referral.specialty)),
    "first_group": (str, word(OpinionDiagnosis.code)),
    "second_group": (str, word(SecondRead.diagnosis)),
    "first_outcome": (str, word(Opinion.outcome)),
    "second_outcome": (str, word(SecondRead.outcome)),
}
_FEEDBACK: Columns = {
    "referral": (int, hexed(Opinion.referral_id)),
    "version": _VERSION,
    "moment": (datetime, moment(Feedback.moment)),
    "helpful": (bool, sa.type_coerce(Feedback.helpful, sa.Boolean)),
    "instructive": (bool, sa.type_coerce(Feedback.instructive, sa.Boolean)),
}
_ONWARD: Columns = {
    "referral": (int, hexed(Onward.referral_id)),
    "version": _VERSION,
    "state": (str, word(Onward.state)),
    "confirm_by": (datetime, moment(Onward.confirm_by)),
    "escalated_at": (datetime, moment(Onward.escalated_at)),
}
_ONWARD_MOVE: Columns = {
    "referral": (int, hexed(Onward.referral_id)),
    "version": _VERSION,
    "number": (int, sa.type_coerce(OnwardMove.number, sa.Integer)),
    "move": (str, word(OnwardMove.move)),
    "moment": (datetime, moment(OnwardMove.moment)),
}


def desk_feeds(hide: Pseudonyms) -> list[Feed]:
    """Routing decisions, second reads, what practices made of answers, ways onward."""
    routing = select(_ROUTING).select_from(RoutingDecision)
    feedback = _of_opinion(_FEEDBACK, Feedback, Feedback.opinion_id)
    onward = _of_opinion(_ONWARD, Onward, Onward.opinion_id)
    moves = _of_opinion(_ONWARD_MOVE, Onward, Onward.opinion_id).join(
        OnwardMove, OnwardMove.onward_id == Onward.id
    )
    hidden = only_hidden(hide)
    return [
        Feed("raw_routing", _ROUTING, routing, _shaped_routing(hide)),
        Feed("raw_second_read", _SECOND_READ, _second_reads(), _shaped_read(hide)),
        Feed("raw_feedback", _FEEDBACK, feedback, hidden),
        Feed("raw_onward", _ONWARD, onward, hidden),
        Feed("raw_onward_move", _ONWARD_MOVE, moves, hidden),
    ]


def _of_opinion(
    columns: Columns,
    part: type[Feedback | Onward | SecondRead],
    opinion_id: Any,  # noqa: ANN401  a mapped column
) -> sa.Select[Any]:
    return select(columns).select_from(part).join(Opinion, Opinion.id == opinion_id)


def _second_reads() -> sa.Select[Any]:
    return (
        _of_opinion(_SECOND_READ, SecondRead, SecondRead.opinion_id)
        .join(Referral, Referral.id == SecondRead.referral_id)
        .outerjoin(
            OpinionDiagnosis,
            (OpinionDiagnosis.opinion_id == Opinion.id) & (OpinionDiagnosis.rank == 1),
        )
    )


def _shaped_routing(hide: Pseudonyms) -> Shape:
    def shape(values: Values) -> Values:
        return {
            **values,
            "referral": hide.numbers("referral", values["referral"]),
            "rule": [one if one in RULES else "other" for one in values["rule"]],
        }

    return shape


def _shaped_read(hide: Pseudonyms) -> Shape:
    def shape(values: Values) -> Values:
        of = values["specialty"]
        return {
            **values,
            "referral": hide.numbers("referral", values["referral"]),
            "cause": [SAMPLE if one == SAMPLE else "rule" for one in values["cause"]],
            # The same kind as in the answers, so that one reader is one number.
            "first_reader": hide.numbers("person", values["first_reader"]),
            "second_reader": hide.numbers("person", values["second_reader"]),
            "first_group": groups_of(of, values["first_group"]),
            "second_group": groups_of(of, values["second_group"]),
        }

    return shape
