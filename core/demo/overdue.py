"""What waited too long in a story, and who had been told: as the service would have."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from core.contracts.model import EscalationStep, Loop
from core.contracts.reference import bank_holidays
from core.demo.asking import Asking
from core.demo.story import Story
from core.invitations.model import InvitationState
from core.kernel.working_days import due_at
from core.referrals.model import Move
from core.referrals.tables import Escalated


# No step that counts in working days is due sooner.
_SOONEST = timedelta(hours=20)
_LEAVES_SPECIALISTS = (Move.RETURN, Move.ANSWER, Move.WITHDRAW)
_FROM_PATIENT = (Move.PATIENT_HANDS_IN, Move.PATIENT_STOPS)
_LOOKED_AT = (Move.SEND, Move.LIST, Move.CAPTURE, Move.INVITE, Move.WITHDRAW)
_COMES_BACK = (Move.SUPPLY, Move.WITHDRAW)
_ANSWERS = (Move.ANSWER, Move.AMEND)


@dataclass(frozen=True)
class Wait:
    """Something waited ``since`` then, at first at ``begun``; None: it waits still."""

    loop: Loop
    since: datetime
    begun: datetime
    ended: datetime | None


def write_overdue(story: Story, asking: Asking | None) -> None:
    """A row for each step that was due while it waited."""
    told = dict[tuple[Loop, datetime, int], dict[str, Any]]()
    for wait in _waits(story, asking):
        for row in _told(story, wait):
            # What goes back and forth within a day has one time limit, told of once, and
            # waits until it has been seen to for good.
            key = wait.loop, wait.since, int(row["number"])
            told.setdefault(key, row)["settled_at"] = row["settled_at"]
    for row in told.values():
        story.rows.add(Escalated, **row)


def _told(story: Story, wait: Wait) -> Iterator[dict[str, Any]]:
    """The steps that were due while something waited."""
    agreed = story.surgery.agreement
    policy = agreed.terms.escalation
    steps = policy.steps.get(wait.loop, ()) if policy else ()
    until = min(wait.ended or story.now, story.now)
    for number, step in enumerate(steps, start=1):
        due = _due(story, wait, step, until)
        if due is None or due >= until:
            continue
        yield {
            "id": story.draws.id_at(due),
            "referral_id": story.id,
            "loop": wait.loop,
            "number": number,
            "since": wait.since,
            "level": step.to,
            "contract_version_id": agreed.version_id,
            "moment": due,
            "settled_at": wait.ended,
        }


def _due(
    story: Story, wait: Wait, step: EscalationStep, until: datetime
) -> datetime | None:
    if step.hours_left is not None:
        due = wait.since - timedelta(hours=step.hours_left)
        return max(due, wait.begun)
    if step.working_days is None or until - wait.since < _SOONEST:
        return None
    closes = story.surgery.agreement.terms.day_closes
    return due_at(wait.since, step.working_days, closes, bank_holidays())


def _waits(story: Story, asking: Asking | None) -> Iterator[Wait]:
    for begun, due in story.limits:
        ended = _first(story, begun, _LEAVES_SPECIALISTS)
        yield Wait(Loop.TARGET_AT_RISK, due, begun, ended)
    for move, moment in story.moves:
        if move is Move.RETURN:
            ended = _first(story, moment, _COMES_BACK)
            yield Wait(Loop.UNRETURNED, moment, moment, ended)
        if move in _FROM_PATIENT:
            ended = _first(story, moment, _LOOKED_AT)
            yield Wait(Loop.UNREVIEWED, moment, moment, ended)
    answers = [moment for move, moment in story.moves if move in _ANSWERS]
    for given, taken_up in zip_longest(answers, story.taken_up):
        yield Wait(Loop.UNACKNOWLEDGED, given, given, taken_up)
    if asking is not None:
        waits = asking.state is InvitationState.LOCKED
        ended = None if waits else asking.facts["ended_at"]
        sent = asking.sent_at
        yield Wait(Loop.UNANSWERED_LINK, sent, sent, ended)


def _first(story: Story, after: datetime, moves: tuple[Move, ...]) -> datetime | None:
    """When it first moved so, since then."""
    return min(
        (moment for move, moment in story.moves if move in moves and moment >= after),
        default=None,
    )
