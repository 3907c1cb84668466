"""Build the numbers, check them, and swap them in.

Two files come of a build. ``mart-<n>.duckdb`` has one row for each sent referral,
without names: for analysts and service managers; it follows what changes in the store.
``published-<n>.duckdb`` has fixed cubes and nothing else: for the commissioner's screens,
which open no other file; it is made once a day.

What the cubes hold was chosen so that no comparison of two of them shows a person:

- The cells are fixed: the whole service by week, month, quarter and longer; a practice by
  quarter and longer; a group of people by year and longer. Nobody can draw a period or a
  group of their own whose difference from another is one referral.
- Each cell is rounded from its own exact sum, and never from other cells. Before they
  are published the cells are attacked with each other, and what would still give a
  hidden count away is hidden too (``disclosure.withheld``).
- A period is published when its last day in London is over, and then stays as it was
  (``released``). Whoever looked every minute would otherwise see a hidden count become 10
  at the very referral that made it 8.
- Counts follow the first answer, on the day on which it was given: an amendment moves none.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from core.analytics import increment, pipeline, publishing, released, trouble, versions
from core.analytics.extract import door
from core.analytics.extract.snapshot import Snapshot, Source, snapshot, watermark
from core.analytics.increment import NotEnoughError
from core.analytics.versions import Current, MadeByNewer
from core.analytics.workshop import load, workshop
from core.config import settings
from core.kernel import clock
from core.kernel.clock import LONDON


_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Built:
    """A version that was made; ``published``: of the file that screens open."""

    version: int
    published: int
    referrals: int
    built_at: datetime
    data_as_of: datetime

    @property
    def whole(self) -> bool:
        """Whether everything was counted anew, and not only what changed."""
        return self.version == self.published


def is_stale(source: Source) -> bool:
    """Whether a build is due: the store, the day or the models moved on since the last,
    and none has just failed.

    Cheap enough to ask every few seconds: it looks at what changed since the last build.
    """
    folder = settings().analytics_folder
    if trouble.has_to_wait(folder, _models()):
        return False
    return _has_moved(source, _last(folder))


def refresh(source: Source) -> Built | None:
    """Bring the numbers up to date, if anything is new. None where nothing was.

    The mart follows what changed; once a day, and after a change of the models, it is
    built whole, and what is published with it. Raises CheckFailedError where the result
    must not be shown. Then, as after any other failure, the last good version stays.
    """
    folder = settings().analytics_folder
    with versions.only_builder(folder):
        there = _last(folder)
        if not _has_moved(source, there):
            return None
        return _make(source, folder, there)


def rebuild(source: Source) -> Built:
    """Build and publish everything anew, whether anything changed or not.

    What was published of a period that is over stays as it was. Raises as ``refresh``.
    """
    folder = settings().analytics_folder
    with versions.only_builder(folder):
        return _make(source, folder, None)


def _make(source: Source, folder: Path, there: Current | None) -> Built:
    # Before what a killed build left is swept: its number is not used again.
    version = versions.next_version(folder)
    versions.sweep(folder)
    try:
        built = _follow(source, folder, there, version) if there else None
        if built is None:
            version = max(version, versions.next_version(folder))
            built = _build(source, folder, version)
    except Exception as error:
        _log.exception("Analytics were not rebuilt; the last version stays")
        trouble.note(folder, error, _models())
        raise
    else:
        trouble.clear(folder)
    finally:
        versions.sweep(folder)
    return built


def _follow(source: Source, folder: Path, there: Current, version: int) -> Built | None:
    """A mart in which what changed was replaced; None where it has to be made whole."""
    try:
        with snapshot(source) as shot:
            if not _same_day_and_models(there, shot.taken_at):
                return None
            referrals = increment.bring_up(folder, there, shot, version)
    except NotEnoughError as why:
        _log.warning("The mart is built whole: %s", why)
        return None
    except Exception:  # noqa: BLE001  told, and the way round it is taken
        # Whatever it was, the whole does not depend on it.
        _log.exception("What changed could not be followed; the mart is built whole")
        return None
    return _point_to(folder, shot, version, there.published, referrals)


def _build(source: Source, folder: Path, version: int) -> Built:
    with workshop(folder, version) as connection:
        with snapshot(source) as shot:
            load(connection, shot)
        pipeline.build_mart(connection)
        pipeline.check(connection, "mart")
        pipeline.build_cubes(connection)
        pipeline.check(connection, "cubes")
        publishing.disclose(connection, _released(folder))
        pipeline.build_published(connection)
        pipeline.check(connection, "published")
        referrals = len(connection.table("mart.referral"))
    return _point_to(folder, shot, version, version, referrals)


def _point_to(
    folder: Path, shot: Snapshot, version: int, published: int, referrals: int
) -> Built:
    built_at = clock.now()
    versions.point_to(
        folder,
        Current(
            version=version,
            published=published,
            built_at=built_at.isoformat(),
            data_as_of=shot.taken_at.isoformat(),
            last_day=_last_day(shot.taken_at).isoformat(),
            since=shot.since.isoformat(),
            watermark=shot.watermark.text,
            models=_models(),
        ),
    )
    _log.info("Analytics version %d: %d referrals", version, referrals)
    return Built(version, published, referrals, built_at, shot.taken_at)


def _has_moved(source: Source, there: Current | None) -> bool:
    if there is None or not there.since:
        return True
    if not _same_day_and_models(there, clock.now()):
        return True
    since = datetime.fromisoformat(there.since)
    return there.watermark != watermark(source, since).text


def _same_day_and_models(there: Current, moment: datetime) -> bool:
    same_day = there.last_day == _last_day(moment).isoformat()
    return same_day and there.models == _models()


def _models() -> str:
    """What the numbers are made by: the models, and what lets rows through."""
    return f"{pipeline.fingerprint()}-{door.fingerprint()}"


def _last(folder: Path) -> Current | None:
    """What was built last, as far as this program can go on from it."""
    try:
        return versions.current(folder)
    except MadeByNewer:
        return None


def _released(folder: Path) -> released.Release | None:
    """What was published last, where it was counted by the same definitions."""
    there = _last(folder)
    if there is None:
        return None
    file = versions.path(folder, "published", there.published)
    return released.last(file, pipeline.definitions())


def _last_day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date() - timedelta(days=1)
