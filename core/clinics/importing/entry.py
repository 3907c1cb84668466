"""One session as a file has it, and what no file may be."""

from dataclasses import dataclass
from datetime import datetime

from core.clinics.rules import Template
from core.kernel.errors import Invalid


LARGEST = 2 * 1024 * 1024
MOST = 5000
DAYS_AHEAD = 366


@dataclass(frozen=True)
class Entry:
    """A row of a table or an event of a calendar.

    ``where`` says which one, for the person who reads the preview. ``problem``: why it
    could not be read; the rest may then be missing.
    """

    where: str
    problem: str = ""
    # Empty for a table: its rows are known by person and time.
    uid: str = ""
    begins_at: datetime | None = None
    minutes: int = 0
    site: str = ""
    # A calendar writes site and room into one line.
    room: str | None = ""
    # Whom it names, the likeliest first; in a calendar the name is a part of the words.
    names: tuple[str, ...] = ()
    names_in_words: bool = False
    template: Template | None = None


def refuse_large(content: bytes) -> None:
    """Raise Invalid for a file that is too large or empty."""
    if len(content) > LARGEST:
        raise Invalid(
            "This file is larger than 2 MB. Export fewer weeks and import it in parts."
        )
    if not content.strip():
        raise Invalid("This file is empty. Choose another.")


def refuse_many(count: int) -> None:
    """Raise Invalid for more sessions than are read at once."""
    if count > MOST:
        raise Invalid(
            f"This file has more than {MOST:,} sessions within a year. Export fewer "
            "weeks and import it in parts."
        )
