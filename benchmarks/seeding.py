"""Measure how fast the demo is filled: ``python -m benchmarks.seeding [REFERRALS]``."""

import resource
import secrets
import sys
import tempfile
import time
from pathlib import Path

from core.demo import pictures, seeding, skin
from core.demo.folder import DemoFolder
from core.demo.pictures import Shelf
from core.imaging import keeping
from core.store import migrate
from core.store.engine import Store


REFERRALS = 3000
_MEBIBYTE = 1024 * 1024


def run(referrals: int = 1000) -> list[tuple[str, float, str]]:
    """Name, value and unit of each figure; all in a folder that is removed."""
    with tempfile.TemporaryDirectory() as place:
        folder = DemoFolder(Path(place) / secrets.token_hex(4))
        found, _ = folder.prepare()
        start = time.perf_counter()
        one = keeping.keep(skin.draw("close_up", problem="naevus", tone=2, seed=1))
        drawn = time.perf_counter()
        store = Store(found.database_url, found.key("database"))
        migrate.upgrade(store)
        # Every picture the same: drawing is measured above, and does not grow.
        shelf = Shelf(dict.fromkeys(pictures.subjects(), one))
        begin = time.perf_counter()
        sown = seeding.seed(store, found, referrals=referrals, shelf=shelf)
        seconds = time.perf_counter() - begin
        store.engine.dispose()
        size = (folder.path / "ozone.db").stat().st_size
    return [
        ("one picture, drawn and kept", drawn - start, "s"),
        ("pictures of a demo", float(len(pictures.subjects())), ""),
        (f"{referrals} referrals", seconds, "s"),
        ("referrals", referrals / seconds, "/s"),
        ("rows", sown.rows / seconds, "/s"),
        ("database", size / _MEBIBYTE, "MiB"),
        ("memory at most", _peak(), "MiB"),
    ]


def _peak() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kibibytes, but on macOS bytes.
    return peak / (_MEBIBYTE if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else REFERRALS
    for name, value, unit in run(count):
        print(f"{name:28}{value:10.1f} {unit}")
