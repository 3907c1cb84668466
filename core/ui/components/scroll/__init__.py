"""Begins each page at its top.

Streamlit keeps the scroll position when the page's content changes, so that the next
step of a form would open at its end.
"""

from typing import Final

import streamlit as st

from core.ui.components.packaged import Packaged


_scroll = Packaged("scroll", "scroll", answers=())

KEY: Final = "scroll-to-top"


def scroll_to_top() -> None:
    """Scroll up whenever the address names another page, step or record."""
    place = (st.context.url, *sorted(st.query_params.items()))
    _scroll(KEY, {"place": repr(place)})
