"""A service with a long backlog, and in it the desk of one specialist, as ever.

What waits, what was answered and what was said grows by the thousand; what one person
has on the desk, or back, or unread, does not.
"""

import random
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from benchmarks import a_service, bulk, many_referrals
from benchmarks.a_service import Ids
from benchmarks.bulk import Rows, add
from benchmarks.many_referrals import UNTIL
from core.access.model import Grade, OrganisationKind, Scope
from core.contracts.model import PRIORITY_ORDER, Priority
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.ids import new_id
from core.patients.tables import Patient
from core.referrals.model import Side, State
from core.referrals.tables import (
    Acknowledgement,
    HistoryAnswer,
    Lesion,
    Message,
    MessageReceipt,
    Referral,
    ReferralEvent,
    RoutingDecision,
    StepTime,
    UnreadMessage,
)
from core.reviews.model import MarkKind, SecondReadState
from core.reviews.tables import (
    Claim,
    ImageMark,
    Opinion,
    OpinionDiagnosis,
    OpinionDraft,
    SecondRead,
)
from core.store.engine import Store


# Of each thousand open ones: what was returned, and what somebody else is reading.
_THOUSAND = 1000
_RETURNED, _HELD = 40, 10
# For each thousand: the other pool's, what was answered, what was said and read.
_ELSEWHERE, _ANSWERED, _SAID = 100, 200, 100
_SECOND_READS = 10
# One person's own, however long the backlog.
CASES, _BACK, _SENT_BACK, _UNREAD = 25, 4, 5, 6
# Half of what waits is what a GP with extended role must not answer.
_PRIORITIES = (list(PRIORITY_ORDER), [5, 1, 4])
_SUB_SPECIALTIES = (["", "hair", "paediatric"], [90, 5, 5])
_GROWING = (
    Patient,
    Referral,
    HistoryAnswer,
    Lesion,
    Image,
    StepTime,
    RoutingDecision,
    ReferralEvent,
    Claim,
    Opinion,
    OpinionDiagnosis,
    Acknowledgement,
    SecondRead,
    Message,
    MessageReceipt,
)


@dataclass(frozen=True)
class Desk:
    """Who looks at the backlog, and the cases on the consultant's desk."""

    store: Store
    consultant: Scope
    cases: tuple[uuid.UUID, ...]

    @property
    def gpwer(self) -> Scope:
        """A colleague who must not answer suspected cancer."""
        return replace(self.consultant, person_id=new_id(), grade=Grade.GPWER)

    @property
    def interested(self) -> Scope:
        """A colleague who also takes what is kept for sub-specialties."""
        taken = frozenset({"hair", "paediatric"})
        return replace(self.consultant, person_id=new_id(), interests=taken)


def fill(store: Store, thousands: int, *, seed: int = 1) -> Desk:
    """Write so many thousand open referrals into an empty store."""
    drawn = random.Random(seed)  # noqa: S311  a synthetic service, not a secret
    with store.transaction() as session:
        ids = a_service.add(session, drawn, 20, services=2)
    rows: Rows = {}
    with clock.set_to(UNTIL):
        waiting = _open(rows, drawn, ids)
        _others(rows, drawn, ids)
        bulk.write(store, rows)
        bulk.multiply(store, _GROWING, thousands)
        cases = _desk(store, ids, waiting)
    bulk.refresh_statistics(store)
    me = Scope(
        ids["service"][0],
        OrganisationKind.SPECIALIST_SERVICE,
        ids["specialist"][0],
        Grade.CONSULTANT,
    )
    return Desk(store, me, cases)


def _open(rows: Rows, drawn: random.Random, ids: Ids) -> list[uuid.UUID]:
    """A thousand of the first pool; the ids of those that wait."""
    states = [State.RETURNED] * _RETURNED + [State.IN_REVIEW] * _HELD
    states += [State.SUBMITTED] * (_THOUSAND - len(states))
    drawn.shuffle(states)
    waiting = []
    for state in states:
        row = _row(rows, drawn, ids, state=state)
        other = drawn.choice(ids["specialist"][1:])
        if state is State.RETURNED:
            row["reserved_for"] = other
        elif state is State.IN_REVIEW:
            add(rows, Claim, _claim(row["id"], other))
        else:
            waiting.append(row["id"])
    return waiting


def _others(rows: Rows, drawn: random.Random, ids: Ids) -> None:
    """The other pool's, what was answered, and what was said about it."""
    for _ in range(_ELSEWHERE):
        _row(rows, drawn, ids, pool_id=ids["service"][1], state=State.SUBMITTED)
    for _ in range(_ANSWERED):
        sent = UNTIL - timedelta(days=drawn.uniform(40, 300))
        many_referrals.referral(rows, drawn, drawn, ids, sent)
    answers = rows[Opinion]
    for number, opinion in zip(range(_SAID), answers, strict=False):
        # Every tenth was for anybody of the pool.
        whom = ids["specialist"][0] if number % 10 else None
        row = _message(opinion["referral_id"], ids["gp"][0], ids["practice"][0], whom)
        add(rows, Message, row)
        reader = {"message_id": row["id"], "person_id": ids["specialist"][0]}
        add(rows, MessageReceipt, {**reader, "moment": UNTIL})
    for opinion in answers[:_SECOND_READS]:
        add(rows, SecondRead, _second_read(opinion, ids))


def _row(rows: Rows, drawn: random.Random, ids: Ids, **facts: object) -> dict[str, Any]:
    """One that was sent in the last four weeks, and is due at the end of a day."""
    sent = UNTIL - timedelta(minutes=drawn.randrange(1, 28 * 24 * 60))
    place = drawn.randrange(len(ids["practice"]))
    row = many_referrals.referral_row(
        drawn, ids, ids["practice"][place], ids["gp"][place], sent
    )
    priority = Priority(drawn.choices(*_PRIORITIES)[0])
    day = sent.replace(hour=18, minute=30, second=0, microsecond=0)
    row |= {
        "priority": priority,
        "urgency": PRIORITY_ORDER.index(priority),
        "due_at": day + timedelta(days=2 if priority is Priority.ROUTINE else 0),
        "sub_specialty": drawn.choices(*_SUB_SPECIALTIES)[0],
        **facts,
    }
    many_referrals.parts(rows, drawn, row)
    many_referrals.decided(rows, row)
    for number, move in enumerate(("start", "send"), 1):
        event = many_referrals.event(row, number, move, sent, row["sent_by"])
        add(rows, ReferralEvent, event)
    return row


def _desk(store: Store, ids: Ids, waiting: list[uuid.UUID]) -> tuple[uuid.UUID, ...]:
    """What the consultant reads, asked and was answered, and has not read yet."""
    me = ids["specialist"][0]
    drawn = iter(waiting)
    mine, back, asked, unread = (
        [next(drawn) for _ in range(many)]
        for many in (CASES, _BACK, _SENT_BACK, _UNREAD)
    )
    rows: Rows = {}
    for case in mine:
        add(rows, Claim, _claim(case, me))
        content = {"advice": "As discussed.", "diagnoses": ["bcc"]}
        draft = {"referral_id": case, "person_id": me, "saved_at": UNTIL}
        add(rows, OpinionDraft, {**draft, "content": content})
    for case in mine + unread:
        said = _message(case, ids["gp"][0], ids["practice"][0], me)
        add(rows, Message, said)
        add(rows, UnreadMessage, {**said, "message_id": said["id"]})
    with store.transaction() as session:
        images = session.scalars(sa.select(Image.id).where(Image.referral_id.in_(mine)))
        for image_id in images:
            add(rows, ImageMark, _mark(image_id, me))
        _change(session, mine, state=State.IN_REVIEW)
        _change(session, asked, state=State.RETURNED, reserved_for=me)
        until = UNTIL + timedelta(hours=20)
        _change(session, back, reserved_for=me, reserved_until=until, sub_specialty="")
    bulk.write(store, rows)
    return tuple(mine)


def _change(session: Any, ids: list[uuid.UUID], **facts: object) -> None:  # noqa: ANN401
    session.execute(sa.update(Referral).where(Referral.id.in_(ids)).values(**facts))


def _claim(referral_id: uuid.UUID, person_id: uuid.UUID) -> dict[str, Any]:
    when = {"started_at": UNTIL, "lapses_at": UNTIL + timedelta(minutes=30)}
    return {"id": new_id(), "referral_id": referral_id, "person_id": person_id, **when}


def _message(
    referral_id: uuid.UUID,
    person_id: uuid.UUID,
    organisation_id: uuid.UUID,
    whom: uuid.UUID | None,
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "referral_id": referral_id,
        "moment": UNTIL,
        "person_id": person_id,
        "organisation_id": organisation_id,
        "to": Side.SPECIALISTS,
        "for_person": whom,
        "words": "The patient rang.",
    }


def _second_read(opinion: dict[str, Any], ids: Ids) -> dict[str, Any]:
    return {
        "id": new_id(),
        "referral_id": opinion["referral_id"],
        "opinion_id": opinion["id"],
        "pool_id": ids["service"][0],
        "cause": "sample",
        "state": SecondReadState.WAITING,
        "created_at": UNTIL,
        "due_at": UNTIL + timedelta(days=2),
        "first_reader": opinion["person_id"],
        "settled_words": "",
    }


def _mark(image_id: uuid.UUID, person_id: uuid.UUID) -> dict[str, Any]:
    return {
        "id": new_id(),
        "image_id": image_id,
        "person_id": person_id,
        "kind": MarkKind.ARROW,
        "content": {"points": [[1, 1], [0, 0]]},
        "made_at": UNTIL,
    }
