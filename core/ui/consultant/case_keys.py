"""The keys of a case, and the overlay that lists them."""

import uuid

from core.ui.components.keys import Shortcut, page_keys
from core.ui.components.viewer import KEYS
from core.ui.consultant.entries import Entries


_ANSWER, _PICTURES, _CASE = "The answer", "The pictures", "The case"


def show_keys(referral_id: uuid.UUID) -> None:
    """Make them work."""
    key = Entries(referral_id).key
    page_keys(
        [
            Shortcut("d", "diagnoses: type, Enter takes it", key("diagnosis"), _ANSWER),
            Shortcut("s", "insert a text", key("snippet"), _ANSWER),
            Shortcut("a", "advice", key("advice"), _ANSWER),
            Shortcut("r", "prescribing", key("prescribing"), _ANSWER),
            Shortcut("o", "outcome", key("outcome"), _ANSWER),
            Shortcut("t", "what to be seen for", key("procedure"), _ANSWER),
            Shortcut("Ctrl+Enter", "answer and open the next", "answer-next", _ANSWER),
            Shortcut("n", "next case", "next-case", _CASE),
            Shortcut("q", "ask the practice", f"question-{referral_id}", _CASE),
            Shortcut("g", "message", f"message-{referral_id}", _CASE),
            # Last: many, and they fill a column of their own.
            *(Shortcut(keys, words, part=_PICTURES) for keys, words in KEYS),
        ]
    )
