"""Begins each page at its top; brings what was just said into view.

Streamlit keeps the scroll position when the page's content changes, so that the next
step of a form would open at its end.
"""

from typing import Final

import streamlit as st

from core.kernel.ids import new_id
from core.ui.components.packaged import Packaged


_scroll = Packaged("scroll", "scroll", answers=())

KEY: Final = "scroll-to-top"
TOLD: Final = "just-told"


def scroll_to_top() -> None:
    """Scroll up whenever the address names another page, step or record."""
    place = (st.context.url, *sorted(st.query_params.items()))
    _scroll(KEY, {"place": repr(place)})


def reveal(target: str) -> None:
    """Scroll to the element with this Streamlit key, each time that this is called.

    Whoever sent by a key may be looking at another part of the page.
    """
    _scroll(TOLD, {"target": target, "place": str(new_id())})
