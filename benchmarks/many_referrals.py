"""A store with as many referrals as wanted, written past the actions for speed.

The rows agree with each other as the actions would leave them, but for the hashes of the
events, which nobody checks here.
"""

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from benchmarks import a_service, many_desks
from benchmarks.a_service import Ids
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.ids import new_id, new_reference
from core.patients.tables import Patient
from core.referrals.tables import (
    Acknowledgement,
    HistoryAnswer,
    Lesion,
    Referral,
    ReferralEvent,
    StepTime,
)
from core.reviews.tables import Opinion, OpinionDiagnosis
from core.specialties.reference import specialty
from core.store.engine import Store


UNTIL = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
_DAYS = 3 * 365
_BATCH = 5_000
_PRIORITIES = (["routine", "urgent", "suspected_cancer"], [6, 1, 2])
_OUTCOMES = [40, 20, 4, 14, 8, 10, 1]
_IMAGE = {
    "view": "close_up",
    "original_blob": "-",
    "clean_blob": "-",
    "thumbnail_blob": "-",
    "width": 1,
    "height": 1,
    "source": "camera",
    "device": "-",
    "file_format": "jpeg",
    "had_position": False,
    "measurements": {},
    "advice": [],
}
_REFERRAL = {
    "specialty": "dermatology",
    "specialty_version": "2026.11",
    "route": "gp_face_to_face",
    "question": "Is this harmless?",
    "image_set": "complete",
}
Rows = dict[type, list[dict[str, Any]]]


def fill(store: Store, referrals: int, *, practices: int = 20, seed: int = 1) -> None:
    """Write ``referrals`` of the three years before ``UNTIL`` into an empty store."""
    drawn = random.Random(seed)  # noqa: S311  a synthetic service, not a secret
    with store.transaction() as session:
        setting = a_service.add(session, drawn, practices)
    desk = random.Random(seed + 1)  # noqa: S311  as above
    minutes = [drawn.randrange(1, _DAYS * 24 * 60) for _ in range(referrals)]
    # In the order of time, as ids are: where rows lie decides how fast they are read.
    sent = [UNTIL - timedelta(minutes=one) for one in sorted(minutes, reverse=True)]
    for start in range(0, referrals, _BATCH):
        rows: Rows = {}
        for moment in sent[start : start + _BATCH]:
            with clock.set_to(moment):
                _referral(rows, drawn, desk, setting, moment)
        with store.transaction() as session:
            for table, values in rows.items():
                session.execute(sa.insert(table), values)


def _referral(
    rows: Rows,
    drawn: random.Random,
    desk: random.Random,
    ids: Ids,
    sent: datetime,
) -> None:
    # The first practices are large, the last ones refer now and then.
    place = min(int(drawn.expovariate(6 / len(ids["practice"]))), len(ids["gp"]) - 1)
    practice, gp = ids["practice"][place], ids["gp"][place]
    hours = drawn.lognormvariate(1.5, 1.2)
    claimed = sent + timedelta(hours=hours)
    answered = claimed + timedelta(seconds=drawn.randint(40, 900))
    done = answered < UNTIL
    row = _row(drawn, ids, practice, gp, sent)
    row["state"] = "answered" if done else "submitted"
    row["answered_at"] = answered if done else None
    _add(rows, Patient, _patient(drawn, row, sent))
    _add(rows, Referral, row)
    _parts(rows, drawn, row)
    many_desks.routed(rows, desk, row, ids["service"][0])
    moves = [("start", sent - timedelta(minutes=5), gp), ("send", sent, gp)]
    if done:
        specialist = drawn.choice(ids["specialist"])
        moves += many_desks.turns(desk, sent, claimed, gp, ids["specialist"])
        moves += [("claim", claimed, specialist), ("answer", answered, specialist)]
        opinion, code = _answer(
            rows, drawn, row, specialist, ids["service"][0], answered
        )
        many_desks.after(rows, desk, opinion, code, ids["specialist"], gp)
    for number, (move, moment, person) in enumerate(moves, 1):
        _add(rows, ReferralEvent, _event(row, number, move, moment, person))


def _row(
    drawn: random.Random,
    ids: Ids,
    practice: uuid.UUID,
    gp: uuid.UUID,
    sent: datetime,
) -> dict[str, Any]:
    return {
        **_REFERRAL,
        "id": new_id(),
        "reference": new_reference(),
        "patient_id": new_id(),
        "practice_id": practice,
        "contract_version_id": ids["terms"][0],
        "problem": drawn.choice(["lesion", "lesion", "rash", "other"]),
        "priority": drawn.choices(*_PRIORITIES)[0],
        "would_have_referred": drawn.random() < 0.7,
        "started_by": gp,
        "started_at": sent - timedelta(minutes=5),
        "sent_by": gp,
        "sent_at": sent,
        "due_at": sent + timedelta(hours=drawn.choice([8, 48])),
        "changed_at": sent,
    }


def _patient(
    drawn: random.Random, row: dict[str, Any], sent: datetime
) -> dict[str, Any]:
    born = sent.date() - timedelta(days=drawn.randrange(365, 34_000))
    return {
        "id": row["patient_id"],
        "practice_id": row["practice_id"],
        "nhs_number_status": "none",
        "family_name": "Synthetic",
        "given_name": "Person",
        "birth_date_sealed": born.isoformat(),
        "birth_date_index": "-",
        "sex": drawn.choice(["female", "male"]),
        "ethnic_category": drawn.choice(["white", "asian", "black", "not_stated"]),
        "language": drawn.choice(["English", "Polish", "Klingon"]),
        "needs": "",
        "created_at": sent,
    }


def _parts(rows: Rows, drawn: random.Random, row: dict[str, Any]) -> None:
    of = {"referral_id": row["id"]}
    content = {"value": drawn.choice(["I", "II", "III", "IV", "V", "VI"])}
    _add(rows, HistoryAnswer, {**of, "question_id": "skin_type", "content": content})
    lesion = {**of, "id": new_id(), "number": 1}
    _add(rows, Lesion, {**lesion, "site": "chest", "side": "front", "x": 0.5, "y": 0.5})
    image = {**_IMAGE, **of, "lesion_id": lesion["id"]}
    image |= {"added_by": row["sent_by"], "added_at": row["started_at"]}
    for _ in range(3):
        _add(rows, Image, {**image, "id": new_id()})
    time = {**of, "person_id": row["sent_by"], "step": "history"}
    _add(rows, StepTime, {**time, "id": new_id(), "seconds": drawn.uniform(20, 200)})


def _event(
    row: dict[str, Any],
    number: int,
    move: str,
    moment: datetime,
    person: uuid.UUID,
) -> dict[str, Any]:
    ours = move in ("start", "send", "supply")
    return {
        "id": new_id(),
        "referral_id": row["id"],
        "number": number,
        "move": move,
        "to_state": "draft",
        "moment": moment,
        "person_id": person,
        "organisation_id": row["practice_id"],
        "role": "gp" if ours else "specialist",
        "reason": "",
        "hash": "0" * 64,
    }


def _answer(
    rows: Rows,
    drawn: random.Random,
    row: dict[str, Any],
    specialist: uuid.UUID,
    service: uuid.UUID,
    answered: datetime,
) -> tuple[dict[str, Any], str]:
    described = specialty("dermatology")
    outcome = drawn.choices(described.outcomes, _OUTCOMES)[0]
    opinion = {
        "id": new_id(),
        "referral_id": row["id"],
        "version": 1,
        "person_id": specialist,
        "organisation_id": service,
        "moment": answered,
        "seconds": drawn.uniform(40, 900),
        "advice": "As discussed.",
        "outcome": outcome.code,
    }
    _add(rows, Opinion, opinion)
    code = drawn.choice(described.diagnoses).code
    diagnosis = {"opinion_id": opinion["id"], "rank": 1, "code": code}
    _add(rows, OpinionDiagnosis, {**diagnosis, "certainty": "probable"})
    pending = {"referral_id": row["id"], "version": 1, "state": "pending"}
    pending |= {"person_id": None, "moment": None}
    _add(rows, Acknowledgement, {**pending, "closes": not outcome.face_to_face})
    return opinion, code


def _add(rows: Rows, table: type, row: dict[str, Any]) -> None:
    rows.setdefault(table, []).append(row)
