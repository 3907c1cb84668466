"""Measure how fast the demo is filled.

``python -m benchmarks.seeding [REFERRALS [PRACTICES]]``; a whole commissioner's service
is 54000 and 120.
"""

import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core import config
from core.config import Settings
from core.demo import pictures, seeding, skin
from core.demo.folder import DemoFolder
from core.imaging import keeping
from core.store import migrate
from core.store.engine import Store


REFERRALS = 3000
_MEBIBYTE = 1024 * 1024


def run(
    referrals: int = 1000, practices: int | None = None
) -> list[tuple[str, float, str]]:
    """Name, value and unit of each figure; all in a folder that is removed."""
    with a_demo() as (folder, store, found):
        start = time.perf_counter()
        keeping.keep(skin.draw("close_up", problem="naevus", tone=2, seed=1))
        drawn = time.perf_counter() - start
        begin = time.perf_counter()
        sown = sow(store, found, referrals, practices)
        seconds = time.perf_counter() - begin
        size = (folder.path / "ozone.db").stat().st_size
    return [
        ("one picture, drawn and kept", drawn, "s"),
        ("pictures of a demo", float(len(pictures.subjects())), ""),
        (f"{referrals} referrals", seconds, "s"),
        ("referrals", referrals / seconds, "/s"),
        ("rows", sown.rows / seconds, "/s"),
        ("database", size / _MEBIBYTE, "MiB"),
        ("memory at most", _peak(), "MiB"),
    ]


@contextmanager
def a_demo() -> Iterator[tuple[DemoFolder, Store, Settings]]:
    """An empty demo in a folder that is removed afterwards."""
    usual = config.settings_file()
    with tempfile.TemporaryDirectory() as place:
        folder = DemoFolder(Path(place) / secrets.token_hex(4))
        found, _ = folder.prepare()
        store = Store(found.database_url, found.key("database"))
        migrate.upgrade(store)
        yield folder, store, found
        store.engine.dispose()
        config.use_settings_file(usual)
        keeping.vault.cache_clear()


def sow(
    store: Store, found: Settings, referrals: int, practices: int | None
) -> seeding.Sown:
    """Fill it; every picture the same, since drawing takes most and does not grow."""
    shelf = pictures.one_for_all()
    return seeding.seed(
        store, found, referrals=referrals, practices=practices, shelf=shelf
    )


def _peak() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kibibytes, but on macOS bytes.
    return peak / (_MEBIBYTE if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    counts = [int(one) for one in sys.argv[1:3]] or [REFERRALS]
    for name, value, unit in run(*counts):
        print(f"{name:28}{value:10.1f} {unit}")
