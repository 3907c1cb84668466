"""Fill an empty store with a believable service: three years until now."""

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import SYSTEM, THE_PATIENT
from core.access.tables import Organisation, Person
from core.audit.actions import record
from core.audit.tables import Audit
from core.config import Settings
from core.demo.bookings import write_bookings
from core.demo.cast import Casting, Surgery
from core.demo.clinics import first_monday, write_clinics
from core.demo.draws import Draws
from core.demo.letters import write_letters
from core.demo.open_work import open_work
from core.demo.opening import WorkingTime
from core.demo.parameters import parameters
from core.demo.pictures import Shelf, draw_all
from core.demo.plot import Plot
from core.demo.practices import practices as all_practices
from core.demo.rows import Rows
from core.demo.volumes import Volumes
from core.kernel import clock
from core.kernel.errors import Conflict, NotAllowed
from core.store.engine import Store


Progress = Callable[[str, int, int], None]
# As many as a demo has unless it is asked for more.
REFERRALS = 6000
_ACTION = "seed"
# The clinics are drawn apart, so that they change nobody's story.
_APART = 1 << 32
# Some 30 rows each: a few megabytes, and a second or so, at a time.
_BATCH = 1000
# The longest wait in working days that a story begins before its first day.
_MARGIN = timedelta(days=40)


class Seeded(enum.Enum):
    """How far a store has been filled."""

    NOTHING = "nothing"
    HALF = "half"
    WHOLE = "whole"


@dataclass(frozen=True)
class Sown:
    """What was written."""

    referrals: int
    rows: int


def nobody_watches(what: str, done: int, of: int) -> None:
    """For callers without a screen."""


def state_of(store: Store) -> Seeded:
    """Whether a store is empty, half seeded (somebody pulled the plug), or full."""
    with store.reading() as session:
        if _was_seeded(session):
            return Seeded.WHOLE
        found = session.scalar(sa.select(Organisation.id).limit(1))
        return Seeded.NOTHING if found is None else Seeded.HALF


def seed(
    store: Store,
    settings: Settings,
    *,
    referrals: int = REFERRALS,
    practices: int | None = None,
    seed: int = 1,
    progress: Progress = nobody_watches,
    shelf: Shelf | None = None,
) -> Sown:
    """Fill ``store``. ``referrals`` have been sent; the open drafts come on top.

    ``practices``: how many, and at least those with a name of their own. ``shelf``: the
    pictures; without one all are drawn, which takes longer than anything else, and
    ``pictures.one_for_all()`` is there at once. The same ``seed`` at the same moment gives the same service. Raises NotAllowed
    outside a demo, Conflict where anything is there already.
    """
    if settings.environment != "demo":
        raise NotAllowed("Only a demo can be filled with made-up people.")
    if state_of(store) is not Seeded.NOTHING:
        raise Conflict("This store is not empty, so nothing was added to it.")
    shelf = shelf or draw_all(lambda done, of: progress("pictures", done, of))
    now = clock.now().astimezone(UTC).replace(microsecond=0)
    sowing = _Sowing(store, Draws(seed), shelf, now)
    sowing.cast(settings.oidc_issuer, Draws(seed + _APART), practices, referrals)
    for done in sowing.referrals(referrals):
        progress("referrals", done, referrals)
    write_bookings(
        store,
        Draws(seed + 2 * _APART),
        lambda done, of: progress("fortnights of clinics", done, of),
    )
    return sowing.end(referrals=referrals, seed=seed)


class _Sowing:
    def __init__(self, store: Store, draws: Draws, shelf: Shelf, now: datetime) -> None:
        self.store, self.draws, self.shelf, self.now = store, draws, shelf, now
        self.rows, self.written = Rows(), 0
        self.surgeries: list[Surgery] = []

    def cast(
        self, issuer: str, apart: Draws, count: int | None, referrals: int
    ) -> None:
        """Who there is: organisations, people, clinics for so many referrals."""
        begins = self.now - timedelta(days=4 * 365)
        casting = Casting(
            self.rows,
            self.draws,
            begins=begins,
            clinics_begin=first_monday(self.now),
            issuer=issuer,
        )
        self.surgeries = casting.surgeries(all_practices(count))
        # Whoever acts by a weblink has one name in timelines.
        nobody = {"id": THE_PATIENT, "issuer": "", "subject": "patient"}
        self.rows.add(Person, **nobody, name="The patient", active=False)
        busy = referrals / parameters().volumes.clinics_for
        write_clinics(self.rows, apart, casting, self.now, busy)
        self._write()

    def referrals(self, total: int) -> Iterator[int]:
        """Write them in batches, the oldest first. Yields how many there are."""
        volumes = Volumes(self.surgeries, self.now)
        hours = WorkingTime(volumes.first - _MARGIN, volumes.today + _MARGIN)
        plot = Plot(self.rows, self.draws, self.shelf, self.now, hours)
        todo = list(open_work())
        done = 0
        for done, (surgery, moment) in enumerate(
            self._demand(volumes, max(total - len(todo), 0)), start=1
        ):
            plot.past(surgery, moment)
            if done % _BATCH == 0:
                self._write()
                yield done
        by_code = {surgery.entry.code: surgery for surgery in self.surgeries}
        for work in todo:
            surgery = by_code.get(work.practice) or self.draws.one_of(self.surgeries)
            plot.open(surgery, work)
        self._write()
        write_letters(self.store, self.rows, self.draws)
        self._write()
        yield done + len(todo)

    def end(self, *, referrals: int, seed: int) -> Sown:
        """Say in the audit that it is done: without this the store is half seeded."""
        with self.store.transaction() as session:
            record(
                session,
                by=SYSTEM,
                action=_ACTION,
                entity="service",
                referrals=referrals,
                seed=seed,
                rows=self.written,
            )
        return Sown(referrals, self.written)

    def _demand(
        self, volumes: Volumes, total: int
    ) -> Iterator[tuple[Surgery, datetime]]:
        for day, count in volumes.days(total):
            if not count:
                continue
            weights = volumes.by_surgery(day)
            for _ in range(count):
                surgery = self.surgeries[self.draws.pick(weights)]
                yield surgery, volumes.moment(day, self.draws)

    def _write(self) -> None:
        with self.store.transaction() as session:
            self.written += self.rows.write(session)


def _was_seeded(session: Session) -> bool:
    return (
        session.scalar(sa.select(Audit.number).where(Audit.action == _ACTION).limit(1))
        is not None
    )
