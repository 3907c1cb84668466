"""Variation and assurance as small round pictures with their word in them.

Drawn for this service, as inline SVG: shape and word say what colour says, and a text
alternative says it once more. What each stands for is Making Data Count's.
"""

from dataclasses import dataclass
from typing import Final

from core.analytics.spc import Xmr
from core.analytics.spc_words import too_few


BLUE, ORANGE, PURPLE, GREY = "#0072B2", "#B34700", "#490092", "#6F777B"
_INK: Final = "#212B32"

# Small drawings in the upper half of a circle of 100 by 100.
_WAVE = "M22 40 q9 -18 18 0 t18 0 t18 0"
_UP = "M26 48 L46 34 L54 40 L74 20 M62 20 H74 V32"
_DOWN = "M26 22 L46 36 L54 30 L74 50 M62 50 H74 V38"
_DOTS = "M30 36 h4 M48 36 h4 M66 36 h4"
_TICK = "M34 34 L46 46 L68 20"
_CROSS = "M38 20 L62 46 M62 20 L38 46"
_LONG = 9
_BOTH = "M24 36 L32 44 L46 24 M56 24 L74 44 M74 24 L56 44"


@dataclass(frozen=True)
class Icon:
    """``svg`` to put into a page; ``text`` for whoever does not see it."""

    svg: str
    text: str


# By variation: drawing, colour, word, and what it says.
_VARIATION: Final = {
    "": (_DOTS, GREY, "No figure", "Variation: no figure can be shown"),
    "common": (_WAVE, GREY, "Common cause", "Variation: common cause, chance alone"),
    "improvement_high": (_UP, BLUE, "Improving", "Variation: improving, going up"),
    "improvement_low": (_DOWN, BLUE, "Improving", "Variation: improving, going down"),
    "concern_high": (_UP, ORANGE, "Concern", "Variation: concern, going up"),
    "concern_low": (_DOWN, ORANGE, "Concern", "Variation: concern, going down"),
    "neutral_high": (_UP, PURPLE, "Higher", "Variation: higher, neither good nor bad"),
    "neutral_low": (_DOWN, PURPLE, "Lower", "Variation: lower, neither good nor bad"),
}
_FEW: Final = (_DOTS, GREY, "Too few", "Variation: too few points to say")
_ASSURANCE: Final = {
    "consistent_pass": (
        _TICK,
        BLUE,
        "Passes",
        "Assurance: consistently meets the target",
    ),
    "consistent_fail": (
        _CROSS,
        ORANGE,
        "Misses",
        "Assurance: consistently misses the target",
    ),
    "inconsistent": (
        _BOTH,
        GREY,
        "Hit and miss",
        "Assurance: will meet the target at times and miss it at others",
    ),
}


def variation_icon(found: Xmr) -> Icon:
    """What the newest point says."""
    few = bool(found.variation) and too_few(found)
    return _icon(*(_FEW if few else _VARIATION[found.variation]))


def assurance_icon(found: Xmr) -> Icon | None:
    """Whether the target will be met; None without a target, or too few points."""
    if found.assurance is None or too_few(found):
        return None
    return _icon(*_ASSURANCE[found.assurance])


def _icon(drawing: str, colour: str, word: str, text: str) -> Icon:
    first, _, second = word.partition(" and ")
    lines = [f"{first} and", second] if second else word.split(" ")
    # Nine letters would cross the circle.
    size = 14 if max(map(len, lines)) < _LONG else 12
    height = 72 if len(lines) == 1 else 66
    written = "".join(
        f'<text x="50" y="{height + 14 * place}">{line}</text>'
        for place, line in enumerate(lines)
    )
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="72" '
        f'height="72" role="img" aria-label="{text}">'
        f'<circle cx="50" cy="50" r="46" fill="#fff" stroke="{colour}" '
        'stroke-width="6"/>'
        f'<path d="{drawing}" fill="none" stroke="{colour}" stroke-width="5" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
        f'<g font-family="Arial, sans-serif" font-size="{size}" font-weight="bold" '
        f'text-anchor="middle" fill="{_INK}">{written}</g></svg>'
    )
    return Icon(svg, text)
