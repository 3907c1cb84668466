"""A store with as many referrals as wanted, written past the actions for speed.

The rows agree with each other as the actions would leave them, but for the hashes of the
events, which nobody checks here.
"""

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks import a_service, bulk, many_clinics, many_desks
from benchmarks.a_service import Ids
from benchmarks.bulk import Rows, add
from benchmarks.many_clinics import Diary
from core.contracts.model import PRIORITY_ORDER, Pool, Priority
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.ids import drawn_from, new_id, new_reference
from core.patients.tables import Patient
from core.referrals.tables import (
    Acknowledgement,
    HistoryAnswer,
    Lesion,
    Referral,
    ReferralEvent,
    RoutingDecision,
    StepTime,
)
from core.reviews.tables import ImageMark, Opinion, OpinionDiagnosis
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
_TAKEN = (("close_up", "camera"), ("dermoscopic", "camera"), ("close_up", "stored"))
_UNUSABLE = 0.05
_ROLES = ("gp", "gp", "nurse", "healthcare_assistant", "practice_administrator")
# As people write them: what is on the list in any case, and what is not.
_THOUGHTS = (
    "",
    "Melanoma",
    " seborrhoeic keratosis ",
    "BCC",
    "Wart or mole?",
    "psoriasis",
)
_REFERRAL = {
    "specialty": "dermatology",
    "specialty_version": "2026.11",
    "question": "Is this harmless?",
    "image_set": "complete",
}


def fill(store: Store, referrals: int, *, practices: int = 20, seed: int = 1) -> None:
    """Write ``referrals`` of the three years before ``UNTIL`` into an empty store.

    The same ones each time, ids and all: what is hidden with small counts depends on who
    comes first.
    """
    ids = random.Random(seed + 3)  # noqa: S311  a synthetic service, not a secret
    begun = clock.set_to(UNTIL - timedelta(days=_DAYS))
    with drawn_from(lambda: ids.getrandbits(80)), begun:
        _fill(store, referrals, practices, seed)


def _fill(store: Store, referrals: int, practices: int, seed: int) -> None:
    drawn = random.Random(seed)  # noqa: S311  as above
    with store.transaction() as session:
        setting = a_service.add(session, drawn, practices)
        begins = (UNTIL - timedelta(days=_DAYS)).date()
        each = max(1, referrals // 3000)
        diary = many_clinics.add_sessions(
            session, setting, begins, UNTIL, each, seed + 2
        )
    desk = random.Random(seed + 1)  # noqa: S311  as above
    minutes = [drawn.randrange(1, _DAYS * 24 * 60) for _ in range(referrals)]
    # In the order of time, as ids are: where rows lie decides how fast they are read.
    sent = [UNTIL - timedelta(minutes=one) for one in sorted(minutes, reverse=True)]
    for start in range(0, referrals, _BATCH):
        rows: Rows = {}
        for moment in sent[start : start + _BATCH]:
            with clock.set_to(moment):
                referral(rows, drawn, desk, setting, moment, diary)
        bulk.write(store, rows)
    with store.transaction() as session:
        many_clinics.add_plan(session, setting, diary)


def referral(
    rows: Rows,
    drawn: random.Random,
    desk: random.Random,
    ids: Ids,
    sent: datetime,
    diary: Diary,
) -> None:
    """One referral and all that belongs to it, answered where there was time."""
    # The first practices are large, the last ones refer now and then.
    place = min(int(drawn.expovariate(6 / len(ids["practice"]))), len(ids["gp"]) - 1)
    practice, gp = ids["practice"][place], ids["gp"][place]
    hours = drawn.lognormvariate(1.5, 1.2)
    claimed = sent + timedelta(hours=hours)
    answered = claimed + timedelta(seconds=drawn.randint(40, 900))
    done = answered < UNTIL
    row = referral_row(drawn, ids, practice, gp, sent)
    row["state"] = "answered" if done else "submitted"
    row["answered_at"] = answered if done else None
    parts(rows, drawn, row)
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
        many_clinics.follow(rows, diary, row, opinion, code)
    role = _aside(sent).choice(_ROLES)
    for number, (move, moment, person) in enumerate(moves, 1):
        add(rows, ReferralEvent, event(row, number, move, moment, person, role))


def referral_row(
    drawn: random.Random,
    ids: Ids,
    practice: uuid.UUID,
    gp: uuid.UUID,
    sent: datetime,
) -> dict[str, Any]:
    """A referral that the first pool got when it was sent."""
    problem = drawn.choice(["lesion", "lesion", "rash", "other"])
    priority = Priority(drawn.choices(*_PRIORITIES)[0])
    aside = _aside(sent)
    return {
        **_REFERRAL,
        "id": new_id(),
        "reference": new_reference(),
        "patient_id": new_id(),
        "practice_id": practice,
        "contract_version_id": ids["terms"][0],
        "problem": problem,
        "route": aside.choice(["gp_face_to_face", "gp_face_to_face", "gp_remote"]),
        "priority": priority,
        "urgency": PRIORITY_ORDER.index(priority),
        "pool_id": ids["service"][0],
        "routed_at": sent,
        "sub_specialty": "",
        "would_have_referred": _said(drawn.random() < 0.7, aside),
        "working_diagnosis": aside.choice(_THOUGHTS),
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


def parts(rows: Rows, drawn: random.Random, row: dict[str, Any]) -> None:
    """The referral itself, its patient, and what the practice put into it."""
    add(rows, Patient, _patient(drawn, row, row["sent_at"]))
    add(rows, Referral, row)
    of = {"referral_id": row["id"]}
    content = {"value": drawn.choice(["I", "II", "III", "IV", "V", "VI"])}
    add(rows, HistoryAnswer, {**of, "question_id": "skin_type", "content": content})
    lesion = {**of, "id": new_id(), "number": 1}
    add(rows, Lesion, {**lesion, "site": "chest", "side": "front", "x": 0.5, "y": 0.5})
    image = {**_IMAGE, **of, "lesion_id": lesion["id"]}
    image |= {"added_by": row["sent_by"], "added_at": row["started_at"]}
    aside = _aside(row["sent_at"])
    for _ in range(3):
        _picture(rows, aside, image)
    time = {**of, "person_id": row["sent_by"], "step": "history"}
    add(rows, StepTime, {**time, "id": new_id(), "seconds": drawn.uniform(20, 200)})


def _said(would: bool, aside: random.Random) -> bool | None:
    """Old rows do not say it."""
    return would if aside.random() < 0.9 else None


def _aside(sent: datetime) -> random.Random:
    """For what came later into these rows: the others stay as they were drawn."""
    return random.Random(sent.timestamp())  # noqa: S311  a synthetic service


def _picture(rows: Rows, drawn: random.Random, image: dict[str, Any]) -> None:
    """One picture, which somebody may have called unusable, and taken that back."""
    there = {**image, "id": new_id()}
    there["view"], there["source"] = drawn.choice(_TAKEN)
    add(rows, Image, there)
    if drawn.random() < _UNUSABLE:
        mark = {"id": new_id(), "image_id": there["id"], "kind": "unusable"}
        mark |= {"person_id": image["added_by"], "content": {"points": []}}
        mark |= {"made_at": image["added_at"], "removed_at": None}
        if drawn.random() < _UNUSABLE:
            mark["removed_at"] = image["added_at"]
        add(rows, ImageMark, mark)


def decided(rows: Rows, row: dict[str, Any]) -> None:
    """That the first pool was given it, where nothing else is told of its routing."""
    decision = {"referral_id": row["id"], "id": new_id(), "number": 1}
    decision |= {"moment": row["routed_at"], "pool": Pool.PARTNER}
    decision |= {"organisation_id": row["pool_id"]}
    reason = {"rule": "first", "reason": "The first pool of the policy."}
    add(rows, RoutingDecision, decision | reason)


def event(
    row: dict[str, Any],
    number: int,
    move: str,
    moment: datetime,
    person: uuid.UUID,
    role: str = "gp",
) -> dict[str, Any]:
    """One move of a referral; ``role``: of whoever does it at the practice."""
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
        "role": role if ours else "specialist",
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
    add(rows, Opinion, opinion)
    code = drawn.choice(described.diagnoses).code
    diagnosis = {"opinion_id": opinion["id"], "rank": 1, "code": code}
    add(rows, OpinionDiagnosis, {**diagnosis, "certainty": "probable"})
    pending = {"referral_id": row["id"], "version": 1, "state": "pending"}
    pending |= {"person_id": None, "moment": None}
    add(rows, Acknowledgement, {**pending, "closes": not outcome.face_to_face})
    return opinion, code
