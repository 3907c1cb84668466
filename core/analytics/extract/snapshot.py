"""Read the operational store as it was at one moment, and know when it moved on."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.analytics.extract import changes
from core.analytics.extract.answer_feeds import answer_feeds
from core.analytics.extract.changes import Watermark
from core.analytics.extract.clinic_feeds import clinic_feeds
from core.analytics.extract.feed import Batch, Feed, Values, batch
from core.analytics.extract.invitation_feeds import invitation_feeds
from core.analytics.extract.organisation_feeds import organisation_feeds
from core.analytics.extract.plan_feeds import plan_tables
from core.analytics.extract.referral_feeds import referral_feeds
from core.contracts.tables import Contract
from core.kernel import clock
from core.kernel.clock import LONDON
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
_GROUP = {"diagnosis_group": str, "place": int}


@dataclass(frozen=True)
class Snapshot:
    """The store at ``taken_at``. Good while its session is open.

    ``since``: from when on changes have to be looked for the next time.
    """

    taken_at: datetime
    since: datetime
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
            *invitation_feeds(),
        ]

    def changed_since(self, since: datetime) -> list[uuid.UUID]:
        """Referrals of which anything changed since then; drafts among them."""
        return changes.changed_since(self.session, since)

    def row_counts(self) -> dict[str, int]:
        """How many rows tables of the mart have to have, by their names."""
        return changes.row_counts(self.session)


@contextmanager
def snapshot(source: Source) -> Iterator[Snapshot]:
    """One consistent state of everything, however long it takes to read."""
    since = changes.safe_point(source)
    with source.reading() as session:
        _hold_still(session)
        # The first read fixes the state on both databases, so it tells the time, too.
        mark = changes.watermark(session, since)
        yield Snapshot(clock.now(), since, mark, session)


def watermark(source: Source, since: datetime) -> Watermark:
    """Where the store stands now, as far as it moved since."""
    with source.reading() as session:
        return changes.watermark(session, since)


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


def _specialties(session: Session) -> list[str]:
    return sorted(session.scalars(sa.select(Contract.specialty).distinct()))


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
