"""Invite a patient: by a message, on paper, or by a code read out."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.access.model import SYSTEM, THE_PATIENT, Actor
from core.access.tables import Organisation, Person
from core.contracts.model import InvitationTerms
from core.contracts.reference import agreement
from core.invitations import rules
from core.invitations.actions.stepping import close_links, step
from core.invitations.model import InvitationState, Step, StopReason, Way
from core.invitations.tables import Invitation, Link
from core.kernel import clock
from core.kernel.clock import LONDON
from core.kernel.errors import Conflict, Invalid
from core.notify.actions import enqueue
from core.notify.model import Channel, Topic


# The hour, on London's clock, at which reminders leave, and before which no message says
# that a link has ended: nobody is woken by one.
_REMIND_AT = time(10)
_CHANNELS = {Way.EMAIL: Channel.EMAIL, Way.TEXT: Channel.TEXT}


@dataclass(frozen=True)
class Whom:
    """Which patient is asked about which referral, under which contract."""

    referral_id: uuid.UUID
    reference: str
    patient_id: uuid.UUID
    practice_id: uuid.UUID
    contract_version_id: uuid.UUID


@dataclass(frozen=True)
class Reach:
    """How and where the patient is reached, in which language."""

    way: Way
    address: str
    language: str


def terms_of(session: Session, contract_version_id: uuid.UUID) -> InvitationTerms:
    """The contract's rules for weblinks. Raises Conflict where it has none."""
    terms = agreement(session, contract_version_id).terms.invitations
    if terms is None:
        raise Conflict("Your contract does not include weblinks for patients.")
    return terms


def create(session: Session, *, by: Actor, whom: Whom, reach: Reach) -> Invitation:
    """Begin an invitation; nothing has been sent yet."""
    terms = terms_of(session, whom.contract_version_id)
    _one_patient_among_people(session)
    invitation = Invitation(
        referral_id=whom.referral_id,
        patient_id=whom.patient_id,
        practice_id=whom.practice_id,
        contract_version_id=whom.contract_version_id,
        reference=whom.reference,
        way=reach.way,
        address=reach.address,
        language=reach.language,
        wants_messages=True,
        created_by=by.person_id,
        created_at=clock.now(),
        expires_at=_ends(terms.expires_after_days),
        wrong_dates=0,
        reminders=0,
    )
    step(session, invitation, Step.CREATE, by=by)
    return invitation


def send(session: Session, invitation: Invitation, *, by: Actor, reach: Reach) -> str:
    """Send a link, the first or one more. The invitation is held already.

    Returns the code to read out, which is not kept and cannot be shown again; "" where
    a message brings the link, or a sheet of paper.
    """
    terms = terms_of(session, invitation.contract_version_id)
    if reach.way in _CHANNELS and not reach.address:
        raise Invalid("Enter where to send it.", field="address")
    first = invitation.sent_at is None
    if not first and _others_might_have_it(invitation, reach):
        close_links(session, invitation)
    if reach.way in _CHANNELS or invitation.way not in _CHANNELS:
        # A sheet or a code beside a message: messages go on to where they went.
        invitation.way, invitation.address = reach.way, reach.address
    invitation.language = reach.language
    step(session, invitation, Step.SEND, by=by, reason=reach.way)
    invitation.sent_at = invitation.sent_at or clock.now()
    invitation.asked_at, invitation.ended_at = clock.now(), None
    if invitation.stopped_for is StopReason.NOT_ME:
        # Nobody had known then whether the patient wants any.
        invitation.wants_messages = True
    invitation.wrong_dates, invitation.stopped_for = 0, None
    invitation.expires_at = _ends(terms.expires_after_days)
    invitation.reminders = 0
    invitation.remind_at = _next_reminder(invitation, terms)
    if reach.way in _CHANNELS:
        tell(session, invitation, Topic.INVITED if first else Topic.LINK_ANEW)
        return ""
    if reach.way is Way.PRINTED:
        # Made when the sheet is: nothing to lose, and nothing to show here.
        return ""
    return mint(session, invitation, reach.way, terms.code_hours)


def renew(session: Session, invitation: Invitation, *, by: Actor, reach: Reach) -> str:
    """Send a link to what the patient has sent already; the earlier ones end.

    Returns a code to read out, as ``send`` does.
    """
    terms = terms_of(session, invitation.contract_version_id)
    close_links(session, invitation)
    step(session, invitation, Step.RENEW, by=by, reason=reach.way)
    invitation.wrong_dates = 0
    if reach.way in _CHANNELS:
        invitation.way, invitation.address = reach.way, reach.address
        invitation.language = reach.language
        tell(session, invitation, Topic.LINK_ANEW)
        return ""
    if reach.way is Way.PRINTED:
        return ""
    return mint(session, invitation, reach.way, terms.code_hours)


def remind(session: Session, invitation: Invitation) -> None:
    """Send the link once more, because nothing came. It is held already."""
    terms = terms_of(session, invitation.contract_version_id)
    step(session, invitation, Step.REMIND, by=SYSTEM)
    invitation.reminders += 1
    invitation.remind_at = _next_reminder(invitation, terms)
    tell(session, invitation, Topic.INVITED_AGAIN)


def finish(invitation: Invitation, terms: InvitationTerms) -> None:
    """It is answered: the link goes on to show what becomes of it, for a while."""
    invitation.finished_at = invitation.ended_at = clock.now()
    invitation.remind_at = None
    invitation.expires_at = _ends(terms.status_for_days)


def tell(session: Session, invitation: Invitation, topic: Topic) -> None:
    """Promise the patient a message, where there is an address to send it to."""
    channel = _CHANNELS.get(invitation.way)
    if channel is None or not invitation.address:
        return
    practice = session.get_one(Organisation, invitation.practice_id)
    row = enqueue(
        session,
        topic=topic,
        address=invitation.address,
        channel=channel,
        language=invitation.language,
        about_id=invitation.id,
        practice=practice.name,
    )
    if topic is Topic.LINK_ENDED:
        # Links run out at midnight.
        row.available_at = _by_day(row.available_at)


def mint(
    session: Session, invitation: Invitation, way: Way, code_hours: int = 24
) -> str:
    """A new token, or a code that is good for some hours; only its hash is kept."""
    by_code = way is Way.CODE
    token = rules.new_code() if by_code else rules.new_token()
    now = clock.now()
    session.add(
        Link(
            invitation_id=invitation.id,
            way=way,
            token_hash=rules.hashed(token),
            made_at=now,
            expires_at=now + timedelta(hours=code_hours) if by_code else None,
        )
    )
    session.flush()
    return token


def _others_might_have_it(invitation: Invitation, reach: Reach) -> bool:
    """Whether the earlier link went elsewhere, or had ended for a reason."""
    moved = invitation.way is reach.way and invitation.address != reach.address
    return moved or invitation.state not in (
        InvitationState.SENT,
        InvitationState.OPENED,
        InvitationState.VERIFIED,
    )


def _ends(days: int) -> datetime:
    """The last minute of a day, so that “works until Saturday” is true."""
    return _at(clock.today() + timedelta(days=days), time(23, 59, 59))


def _next_reminder(invitation: Invitation, terms: InvitationTerms) -> datetime | None:
    if invitation.asked_at is None or invitation.way not in _CHANNELS:
        return None
    asked = invitation.asked_at.astimezone(LONDON).date()
    days = [asked + timedelta(days=one) for one in sorted(terms.remind_after_days)]
    # Those that passed while the service stood still are not made up for.
    ahead = [one for one in (_at(day, _REMIND_AT) for day in days) if one > clock.now()]
    return next((one for one in ahead if one < invitation.expires_at), None)


def _by_day(moment: datetime) -> datetime:
    day = moment.astimezone(LONDON).date()
    return max(moment, _at(day, _REMIND_AT))


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, LONDON)


def _one_patient_among_people(session: Session) -> None:
    """Whoever acts by a weblink needs a name in timelines: one row for all of them."""
    if session.get(Person, THE_PATIENT) is not None:
        return
    row = Person(
        id=THE_PATIENT, issuer="", subject="patient", name="The patient", active=False
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # Another practice's first invitation was a moment earlier.
        session.expire_all()
