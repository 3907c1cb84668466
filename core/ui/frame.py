"""What is around every page: navigation, messages, who is here, the foot."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import Page

from core.access.model import Actor
from core.ui.components.scroll import scroll_to_top
from core.ui.session import show_said, sign_out


_PAGES = "oz-pages"


def go(path: str, **query: str) -> NoReturn:
    """Leave for another page of this app, by its path."""
    st.switch_page(st.session_state[_PAGES][path], query_params=query)


def run(
    actor: Actor, pages: Sequence[Page], *, foot: str = "", at_side: bool = False
) -> None:
    """Show the page that the address names, inside the frame.

    ``at_side`` lists the pages there: more than a line on top has room for. In one list:
    the sections that Streamlit offers are no list to a screen reader.
    """
    scroll_to_top()
    st.session_state[_PAGES] = {one.url_path: one for one in pages}
    if at_side:
        chosen = st.navigation(list(pages), position="sidebar", expanded=True)
    else:
        chosen = st.navigation(list(pages), position="top")
    _who(actor)
    show_said()
    chosen.run()
    st.caption(
        f"Ozone {version('ozone-telemedicine')}"
        f"{' · ' + foot if foot else ''} · No automated diagnosis: "
        "people read every picture."
    )


def _who(actor: Actor) -> None:
    role = (actor.grade or actor.role).label
    line = st.container(horizontal=True, horizontal_alignment="distribute")
    line.caption(f"{actor.name}, {role}, {actor.organisation_name}")
    line.button("Sign out", on_click=sign_out, type="tertiary", key="sign-out")
