"""What still has sessions to come cannot be closed or ended."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.clinics.actions.sessions import open_sessions
from core.clinics.tables import SessionPattern
from core.kernel import words
from core.kernel.errors import Conflict


def refuse_while_used(
    session: Session,
    what: str,
    *,
    sessions: sa.ColumnElement[bool],
    patterns: sa.ColumnElement[bool],
) -> None:
    """Raise Conflict while sessions are to come, or a pattern makes new ones."""
    rows = open_sessions(session, sessions)
    if rows:
        raise Conflict(
            f"{what}: {words.plural(len(rows), 'session is', 'sessions are')} still to "
            f"come, the next on {words.moment_in_words(rows[0].begins_at)}. Cancel "
            "them first."
        )
    live = sa.select(SessionPattern.id).where(
        SessionPattern.ended_at.is_(None), patterns
    )
    if session.scalar(live.limit(1)) is not None:
        raise Conflict(f"{what}: a pattern still makes sessions. End it first.")
