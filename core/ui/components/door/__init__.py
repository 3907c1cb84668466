"""The box for a short code. The app's own route sets the cookie, which no page can."""

from core.languages.model import Language
from core.ui.components.packaged import Packaged


_door = Packaged("door", "door", answers=())


def door(*, url: str, leads_to: str, language: Language) -> None:
    """Ask for a code, send it to ``url`` by PUT, and go on to ``leads_to``."""
    _door(
        "door",
        {
            "url": url,
            "leads_to": leads_to,
            "language": language.code,
            "direction": language.direction,
            "texts": language.pages["trouble"],
            "troubles": language.troubles,
            "wrong": language.components["photo"]["server"],
        },
    )
