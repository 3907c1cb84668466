"""The names of a chart's lines, right of where they end: no legend, and nothing covered."""

from typing import Final

import plotly.graph_objects as go


# Two lines of a name, of a picture's height; and how wide they may be, in pixels.
_NAME_HEIGHT: Final = 0.17
_NAME_WIDTH: Final = 104
_ROUNDS: Final = 50


def name_lines(
    figure: go.Figure, names: list[tuple[str, float, str]], height: float
) -> None:
    """Names right of where lines end: (text of two lines, level, colour).

    ``height`` is what the picture spans; names too near each other are moved apart.
    """
    names = sorted(names, key=lambda one: one[1])
    levels = _apart([level for _, level, _ in names], _NAME_HEIGHT * height)
    for (text, _, colour), level in zip(names, levels, strict=True):
        figure.add_annotation(
            text=text,
            x=1.01,
            xref="paper",
            y=level,
            xanchor="left",
            yanchor="middle",
            align="left",
            showarrow=False,
            font={"color": colour, "size": 13},
        )
    figure.update_layout(margin_r=_NAME_WIDTH)


def _apart(levels: list[float], gap: float) -> list[float]:
    """Levels in ascending order, moved until all are a gap apart."""
    levels = list(levels)
    for _ in range(_ROUNDS):
        for place in range(len(levels) - 1):
            missing = gap - (levels[place + 1] - levels[place])
            if missing > 0:
                levels[place] -= missing / 2
                levels[place + 1] += missing / 2
    return levels
