"""One picture from a telephone, for somebody who does this once in a lifetime.

The telephone's own camera app takes it, or it is chosen; the browser sends it to the
app's own route, ``PUT {upload_url}{uuid}``, as often as it takes and always under the
same id. All texts come from the language file.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from core.languages.model import Language
from core.ui.components.packaged import Packaged


_photo = Packaged(
    "photo",
    "photo",
    answers=("captured", "used", "renew"),
    beside=("capture", "camera"),
)


@dataclass(frozen=True)
class Taken:
    """A picture that the service has already; ``advice`` in the person's language."""

    image_id: str
    url: str
    advice: Sequence[str] = ()


@dataclass(frozen=True)
class Photo:
    """What happened since the last rerun.

    ``captured``: this picture has arrived, in place of any before it. ``used``: the
    person goes on with this one. ``renew`` asks for a new ticket.
    """

    captured: UUID | None = None
    used: UUID | None = None
    renew: bool = False


def photo(
    key: str,
    *,
    language: Language,
    upload_url: str,
    ticket: str,
    view: str,
    example: str,
    taken: Taken | None = None,
) -> Photo:
    """Take or choose, send, hear what is wrong with it, take again or go on.

    ``view`` chooses the drawing, which ``example`` describes to those who cannot see
    it; a view without a drawing has none. Not inside a form.
    """
    answers = _photo(
        key,
        {
            "upload_url": upload_url,
            "ticket": ticket,
            "texts": language.components["photo"],
            "language": language.code,
            "direction": language.direction,
            "drawing": view,
            "example": example,
            "taken": asdict(taken) if taken else None,
        },
    )
    return Photo(
        captured=_id(answers.get("captured")),
        used=_id(answers.get("used")),
        renew=bool(answers.get("renew")),
    )


def _id(said: object) -> UUID | None:
    # From the browser: what is no id is nobody's picture.
    try:
        return UUID(str(said)) if said else None
    except ValueError:
        return None
