"""Ask a patient, by a weblink, to send history and pictures themselves."""

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import SYSTEM, Actor
from core.contracts.model import Priority
from core.invitations.actions import issuing
from core.invitations.actions.issuing import Reach, Whom
from core.invitations.actions.stepping import end, hold, note
from core.invitations.model import UNFINISHED, InvitationState, Step, Way
from core.invitations.tables import Invitation
from core.invitations.telling import tell_practice
from core.kernel import addresses, clock
from core.kernel.clock import LONDON
from core.kernel.errors import Conflict, Invalid, NotAllowed
from core.notify.model import Topic
from core.referrals.actions.moving import lock_own, move
from core.referrals.model import Move, Route, State
from core.referrals.tables import Referral
from core.specialties.reference import specialty


_AT_ONCE = 50
_PROBLEMS = {Way.EMAIL: addresses.email_problem, Way.TEXT: addresses.phone_problem}


@dataclass(frozen=True)
class Request:
    """What the practice decides before it asks the patient.

    ``would_have_referred`` None: not said yet. ``question``: for the specialist; empty:
    the contract's usual one.
    """

    problem: str
    would_have_referred: bool | None
    priority: Priority = Priority.ROUTINE
    question: str = ""
    acting_for: str = ""


def invite(
    session: Session,
    *,
    by: Actor,
    referral_id: uuid.UUID,
    request: Request,
    reach: Reach,
) -> str:
    """Send a patient the weblink. The referral waits for them from now on.

    Returns what has to be handed over by hand (see ``issuing.send``), or "". Inviting
    again, by a double click, changes nothing. Raises Invalid for what is missing.
    """
    referral = lock_own(session, by, referral_id)
    if referral.state is State.AWAITING_PATIENT:
        return ""
    _refuse(by, request, reach)
    terms = issuing.terms_of(session, referral.contract_version_id)
    described = specialty(referral.specialty)
    if described.patient is None or request.problem not in {
        one.code for one in described.problems
    }:
        raise Invalid("Choose the problem.", field="problem")
    if request.would_have_referred is None:
        raise Invalid(
            "Say whether you would have referred without this service.",
            field="would_have_referred",
        )
    referral.route, referral.problem = Route.PATIENT_LINK, request.problem
    referral.priority = request.priority
    referral.would_have_referred = request.would_have_referred
    referral.question = request.question.strip() or terms.question
    referral.acting_for = request.acting_for
    there = hold(session, referral.id)
    move(session, referral, Move.INVITE, by=by)
    invitation = there or issuing.create(
        session, by=by, whom=_whom(referral), reach=reach
    )
    return issuing.send(session, invitation, by=by, reach=reach)


def ask_again(
    session: Session, *, by: Actor, referral_id: uuid.UUID, reach: Reach
) -> str:
    """Ask a patient anew who could not go on, or did not answer: the same as before."""
    referral = lock_own(session, by, referral_id)
    request = Request(
        problem=referral.problem or "",
        would_have_referred=referral.would_have_referred,
        priority=referral.priority or Priority.ROUTINE,
        question=referral.question,
        acting_for=referral.acting_for,
    )
    return invite(session, by=by, referral_id=referral_id, request=request, reach=reach)


def resend(session: Session, *, by: Actor, referral_id: uuid.UUID, reach: Reach) -> str:
    """Send the link once more, to the same place or another; also opens a locked one.

    Where the patient has sent it already, the link shows what becomes of it.
    """
    _refuse_reach(reach)
    referral = lock_own(session, by, referral_id)
    invitation = hold(session, referral.id)
    if invitation is not None and invitation.state is InvitationState.SUBMITTED:
        return issuing.renew(session, invitation, by=by, reach=reach)
    if invitation is None or referral.state is not State.AWAITING_PATIENT:
        raise Conflict("This referral does not wait for the patient any more.")
    return issuing.send(session, invitation, by=by, reach=reach)


@dataclass(frozen=True)
class Paper:
    """What a printed sheet tells. ``until``: the last day on which it works."""

    practice: str
    language: str
    token: str
    until: date


def print_link(session: Session, *, by: Actor, referral_id: uuid.UUID) -> Paper:
    """A link to be printed, made for this sheet alone; each sheet has its own."""
    referral = lock_own(session, by, referral_id)
    invitation = hold(session, referral.id)
    if invitation is None or referral.state is not State.AWAITING_PATIENT:
        raise Conflict("This referral does not wait for the patient any more.")
    if invitation.state is InvitationState.LOCKED:
        raise Conflict("This weblink is locked. Send it again first.")
    note(session, invitation, "print_link", by=by)
    return Paper(
        practice=by.organisation_name,
        language=invitation.language,
        token=issuing.mint(session, invitation, Way.PRINTED),
        until=invitation.expires_at.astimezone(LONDON).date(),
    )


def remind_due(session: Session) -> int:
    """Send the link again where nothing came by the set day. Returns how many."""
    due = session.scalars(
        sa.select(Invitation)
        .where(
            Invitation.state.in_(UNFINISHED),
            Invitation.state != InvitationState.LOCKED,
            Invitation.remind_at <= clock.now(),
        )
        .order_by(Invitation.remind_at)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for invitation in due:
        issuing.remind(session, invitation)
    return len(due)


def lapse_due(session: Session) -> int:
    """End what ran out without an answer, and tell the practice. Returns how many."""
    due = session.execute(
        sa.select(Referral, Invitation)
        .join(Invitation, Invitation.referral_id == Referral.id)
        .where(Invitation.state.in_(UNFINISHED), Invitation.expires_at <= clock.now())
        .order_by(Invitation.expires_at)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for referral, invitation in due:
        end(session, invitation, Step.EXPIRE, by=SYSTEM)
        if referral.state is State.AWAITING_PATIENT:
            move(session, referral, Move.LAPSE, by=SYSTEM)
        tell_practice(session, invitation, Topic.PATIENT_SILENT)
    return len(due)


def any_due(session: Session) -> bool:
    """Whether anything has to be sent again, or has run out."""
    now = clock.now()
    waits = sa.and_(
        Invitation.state.in_(UNFINISHED),
        sa.or_(Invitation.remind_at <= now, Invitation.expires_at <= now),
    )
    return session.scalar(sa.select(Invitation.id).where(waits).limit(1)) is not None


def _refuse(by: Actor, request: Request, reach: Reach) -> None:
    if not access.may_refer(by):
        raise NotAllowed("Only practice staff can invite patients.")
    if access.must_name_clinician(by) and not request.acting_for:
        raise Invalid("Name the clinician you are acting for.", field="acting_for")
    _refuse_reach(reach)


def _refuse_reach(reach: Reach) -> None:
    if reach.way not in _PROBLEMS:
        return
    problem = _PROBLEMS[reach.way](reach.address)
    if not reach.address.strip():
        problem = "Enter where to send it."
    if problem:
        raise Invalid(problem, field="address")


def _whom(referral: Referral) -> Whom:
    return Whom(
        referral_id=referral.id,
        reference=referral.reference,
        patient_id=referral.patient_id,
        practice_id=referral.practice_id,
        contract_version_id=referral.contract_version_id,
    )
