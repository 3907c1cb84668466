"""Weblinks, and what waited too long, for a store of many referrals.

Of the sent ones some came by a weblink; of as many again the patient never finished.
"""

import random
from datetime import timedelta

import sqlalchemy as sa

from benchmarks.many_referrals import UNTIL
from core.access.model import THE_PATIENT
from core.access.tables import Person
from core.contracts.model import Pool
from core.imaging.tables import Image
from core.invitations.model import InvitationState, Step, StopReason, Way
from core.invitations.tables import Invitation, InvitationEvent
from core.kernel.ids import new_id
from core.referrals.model import Route, State
from core.referrals.tables import Escalated, Referral, ReferralEvent, RoutingDecision


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_ENDS = {
    "stop": (InvitationState.STOPPED, State.PRACTICE_REVIEW),
    "cancel": (InvitationState.CANCELLED, State.WITHDRAWN),
    "expire": (InvitationState.EXPIRED, State.LAPSED),
    "": (InvitationState.OPENED, State.AWAITING_PATIENT),
}


def add_links(session, sent, facts):
    """``facts``: of a row, by the names of its columns."""
    drawn = random.Random(7)  # noqa: S311  a synthetic service
    patient = {"id": THE_PATIENT, "issuer": "", "subject": "patient"}
    session.add(Person(**patient, name="The patient", active=False))
    session.flush()
    for referral in sent[::4]:
        _came_by_link(session, facts(referral), drawn)
    for referral in sent[::3]:
        _never_came(session, facts(referral), drawn)
    _earlier_than_any(session, sent, facts, drawn)
    _escalated(session, sent, drawn)


def _came_by_link(session, facts, drawn):
    """Another one that its patient filled in, sometimes long after it was asked for."""
    looked_at = drawn.random() < 0.3
    finished = facts["sent_at"] - looked_at * HOUR
    late = drawn.random() < 0.1
    hours = 24 * drawn.randint(15, 30) if late else drawn.randint(2, 300)
    sent_at = finished - hours * HOUR
    made = Referral(
        **facts
        | {
            "id": new_id(),
            "reference": new_id().hex[:20],
            "state": State.SUBMITTED,
            "answered_at": None,
            "route": Route.PATIENT_LINK,
            "started_at": sent_at - HOUR,
            "sent_by": facts["started_by"] if looked_at else None,
        }
    )
    session.add(made)
    session.flush()
    _event(session, made, 1, "start", sent_at - HOUR, "nurse")
    if looked_at:
        _event(session, made, 2, "patient_hands_in", finished, "patient")
        _event(session, made, 3, "send", made.sent_at, "gp")
    else:
        _event(session, made, 2, "patient_sends", made.sent_at, "patient")
    decision = {"referral_id": made.id, "number": 1, "moment": made.sent_at}
    decision |= {"organisation_id": made.pool_id, "pool": Pool.PARTNER}
    session.add(RoutingDecision(**decision, rule="first_pool", reason="Drawn."))
    begun = finished - min(hours * HOUR / 2, HOUR)
    row = _link(session, made, drawn, sent_at)
    row.opened_at = begun - drawn.random() * (begun - sent_at)
    row.verified_at, row.finished_at = begun, finished
    row.state = InvitationState.SUBMITTED
    _pictures(session, facts["id"], made.id)


def _pictures(session, of, referral_id):
    """The same pictures once more, as if the patient had taken them."""
    for image in session.scalars(sa.select(Image).where(Image.referral_id == of)):
        names = [one.key for one in sa.inspect(Image).columns]
        taken = {name: getattr(image, name) for name in names}
        taken |= {"id": new_id(), "referral_id": referral_id, "lesion_id": None}
        taken |= {"added_by": THE_PATIENT, "source": "stored"}
        session.add(Image(**taken))


def _never_came(session, facts, drawn):
    """One like it that is still with its patient, or ended there."""
    how = drawn.choice(["stop", "stop", "cancel", "expire", "expire", ""])
    state, stands = _ENDS[how]
    changed = {"id": new_id(), "reference": new_id().hex[:20], "state": stands}
    nothing = dict.fromkeys(("sent_at", "sent_by", "answered_at", "pool_id"))
    made = Referral(**facts | changed | nothing | {"route": Route.PATIENT_LINK})
    session.add(made)
    session.flush()
    sent_at = facts["sent_at"]
    row = _link(session, made, drawn, sent_at)
    row.state = state
    far = drawn.randint(0, 2) if how != "stop" else 2
    row.opened_at = sent_at + drawn.randint(1, 400) * HOUR if far else None
    # Whoever begins may be shown the page and the question in one go.
    row.verified_at = row.opened_at + HOUR if far == 2 else None
    ends = (row.verified_at or row.opened_at or sent_at) + HOUR * drawn.randint(1, 60)
    if how == "stop":
        reason = drawn.choice(list(StopReason))
        row.stopped_for = reason
        _step(session, row, Step.STOP, ends, reason)
        if drawn.random() < 0.2:
            # Sent anew: what was said first is what counts, unless it was finished.
            row.stopped_for, row.state = None, InvitationState.SENT
            _step(session, row, Step.SEND, ends + HOUR)
            _step(session, row, Step.STOP, ends + 2 * HOUR, StopReason.DECLINED)
    elif how == "cancel":
        _step(session, row, Step.CANCEL, ends, "qcancelled")
    elif how == "expire":
        _step(session, row, Step.EXPIRE, sent_at + 15 * DAY)


def _earlier_than_any(session, sent, facts, drawn):
    """The first that each practice did was to send a weblink, and nothing came of it."""
    met = set()
    for referral in sent:
        if referral.practice_id not in met:
            met.add(referral.practice_id)
            early = facts(referral)
            early |= {"sent_at": early["sent_at"] - drawn.randint(20, 80) * DAY}
            _never_came(session, early, drawn)


def _escalated(session, sent, drawn):
    for referral in sent[::5]:
        loop = drawn.choice(["unacknowledged", "unreturned", "target_at_risk"])
        since = referral.sent_at + drawn.randint(1, 40) * DAY
        for number in range(1, drawn.randint(2, 4)):
            _told(session, referral.id, loop, since, number)
    for row in session.scalars(sa.select(Invitation).order_by(Invitation.sent_at)):
        if drawn.random() < 0.3:
            loop = "unreviewed" if row.finished_at else "unanswered_link"
            since = row.finished_at or row.sent_at
            _told(session, row.referral_id, loop, since, 1)


def _told(session, referral_id, loop, since, number):
    moment = since + number * 2 * DAY + 3 * HOUR * (number % 2)
    terms = session.get_one(Referral, referral_id).contract_version_id
    session.add(
        Escalated(
            referral_id=referral_id,
            loop=loop,
            number=number,
            since=since,
            level=("practice", "deputy", "service_manager")[number - 1],
            contract_version_id=terms,
            moment=moment,
            settled_at=moment + DAY if number % 2 else None,
        )
    )


def _link(session, referral, drawn, sent_at):
    row = Invitation(
        referral_id=referral.id,
        patient_id=referral.patient_id,
        practice_id=referral.practice_id,
        contract_version_id=referral.contract_version_id,
        reference=referral.reference,
        state=InvitationState.SENT,
        way=drawn.choice(list(Way)),
        address="qaddress@example.org",
        language=drawn.choice(["en", "pl"]),
        wants_messages=True,
        created_by=referral.started_by,
        created_at=sent_at,
        sent_at=sent_at,
        expires_at=sent_at + 14 * DAY,
        reminders=drawn.randint(0, 3),
        changed_at=min(sent_at, UNTIL),
    )
    session.add(row)
    session.flush()
    return row


def _step(session, row, step, moment, reason=""):
    session.add(
        InvitationEvent(
            invitation_id=row.id,
            step=step,
            state=row.state,
            moment=moment,
            person_id=THE_PATIENT,
            role="patient",
            reason=reason,
        )
    )


def _event(session, referral, number, move, moment, role):
    session.add(
        ReferralEvent(
            referral_id=referral.id,
            number=number,
            move=move,
            to_state=State.PRACTICE_REVIEW,
            moment=moment,
            person_id=THE_PATIENT,
            organisation_id=referral.practice_id,
            role=role,
            hash="0" * 64,
        )
    )
