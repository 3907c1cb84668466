"""What happens to many referrals at the specialists' desk, drawn as by a joint contract.

Drawn by a generator of its own, so that the referrals stay the same without it. A little
of it lies after the moment at which the referrals end, and must not be counted yet.
"""

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from benchmarks.bulk import Rows
from core.kernel.ids import new_id
from core.referrals.tables import Acknowledgement, RoutingDecision
from core.reviews.tables import Feedback, Onward, OnwardMove, SecondRead
from core.specialties.reference import specialty


Turn = tuple[str, datetime, uuid.UUID]
_RULES = (["first_pool", "preference", "overflow_queue", "off_duty"], [12, 3, 2, 1])


def turns(
    drawn: random.Random,
    sent: datetime,
    claimed: datetime,
    gp: uuid.UUID,
    specialists: list[uuid.UUID],
) -> list[Turn]:
    """What else happened between sending a referral and claiming it to answer it."""
    asks, takes = drawn.sample(specialists, 2)
    kind = drawn.choices(["nothing", "return", "release", "take_over"], [12, 3, 2, 1])[
        0
    ]
    if kind == "nothing":
        return []
    moments = [sent + part / 6 * (claimed - sent) for part in (1, 2, 4)]
    first: Turn = ("claim", moments[0], asks)
    if kind == "return":
        return [first, ("return", moments[1], asks), ("supply", moments[2], gp)]
    if kind == "release":
        return [first, ("release", moments[1], asks)]
    return [first, ("take_over", moments[1], takes), ("release", moments[2], takes)]


def routed(
    rows: Rows, drawn: random.Random, referral: dict[str, Any], service: uuid.UUID
) -> None:
    """The decision at its sending, and a fallback now and then."""
    rule = drawn.choices(*_RULES)[0]
    pool = "local" if rule in ("first_pool", "preference") else "partner"
    sent: datetime = referral["sent_at"]
    _decision(rows, referral, service, (1, pool, rule, sent))
    if pool == "local" and drawn.random() < 0.1:
        moved = sent + timedelta(hours=10)
        _decision(rows, referral, service, (2, "partner", "fallback", moved))


def _decision(
    rows: Rows,
    referral: dict[str, Any],
    service: uuid.UUID,
    made: tuple[int, str, str, datetime],
) -> None:
    number, pool, rule, moment = made
    row = {
        "id": new_id(),
        "referral_id": referral["id"],
        "number": number,
        "moment": moment,
        "pool": pool,
        "organisation_id": service,
        "rule": rule,
        "reason": "Drawn.",
    }
    rows.setdefault(RoutingDecision, []).append(row)


def after(
    rows: Rows,
    drawn: random.Random,
    opinion: dict[str, Any],
    code: str,
    specialists: list[uuid.UUID],
    gp: uuid.UUID,
) -> None:
    """What follows an answer: it is taken up and marked, read again, goes onward."""
    if drawn.random() < 0.8:
        taken_up = opinion["moment"] + timedelta(hours=drawn.expovariate(1 / 12))
        known = {"state": "acknowledged", "person_id": gp, "moment": taken_up}
        rows[Acknowledgement][-1].update(known)
    if drawn.random() < 0.6:
        rows.setdefault(Feedback, []).append(_feedback(drawn, opinion, gp))
    if drawn.random() < 0.3:
        rows.setdefault(SecondRead, []).append(
            _second_read(drawn, opinion, code, specialists)
        )
    if specialty("dermatology").outcome(opinion["outcome"]).onward:
        _onward(rows, drawn, opinion, gp)


def _feedback(
    drawn: random.Random, opinion: dict[str, Any], gp: uuid.UUID
) -> dict[str, Any]:
    return {
        "opinion_id": opinion["id"],
        "person_id": gp,
        "moment": opinion["moment"] + timedelta(hours=drawn.expovariate(1 / 30)),
        "helpful": drawn.choice([True, True, True, False, None]),
        "instructive": drawn.choice([True, False, None]),
    }


def _second_read(
    drawn: random.Random,
    opinion: dict[str, Any],
    code: str,
    specialists: list[uuid.UUID],
) -> dict[str, Any]:
    described, asked = specialty("dermatology"), opinion["moment"]
    colleagues = [one for one in specialists if one != opinion["person_id"]]
    row = {
        "id": new_id(),
        "referral_id": opinion["referral_id"],
        "opinion_id": opinion["id"],
        "pool_id": opinion["organisation_id"],
        "cause": drawn.choice(["sample", "discharged_at_risk"]),
        "state": "waiting",
        "created_at": asked,
        "due_at": asked + timedelta(days=7),
        "first_reader": opinion["person_id"],
    }
    # One insert for all: each row has to name the same columns.
    row |= dict.fromkeys(
        [
            "reader",
            "read_at",
            "diagnosis",
            "certainty",
            "outcome",
            "same_group",
            "same_outcome",
            "settled_by",
            "settled_at",
            "settled_for",
        ]
    )
    if drawn.random() < 0.1:
        return row
    same = drawn.random() < 0.7
    second = code if same else drawn.choice(described.diagnoses).code
    outcome = opinion["outcome"] if same else drawn.choice(described.outcomes).code
    groups = {described.diagnosis(one).group for one in (code, second)}
    agrees = len(groups) == 1, outcome == opinion["outcome"]
    row |= {
        "reader": drawn.choice(colleagues),
        "read_at": asked + timedelta(days=drawn.uniform(0.1, 9)),
        "diagnosis": second,
        "certainty": "probable",
        "outcome": outcome,
        "same_group": agrees[0],
        "same_outcome": agrees[1],
        "state": "agreed" if all(agrees) else "to_settle",
    }
    if not all(agrees) and drawn.random() < 0.5:
        row |= {
            "state": "settled",
            "settled_by": opinion["person_id"],
            "settled_at": row["read_at"] + timedelta(days=1),
            "settled_for": drawn.choice(["first", "second", "neither"]),
        }
    return row


def _onward(
    rows: Rows, drawn: random.Random, opinion: dict[str, Any], gp: uuid.UUID
) -> None:
    began: datetime = opinion["moment"]
    steps = list(_steps(drawn, began))
    onward = {
        "id": new_id(),
        "referral_id": opinion["referral_id"],
        "opinion_id": opinion["id"],
        "state": steps[-1][1],
        "confirm_by": began + timedelta(days=3),
    }
    rows.setdefault(Onward, []).append(onward)
    for number, (move, state, moment) in enumerate(steps, 1):
        row = {"onward_id": onward["id"], "number": number, "move": move}
        row |= {"id": new_id(), "to_state": state, "moment": moment, "person_id": gp}
        rows.setdefault(OnwardMove, []).append(row)


def _steps(
    drawn: random.Random, began: datetime
) -> Iterator[tuple[str, str, datetime]]:
    yield "prepare", "prepared", began
    taken = began + timedelta(hours=drawn.expovariate(1 / 10))
    if drawn.random() < 0.9:
        yield "take", "handed_over", taken
    if drawn.random() < 0.8:
        yield "confirm", "confirmed", taken + timedelta(days=drawn.expovariate(1))
