"""The door: what came of the store goes through it by number, or not at all.

Rows come with ids and a sealed birth date. They are in memory and nowhere else: the
models of ``models/extract`` read each batch where it lies, write what may cross into the
build's own tables, and whatever else they have to remember into ``held``, a database in
memory that may not be moved to disk. The key of the numbers is a variable of the connection, which
DuckDB keeps in memory as well.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from duckdb import DuckDBPyConnection

from core.analytics.extract.feed import Batch
from core.analytics.extract.words import diagnoses_table, words_table
from core.config import settings


_MODELS = Path(__file__).parents[1] / "models" / "extract"
_BLOCK = 64
# HMAC-SHA-256 as RFC 2104 has it, of which 64 bits are kept: without the key, trying all
# NHS numbers or ids finds nobody. Kinds do not match each other. Among 100 million
# referrals the chance that any two share a number is 1 in 3,700, and the build's check of
# keys would say so.
_MACRO = """
create temp macro pseudonym(kind, id) as cast(cast(cast('0x' || left(sha256(
    getvariable('ozone_outer')
    || unhex(sha256(getvariable('ozone_inner') || encode(kind || ':' || id)))
), 16) as ubigint) as bit) as bigint)
"""


class Door:
    """Where batches go through; open inside ``opened`` only."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connection = connection
        self._made: set[str] = set()

    def take(self, table: str, batch: Batch) -> None:
        """What needs no hiding, as it is."""
        self._connection.from_arrow(batch).create(table)

    def through(self, model: str, came: Batch) -> None:
        """Add to ``raw_…``, or to ``known_…`` in memory, what a model makes of it."""
        self._connection.register("came", came)
        made = self._connection.sql(_text(model))
        table = f"held.{model}" if model.startswith("known_") else model
        if model in self._made:
            made.insert_into(table)
        else:
            made.create(table)
        self._made.add(model)
        self._connection.unregister("came")


@contextmanager
def opened(connection: DuckDBPyConnection) -> Iterator[Door]:
    """A door into the connection's main database; closed, nothing is left of it."""
    before = connection.execute("select current_setting('temp_directory')").fetchall()
    # Nothing that is in memory may be moved to disk now.
    connection.execute("set temp_directory = ''")
    inner, outer = _key_blocks(settings().key("pseudonyms"))
    connection.execute("set variable ozone_inner = $1", [inner])
    connection.execute("set variable ozone_outer = $1", [outer])
    connection.execute(_MACRO)
    connection.execute("attach ':memory:' as held")
    connection.from_arrow(diagnoses_table()).create("held.known_diagnosis")
    connection.from_arrow(words_table()).create("held.known_word")
    try:
        yield Door(connection)
    finally:
        _close(connection, before[0][0])


def fingerprint() -> str:
    """Changes where the same row would cross otherwise: another key, other lists."""
    digest = hashlib.sha256(settings().key("pseudonyms"))
    for table in (diagnoses_table(), words_table()):
        digest.update(str(table.to_pydict()).encode())
    return digest.hexdigest()[:16]


def _close(connection: DuckDBPyConnection, temp_directory: str) -> None:
    connection.execute("detach held")
    connection.execute("drop macro temp.pseudonym")
    connection.execute("reset variable ozone_inner")
    connection.execute("reset variable ozone_outer")
    connection.execute("set temp_directory = $1", [temp_directory])


def _key_blocks(key: bytes) -> Sequence[bytes]:
    block = key.ljust(_BLOCK, b"\0")
    return bytes(one ^ 0x36 for one in block), bytes(one ^ 0x5C for one in block)


@lru_cache
def _text(model: str) -> str:
    return (_MODELS / f"{model}.sql").read_text("utf-8")
