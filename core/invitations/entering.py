"""The patients' door: open a link, prove a date of birth, come back, go.

Each wrong try is kept whatever is said in return, so these open their own transactions.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.invitations import rules
from core.invitations.actions.stepping import close_links, end, note, step
from core.invitations.guesses import count_wrong, too_many
from core.invitations.model import (
    InvitationState,
    LinkTrouble,
    Proof,
    Step,
    Trouble,
    Visitor,
    Way,
)
from core.invitations.tables import Invitation, Link, Visit
from core.invitations.telling import tell_locked
from core.invitations.visits import (
    as_visitor,
    held_visit,
    tries,
    trouble_of,
    visited_too_often,
)
from core.kernel import clock
from core.patients.tables import Patient
from core.store.engine import Store


_SEEN_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class _Entry:
    """A secret; or why there is none."""

    secret: str = ""
    trouble: Trouble = Trouble.UNKNOWN


def enter(store: Store, *, token: str, address: str) -> str:
    """Open a link. Returns the secret by which this browser is known from now on.

    ``address`` is the caller's on the internet. A right token is let in however many
    wrong ones came from there: nobody guesses one, and many share an address. Raises
    LinkTrouble.
    """
    with store.transaction() as session:
        link = _link(session, token) if rules.could_be_token(token) else None
        known = link is not None and link.way is not Way.CODE
        entry = _admit(session, link) if link and known else _wrong(session, address)
    return _opened(entry)


def enter_by_code(store: Store, *, code: str, address: str) -> str:
    """The same by a short code, which could be guessed by trying long enough."""
    with store.transaction() as session:
        link = _link(session, rules.normalised(code))
        known = link is not None and link.way is Way.CODE
        if too_many(session, address):
            entry = _Entry(trouble=Trouble.TOO_MANY)
        elif link and known:
            entry = _admit(session, link)
        else:
            entry = _wrong(session, address)
    return _opened(entry)


def see(store: Store, *, secret: str) -> None:
    """The page is really there: count it as opened, and keep the visit alive."""
    with store.reading() as session:
        visit, _ = held_visit(session, secret, hold=False)
        if visit.shown_at and clock.now() - visit.seen_at < _SEEN_EVERY:
            return
    with store.transaction() as session:
        visit, invitation = held_visit(session, secret)
        visit.seen_at = clock.now()
        if visit.shown_at is None:
            visit.shown_at = clock.now()
            _open(session, invitation, as_visitor(session, visit, invitation))


def prove(store: Store, *, secret: str, born: date) -> Proof:
    """Compare a date of birth. The last wrong one locks, and the practice is told."""
    with store.transaction() as session:
        visit, invitation = held_visit(session, secret)
        who = as_visitor(session, visit, invitation)
        right = session.get_one(Patient, invitation.patient_id).birth_date
        if rules.same_day(born, right):
            visit.proved_at = visit.seen_at = clock.now()
            invitation.wrong_dates = 0
            invitation.language = visit.language
            _verified(session, invitation, who)
            return Proof(right=True, left=tries(session, invitation))
        invitation.wrong_dates += 1
        left = max(0, tries(session, invitation) - invitation.wrong_dates)
        note(session, invitation, "wrong_birth_date", by=who.actor)
        if left == 0:
            _lock(session, invitation, who)
        return Proof(right=False, left=left)


def speak(store: Store, *, secret: str, language: str) -> None:
    """Go on in another language; messages too, once it is known who is here."""
    with store.transaction() as session:
        visit, invitation = held_visit(session, secret)
        visit.language = language
        if visit.proved_at is not None:
            invitation.language = language
            invitation.changed_at = clock.now()


def leave(store: Store, *, secret: str) -> None:
    """End this visit; the link opens another."""
    with store.transaction() as session:
        visit, _ = held_visit(session, secret)
        visit.ended_at = clock.now()


def _link(session: Session, token: str) -> Link | None:
    wanted = rules.hashed(token)
    found = session.scalar(sa.select(Link).where(Link.token_hash == wanted))
    return found if found and rules.same(found.token_hash, wanted) else None


def _wrong(session: Session, address: str) -> _Entry:
    if too_many(session, address):
        return _Entry(trouble=Trouble.TOO_MANY)
    count_wrong(session, address)
    return _Entry()


def _admit(session: Session, link: Link) -> _Entry:
    # Held: a link that is just being ended must not open one more visit.
    invitation = session.get_one(Invitation, link.invitation_id, with_for_update=True)
    session.refresh(link)
    trouble = trouble_of(session, invitation, link)
    if trouble is None and visited_too_often(session, link):
        trouble = Trouble.TOO_MANY
    if trouble is not None:
        return _Entry(trouble=trouble)
    secret = rules.new_token()
    visit = Visit(
        invitation_id=invitation.id,
        link_id=link.id,
        secret_hash=rules.hashed(secret),
        language=invitation.language,
        started_at=clock.now(),
        seen_at=clock.now(),
    )
    session.add(visit)
    session.flush()
    who = as_visitor(session, visit, invitation)
    note(session, invitation, "open_link", by=who.actor)
    return _Entry(secret=secret)


def _opened(entry: _Entry) -> str:
    if not entry.secret:
        raise LinkTrouble(entry.trouble)
    return entry.secret


def _open(session: Session, invitation: Invitation, who: Visitor) -> None:
    if invitation.state in (InvitationState.CREATED, InvitationState.SENT):
        step(session, invitation, Step.OPEN, by=who.actor)
        invitation.opened_at = invitation.opened_at or clock.now()
    else:
        note(session, invitation, "open_page", by=who.actor)


def _verified(session: Session, invitation: Invitation, who: Visitor) -> None:
    if _is_over(invitation):
        note(session, invitation, "verify_again", by=who.actor)
        return
    step(session, invitation, Step.VERIFY, by=who.actor)
    invitation.verified_at = invitation.verified_at or clock.now()


def _lock(session: Session, invitation: Invitation, who: Visitor) -> None:
    if _is_over(invitation):
        # What was sent stays sent; nobody sees from outside what became of it.
        close_links(session, invitation)
    else:
        end(session, invitation, Step.LOCK, by=who.actor)
    tell_locked(session, invitation)


def _is_over(invitation: Invitation) -> bool:
    return invitation.state in (InvitationState.SUBMITTED, InvitationState.STOPPED)
