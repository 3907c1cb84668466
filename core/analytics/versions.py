"""Built files by number, and the pointer to the newest one.

A published path is never used again: DuckDB keeps one instance for a path in each
process, and would go on showing the old file. A reader follows ``CURRENT`` and is never mid-way.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path


KEPT = 3
_POINTER = "CURRENT"
_NUMBERED = re.compile(r"^(?:mart|published|scratch)-(\d+)\.duckdb(?:\.wal|\.tmp)?$")


@dataclass(frozen=True)
class Current:
    """What was published last. Times as ISO text, days as London's."""

    version: int
    built_at: str
    # The store's state that was read, and the last whole day that is published.
    data_as_of: str
    last_day: str
    # Tells the store's state from its next, and these models from theirs.
    watermark: str
    models: str


def current(folder: Path) -> Current | None:
    """What was published last, or None before the first time."""
    try:
        return Current(**json.loads((folder / _POINTER).read_text("utf-8")))
    except FileNotFoundError:
        return None


def path(folder: Path, kind: str, version: int) -> Path:
    """Where a version's file is: ``mart``, ``published`` or a build's ``scratch``."""
    return folder / f"{kind}-{version}.duckdb"


def next_version(folder: Path) -> int:
    """A number that no file has had, a killed build's included."""
    there = current(folder)
    numbers = [number for number, _ in _files(folder)]
    return max([*numbers, there.version if there else 0]) + 1


def point_to(folder: Path, new: Current) -> None:
    """Make a version the newest, in one step that a power cut cannot halve."""
    for kind in ("mart", "published"):
        _to_disk(path(folder, kind, new.version))
    waiting = folder / f"{_POINTER}.new"
    waiting.write_text(json.dumps(asdict(new), indent=2), "utf-8")
    _to_disk(waiting)
    _to_disk(folder)
    waiting.replace(folder / _POINTER)
    _to_disk(folder)


def sweep(folder: Path) -> None:
    """Remove old versions, and what a killed or failed build left behind."""
    there = current(folder)
    newest = there.version if there else 0
    published = {n for n, file in _files(folder) if file.suffix == ".duckdb"}
    keep = sorted(n for n in published if n <= newest)[-KEPT:]
    for number, file in _files(folder):
        if number not in keep or file.name.startswith("scratch"):
            file.unlink()


@contextmanager
def only_builder(folder: Path) -> Iterator[None]:
    """Hold the one place for a builder; others wait their turn."""
    folder.mkdir(parents=True, exist_ok=True)
    # The lock goes with the process, however it ends.
    with (folder / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _files(folder: Path) -> list[tuple[int, Path]]:
    found = ((_NUMBERED.match(file.name), file) for file in folder.iterdir())
    return [(int(match[1]), file) for match, file in found if match and file.is_file()]


def _to_disk(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
