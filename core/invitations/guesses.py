"""How many wrong links and codes come from one place on the internet."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.invitations.limits import limits
from core.invitations.tables import WrongGuess
from core.kernel import clock
from core.store import sealed


def count_wrong(session: Session, address: str) -> None:
    """Count one more. ``address`` is kept as a keyed hash only."""
    place, hour = _place(address), _hour()
    one_more = (
        sa.update(WrongGuess)
        .where(WrongGuess.place == place, WrongGuess.hour == hour)
        .values(count=WrongGuess.count + 1)
        .returning(WrongGuess.place)
    )
    if session.scalar(one_more) is not None:
        return
    try:
        with session.begin_nested():
            session.add(WrongGuess(place=place, hour=hour, count=1))
    except IntegrityError:
        # Another one from there was a moment earlier.
        session.execute(one_more)


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
