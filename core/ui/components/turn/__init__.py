"""Turns to a page of the patient's: its language, its direction, its top, its heading.

Streamlit keeps ``lang="en"``, the place scrolled to and the focus when the content
changes: whoever listens to the page would hear Polish read as English, and not notice
that it is another page. And what it says of a lost connection is for whoever has a terminal.
"""

from collections.abc import Sequence

from core.languages.model import Language
from core.ui.components.packaged import Packaged


_turn = Packaged("turn", "turn", answers=())


def turn(
    to: str, *, title: str, language: Language, others: Sequence[str] = ()
) -> None:
    """Begin the page called ``to``. ``others``: codes with a button to change to."""
    _turn(
        "turn",
        {
            "to": to,
            "title": title,
            "language": language.code,
            "direction": language.direction,
            "others": list(others),
            "offline": language.pages["common"]["offline"],
        },
    )
