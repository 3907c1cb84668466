"""How long a full rebuild of the numbers takes, and its parts."""

import tempfile
import time
from pathlib import Path

from benchmarks.many_referrals import UNTIL, fill
from core import config
from core.analytics import build
from core.analytics.extract.snapshot import snapshot, watermark
from core.kernel import clock
from core.store import migrate
from core.store.engine import Store


REFERRALS = 100_000
_SETTINGS = """
OZONE_ENVIRONMENT=test
OZONE_MASTER_KEY={key}
OZONE_ANALYTICS_FOLDER={folder}/analytics
"""


def run(referrals: int = REFERRALS) -> list[tuple[str, float, str]]:
    """Name, value and unit of each figure; SQLite, encrypted, on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "settings.env"
        file.write_text(_SETTINGS.format(key="5a" * 32, folder=folder))
        config.use_settings_file(file)
        store = Store(f"sqlite:///{folder}/ozone.db", b"k" * 32)
        migrate.upgrade(store)
        fill(store, referrals)
        with clock.set_to(UNTIL):
            figures = _extract(store)
            figures += _timed("watermark", lambda: watermark(store))
            figures += _timed("rebuild", lambda: build.refresh(store))
        store.engine.dispose()
    rebuild = figures[-1][1]
    return [*figures, ("rebuild speed", referrals / rebuild, "referrals/s")]


def _extract(store: Store) -> list[tuple[str, float, str]]:
    figures = []
    with snapshot(store) as shot:
        for name, batches in shot.tables():
            started = time.perf_counter()
            rows = sum(batch.num_rows for batch in batches)
            if rows > REFERRALS // 100:
                speed = rows / (time.perf_counter() - started)
                figures.append((f"extract {name}", speed, "rows/s"))
    return figures


def _timed(name: str, run: object) -> list[tuple[str, float, str]]:
    started = time.perf_counter()
    run()  # type: ignore[operator]
    return [(name, time.perf_counter() - started, "s")]


if __name__ == "__main__":
    for name, value, unit in run():
        print(f"{name:28} {value:12.2f} {unit}")
