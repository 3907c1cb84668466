"""Why the figures are not brought up to date, since when, and when it is tried again.

Kept beside the figures, so that whoever reads them, ``ozone doctor`` and the next round
of the worker all know it. It tells which check failed and on how many rows, and never
which: that could tell of someone.
"""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from core.analytics.pipeline import CheckFailedError
from core.kernel import clock, words


_FILE = "TROUBLE"
# A check fails until somebody mends a row; a disk may be full for a minute.
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trouble:
    """What stands in the way of new figures. Times as ISO text."""

    # The check that failed, or the kind of any other error.
    check: str
    error: str
    rows: int
    since: str
    tries: int
    again_at: str
    models: str

    @property
    def sentence(self) -> str:
        """For the foot of every page."""
        began = words.moment_in_words(datetime.fromisoformat(self.since))
        if not self.check:
            return (
                f"Since {began} the figures could not be brought up to date "
                f"({self.error}). The last good ones are shown."
            )
        # Without the number of rows: a few could be somebody.
        return (
            f"Since {began} the figures are not brought up to date, because the check "
            f"“{self.check.replace('_', ' ')}” fails. The last good ones are shown."
        )


def standing(folder: Path) -> Trouble | None:
    """What stands in the way now, or None."""
    try:
        return Trouble(**json.loads((folder / _FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def has_to_wait(folder: Path, models: str) -> bool:
    """Whether it is too early to try again. Other models may do better at once."""
    there = standing(folder)
    if there is None or there.models != models:
        return False
    return clock.now() < datetime.fromisoformat(there.again_at)


def note(folder: Path, error: Exception, models: str) -> Trouble:
    """Keep that a build failed. The wait doubles each time."""
    before = standing(folder)
    now = clock.now()
    tries = before.tries + 1 if before else 1
    failed = error if isinstance(error, CheckFailedError) else None
    wait = min(_FIRST_WAIT * 2 ** min(tries - 1, 10), _LONGEST_WAIT)
    told = Trouble(
        check=failed.check if failed else "",
        error=type(error).__name__,
        rows=failed.rows if failed else 0,
        since=before.since if before else now.isoformat(),
        tries=tries,
        again_at=(now + wait).isoformat(),
        models=models,
    )
    waiting = folder / f"{_FILE}.new"
    try:
        waiting.write_text(json.dumps(asdict(told), indent=2), "utf-8")
        waiting.replace(folder / _FILE)
    except OSError:
        # Where even this cannot be written, the log has to do.
        _log.exception("The trouble could not be noted")
    return told


def clear(folder: Path) -> None:
    """Everything is well again."""
    (folder / _FILE).unlink(missing_ok=True)
