"""How long the numbers take: built whole against a bare read of the same rows, plain and
encrypted, and brought up to date by what changed against the whole.

``python -m benchmarks.analytics_build 1000000`` for another number of referrals; beyond
100,000 the rows are copied inside the database.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import sqlcipher3.dbapi2

from benchmarks import bulk
from benchmarks.many_referrals import UNTIL, fill
from core import config
from core.analytics import build
from core.analytics.extract.changes import safe_point
from core.analytics.extract.snapshot import snapshot, watermark
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    ClinicSession,
    Finding,
    Histology,
    NeedEvent,
)
from core.imaging.tables import Image
from core.kernel import clock
from core.patients.tables import Patient
from core.referrals.tables import (
    Acknowledgement,
    HistoryAnswer,
    Lesion,
    Referral,
    ReferralEvent,
    RoutingDecision,
    StepTime,
)
from core.reviews.tables import (
    Feedback,
    ImageMark,
    Onward,
    OnwardMove,
    Opinion,
    OpinionDiagnosis,
    SecondRead,
)
from core.store import migrate
from core.store.engine import Store


REFERRALS = 100_000
CHANGED = 1_000
_KEY = b"k" * 32
_SETTINGS = """
OZONE_ENVIRONMENT=test
OZONE_MASTER_KEY={key}
OZONE_ANALYTICS_FOLDER={folder}/analytics
"""
# Parents first.
_COPIED = (
    Patient,
    Referral,
    ReferralEvent,
    HistoryAnswer,
    Lesion,
    Image,
    StepTime,
    RoutingDecision,
    Opinion,
    OpinionDiagnosis,
    Acknowledgement,
    Feedback,
    SecondRead,
    Onward,
    OnwardMove,
    ImageMark,
    ClinicSession,
    ClinicNeed,
    Appointment,
    NeedEvent,
    Finding,
    Histology,
)
_Figures = list[tuple[str, float, str]]


class PlainStore(Store):
    """A SQLite file without encryption, for reading."""

    def __init__(self, file: Path) -> None:
        self.engine = sa.create_engine(
            f"sqlite:///{file}", module=sqlcipher3.dbapi2, pool_size=5
        )
        self._reader = self.engine


def run(referrals: int = REFERRALS) -> _Figures:
    """Name, value and unit of each figure; SQLite on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "settings.env"
        file.write_text(_SETTINGS.format(key="5a" * 32, folder=folder))
        config.use_settings_file(file)
        store = _filled(Path(folder), referrals)
        plain = _without_encryption(Path(folder))
        figures: _Figures = []
        for name, one in (("plain", plain), ("encrypted", store)):
            figures += _whole(name, one, referrals)
        figures += _followed(store, referrals, figures[-4][1])
        for one in (plain, store):
            one.engine.dispose()
    return figures


def _filled(folder: Path, referrals: int) -> Store:
    store = Store(f"sqlite:///{folder}/ozone.db", _KEY)
    migrate.upgrade(store)
    fill(store, min(referrals, REFERRALS))
    if referrals > REFERRALS:
        bulk.multiply(store, _COPIED, referrals // REFERRALS)
    bulk.refresh_statistics(store)
    return store


def _without_encryption(folder: Path) -> Store:
    connection = sqlcipher3.dbapi2.connect(str(folder / "ozone.db"))
    connection.isolation_level = None
    connection.execute(f"pragma key = \"x'{_KEY.hex()}'\"")
    connection.execute("attach $1 as plain key ''", [str(folder / "plain.db")])
    connection.execute("select sqlcipher_export('plain')")
    connection.close()
    return PlainStore(folder / "plain.db")


def _whole(name: str, store: Store, referrals: int) -> _Figures:
    """The whole build against the bare read, in turn, the better of two each."""
    bare = whole = float("inf")
    with clock.set_to(UNTIL):
        for _ in range(2):
            bare = min(bare, _timed(lambda: _read_bare(store)))
            whole = min(whole, _timed(lambda: build.rebuild(store)))
    return [
        (f"whole build, {name}", whole, "s"),
        (f"bare read, {name}", bare, "s"),
        (f"whole build ratio, {name}", whole / bare, "×"),
        (f"whole build speed, {name}", referrals / whole, "referrals/s"),
    ]


def _followed(store: Store, referrals: int, whole: float) -> _Figures:
    """What changed in 1,000 referrals, against the whole."""
    name = f"following {CHANGED:,} of {referrals:,}"
    with clock.set_to(UNTIL):
        due = _timed(lambda: watermark(store, safe_point(store)))
    best = float("inf")
    for number in range(1, 4):
        moment = UNTIL + number * timedelta(hours=1)
        with store.transaction() as session:
            changed = sa.select(Referral.id).order_by(Referral.reference).limit(CHANGED)
            session.execute(
                sa.update(Referral)
                .where(Referral.id.in_(changed))
                .values(changed_at=moment)
            )
        with clock.set_to(moment + timedelta(minutes=1)):
            begun = time.perf_counter()
            built = build.refresh(store)
            best = min(best, time.perf_counter() - begun)
            assert built is not None
            assert not built.whole
    return [
        ("asking whether a build is due", 1000 * due, "ms"),
        (name, best, "s"),
        (f"{name} ratio", best / whole, "of the whole"),
    ]


def _read_bare(store: Store) -> int:
    """The rows of all feeds, as the driver gives them."""
    rows = 0
    with snapshot(store) as shot:
        connection = shot.session.connection()
        for feed in shot.feeds():
            query: Any = feed.rows.compile(
                dialect=connection.dialect, compile_kwargs={"literal_binds": True}
            )
            cursor = connection.connection.cursor()
            cursor.execute(str(query))
            while found := cursor.fetchmany(20_000):
                rows += len(found)
            cursor.close()
    return rows


def _timed(does: Callable[[], object]) -> float:
    begun = time.perf_counter()
    does()
    return time.perf_counter() - begun


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else REFERRALS
    for name, value, unit in run(wanted):
        print(f"{name:32} {value:12.3f} {unit}")
