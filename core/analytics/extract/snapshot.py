"""Read the operational store as it was at one moment, and know when it moved on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.analytics.extract.answer_feeds import answer_feeds
from core.analytics.extract.clinic_feeds import clinic_feeds
from core.analytics.extract.feed import Batch, Feed, Values, batch
from core.analytics.extract.organisation_feeds import organisation_feeds
from core.analytics.extract.plan_feeds import plan_tables
from core.analytics.extract.referral_feeds import referral_feeds
from core.clinics.model import SessionState
from core.clinics.tables import ClinicPlan, ClinicSession, Histology, NeedEvent
from core.kernel import clock
from core.kernel.clock import LONDON
from core.referrals.tables import Referral, ReferralEvent
from core.reviews.tables import OnwardMove
from core.specialties.reference import specialty
from core.store.base import Base
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
_GROUP = {"diagnosis_group": str, "place": int}


@dataclass(frozen=True)
class Watermark:
    """Tells one state of the store from the next, cheaply.

    The number of events is counted, because times alone miss what PostgreSQL commits
    late under an earlier time. What moves no referral is counted by itself: the steps
    of a way onward; in clinics the moves of needs, sessions and their cancellations,
    histology, plans. A change that moves nothing and touches no draft (a practice's new
    name, a session at another time) is seen with the next one that does.
    """

    events: int
    onward_moves: int
    in_clinics: tuple[int, ...]
    last_event: datetime | None
    last_change: datetime | None

    @property
    def text(self) -> str:
        """To be kept beside what was built, and compared."""
        return (
            f"{self.events} events, last {self.last_event}, {self.last_change}, "
            f"{self.onward_moves} onward, clinics {self.in_clinics}"
        )


@dataclass(frozen=True)
class Snapshot:
    """The store at ``taken_at``. Good while its session is open."""

    taken_at: datetime
    watermark: Watermark
    session: Session

    def tables(self) -> Iterator[tuple[str, Batch]]:
        """What is about nobody: name, and rows that may cross as they are."""
        yield "raw_snapshot", batch(_TAKEN, {"taken_at": [self.taken_at]})
        yield "raw_outcome", batch(_OUTCOME, _outcomes(self.session))
        yield "raw_diagnosis_group", batch(_GROUP, _groups(self.session))
        today = self.taken_at.astimezone(LONDON).date()
        yield from plan_tables(self.session, today)

    def feeds(self) -> list[Feed]:
        """What goes through the door, in an order in which each finds what it needs."""
        return [
            *referral_feeds(),
            *answer_feeds(),
            *clinic_feeds(),
            *organisation_feeds(),
        ]


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
    changed = session.scalar(sa.select(sa.func.max(Referral.changed_at)))
    cancelled = ClinicSession.state == SessionState.CANCELLED
    in_clinics = (
        *(
            _how_many(session, one)
            for one in (NeedEvent, ClinicPlan, Histology, ClinicSession)
        ),
        _how_many(session, ClinicSession, cancelled),
    )
    return Watermark(events, _how_many(session, OnwardMove), in_clinics, last, changed)


def _how_many(
    session: Session, table: type[Base], *where: sa.ColumnElement[bool]
) -> int:
    count = sa.select(sa.func.count()).select_from(table).where(*where)
    return session.scalar(count) or 0


def _specialties(session: Session) -> list[str]:
    return sorted(session.scalars(sa.select(Referral.specialty).distinct()))


def _groups(session: Session) -> Values:
    """What diagnoses count in, in the order of the specialty files."""
    codes = _specialties(session)
    found = dict.fromkeys(
        one.group for code in codes for one in specialty(code).diagnoses
    )
    return {"diagnosis_group": list(found), "place": list(range(len(found)))}


def _outcomes(session: Session) -> Values:
    codes = _specialties(session)
    rows = [
        (code, one.code, one.label, one.face_to_face, place)
        for code in codes
        for place, one in enumerate(specialty(code).outcomes)
    ]
    values = zip(*rows, strict=True) if rows else [()] * len(_OUTCOME)
    return dict(zip(_OUTCOME, values, strict=True))
