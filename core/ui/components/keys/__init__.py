"""Keys of a page: reach a field or press a button without the mouse; ``?`` lists them.

Streamlit's own shortcuts press buttons; they cannot put the cursor into a field, and
they fire before the words just typed have been handed over.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from core.ui.components.packaged import Packaged


KEY: Final = "page-keys"

_keys = Packaged("keys", "keys", answers=())


@dataclass(frozen=True)
class Shortcut:
    """A key, what it does in words, and the Streamlit ``key`` of what it is for.

    ``target`` is empty where the key is handled elsewhere and only has to be listed.
    ``keys`` may be ``Ctrl+Enter``, which works while somebody types.
    """

    keys: str
    words: str
    target: str = ""
    part: str = ""


def page_keys(shortcuts: Sequence[Shortcut]) -> None:
    """Make the keys work, and list them in an overlay behind ``?`` and a button."""
    data = {"shortcuts": [asdict(one) for one in shortcuts]}
    _keys(KEY, data, width="content")
