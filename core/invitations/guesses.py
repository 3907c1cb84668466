"""How many wrong links and codes come from one place on the internet."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.invitations.limits import limits
from core.invitations.tables import WrongGuess
from core.kernel import clock
from core.store import sealed


def count_wrong(session: Session, address: str) -> None:
    """Count one more. ``address`` is kept as a keyed hash only."""
    key = (_place(address), _hour())
    row = session.get(WrongGuess, key, with_for_update=True)
    if row is None:
        session.add(WrongGuess(place=key[0], hour=key[1], count=1))
    else:
        row.count += 1


def too_many(session: Session, address: str) -> bool:
    """Whether enough have come from there within this hour."""
    row = session.get(WrongGuess, (_place(address), _hour()))
    return row is not None and row.count >= limits().wrong_from_one_place


def forget_guesses(session: Session) -> None:
    """Let go of counts that no limit asks for any more."""
    old = clock.now() - timedelta(days=2)
    session.execute(sa.delete(WrongGuess).where(WrongGuess.hour < old))


def _place(address: str) -> str:
    return sealed.index("internet_address", address)


def _hour() -> datetime:
    return clock.now().replace(minute=0, second=0, microsecond=0)
