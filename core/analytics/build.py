"""Build the numbers whole, check them, and swap them in.

Two files come of a build. ``mart-<n>.duckdb`` has one row for each sent referral,
without names: for analysts and service managers. ``published-<n>.duckdb`` has fixed
cubes and nothing else: for the commissioner's screens, which open no other file.

What the cubes hold was chosen so that no comparison of two of them shows a person:

- The cells are fixed: calendar quarter, financial year, the last four complete quarters,
  all complete quarters; each for one practice or all, one priority or all. Months are
  there for all practices together only. Nobody can draw a period or a group of their own
  whose difference from another is one referral.
- Each cell is rounded from its own exact sum, and never from other cells. Before they
  are published the cells are attacked with each other, and what would still give a
  hidden count away is hidden too (``disclosure.withheld``).
- What is published ends with the last whole day in London, so it changes once a day, and
  a practice's figures appear when a quarter is over. Whoever looked every minute would
  otherwise see a hidden count become 10 at the very referral that made it 8.
- Answers count in the period in which they were given, so that a quarter that is over
  stays as it is. Only an amended answer still changes its outcome.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd

from core.analytics import pipeline, publishing, released, versions
from core.analytics.extract.snapshot import Source, snapshot, watermark
from core.analytics.workshop import load, workshop
from core.config import settings
from core.kernel import clock
from core.kernel.clock import LONDON


_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Built:
    """A version that was published."""

    version: int
    referrals: int
    built_at: datetime
    data_as_of: datetime


def is_stale(source: Source) -> bool:
    """Whether the store, the day or the models moved on since the last build.

    Cheap enough to ask every few seconds: two queries, one of which counts events.
    """
    there = versions.current(settings().analytics_folder)
    return there is None or (
        there.watermark != watermark(source).text
        or there.last_day != _last_day(clock.now()).isoformat()
        or there.models != pipeline.fingerprint()
    )


def refresh(source: Source) -> Built | None:
    """Build and publish, if anything is new. None where nothing was.

    Raises CheckFailedError where the result must not be shown. Then, as after any
    other failure, the last good version stays the published one.
    """
    folder = settings().analytics_folder
    with versions.only_builder(folder):
        if not is_stale(source):
            return None
        version = versions.next_version(folder)
        versions.sweep(folder)
        try:
            return _build(source, folder, version)
        except Exception:
            _log.exception("Analytics were not rebuilt; the last version stays")
            raise
        finally:
            versions.sweep(folder)


def _build(source: Source, folder: Path, version: int) -> Built:
    with workshop(folder, version) as connection:
        with snapshot(source) as shot:
            load(connection, shot)
            taken_at, mark = shot.taken_at, shot.watermark.text
        pipeline.build_mart(connection)
        pipeline.build_cubes(connection)
        pipeline.check(connection, "mart")
        publishing.disclose(connection, _released(folder))
        pipeline.build_published(connection)
        pipeline.check(connection, "published")
        referrals = len(connection.table("mart.referral"))
    built_at = clock.now()
    versions.point_to(
        folder,
        versions.Current(
            version=version,
            built_at=built_at.isoformat(),
            data_as_of=taken_at.isoformat(),
            last_day=_last_day(taken_at).isoformat(),
            watermark=mark,
            models=pipeline.fingerprint(),
        ),
    )
    _log.info("Analytics version %d: %d referrals", version, referrals)
    return Built(version, referrals, built_at, taken_at)


def _released(folder: Path) -> pd.DataFrame | None:
    """What was published last, where it was counted by the same definitions."""
    there = versions.current(folder)
    if there is None:
        return None
    file = versions.path(folder, "published", there.version)
    return released.last(file, pipeline.definitions())


def _last_day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date() - timedelta(days=1)
