"""Pictures of a referral on a page: their addresses, and a row of thumbnails."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape

import streamlit as st

from core.access.model import Actor, App
from core.kernel import clock
from core.referrals.presenters.pages import Picture
from core.reviews.presenters.marks import Mark
from core.ui.components.viewer import ViewerImage, ViewerMark
from core.ui.routes import picture_url
from core.ui.session import browser


# Well before the ticket ends; a new address would load the picture anew.
_GOOD_FOR = timedelta(seconds=90)


def viewer_images(
    app: App, actor: Actor, shown: Sequence[Picture], *, fresh: bool = False
) -> list[ViewerImage]:
    """Pictures for the viewer, with addresses that stay the same through reruns."""
    return [
        ViewerImage(
            id=str(one.image_id),
            url=address(app, actor, one.image_id, "full", fresh=fresh),
            thumb_url=address(app, actor, one.image_id, "small", fresh=fresh),
            alt=one.title,
            label=one.title,
            width=one.width,
            height=one.height,
            lesion=one.lesion,
            dermoscopic=one.dermoscopic,
        )
        for one in shown
    ]


def viewer_marks(drawn: Sequence[Mark]) -> list[ViewerMark]:
    """What was drawn over them, for the viewer."""
    return [
        ViewerMark(
            id=str(one.mark_id),
            image=str(one.image_id),
            kind=one.kind.value,
            points=one.points,
            mm=one.mm,
            by=one.by,
            mine=one.mine,
        )
        for one in drawn
    ]


def address(
    app: App, actor: Actor, image_id: uuid.UUID, size: str, *, fresh: bool = False
) -> str:
    """Where the browser fetches a picture."""
    kept: dict[str, tuple[str, datetime]] = st.session_state.setdefault("oz-urls", {})
    name, now = f"{image_id}/{size}", clock.now()
    url, made = kept.get(name, ("", now))
    if not url or fresh or now - made > _GOOD_FOR:
        url = picture_url(app, actor, browser(), image_id, size)
        kept[name] = (url, now)
    return url


def thumbnail(app: App, actor: Actor, picture: Picture) -> None:
    """One small picture."""
    url = address(app, actor, picture.image_id, "small")
    st.html(
        f'<img class="oz-thumbnail" src="{escape(url)}" alt="{escape(picture.title)}">'
    )
