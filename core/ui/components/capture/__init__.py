"""Pictures from a camera of this computer, and pictures that exist already.

The browser sends each picture to the app's own route, ``PUT {upload_url}{uuid}``,
and never through the websocket: that closes without a word above 25 MB. What Python
gets afterwards is the route's answer. Sending the same uuid again means the same
picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import streamlit as st

from core.ui.components.packaged import Packaged


STAGE_HEIGHT: Final = 520

_camera = Packaged("capture", "camera", answers=("captured", "renew"))
_stored = Packaged("capture", "stored", answers=("captured", "renew"))


@dataclass(frozen=True)
class Captured:
    """A picture the upload route has taken. ``advice`` are sentences for the person.

    ``device`` is the camera's name as the browser gives it and ``file_name`` that of
    a stored picture; both come from outside and prove nothing.
    """

    upload_id: str
    image_id: str
    width: int
    height: int
    advice: tuple[str, ...]
    source: Literal["camera", "stored"]
    device: str
    file_name: str


@dataclass(frozen=True)
class Capture:
    """What came since the last rerun.

    ``renew`` asks for a new ticket: the route refused the last one. Make one, then
    ``st.rerun()``; the person's next try uses it.
    """

    pictures: tuple[Captured, ...] = ()
    renew: bool = False


def _picture(answer: dict[str, Any]) -> Captured:
    return Captured(
        upload_id=str(answer["upload_id"]),
        image_id=str(answer["image_id"]),
        width=int(answer["width"]),
        height=int(answer["height"]),
        advice=tuple(str(sentence) for sentence in answer["advice"]),
        source="camera" if answer["source"] == "camera" else "stored",
        device=str(answer["device"]),
        file_name=str(answer["file_name"]),
    )


def _unseen(key: str, answers: Sequence[dict[str, Any]]) -> tuple[Captured, ...]:
    """Those not yet returned: the page repeats what it sent, so that none is lost
    when two pictures finish within one rerun.
    """
    seen: set[str] = st.session_state.setdefault(f"{key}-seen", set())
    fresh = [answer for answer in answers if answer["upload_id"] not in seen]
    seen.update(answer["upload_id"] for answer in fresh)
    return tuple(_picture(answer) for answer in fresh)


def _result(key: str, answers: dict[str, Any]) -> Capture:
    return Capture(
        pictures=_unseen(key, answers.get("captured") or []),
        renew=bool(answers.get("renew")),
    )


def capture(
    key: str,
    *,
    upload_url: str,
    ticket: str,
    view_label: str,
    guidance: str,
    height: int = STAGE_HEIGHT,
) -> Capture:
    """Aim with a live picture and a meter, take by button or space bar, send.

    ``upload_url`` ends in a slash; ``view_label`` says what to show ("Close-up"),
    ``guidance`` how. ``height`` limits the live picture, in px. Not inside a form:
    Streamlit drops what a component sends from there.
    """
    data = {
        "upload_url": upload_url,
        "ticket": ticket,
        "view_label": view_label,
        "guidance": guidance,
        "height": height,
    }
    return _result(key, _camera(key, data))


def stored_pictures(
    key: str, *, upload_url: str, ticket: str, label: str = "Add stored pictures"
) -> Capture:
    """Choose or drop any number of picture files; each is sent as it is.

    A file that fails says why and does not hold up the others. The pictures of one
    choice come back together, when the last of them is through.
    """
    data = {"upload_url": upload_url, "ticket": ticket, "label": label}
    return _result(key, _stored(key, data))
