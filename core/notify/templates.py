"""The words of messages, filled in."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache

from core.config import REFERENCE
from core.languages.reference import language as language_file
from core.notify.model import BY_LANGUAGE, Channel, Topic


# What a text message may have, filled in: two are joined into one on the telephone.
LONGEST_TEXT = 306


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
    """``subject``, ``body`` and, where it may go by text message, ``text``.

    English where there is no such language. Raises LookupError for a topic without words.
    """
    if topic not in BY_LANGUAGE:
        return _to_staff()[topic]
    return language_file(language).messages[topic].model_dump()


@lru_cache(maxsize=1)
def _to_staff() -> dict[str, dict[str, str]]:
    return tomllib.loads((REFERENCE / "messages.toml").read_text("utf-8"))
