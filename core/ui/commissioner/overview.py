"""The service in six measures."""

import streamlit as st

from core.access.model import Scope
from core.analytics import measure_charts
from core.analytics.measure_charts import Tile
from core.kernel.errors import ServiceError
from core.ui.commissioner import parts
from core.ui.style import panel, unbroken


_TILES = {
    "referrals": "volumes",
    "turnaround": "turnaround",
    "without_visit": "outcomes",
    "breaches": "turnaround",
    "complete_sets": "quality",
    "money": "value",
}


def show() -> None:
    """Six tiles: the newest value, its chart, what it says, the target."""
    scope = parts.begin("Overview")
    names = list(_TILES)
    for row in (names[:3], names[3:]):
        for column, name in zip(st.columns(3), row, strict=True):
            with column, panel(f"tile-{name.replace('_', '-')}"):
                _tile(scope, name)
    parts.end(scope)


def _tile(scope: Scope, name: str) -> None:
    try:
        tile = measure_charts.tile(scope, name)
    except ServiceError as none:
        st.subheader(measure_charts.title_of(name), anchor=False)
        st.info(none.sentence)
        return
    _figures(tile)
    st.plotly_chart(
        tile.sparkline.figure,
        theme=None,
        config={"displayModeBar": False, "staticPlot": True},
        alt=tile.sparkline.alt_text,
        key=f"spark-{name}",
    )
    st.html(tile.icons)
    st.write(unbroken(tile.sentence))
    st.page_link(
        st.session_state["oz-pages"][_TILES[name]],
        label=f"See {_TILES[name]}",
        icon=":material/arrow_forward:",
    )


def _figures(tile: Tile) -> None:
    st.subheader(tile.title, anchor=False)
    st.html(
        f'<p class="oz-figure"><strong>{tile.value}</strong>'
        f"<span>{tile.when}{unbroken(tile.target)}</span></p>"
    )
