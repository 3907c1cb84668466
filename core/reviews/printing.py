"""Letters as PDF/UA: words and pictures in, an accessible PDF out.

One compiler for a process: it keeps the fonts and the templates it has read, so that
every letter after the first takes a few milliseconds.
"""

import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import typst

from core.config import REFERENCE
from core.reviews.letter_parts import Content


TEMPLATES = REFERENCE / "letters"
# What stands for a character that no font of ours can draw.
SUBSTITUTE = "□"
_NO_GLYPH = "could not be displayed"
Change = Callable[[str], str]
_KEPT = "\n\t"
# The compiler must not be entered twice.
_turn = Lock()


@dataclass(frozen=True)
class Picture:
    """A picture to print: JPEG bytes, and what a screen reader says of it."""

    jpeg: bytes
    title: str
    alt: str


def pdf(template: str, content: Content, pictures: Sequence[Picture] = ()) -> bytes:
    """``content`` set by a template of the reference folder, as PDF/UA-1.

    The same words give the same bytes. A character that cannot be drawn is printed as
    a box; the words that are kept keep it.
    """
    for drawable in (_as_it_is, _where_drawable):
        try:
            return _compiled(template, _given(content, pictures, drawable))
        except typst.TypstError as error:
            if _NO_GLYPH not in error.message:
                raise
    return _compiled(template, _given(content, pictures, _plainest))


def sheet(template: str, content: dict[str, object]) -> bytes:
    """Words and figures of our own, set by a template, as PDF/UA-1."""
    return _compiled(template, content)


def _given(
    content: Content, pictures: Sequence[Picture], drawable: Change
) -> dict[str, object]:
    def drawn(text: str) -> str:
        return drawable(_without_controls(text))

    images = [
        # JSON has no bytes; the template puts them together again.
        {"bytes": list(one.jpeg), "title": drawn(one.title), "alt": drawn(one.alt)}
        for one in pictures
    ]
    return {**_each(content, drawn), "images": images}


def _compiled(template: str, given: dict[str, object]) -> bytes:
    with _turn:
        made = _compiler().compile(
            TEMPLATES / f"{template}.typ",
            format="pdf",
            sys_inputs={"content": json.dumps(given)},
            pdf_standards=["ua-1"],
        )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no PDF")
    return made


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=TEMPLATES, ignore_system_fonts=True)


def _each(content: Any, change: Change) -> Any:  # noqa: ANN401  JSON of any shape
    if isinstance(content, str):
        return change(content)
    if isinstance(content, list):
        return [_each(one, change) for one in content]
    if isinstance(content, dict):
        return {name: _each(one, change) for name, one in content.items()}
    return content


def _without_controls(text: str) -> str:
    """Without what no printer prints: controls, halves of pairs, unassigned codes."""
    return "".join(
        one for one in text if one in _KEPT or unicodedata.category(one)[0] != "C"
    )


def _as_it_is(text: str) -> str:
    return text


def _where_drawable(text: str) -> str:
    return "".join(one if _drawable(one) else SUBSTITUTE for one in text)


def _plainest(text: str) -> str:
    """For what is drawable letter by letter and not together."""
    return "".join(one if ord(one) < 0x250 else SUBSTITUTE for one in text)


@lru_cache(maxsize=10_000)
def _drawable(character: str) -> bool:
    if character.isascii():
        return True
    try:
        _compiled("probe", {"text": character})
    except typst.TypstError:
        return False
    return True
