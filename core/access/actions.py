"""Sign-in sessions: open one, keep it alive, end it; refuse and say so."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules
from core.access.model import Actor, App
from core.access.tables import Membership, Organisation, Person, SignInSession
from core.audit.actions import record
from core.kernel import clock
from core.kernel.errors import NotAllowed


# A sign-in is used at once; a cookie without a session of ours is an old one.
_FRESH = timedelta(minutes=5)
# Writing "seen" at every click would queue all readers behind the writers.
_SEEN_EVERY = timedelta(seconds=30)


class SignedOut(NotAllowed):
    """The session is over; the person can sign in again."""


@dataclass(frozen=True)
class Identity:
    """What the identity provider vouches for. ``issued_at`` is the sign-in's time."""

    issuer: str
    subject: str
    issued_at: datetime

    @property
    def token(self) -> str:
        """Tells this sign-in from the same person's next one."""
        text = f"{self.issuer}\n{self.subject}\n{self.issued_at.timestamp()}"
        return hashlib.sha256(text.encode()).hexdigest()


def resume(session: Session, *, identity: Identity, app: App) -> Actor:
    """The actor behind a sign-in, at every click.

    Raises SignedOut where the session is over, NotAllowed for a stranger or for the
    wrong role.
    """
    person = _person(session, identity)
    if person is None or not person.active:
        raise NotAllowed(
            "You are signed in, but have no access to this service. "
            "Ask your service manager to add you."
        )
    row = _session_row(session, person, identity, app)
    actor = _actor(session, person, row.id)
    if actor is None or not rules.may_open(actor, app):
        raise NotAllowed("Your role does not include this app.")
    return actor


def known(session: Session, *, identity: Identity) -> Actor | None:
    """Who a sign-in belongs to, allowed or not: somebody to name in the audit."""
    person = _person(session, identity)
    return _actor(session, person, None) if person else None


def seen_lately(session: Session, *, identity: Identity, app: App) -> Actor | None:
    """The actor where nothing has to be written or refused; else ask ``resume``.

    Every click comes through here, and readers do not queue behind writers.
    """
    row = session.scalar(
        sa.select(SignInSession)
        .join(Person, Person.id == SignInSession.person_id)
        .where(
            Person.issuer == identity.issuer,
            Person.subject == identity.subject,
            SignInSession.app == app,
            SignInSession.token == identity.token,
        )
    )
    if row is None or clock.now() - row.seen_at > _SEEN_EVERY:
        return None
    return is_live(session, row.id)


def is_live(session: Session, session_id: uuid.UUID) -> Actor | None:
    """The actor of a session that is not over; for the apps' own routes."""
    row = session.get(SignInSession, session_id)
    if row is None or row.ended_at or _over(row):
        return None
    person = session.get_one(Person, row.person_id)
    actor = _actor(session, person, row.id) if person.active else None
    return actor if actor and rules.may_open(actor, row.app) else None


def last_words(session: Session, session_id: uuid.UUID) -> Actor | None:
    """The actor of a session that ran out by idleness and by nothing else.

    Good for keeping what they were typing when it did; it does not revive anything.
    """
    row = session.get(SignInSession, session_id)
    if row is None or row.ended_at:
        return None
    if clock.now() - row.started_at > rules.HARD_LIMIT:
        return None
    person = session.get_one(Person, row.person_id)
    return _actor(session, person, row.id) if person.active else None


def sign_out(session: Session, *, by: Actor) -> None:
    """End every session of this person, in all apps and all tabs."""
    session.execute(
        sa.update(SignInSession)
        .where(
            SignInSession.person_id == by.person_id, SignInSession.ended_at.is_(None)
        )
        .values(ended_at=clock.now())
    )
    record(session, by=by, action="sign_out", entity="person", entity_id=by.person_id)


def refuse(session: Session, *, by: Actor, what: str, entity: str) -> None:
    """Note that somebody was refused something."""
    record(session, by=by, action="refused", entity=entity, what=what)


def _person(session: Session, identity: Identity) -> Person | None:
    return session.scalar(
        sa.select(Person).where(
            Person.issuer == identity.issuer, Person.subject == identity.subject
        )
    )


def _session_row(
    session: Session, person: Person, identity: Identity, app: App
) -> SignInSession:
    now = clock.now()
    row = session.scalar(
        sa.select(SignInSession).where(
            SignInSession.person_id == person.id,
            SignInSession.app == app,
            SignInSession.token == identity.token,
        )
    )
    if row is None:
        if now - identity.issued_at > _FRESH:
            raise SignedOut("Please sign in again.")
        row = SignInSession(
            person_id=person.id,
            app=app,
            token=identity.token,
            started_at=now,
            seen_at=now,
        )
        session.add(row)
        session.flush()
        actor = _actor(session, person, row.id)
        if actor:
            record(session, by=actor, action="sign_in", entity="person", app=app)
    if row.ended_at:
        raise SignedOut("You have signed out. Sign in to go on.")
    if _over(row):
        raise SignedOut(
            "You were signed out because nothing happened for 15 minutes. "
            "What you entered is saved. Sign in to go on."
        )
    if now - row.seen_at > _SEEN_EVERY:
        row.seen_at = now
    return row


def _over(row: SignInSession) -> bool:
    return rules.session_is_over(row.started_at, row.seen_at, clock.now())


def _actor(
    session: Session, person: Person, session_id: uuid.UUID | None
) -> Actor | None:
    found = session.execute(
        sa.select(Membership, Organisation)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == person.id, Membership.ended_at.is_(None))
        .order_by(Membership.id)
    ).first()
    if found is None:
        return None
    membership, organisation = found
    return Actor(
        person_id=person.id,
        name=person.name,
        role=membership.role,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        organisation_kind=organisation.kind,
        grade=membership.grade,
        session_id=session_id,
        interests=frozenset(membership.interests),
    )
