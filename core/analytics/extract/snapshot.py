"""Read the operational store as it was at one moment, and know when it moved on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.analytics.extract.answer_feeds import answer_feed, organisation_feeds
from core.analytics.extract.desk_feeds import desk_feeds
from core.analytics.extract.feed import Batch, Values, batch
from core.analytics.extract.feeds import referral_feeds
from core.analytics.extract.pseudonyms import Pseudonyms
from core.kernel import clock
from core.referrals.tables import Referral, ReferralEvent
from core.reviews.tables import OnwardMove
from core.specialties.reference import specialty
from core.store.engine import Store


# For those who hand a store on to ``snapshot`` and never open it themselves.
Source: TypeAlias = Store

_TAKEN = {"taken_at": datetime}
_OUTCOME = {
    "specialty": str,
    "outcome": str,
    "label": str,
    "face_to_face": bool,
    "place": int,
}


@dataclass(frozen=True)
class Watermark:
    """Tells one state of the store from the next, cheaply.

    The number of events is counted, because times alone miss what PostgreSQL commits
    late under an earlier time. The steps of a way onward move no referral and are
    counted by themselves. A change that moves nothing and touches no draft (a
    practice's new name) is seen with the next one that does.
    """

    events: int
    onward_moves: int
    last_event: datetime | None
    last_change: datetime | None

    @property
    def text(self) -> str:
        """To be kept beside what was built, and compared."""
        return (
            f"{self.events} events, last {self.last_event}, {self.last_change}, "
            f"{self.onward_moves} onward"
        )


@dataclass(frozen=True)
class Snapshot:
    """The store at ``taken_at``. Good while its session is open."""

    taken_at: datetime
    watermark: Watermark
    session: Session

    def tables(self) -> Iterator[tuple[str, Iterator[Batch]]]:
        """What may cross: name, and rows piece by piece, the first of them empty."""
        yield "raw_snapshot", iter([batch(_TAKEN, {"taken_at": [self.taken_at]})])
        yield "raw_outcome", iter([batch(_OUTCOME, _outcomes(self.session))])
        hide = Pseudonyms()
        for feed in (
            *referral_feeds(hide),
            answer_feed(hide),
            *desk_feeds(hide),
            *organisation_feeds(),
        ):
            yield feed.table, feed.batches(self.session)


@contextmanager
def snapshot(source: Source) -> Iterator[Snapshot]:
    """One consistent state of everything, however long it takes to read."""
    with source.reading() as session:
        _hold_still(session)
        # The first read fixes the state on both databases, so it tells the time, too.
        mark = _watermark(session)
        yield Snapshot(clock.now(), mark, session)


def watermark(source: Source) -> Watermark:
    """Where the store stands now."""
    with source.reading() as session:
        return _watermark(session)


def _hold_still(session: Session) -> None:
    # A read transaction of SQLite sees one state anyway; PostgreSQL's default sees a
    # new one at each statement.
    if session.get_bind().dialect.name == "postgresql":
        session.connection(
            execution_options={
                "isolation_level": "REPEATABLE READ",
                "postgresql_readonly": True,
            }
        )


def _watermark(session: Session) -> Watermark:
    events, last = session.execute(
        sa.select(sa.func.count(), sa.func.max(ReferralEvent.moment))
    ).one()
    onward = session.scalar(sa.select(sa.func.count()).select_from(OnwardMove))
    changed = session.scalar(sa.select(sa.func.max(Referral.changed_at)))
    return Watermark(events, onward or 0, last, changed)


def _outcomes(session: Session) -> Values:
    codes = sorted(session.scalars(sa.select(Referral.specialty).distinct()))
    rows = [
        (code, one.code, one.label, one.face_to_face, place)
        for code in codes
        for place, one in enumerate(specialty(code).outcomes)
    ]
    values = zip(*rows, strict=True) if rows else [()] * len(_OUTCOME)
    return dict(zip(_OUTCOME, values, strict=True))
