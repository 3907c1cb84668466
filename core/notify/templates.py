"""The words of messages, filled in."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from core.config import REFERENCE
from core.notify.model import BY_LANGUAGE, Channel, Topic


_PATIENT = REFERENCE / "patient"
# What a text message may have, filled in: two are joined into one on the telephone.
LONGEST_TEXT = 306
_FIRST_LANGUAGE = "en"


def worded(
    topic: Topic, channel: Channel, language: str, facts: Mapping[str, str]
) -> tuple[str, str]:
    """Subject and body of a message; a text message has no subject.

    Raises LookupError where there are no such words, or where a fact is missing.
    """
    template = template_of(topic, language)
    if channel is Channel.TEXT:
        return "", template["text"].format_map(facts).strip()
    body = template["body"].format_map(facts).strip() + "\n"
    return template["subject"].format_map(facts), body


def template_of(topic: Topic, language: str) -> dict[str, str]:
    """``subject``, ``body`` and, where it may go by text message, ``text``."""
    if topic not in BY_LANGUAGE:
        return _to_staff()[topic]
    code = language if language in languages() else _FIRST_LANGUAGE
    return _to_patients(code)[topic]


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The codes of the languages in which patients are written to."""
    return tuple(sorted(file.stem for file in _PATIENT.glob("*.toml")))


@lru_cache(maxsize=1)
def _to_staff() -> dict[str, dict[str, str]]:
    return tomllib.loads((REFERENCE / "messages.toml").read_text("utf-8"))


@lru_cache
def _to_patients(code: str) -> dict[str, dict[str, str]]:
    file: dict[str, Any] = tomllib.loads((_PATIENT / f"{code}.toml").read_text("utf-8"))
    words: dict[str, dict[str, str]] = file["messages"]
    return words
