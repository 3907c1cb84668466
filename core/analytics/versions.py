"""Built files by number, and the pointer to the newest ones.

A build makes a mart of its own number; the published file, which changes once a day, may
be an older one's. A path is never used again: DuckDB keeps one instance for a path in each
process, and would go on showing the old file. A reader follows ``CURRENT`` and is never
mid-way. Beside it each version has a note of its own, written when everything had been
checked: where ``CURRENT`` is lost, damaged, or names files that are not whole, the newest
version that is whole is found by these.
"""

import fcntl
import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.kernel.errors import ServiceError


KEPT = 3
# Of what is written here. What is newer was written by a newer program.
_FORMAT = 2
_POINTER = "CURRENT"
_NUMBERED = re.compile(
    r"^(?:(?:mart|published|scratch)-(\d+)\.duckdb(?:\.wal|\.tmp)?|version-(\d+)\.json)$"
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Current:
    """A version that was checked. Times as ISO text, days as London's."""

    # The mart's number, and the published file's.
    version: int
    published: int
    built_at: str
    # The store's state that was read, and the last whole day that is published.
    data_as_of: str
    last_day: str
    # Tells the store's state from its next, and these models from theirs; changes are
    # looked for from ``since`` on.
    watermark: str
    models: str
    since: str = ""
    # What the files measured: one that was cut short is not whole.
    mart_bytes: int | None = None
    published_bytes: int | None = None
    format: int = _FORMAT


class MadeByNewer(ServiceError):
    """What is there was made by a newer program than this one."""

    def __init__(self) -> None:
        super().__init__(
            "These figures were made by a newer version of the program than this one. "
            "Ask your service manager to bring this one up to date."
        )


def current(folder: Path) -> Current | None:
    """What was published last and is whole, or None before the first time.

    Raises MadeByNewer.
    """
    pointer = folder / _POINTER
    there = _read(pointer)
    if there and _is_whole(folder, there):
        return there
    notes = sorted(folder.glob("version-*.json"), key=_number, reverse=True)
    found = (_read(note) for note in notes)
    whole = next((one for one in found if one and _is_whole(folder, one)), None)
    if notes or pointer.exists():
        _say_once(str(pointer), whole and whole.version)
    return whole


def path(folder: Path, kind: str, version: int) -> Path:
    """Where a version's file is: ``mart``, ``published`` or a build's ``scratch``."""
    return folder / f"{kind}-{version}.duckdb"


def next_version(folder: Path) -> int:
    """A number that no file has had, a killed build's included."""
    said = _content(folder / _POINTER).get("version", 0)
    numbers = [_number(file) for file in _files(folder)]
    return max([*numbers, said if isinstance(said, int) else 0]) + 1


def point_to(folder: Path, new: Current) -> Current:
    """Make a version the newest, in one step that a power cut cannot halve."""
    mart = path(folder, "mart", new.version)
    published = path(folder, "published", new.published)
    for file in (mart, published):
        _to_disk(file)
    sizes = {
        "mart_bytes": mart.stat().st_size,
        "published_bytes": published.stat().st_size,
    }
    told = Current(**{**asdict(new), **sizes})
    for name in (f"version-{new.version}.json", _POINTER):
        waiting = folder / f"{name}.new"
        waiting.write_text(json.dumps(asdict(told), indent=2), "utf-8")
        _to_disk(waiting)
        _to_disk(folder)
        waiting.replace(folder / name)
        _to_disk(folder)
    return told


def sweep(folder: Path) -> None:
    """Remove old versions, and what a killed or failed build left behind."""
    try:
        there = current(folder)
    except MadeByNewer:
        return
    newest = there.version if there else 0
    notes = sorted(folder.glob("version-*.json"), key=_number)
    kept = [note for note in notes if _number(note) <= newest][-KEPT:]
    keep = {*kept}
    for told in (there, *map(_read, kept)):
        if told:
            keep.add(path(folder, "mart", told.version))
            keep.add(path(folder, "published", told.published))
    for file in _files(folder):
        if file not in keep:
            file.unlink()


@contextmanager
def only_builder(folder: Path) -> Iterator[None]:
    """Hold the one place for a builder; others wait their turn."""
    folder.mkdir(parents=True, exist_ok=True)
    # The lock goes with the process, however it ends.
    with (folder / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(file: Path) -> Current | None:
    """A pointer or a note; None where it is missing or makes no sense."""
    said = _content(file)
    if isinstance(said.get("format"), int) and said["format"] > _FORMAT:
        raise MadeByNewer
    # Before there were two numbers, both files had the one.
    said.setdefault("published", said.get("version"))
    known = {one.name: one for one in fields(Current)}
    try:
        there = Current(**{name: said[name] for name in known if name in said})
    except TypeError:
        return None
    numbers = (said["version"], said["published"])
    return there if all(isinstance(one, int) for one in numbers) else None


def _content(file: Path) -> dict[str, Any]:
    try:
        said = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _is_whole(folder: Path, there: Current) -> bool:
    sizes = {
        path(folder, "mart", there.version): there.mart_bytes,
        path(folder, "published", there.published): there.published_bytes,
    }
    try:
        measured = {file: file.stat().st_size for file in sizes}
    except OSError:
        return False
    return all(size in (None, measured[file]) for file, size in sizes.items())


@lru_cache(maxsize=64)
def _say_once(pointer: str, version: int | None) -> None:
    found = f"version {version} is used" if version else "nothing older is whole"
    _log.warning("%s is damaged or names files that are: %s", pointer, found)


def _number(file: Path) -> int:
    match = _NUMBERED.match(file.name)
    return int(match[1] or match[2]) if match else 0


def _files(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if _number(one) and one.is_file()]


def _to_disk(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
